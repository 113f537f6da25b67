"""``gamefactory replays``: recorded matches, from the command line.

What belongs here: the group and its commands' names. What does not: the commands, in the modules beside this.
"""

import typer

from .analyze import analyze
from .entering import cancel, confirm, submit, team
from .looking import list_, players, report, share, status, unshare

app = typer.Typer(no_args_is_help=True, help="Card-game matches as they were recorded: who won with what.")

app.command("analyze")(analyze)
app.command("submit")(submit)
app.command("team")(team)
app.command("players")(players)
app.command("confirm")(confirm)
app.command("status")(status)
app.command("report")(report)
app.command("share")(share)
app.command("unshare")(unshare)
app.command("cancel")(cancel)
app.command("list")(list_)
