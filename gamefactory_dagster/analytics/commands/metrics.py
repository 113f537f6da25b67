"""``gamefactory metrics``: compute days and get the numbers out.

What belongs here: reading options, showing progress, printing. What does not: computing (``rollup.py``),
which days are due (``late.py``), formats (``export.py``).
"""

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from gamefactory_dagster.days import day_range, today
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.terminal import AsJson, parse_day, parse_days, progress, say, say_json

if TYPE_CHECKING:
    from gamefactory_dagster.analytics.rollup import Computed


class Format(StrEnum):
    """What is written as it is read."""

    csv = "csv"
    json = "json"


class ExportFormat(StrEnum):
    """What ``export`` writes."""

    csv = "csv"
    json = "json"
    parquet = "parquet"


From = Annotated[str | None, typer.Option("--from", metavar="DAY", help="First UTC day, such as 2026-03-01.")]
To = Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last UTC day. Default: today.")]


def refresh(
    day: Annotated[
        list[str] | None, typer.Option("--day", metavar="DAY", help="A UTC day; may be repeated.")
    ] = None,
    first: From = None,
    last: To = None,
    as_json: AsJson = False,
) -> None:
    """Compute days from their raw events: player_days, game_metrics, scores. Safe to repeat, in any order.

    Days whose metrics depend on what changes are computed as well. Without options: every day whose events
    changed since it was computed, up to today.

    Example: gamefactory metrics refresh --from 2026-01-01 --to 2026-03-31
    """
    from gamefactory_dagster.settings import get_settings

    settings = get_settings()
    asked = asked_days(day or [], first, last, settings.first_day)

    from gamefactory_dagster.analytics.late import due_days
    from gamefactory_dagster.analytics.rollup import refresh as compute
    from gamefactory_dagster.analytics.scoring import Scoring
    from gamefactory_dagster.database.engine import transaction
    from gamefactory_dagster.database.migrations import ready_engine

    engine = ready_engine(settings)
    if asked is None:
        with transaction(engine) as connection:
            asked = due_days(connection, settings.first_day, today())
    with progress("player days, then metrics", 2 * len(asked)) as move:
        computed = compute(engine, asked, Scoring.of(settings), move)
    if as_json:
        say_json(computed)
    else:
        say(_summary(computed))


def asked_days(
    days: list[str], first: str | None, last: str | None, earliest: dt.date
) -> list[dt.date] | None:
    """The days the options name, in order; None when they name none. Raises InputError."""
    latest = today()
    if days and (first or last):
        raise InputError("--day", ", ".join(days), "either --day or --from and --to")
    if last and not first:
        raise InputError("--to", last, "--from with it")
    if first:
        start, end = parse_days(first, last or f"{latest}", earliest, latest)
        return day_range(start, end)
    return sorted({parse_day("--day", text, earliest, latest) for text in days}) or None


def export(
    format: Annotated[
        ExportFormat,
        typer.Option(help="csv has a line of column names, json is one list, parquet needs --output."),
    ],
    first: From = None,
    last: To = None,
    output: Annotated[
        Path | None, typer.Option(help="File to write, replaced when all is written. Default: stdout.")
    ] = None,
) -> None:
    """Write the daily metrics of all games, ordered by day and game.

    Example: gamefactory metrics export --format csv --from 2026-03-01 --output march.csv
    """
    start = parse_day("--from", first) if first else dt.date.min
    end = parse_day("--to", last) if last else dt.date.max
    if format is ExportFormat.parquet and output is None:
        raise InputError("--output", "nothing", "a file, as parquet is no text")

    from gamefactory_dagster.analytics import export as exports
    from gamefactory_dagster.database.engine import transaction
    from gamefactory_dagster.database.migrations import ready_engine
    from gamefactory_dagster.settings import get_settings

    with transaction(ready_engine(get_settings())) as connection:
        if format is ExportFormat.parquet and output is not None:
            with replaced(output) as draft:
                rows = exports.export_parquet(connection, draft, start, end)
        else:
            with opened(output) as stream:
                rows = exports.export(connection, stream, Format(format.value).value, start, end)
    if output is not None:
        say(f"{rows:,} rows are in {output}.")


@contextmanager
def opened(output: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file beside ``output`` that takes its place at the end."""
    if output is None:
        yield sys.stdout
        return
    with replaced(output) as draft, draft.open("w", encoding="utf-8") as stream:
        yield stream


@contextmanager
def replaced(output: Path) -> Iterator[Path]:
    """Give a path beside ``output`` to write to; it takes its place when the block ends well."""
    draft = output.with_name(f"{output.name}.part")
    try:
        yield draft
        draft.replace(output)
    except OSError as error:
        raise InputError("--output", str(output), f"a file that can be written ({error.strerror})") from error
    finally:
        draft.unlink(missing_ok=True)


def _summary(computed: "Computed") -> str:
    if not computed.days:
        return "Every day is up to date."
    days = computed.days
    span = f"{days[0]}" if len(days) == 1 else f"{len(days):,} days from {days[0]} to {days[-1]}"
    return (
        f"Computed {span}: {computed.rows:,} rows of game_metrics, "
        f"{computed.changed:,} of them changed, and {computed.scored:,} scores."
    )
