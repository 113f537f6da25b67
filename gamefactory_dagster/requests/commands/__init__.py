"""``gamefactory request`` and ``gamefactory requests``: games asked for in words, from the command line.

What belongs here: the group and its commands' names. What does not: the commands, in the modules beside this.
"""

import typer

from .changing import cancel, retry
from .entering import request
from .looking import list_, logs, show_, stats

app = typer.Typer(no_args_is_help=True, help="Look at what was asked for, stop it, try it again.")

app.command("list")(list_)
app.command("show")(show_)
app.command("logs")(logs)
app.command("stats")(stats)
app.command("cancel")(cancel)
app.command("retry")(retry)

__all__ = ["app", "request"]
