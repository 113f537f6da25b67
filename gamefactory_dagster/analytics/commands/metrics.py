"""``gamefactory metrics``: compute days and get the numbers out.

What belongs here: reading options, showing progress, printing. What does not: computing (``rollup.py``,
``archived_days.py``), which days are due (``late.py``), formats (``export.py``).
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
from gamefactory_dagster.terminal import (
    EARLIEST,
    LATEST,
    AsJson,
    check_output,
    counted,
    parse_day,
    parse_days,
    progress,
    say,
    say_json,
    span,
)

if TYPE_CHECKING:
    import sqlalchemy as sa

    from gamefactory_dagster.analytics.rollup import Computed
    from gamefactory_dagster.settings import Settings


class Format(StrEnum):
    """What is written as it is read."""

    csv = "csv"
    json = "json"


class ExportFormat(StrEnum):
    """What ``export`` writes."""

    csv = "csv"
    json = "json"
    parquet = "parquet"


class EngineName(StrEnum):
    """What computes archived days."""

    duckdb = "duckdb"
    spark = "spark"


Master = Annotated[
    str | None,
    typer.Option(
        "--master",
        metavar="URL",
        help="Where Spark computes: spark://host:7077, local[2], yarn, k8s://... Default:"
        " GAMEFACTORY_SPARK_MASTER.",
    ),
]
From = Annotated[str | None, typer.Option("--from", metavar="DAY", help="First UTC day, such as 2026-03-01.")]
To = Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last UTC day. Default: today.")]


def refresh(
    day: Annotated[
        list[str] | None, typer.Option("--day", metavar="DAY", help="A UTC day; may be repeated.")
    ] = None,
    first: From = None,
    last: To = None,
    engine: Annotated[
        EngineName | None,
        typer.Option(help="What computes days of archived months: an extra to be installed."),
    ] = None,
    master: Master = None,
    as_json: AsJson = False,
) -> None:
    """Compute days from their raw events: player_days, game_metrics, scores. Safe to repeat, in any order.

    Days whose metrics depend on what changes are computed as well, and so is every earlier day whose events
    changed since it was computed: who is new on a day depends on all days before. Without options: every day
    that is due, up to today. Days that hold nothing cost nothing. Days of archived months are computed over
    their files where an engine is named, to the same numbers.

    Example: gamefactory metrics refresh --from 2026-01-01 --to 2026-03-31
    """
    from gamefactory_dagster.settings import get_settings

    settings = get_settings()
    asked = asked_days(day or [], first, last)
    master = spark_master(engine, master)
    if engine is not None and asked is None:
        raise InputError("--engine", engine.value, "--day or --from with it, of archived months")

    from gamefactory_dagster.analytics.late import EARLIEST_DAY, due_days, with_earlier
    from gamefactory_dagster.database.engine import transaction
    from gamefactory_dagster.database.migrations import ready_engine
    from gamefactory_dagster.ledger.accounts import command

    database = ready_engine(settings)
    options = {"days": day, "first": first, "last": last, "by": engine}
    with command(database, settings.user, "metrics", "metrics refresh", **options) as account:
        with transaction(database) as connection:
            if asked is None:
                days = due_days(connection, EARLIEST_DAY, today())
            else:
                days = with_earlier(connection, asked)
        computed = _refreshed(database, settings, days, engine, master)
        account.numbers |= computed.in_numbers()
    if as_json:
        say_json(computed)
    else:
        say(_summary(computed))


def _refreshed(
    database: "sa.Engine", settings: "Settings", days: list[dt.date], engine: EngineName | None, master: str
) -> "Computed":
    from gamefactory_dagster.analytics.archived_days import from_archive
    from gamefactory_dagster.analytics.rollup import refresh
    from gamefactory_dagster.analytics.scoring import Scoring

    scoring = Scoring.of(settings)
    with progress("player days, then metrics") as move:
        if engine is None:
            return refresh(database, days, scoring, move)
        with from_archive(database, days, engine.value, master) as store:
            return refresh(database, days, scoring, move, store)


def spark_master(engine: EngineName | None, given: str | None) -> str:
    """The master the option names, else the settings' own; raises InputError."""
    from gamefactory_dagster import settings

    if given is None:
        return settings.get_settings().spark_master
    if engine is not EngineName.spark:
        raise InputError("--master", given, "--engine spark with it")
    try:
        return settings.spark_master(given)
    except ValueError as error:
        raise InputError("--master", given, str(error)) from None


def asked_days(days: list[str], first: str | None, last: str | None) -> list[dt.date] | None:
    """The days the options name, in order; None when they name none. Raises InputError."""
    latest = today()
    if days and not (first is None and last is None):
        raise InputError("--day", ", ".join(days), "either --day or --from and --to")
    if last is not None and first is None:
        raise InputError("--to", last, "--from with it")
    if first is not None:
        start, end = parse_days(first, f"{latest}" if last is None else last, latest=latest)
        return day_range(start, end)
    return sorted({parse_day("--day", text, latest=latest) for text in days}) or None


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
    start, end = parse_days(f"{EARLIEST}" if first is None else first, f"{LATEST}" if last is None else last)
    if format is ExportFormat.parquet and output is None:
        raise InputError("--output", "nothing", "a file, as parquet is no text")
    if output is not None:
        check_output("--output", output)

    from gamefactory_dagster.analytics import export as exports
    from gamefactory_dagster.database.engine import transaction
    from gamefactory_dagster.database.migrations import ready_engine
    from gamefactory_dagster.ledger.accounts import command, written
    from gamefactory_dagster.settings import get_settings

    settings = get_settings()
    engine = ready_engine(settings)
    asked = {"format": format.value, "first": first, "last": last, "output": output}
    with command(engine, settings.user, "export", "metrics export", **asked) as account:
        with transaction(engine) as connection:
            if format is ExportFormat.parquet and output is not None:
                with replaced(output) as draft:
                    rows = exports.export_parquet(connection, draft, start, end)
            else:
                with opened(output) as stream:
                    rows = exports.export(connection, stream, Format(format.value).value, start, end)
        account.numbers["rows"] = rows
        if output is not None:
            account.made.append(written(output, "file", rows=rows))
    if output is not None:
        say(f"Wrote {counted(rows, 'row')} to {output}.")


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
    return (
        f"Computed {span(days)}: {counted(computed.rows, 'row')} of game_metrics, "
        f"{computed.changed:,} of them changed, and {counted(computed.scored, 'score')}."
    )
