"""``gamefactory events import``: event files, folders or standard input into the database."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import sqlalchemy as sa
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from gamefactory_dagster.analytics.files import (
    ImportStoppedError,
    OnProgress,
    event_files,
    import_file,
    import_stream,
)
from gamefactory_dagster.analytics.ingest import IntakeCounts
from gamefactory_dagster.database.migrations import ready_engine
from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.settings import get_settings

from .show import AsJson, console

if TYPE_CHECKING:
    from upath import UPath

STDIN = "-"


def import_events(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            help="NDJSON files, plain or gzip, folders of them, URLs, or - for standard input.",
        ),
    ],
    register_games: Annotated[
        bool,
        typer.Option(
            "--register-games", help="Add games that are not here as external ones, not refuse them."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Store events from files, one JSON object a line. Events stored before count as duplicates.

    What breaks a rule goes to quarantine with the reason. Stopped half way, the command is simply run again.
    From a folder, files that end in .ndjson or .jsonl, or these with .gz, are taken by name. Exits with 1
    when a file could not be read to its end; the others are taken in all the same.

    Example: gamefactory events import events.ndjson.gz more-events/ --register-games

    Example: zcat old.gz | gamefactory events import -
    """
    from upath import UPath

    given = [path for name in files for path in ([None] if name == STDIN else event_files(UPath(name)))]
    counts, problems = import_all(ready_engine(get_settings()), given, register_games, show=not as_json)
    if as_json:
        typer.echo(json.dumps(counts.as_json() | {"reasons": dict(counts.reasons)}))
    else:
        console.print(counts_table(counts))
        for line in advice(counts):
            console.print(line, style="yellow")
    if problems:
        raise PermanentError("; ".join(problems))


def import_all(
    engine: sa.Engine, given: "list[UPath | None]", register_games: bool, *, show: bool
) -> tuple[IntakeCounts, list[str]]:
    """Import one after the other, None being standard input; gives the counts and what could not be read."""
    sizes = [path.stat().st_size if path else 0 for path in given]
    screen = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeElapsedColumn(),
        console=screen,
        transient=True,
        disable=not (show and screen.is_terminal),
    )
    total = IntakeCounts()
    problems = []
    with bar:
        task = bar.add_task("", total=None if None in given else sum(sizes))
        before = 0
        for path, size in zip(given, sizes, strict=True):
            bar.update(task, description=escape(path.name if path else "standard input"), completed=before)
            try:
                total += _import_one(engine, path, register_games, _mover(bar, task, before))
            except ImportStoppedError as error:
                total += error.counts
                problems.append(str(error))
            before += size
    return total, problems


def _mover(bar: Progress, task: TaskID, before: int) -> OnProgress:
    return lambda read_bytes, _: bar.update(task, completed=before + read_bytes)


def _import_one(
    engine: sa.Engine, path: "UPath | None", register_games: bool, on_progress: OnProgress
) -> IntakeCounts:
    if path is None:
        return import_stream(
            engine, sys.stdin.buffer, source="stdin", register_games=register_games, on_progress=on_progress
        )
    return import_file(engine, path, source=str(path), register_games=register_games, on_progress=on_progress)


def counts_table(counts: IntakeCounts) -> Table:
    """What became of the lines, a row each, and a row a reason."""
    table = Table("events", show_header=False)
    table.add_column("number", justify="right")
    table.add_row("stored", f"{counts.stored:,}")
    table.add_row("stored before", f"{counts.duplicate:,}")
    table.add_row("refused", f"{counts.quarantined:,}", end_section=True)
    for reason, number in counts.reasons.most_common():
        table.add_row(f"  {reason}", f"{number:,}")
    return table


def advice(counts: IntakeCounts) -> list[str]:
    """What to do about refused events; nothing when there are none."""
    if not counts.quarantined:
        return []
    said = [
        f"{counts.quarantined:,} of {counts.total:,} events were refused and are kept in quarantine."
        " See them: gamefactory events quarantine list"
    ]
    if unknown := counts.reasons["unknown_game"]:
        said.append(
            f"{unknown:,} of them name a game that is not here. To take such games in as external ones,"
            " import again with --register-games, then:"
            " gamefactory events quarantine retry --reason unknown_game"
        )
    return said
