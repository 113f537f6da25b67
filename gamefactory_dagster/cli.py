"""The ``gamefactory`` command: puts together each slice's commands, and nothing else.

A command's module is imported when that command is run or asked for its help, and imports what it works with
only when it works: most of the time a command takes is otherwise spent on what it never uses.
"""

import importlib
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from . import __version__
from .errors import GameFactoryError
from .terminal import fail, say, say_aside

COMMANDS = {
    "batch": ("production.commands:batch_app", "Order games in batches and watch them being made."),
    "game": ("production.commands:game_app", "Look at games and try failed ones again."),
    "db": ("database.commands:app", "Start, migrate, check, back up the database."),
    "events": (
        "analytics.commands:events_app",
        "Take in events, look at refused ones, archive old months.",
    ),
    "metrics": ("analytics.commands:metrics_app", "Compute the daily metrics and get them out."),
    "arcade": (
        "local.commands:arcade",
        "Serve the gallery, the published games and their event collector until Ctrl-C.",
    ),
    "demo": (
        "local.commands:demo",
        "Make a batch of games from nothing, let simulated people play them, and learn from how they did.",
    ),
    "dev": (
        "local.commands:dev",
        "Run everything: the Dagster UI with daemon, sensors and schedules, and the arcade. Ctrl-C stops it.",
    ),
    "env": ("local.commands:env", 'Print what Dagster\'s own commands need, for: eval "$(gamefactory env)".'),
    "report": (
        "report.commands:report",
        "Write the factory's state as one HTML page that needs no network: to read, to send, to print.",
    ),
    "playtest": (
        "playtest.commands:playtest",
        "Let simulated players play the published games' real rules, and store what they report.",
    ),
    "jobs": (
        "background.commands:app",
        "Work in the background: enter jobs, follow them, stop them.",
    ),
    "replays": (
        "replays.commands:app",
        "Card-game matches as they were recorded: who won with what.",
    ),
    "request": (
        "requests.commands:request",
        "Ask for a game in words. The running factory (gamefactory dev) makes it before those of batches.",
    ),
    "requests": (
        "requests.commands:app",
        "Look at what was asked for, stop it, try it again.",
    ),
    "runs": (
        "ledger.commands:app",
        "What your runs did and made, and whether it is still as it was.",
    ),
    "worker": (
        "local.commands:worker",
        "Do runs on this machine that a factory elsewhere gives out by way of GAMEFACTORY_RUN_BROKER.",
    ),
    "weights": (
        "learning.commands:weights",
        "Show how well each mechanic does in each genre, the best first; 1.0 is average for the genre.",
    ),
}
"""Command -> where it is, and the first paragraph of its help: all that the list of commands needs."""

STOPPED = "stopped"

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it; Typer gives it anywhere in a command but at a question."""

LOOKS: dict[str, Any] = {
    "pretty_exceptions_enable": False,
    "rich_markup_mode": "markdown",  # paragraphs are wrapped anew
}


class Later(TyperCommand):
    """Stands for a command until it is run, completed or asked for its help."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Give the context of the command itself: from here on this one is out of the way."""
        return load(str(self.name)).make_context(info_name, args, parent, **extra)


class Commands(TyperGroup):
    """The commands of the table."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        for name, (_, help_line) in COMMANDS.items():
            self.add_command(Later(name, callback=lambda: None, help=help_line))


def load(name: str) -> Any:
    """Import a command of the table, as Typer makes it."""
    module, _, attribute = COMMANDS[name][0].partition(":")
    found = getattr(importlib.import_module(f"{__package__}.{module}"), attribute)
    alone = typer.Typer(add_completion=False, **LOOKS)
    alone.callback()(_nothing)  # keeps the one command a command of a group
    if isinstance(found, typer.Typer):
        alone.add_typer(found, name=name)
    else:
        alone.command(name)(found)
    group: Any = typer.main.get_command(alone)
    return group.commands[name]


def _nothing() -> None:
    pass


app = typer.Typer(cls=Commands, no_args_is_help=True, **LOOKS)


def _tell_version(asked: bool) -> None:
    if asked:
        say(f"gamefactory {__version__}")
        raise typer.Exit


@app.callback()
def gamefactory(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """GameFactory: makes casual games in batches, proves them winnable, learns from how they are played.

    Everything local is in .gamefactory: in the checkout where there is one, else in the current folder;
    GAMEFACTORY_HOME names another place.
    """


def main() -> None:
    """Run the command; what we raise on purpose and what system or database refuse is one line, code 1.

    What cannot be read as a command is told by code 2, with its usage; what Ctrl-C ended, by 130.
    """
    try:
        # or Typer shows errors itself, and imports half of Rich to frame them
        code = app(prog_name="gamefactory", standalone_mode=False)
        if code == INTERRUPTED:
            fail(STOPPED)
        sys.exit(code if isinstance(code, int) else 0)
    except GameFactoryError as error:
        fail(str(error))
    except typer.TyperException as error:
        _show(error)
        sys.exit(error.exit_code)
    except typer.Abort as error:
        fail(STOPPED)
        sys.exit(INTERRUPTED if isinstance(error.__context__, KeyboardInterrupt) else 1)
    except KeyboardInterrupt:
        fail(STOPPED)
        sys.exit(INTERRUPTED)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except UnicodeEncodeError as error:
        fail(f"{error.object!r} is not UTF-8 text")
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in {"sqlalchemy", "psycopg"}:
            raise
        from .database.engine import in_words

        fail(in_words(error))
    sys.exit(1)


def _show(error: typer.TyperException) -> None:
    words = " ".join(error.format_message().split())
    if not words:  # there was no command, and its help has been shown
        return
    context: Any = getattr(error, "ctx", None)
    if context is not None:
        say_aside(f"{context.get_usage()}\nTry '{context.command_path} --help' for help.")
    fail(words)


if __name__ == "__main__":
    main()
