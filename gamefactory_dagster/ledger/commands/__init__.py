"""``gamefactory runs``: what a user's runs did and made, from the command line.

What belongs here: the group and its commands' names. What does not: the commands, in the modules beside this.
"""

import typer

from .files import download, verify_files
from .runs import artifacts_, events_, list_, prompts_, show_

app = typer.Typer(
    no_args_is_help=True, help="What your runs did and made, and whether it is still as it was."
)

app.command("list")(list_)
app.command("show")(show_)
app.command("events")(events_)
app.command("artifacts")(artifacts_)
app.command("download")(download)
app.command("verify-files")(verify_files)
app.command("prompts")(prompts_)
