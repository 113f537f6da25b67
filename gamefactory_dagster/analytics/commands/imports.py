"""``gamefactory events import``: event files, folders or standard input into the database."""

import datetime as dt
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.terminal import AsJson, console, counted, progress, say, say_json, span, table

if TYPE_CHECKING:
    import sqlalchemy as sa
    from rich.table import Table
    from upath import UPath

    from gamefactory_dagster.analytics.files import OnProgress
    from gamefactory_dagster.analytics.ingest import IntakeCounts
    from gamefactory_dagster.settings import Settings

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

    from gamefactory_dagster.analytics.files import event_files
    from gamefactory_dagster.database.migrations import ready_engine
    from gamefactory_dagster.settings import get_settings

    given = [path for name in files for path in ([None] if name == STDIN else event_files(UPath(name)))]
    settings = get_settings()
    engine = ready_engine(settings)
    shown_from = partitions_begin(engine, settings)
    counts, problems = import_all(engine, given, register_games)
    if as_json:
        say_json(counts.as_json() | {"reasons": dict(counts.reasons)})
    else:
        console().print(counts_table(counts))
        for line in advice(counts):
            say(line)
        if counts.stored and (older := older_days(engine, shown_from)):
            say(older)
    if problems:
        raise PermanentError("; ".join(problems))


def import_all(
    engine: "sa.Engine", given: "list[UPath | None]", register_games: bool
) -> "tuple[IntakeCounts, list[str]]":
    """Import one after the other, None being standard input; gives the counts and what could not be read."""
    from gamefactory_dagster.analytics.files import ImportStoppedError
    from gamefactory_dagster.analytics.ingest import IntakeCounts

    sizes = [path.stat().st_size if path else 0 for path in given]
    total = IntakeCounts()
    problems = []
    with progress("", None if None in given else sum(sizes), in_bytes=True) as move:
        before = 0
        for path, size in zip(given, sizes, strict=True):
            move(before, what=path.name if path else "standard input")

            def on_progress(read_bytes: int, _: "IntakeCounts", before: int = before) -> None:
                move(before + read_bytes)

            try:
                total += _import_one(engine, path, register_games, on_progress)
            except ImportStoppedError as error:
                total += error.counts
                problems.append(str(error))
            before += size
    return total, problems


def _import_one(
    engine: "sa.Engine", path: "UPath | None", register_games: bool, on_progress: "OnProgress"
) -> "IntakeCounts":
    from gamefactory_dagster.analytics.files import import_file, import_stream

    if path is None:
        return import_stream(
            engine, sys.stdin.buffer, source="stdin", register_games=register_games, on_progress=on_progress
        )
    return import_file(engine, path, source=str(path), register_games=register_games, on_progress=on_progress)


def counts_table(counts: "IntakeCounts") -> "Table":
    """What became of the lines, a row each, and a row a reason."""
    became = {"stored": counts.stored, "stored before": counts.duplicate, "refused": counts.quarantined}
    reasons = [(f"  {reason}", number) for reason, number in counts.reasons.most_common()]
    made = table(("events", "number"), [*became.items(), *reasons], numbers=("number",))
    made.show_header = False
    return made


def partitions_begin(engine: "sa.Engine", settings: "Settings") -> dt.date:
    """The first day that the UI shows if it is running now."""
    from gamefactory_dagster.analytics.partitions import days_begin
    from gamefactory_dagster.database.engine import transaction

    with transaction(engine) as connection:
        return days_begin(connection, settings)


def older_days(engine: "sa.Engine", shown_from: dt.date) -> str | None:
    """What is to be said of events from before ``shown_from``; None when there are none."""
    from gamefactory_dagster.analytics.late import EARLIEST_DAY
    from gamefactory_dagster.analytics.quiet import days_with_events
    from gamefactory_dagster.database.engine import transaction

    with transaction(engine) as connection:
        days = days_with_events(connection, EARLIEST_DAY, shown_from - dt.timedelta(1))
    if not days:
        return None
    return (
        f"Events of {span(days)} are from before {shown_from}, where the UI's days begin:"
        " gamefactory metrics refresh computes them, and the UI shows them once gamefactory dev is started"
        f" again, without GAMEFACTORY_FIRST_DAY or with {days[0]}."
    )


def advice(counts: "IntakeCounts") -> list[str]:
    """What to do about refused events; nothing when there are none."""
    if not counts.quarantined:
        return []
    said = [
        f"{counts.quarantined:,} of {counted(counts.total, 'event')}"
        f" {'was' if counts.quarantined == 1 else 'were'} refused and kept in quarantine."
        " See them: gamefactory events quarantine list"
    ]
    if unknown := counts.reasons["unknown_game"]:
        said.append(
            f"{unknown:,} of them name a game that is not here. To take such games in as external ones,"
            " import again with --register-games, then:"
            " gamefactory events quarantine retry --reason unknown_game"
        )
    return said
