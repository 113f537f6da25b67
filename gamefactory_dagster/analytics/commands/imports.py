"""``gamefactory events import``: event files, folders or standard input into the database."""

import datetime as dt
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer

from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.terminal import AsJson, console, counted, progress, say, say_json, span, table

if TYPE_CHECKING:
    from pathlib import Path

    import sqlalchemy as sa
    from rich.table import Table
    from upath import UPath

    from gamefactory_dagster.analytics.files import OnProgress
    from gamefactory_dagster.analytics.ingest import IntakeCounts
    from gamefactory_dagster.settings import Settings

STDIN = "-"


MOSTLY_REFUSED = 2
"""Exit code when more than half of the events were refused."""


@dataclass
class Imported:
    """What became of everything that was given."""

    counts: "IntakeCounts"
    problems: list[str] = field(default_factory=list)
    """What could not be read to its end, and why."""
    strange: list[str] = field(default_factory=list)
    """What was mostly refused, and what it looks like."""


def import_events(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            help="Event files, folders of them, URLs, or - for standard input.",
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
    """Store events from files, one JSON object a line or in arrays. Events stored before count as duplicates.

    Files may be packed by gzip, bzip2 or Zstandard, or be zips of event files; their first bytes tell. From a
    folder, files that end in .ndjson, .jsonl or .json, or these with .gz, .bz2 or .zst, or in .zip, are taken
    by name. What breaks a rule goes to quarantine with the reason. Stopped half way, the command is simply
    run again.

    Exits with 1 when a file could not be read to its end; the others are taken in all the same. Exits with 2
    when more than half of the events were refused, and says what the files look like.

    Example: gamefactory events import events.ndjson.gz more-events/ --register-games

    Example: xz -dc old.xz | gamefactory events import -
    """
    from gamefactory_dagster.analytics.files import event_files
    from gamefactory_dagster.analytics.sources import source
    from gamefactory_dagster.database.migrations import ready_engine
    from gamefactory_dagster.ledger.accounts import command
    from gamefactory_dagster.settings import get_settings

    given = [path for name in files for path in ([None] if name == STDIN else event_files(source(name)))]
    settings = get_settings()
    engine = ready_engine(settings)
    shown_from = partitions_begin(engine, settings)
    asked = {"files": files, "register_games": register_games}
    with command(engine, settings.user, "import", "events import", **asked) as account:
        done = import_all(engine, given, register_games)
        account.numbers |= done.counts.in_full() | {"problems": done.problems}
    said = [*advice(done.counts), *done.strange]
    if done.counts.stored and (older := older_days(engine, shown_from)):
        said.append(older)
    if as_json:
        say_json(done.counts.in_full() | {"advice": said})
    else:
        console().print(counts_table(done.counts))
        for line in said:
            say(line)
    if done.problems:
        raise PermanentError("; ".join(done.problems))
    if mostly_refused(done.counts):
        raise typer.Exit(MOSTLY_REFUSED)


def mostly_refused(counts: "IntakeCounts") -> bool:
    """Whether more than half of the events were refused."""
    return counts.quarantined * 2 > counts.total


def import_all(engine: "sa.Engine", given: "list[Path | UPath | None]", register_games: bool) -> Imported:
    """Import one after the other, None being standard input."""
    from gamefactory_dagster.analytics.files import ImportStoppedError
    from gamefactory_dagster.analytics.ingest import IntakeCounts
    from gamefactory_dagster.analytics.shapes import looks_like
    from gamefactory_dagster.analytics.sources import readable

    sizes = [path.stat().st_size if path else 0 for path in given]
    done = Imported(IntakeCounts())
    with progress("", None if None in given else sum(sizes), in_bytes=True) as move:
        before = 0
        for path, size in zip(given, sizes, strict=True):
            name = readable(path.name) if path else "standard input"
            move(before, what=name)

            def on_progress(read_bytes: int, _: "IntakeCounts", before: int = before) -> None:
                move(before + read_bytes)

            try:
                counts = _import_one(engine, path, register_games, on_progress)
            except ImportStoppedError as error:
                counts = error.counts
                done.problems.append(str(error))
            done.counts += counts
            if mostly_refused(counts) and set(counts.reasons) != {"unknown_game"}:
                done.strange.append(f"{name} looks like {looks_like(counts.refused)}.")
            before += size
    return done


def _import_one(
    engine: "sa.Engine", path: "Path | UPath | None", register_games: bool, on_progress: "OnProgress"
) -> "IntakeCounts":
    from gamefactory_dagster.analytics.files import import_file, import_stream
    from gamefactory_dagster.analytics.sources import readable

    if path is None:
        return import_stream(
            engine, sys.stdin.buffer, source="stdin", register_games=register_games, on_progress=on_progress
        )
    source = readable(str(path))
    return import_file(engine, path, source=source, register_games=register_games, on_progress=on_progress)


def counts_table(counts: "IntakeCounts") -> "Table":
    """What became of the lines, a row each, and a row a reason; last what brings no money."""
    became = {"stored": counts.stored, "stored before": counts.duplicate, "refused": counts.quarantined}
    reasons = [(f"  {reason}", number) for reason, number in counts.reasons.most_common()]
    poor = [(f"{name} without money", number) for name, number in sorted(counts.without_money.items())]
    made = table(("events", "number"), [*became.items(), *reasons, *poor], numbers=("number",))
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
    """What to do about refused events and amounts that are missing; nothing when there are none."""
    from gamefactory_dagster.analytics.events import MONEY

    said = [
        f"{number:,} {event_type} events do not say how much: they count as nothing. The amount is"
        f" properties.{MONEY[event_type]}, a whole number."
        for event_type, number in sorted(counts.without_money.items())
    ]
    if counts.quarantined:
        said.append(
            f"{counts.quarantined:,} of {counted(counts.total, 'event')}"
            f" {'was' if counts.quarantined == 1 else 'were'} refused and kept in quarantine."
            " See them: gamefactory events quarantine list"
        )
    if unknown := counts.reasons["unknown_game"]:
        said.append(
            f"{unknown:,} of them name a game that is not here. To take such games in as external ones,"
            " import again with --register-games, then:"
            " gamefactory events quarantine retry --reason unknown_game"
        )
    return said
