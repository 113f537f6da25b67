"""What every command shares: where it prints, ``--json``, tables, progress, and reading what options say.

What belongs here: how anything looks on a terminal, in a log and to a script, and the errors that name an
option. What does not: any one command, and whatever knows the database or Dagster. Rich is imported when
something is shown: ``--help`` and errors must not wait for it.
"""

import dataclasses
import datetime as dt
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

import typer

from .errors import InputError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress
    from rich.table import Table
    from rich.text import Text

    Cell = str | int | Text | None

PLAIN_WIDTH = 160
"""Columns when the output is no terminal: tables must not fold in a log."""

EARLIEST = dt.date(2000, 1, 1)
LATEST = dt.date(2199, 12, 31)
"""Days an option may name where its command says nothing else: no event is older."""

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DURATION = re.compile(r"([0-9]{1,8})([smhd])")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else, for scripts.")]

User = Annotated[
    str | None, typer.Option("--user", metavar="ID", help="Act for this user. Default: GAMEFACTORY_USER.")
]

Watch = Annotated[bool, typer.Option("--watch", help="Wait until it has ended. Exit code 1 when it failed.")]

Move = Callable[..., None]
"""``move(done, total=None, what=None)``: what is left out stays as it is."""


def console(*, aside: bool = False) -> "Console":
    """Give the console people read: standard output, or standard error for what is said ``aside``.

    Aside is whatever a script that reads standard output must not get: progress, waiting, errors.
    """
    from rich.console import Console

    found = Console(stderr=aside, highlight=False)
    return found if found.is_terminal else Console(stderr=aside, highlight=False, width=PLAIN_WIDTH)


def say(text: str) -> None:
    """Print text as it is: never folded, no markup, nothing in it can act on the terminal."""
    typer.echo(_harmless(text, keep="\n"))


def say_aside(text: str) -> None:
    """Print text as ``say`` does, on standard error: for people, when a script may be reading the other."""
    typer.echo(_harmless(text, keep="\n"), err=True)


def fail(text: str) -> None:
    """Say on standard error, in one piece, what went wrong."""
    typer.echo(typer.style("Error: ", fg="red") + _harmless(text, keep="\n\t"), err=True)


def say_json(value: Any) -> None:
    """Print one JSON document: ids, days and times as text, decimals as numbers, dataclasses as objects."""
    typer.echo(json.dumps(value, indent=2, default=_for_json))


def _for_json(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, UUID | PurePath):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def table(
    columns: Sequence[str],
    rows: "Iterable[Sequence[Cell]]",
    *,
    numbers: Collection[str] = (),
    links: Collection[str] = (),
    title: str | None = None,
    caption: str | None = None,
) -> "Table":
    """Make a table of ``rows``. None is shown as a dash, whole numbers with their thousands apart.

    Columns named in ``numbers`` are aligned right. Those in ``links`` show each URL on one line, to click on
    or copy, however narrow the others become.
    """
    from rich.table import Table
    from rich.text import Text

    cells = [[cell if isinstance(cell, Text) else harmless(_shown(cell)) for cell in row] for row in rows]
    made = Table(
        title=None if title is None else harmless(title),
        title_justify="left",
        caption=None if caption is None else harmless(caption),
    )
    for place, name in enumerate(columns):
        urls = [row[place].cell_len for row in cells if name in links and "://" in row[place].plain]
        justify: Literal["left", "right"] = "right" if name in numbers else "left"
        made.add_column(name, justify=justify, overflow="fold", width=max(urls, default=None))
    for row in cells:
        made.add_row(*row)
    return made


def _shown(cell: str | int | None) -> str:
    if cell is None:
        return "-"
    return cell if isinstance(cell, str) else f"{cell:,}"


def show(made: "Table", nothing: str) -> None:
    """Print a table, or ``nothing``, a sentence that says why it has no rows."""
    if made.row_count:
        console().print(made)
    else:
        say(nothing)


def counted(number: int, one: str, more: str | None = None) -> str:
    """Format ``1 game``, ``2 games``, ``1,000 batches``; ``more`` is a plural other than ``one`` with s."""
    return f"{number:,} {one if number == 1 else more or f'{one}s'}"


def span(days: Sequence[dt.date]) -> str:
    """Format days in order by how many there are and where they begin and end; one by itself."""
    return f"{days[0]}" if len(days) == 1 else f"{counted(len(days), 'day')} from {days[0]} to {days[-1]}"


def percent(rate: float | Decimal | None) -> str | None:
    """Format a share as ``12.5%``; None stays None."""
    return None if rate is None else f"{rate:.1%}"


def moment(when: dt.datetime) -> str:
    """Format a time in UTC, to the second."""
    return f"{when.astimezone(dt.UTC):%F %T}"


def harmless(text: str) -> "Text":
    """Text for a terminal: no markup, and whatever would move the cursor or change colours is escaped."""
    from rich.text import Text

    return Text(_harmless(text))


def in_colour(text: str, colour: str) -> "Text":
    """Anybody's text, harmless, in a colour."""
    shown = harmless(text)
    shown.stylize(colour)
    return shown


def _harmless(text: str, keep: str = "") -> str:
    return "".join(
        character if character.isprintable() or character in keep else ascii(character)[1:-1]
        for character in text
    )


def waiting(text: str) -> AbstractContextManager[object]:
    """Show, aside and only on a terminal, that something is being done while the block runs."""
    return console(aside=True).status(harmless(text))


def bar(*, unit: str = "", in_bytes: bool = False) -> "Progress":
    """Make a progress bar, aside and gone when it is done; nothing at all where no terminal is."""
    from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeElapsedColumn as Elapsed

    screen = console(aside=True)
    count = DownloadColumn() if in_bytes else MofNCompleteColumn()
    columns = [TextColumn("{task.description}", markup=False), BarColumn(), count]
    more = [TextColumn(unit)] if unit else []
    return Progress(
        *columns, *more, Elapsed(), console=screen, transient=True, disable=not screen.is_terminal
    )


@contextmanager
def progress(
    what: str, total: int | None = None, *, unit: str = "", in_bytes: bool = False
) -> Iterator[Move]:
    """Show how far something is while the block runs; gives ``move(done, total=None, what=None)``."""
    with bar(unit=unit, in_bytes=in_bytes) as shown:
        task = shown.add_task(_harmless(what), total=total)

        def move(done: int, total: int | None = None, what: str | None = None) -> None:
            description = None if what is None else _harmless(what[:40])
            shown.update(task, completed=done, total=total, description=description)

        yield move


def choice(option: str, given: str | None, known: Iterable[str]) -> str | None:
    """Give back what an option names; raises InputError that lists what there is. None: it was not given."""
    there = sorted(known)
    if given is not None and given not in there:
        raise InputError(option, given, f"one of {', '.join(there)}" if there else "nothing: there are none")
    return given


def parse_values(option: str, given: Iterable[str], example: str) -> dict[str, Any]:
    """``["free_levels=2", 'styles=["neon"]']`` as an object; a value that is not JSON is a string.

    Raises InputError for what is not written like ``example``, and for a name that is given twice.
    """
    values: dict[str, Any] = {}
    for entry in given:
        key, equals, value = entry.partition("=")
        if not equals or not key:
            raise InputError(option, entry, f"KEY=VALUE such as {example}")
        if key in values:
            raise InputError(option, entry, f"{key} only once")
        try:
            values[key] = json.loads(value)
        except (ValueError, RecursionError):  # of JSON also a number too long, or too deep a list
            values[key] = value
    return values


def parse_duration(option: str, text: str) -> dt.timedelta:
    """Read a length of time such as 30s, 10m, 2h or 1d; raises InputError."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise InputError(option, text, "a length of time such as 30s, 10m, 2h or 1d")
    return dt.timedelta(**{_UNITS[found[2]]: int(found[1])})


def check_output(option: str, path: Path) -> None:
    """Raise InputError unless ``path`` can be a file: in a folder there is, and none itself."""
    try:
        fits = path.resolve().parent.is_dir() and not path.is_dir() and path.name != ""
    except (OSError, ValueError):  # too long, or what no path may hold
        fits = False
    if not fits:
        raise InputError(option, str(path), "a file in a folder that exists")


def parse_day(option: str, text: str, earliest: dt.date = EARLIEST, latest: dt.date = LATEST) -> dt.date:
    """Read the UTC day an option names; raises InputError unless it is from ``earliest`` to ``latest``."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = dt.date.min
    if not earliest <= day <= latest or text != day.isoformat():
        raise InputError(option, text, f"a UTC day from {earliest} to {latest}, written like 2026-03-01")
    return day


def parse_days(
    first: str, last: str, earliest: dt.date = EARLIEST, latest: dt.date = LATEST
) -> tuple[dt.date, dt.date]:
    """Read ``--from`` and ``--to``, both days included; raises InputError, also when they are in no order."""
    start, end = parse_day("--from", first, earliest, latest), parse_day("--to", last, earliest, latest)
    if end < start:
        raise InputError("--to", last, f"a day not before --from {start}")
    return start, end
