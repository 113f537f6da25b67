"""The ``gamefactory`` command: puts together each slice's commands, and nothing else."""

import sys

import typer
from rich.console import Console
from rich.text import Text

from .analytics.commands import events_app, metrics_app
from .arcade.commands import arcade
from .database.commands import app as db
from .errors import GameFactoryError
from .learning.commands import weights
from .local.demo import demo
from .local.processes import dev, env
from .playtest.commands import playtest
from .production.commands import batch_app, game_app
from .report.commands import report

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",  # paragraphs are wrapped anew
    help="GameFactory: makes casual games in batches, proves them winnable, learns from how they are played.",
)
app.add_typer(batch_app, name="batch")
app.add_typer(game_app, name="game")
app.add_typer(db, name="db")
app.add_typer(events_app, name="events")
app.add_typer(metrics_app, name="metrics")
app.command("arcade")(arcade)
app.command("demo")(demo)
app.command("dev")(dev)
app.command("env")(env)
app.command("report")(report)
app.command("playtest")(playtest)
app.command("weights")(weights)


def main() -> None:
    """Run the command; what we raise on purpose is shown as one clear line, exit code 1."""
    try:
        app()
    except GameFactoryError as error:
        # Text, not markup: an error quotes what a person typed, brackets and all
        line = Text.assemble(("Error:", "red"), f" {error}")
        Console(stderr=True).print(line, soft_wrap=True, highlight=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
