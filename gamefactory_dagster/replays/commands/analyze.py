"""``gamefactory replays analyze``: a folder of replay files to a report, without server, account or network.

What belongs here: reading options, and how the answer is shown or written. What does not: any counting
(``analysis.py``), and the page (``report/``).
"""

from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.terminal import (
    AsJson,
    check_output,
    counted,
    percent,
    progress,
    say,
    say_aside,
    say_json,
    show,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gamefactory_dagster.replays.folder import Folder
    from gamefactory_dagster.replays.frames import Frames
    from gamefactory_dagster.replays.results import Remark, Report

SHOWN = 10
"""Lines of one part that the terminal shows, and files it names that could not be read."""


class Format(StrEnum):
    """What is written."""

    page = "page"
    json = "json"
    rows = "rows"


def analyze(
    folder: Annotated[
        list[Path],
        typer.Argument(metavar="FOLDER", help="Folders with replay files (.json), or single files."),
    ],
    player: Annotated[
        list[str] | None,
        typer.Option("--player", metavar="NAME", help="Whom it is about; may be repeated."),
    ] = None,
    team: Annotated[
        str | None, typer.Option("--team", metavar="NAME", help="What these players are called together.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", help="The file to write; an old one is replaced whole.")
    ] = None,
    format_: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="page: HTML. json: the whole report. rows: a line of JSON a rate. Into a file: page.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Analyse recorded card-game matches: how often somebody won, when, with what and against whom.

    Reads the files of a folder and of those below it, one by one, and needs no server, account or network. A
    file that cannot be read is named, with its reason; the others are analysed. Two files of one replay count
    once. Names match however they are capitalised.

    Without --player it lists who is in the files. Without --output it prints the rates as a table; --json
    prints them all.

    Example: gamefactory replays analyze ~/replays --player "Ann" --output report.html
    """
    if output is not None:
        check_output("--output", output)
    elif format_ is Format.page:
        raise InputError("--output", None, "a file to write the page to")

    from gamefactory_dagster.replays.analysis import analyse, seen
    from gamefactory_dagster.replays.folder import open_folder

    found = open_folder(folder)
    frames = _read(found, aside=not as_json)
    if not player:
        _list(seen(frames), required=output is not None or format_ is not None, as_json=as_json)
        return
    report = analyse(frames, player, team=team, unread=found.unread, notes=found.notes)
    show_or_write(report, output, format_, as_json=as_json)


def show_or_write(report: "Report", output: Path | None, format_: Format | None, *, as_json: bool) -> None:
    """Write a report to a file, or print it; ``--json`` prints its rows."""
    size = _write(report, output, format_ or Format.page) if output is not None else 0
    if as_json:
        _say_rows(report)
    elif output is not None:
        say(f"{output}: {counted(report.replays, 'replay')}, {size / 1000:.0f} kB")
    elif format_ is Format.json:
        typer.echo(report.as_json())
    else:
        _show(report)


def _read(found: "Folder", *, aside: bool) -> "Frames":
    """All files that can be read; PermanentError where none can. Those that cannot are named ``aside``."""
    from gamefactory_dagster.replays.frames import frames

    with progress("reading", len(found.files), unit="files") as move:
        made = frames(found.replays(move))
    if made.matches.empty:
        files = counted(len(found.files), "file")
        raise PermanentError(f"no match was read of {files}{_remarks(found.unread)}")
    if aside and found.unread:
        say_aside(f"{counted(len(found.unread), 'file')} could not be read:{_remarks(found.unread)}")
    if aside and found.notes:
        say_aside(f"{counted(len(found.notes), 'remark')} on what was read:{_remarks(found.notes)}")
    return made


def _remarks(given: "Sequence[Remark]") -> str:
    """The first ones, a line each."""
    more = [f"and {len(given) - SHOWN:,} more"] if len(given) > SHOWN else []
    return "".join(f"\n  {said}" for said in [*(f"{one.source}: {one.text}" for one in given[:SHOWN]), *more])


def _list(there: "Mapping[str, int]", *, required: bool, as_json: bool) -> None:
    """Who is in the files, most seen first; InputError where a name was ``required``."""
    if required:
        names = ", ".join(list(there)[:SHOWN])
        raise InputError("--player", None, f"whom the report is about, such as one of {names}")
    if as_json:
        say_json([{"player": name, "matches": matches} for name, matches in there.items()])
        return
    show(table(("player", "matches"), there.items(), numbers=("matches",)), "Nobody is in the files.")
    say_aside("Say whom it is about: --player NAME")


def _write(report: "Report", output: Path, format_: Format) -> int:
    """Give how many bytes it has."""
    from gamefactory_dagster.studio.tools.files import write_atomically

    if format_ is Format.page:
        from gamefactory_dagster.replays.report.page import render

        content = render(report).encode()
    elif format_ is Format.json:
        content = report.as_json()
    else:
        import orjson

        from gamefactory_dagster.replays.results import rows

        content = b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows(report))
    write_atomically(output, content)
    return len(content)


def _say_rows(report: "Report") -> None:
    """Every rate, and what there was to say of the files."""
    from gamefactory_dagster.replays.results import rows

    remarks = {
        kind: [{"source": one.source, "text": one.text} for one in given]
        for kind, given in (("unread", report.unread), ("notes", report.notes))
    }
    say_json({"replays": report.replays, "rows": rows(report)} | remarks)


def _show(report: "Report") -> None:
    """The rates of games, the first ones of each part."""
    from gamefactory_dagster.replays.results import rows

    left_out = 0
    shown: list[tuple[str | int | None, ...]] = []
    listed = [row for row in rows(report) if row["of"] == "games" or row["part"] == "all"]
    for _, group in groupby(listed, key=lambda row: (row["player"], row["part"])):
        lines = list(_lines(group))
        shown += lines[:SHOWN]
        left_out += len(lines[SHOWN:])
    columns = ("player", "part", "name", "won", "lost", "drawn", "of", "rate", "95 % between", "rank by")
    caption = f"{left_out:,} more lines with --json" if left_out else None
    made = table(
        columns, shown, numbers=("won", "lost", "drawn", "of", "rate", "95 % between", "rank by"),
        caption=caption,
    )  # fmt: skip
    show(made, "Nothing was counted.")


def _lines(rows: "Iterator[dict[str, Any]]") -> "Iterator[tuple[str | int | None, ...]]":
    for row in rows:
        between = None if row["low"] is None else f"{row['low']:.1%} to {row['high']:.1%}"
        yield (
            row["player"], row["part"], row["name"] or row["of"], row["won"], row["lost"], row["drawn"],
            row["n"], percent(row["rate"]), between, percent(row["smoothed"]),
        )  # fmt: skip
