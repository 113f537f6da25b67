"""``gamefactory jobs``: typed jobs in the background, from the command line.

What belongs here: the group and its commands' names. What does not: the commands, in the modules beside this.
"""

import typer

from .dead import dead_app
from .entering import cancel, enqueue, retry
from .looking import list_, show_, stats, types_

app = typer.Typer(no_args_is_help=True, help="Work in the background: enter jobs, follow them, stop them.")

app.command("enqueue")(enqueue)
app.command("list")(list_)
app.command("show")(show_)
app.command("cancel")(cancel)
app.command("retry")(retry)
app.command("stats")(stats)
app.command("types")(types_)
app.add_typer(dead_app, name="dead")
