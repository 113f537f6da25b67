"""``gamefactory replays``: recorded matches, from the command line.

What belongs here: the group and its commands' names. What does not: the commands, in the modules beside this.
"""

import typer

from .analyze import analyze

app = typer.Typer(no_args_is_help=True, help="Card-game matches as they were recorded: who won with what.")

app.command("analyze")(analyze)
