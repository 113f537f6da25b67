"""What the commands of analytics share: their console, an option, and showing text that strangers sent."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

PLAIN_WIDTH = 160
"""Columns when the output is no terminal: tables must not fold in a log."""

console = Console()
if not console.is_terminal:
    console = Console(width=PLAIN_WIDTH)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else, for scripts.")]


def harmless(text: str | None) -> Text:
    """Text for a terminal: no markup, and whatever would move the cursor or change colours is escaped."""
    shown = "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in text or "-"
    )
    return Text(shown)


def moment(when: datetime) -> str:
    """A time in UTC, to the second."""
    return f"{when.astimezone(UTC):%F %T}"
