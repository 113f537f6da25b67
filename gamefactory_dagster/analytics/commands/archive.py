"""``gamefactory events archive`` and ``restore``, and ``gamefactory metrics query``, which reads the archive.

What belongs here: reading options, saying what will be and was done. What does not: moving events
(``analytics/archive.py``) and computing on them (``engines``).
"""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gamefactory_dagster.errors import GameFactoryError, InputError, PermanentError
from gamefactory_dagster.terminal import (
    AsJson,
    check_output,
    counted,
    parse_days,
    progress,
    say,
    say_json,
    show,
    table,
    waiting,
)

from .metrics import EngineName, Format, Master, opened, spark_master

if TYPE_CHECKING:
    import sqlalchemy as sa

    from gamefactory_dagster.analytics.archive import Archived, Candidate
    from gamefactory_dagster.ledger.accounts import Account
    from gamefactory_dagster.ledger.recording import Made
    from gamefactory_dagster.settings import Settings

NOTHING = "No such month has events in the database."


def archive(
    month: Annotated[
        list[str] | None, typer.Option("--month", metavar="MONTH", help="Such as 2026-01; may be repeated.")
    ] = None,
    before: Annotated[
        str | None, typer.Option("--before", metavar="MONTH", help="Every month before this one.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Move closed months of events out of the database into Parquet files in the artifact store.

    A month is closed when no late event can have its days computed again, and every day of it is computed.
    Months that are not stay and are named, and the exit code is 1; the others are moved all the same. May be
    stopped and run again at any time. Events that came in for a month since it was archived go into a further
    file.

    Example: gamefactory events archive --before 2026-01 --dry-run
    """
    given, limit = _asked_months(month or [], before)

    from gamefactory_dagster.database.migrations import ready_engine
    from gamefactory_dagster.days import today
    from gamefactory_dagster.ledger.accounts import command
    from gamefactory_dagster.settings import get_settings

    settings = get_settings()
    engine = ready_engine(settings)
    candidates = _candidates(engine, settings, given, limit, today())
    if dry_run:
        _show_plan(candidates, as_json)
        return
    if not candidates and not as_json:
        say(NOTHING)
    asked = {"months": [f"{one.first:%Y-%m}" for one in candidates], "before": before}
    with command(engine, settings.user, "archive", "events archive", **asked) as account:
        _archive_all(engine, settings, candidates, today(), as_json, account)


def _candidates(
    engine: "sa.Engine", settings: "Settings", given: list[dt.date], limit: dt.date | None, today: dt.date
) -> "list[Candidate]":
    """The ``given`` months as they are, or those before ``limit`` that have events in the database."""
    from gamefactory_dagster.analytics.archive import examine, months_before

    found = [
        examine(engine, first, today=today, horizon_days=settings.late_horizon_days)
        for first in (given if limit is None else months_before(engine, limit))
    ]
    return [candidate for candidate in found if candidate.events or limit is None]


def _archive_all(
    engine: "sa.Engine",
    settings: "Settings",
    candidates: "list[Candidate]",
    today: dt.date,
    as_json: bool,
    account: "Account",
) -> None:
    """Move every month that can go; PermanentError that names the others, and why, when all is done."""
    done, problems = [], []
    for candidate in candidates:
        try:
            done.append(_archive_one(engine, settings, candidate, today, as_json))
            account.made += _files(done[-1])
        except GameFactoryError as error:
            problems.append(str(error))
    if as_json:
        say_json(done)
    if problems:
        of_all = f"{len(problems)} of {counted(len(candidates), 'month')}"
        raise PermanentError(f"not archived: {of_all}; {'; '.join(problems)}")


def _asked_months(months: list[str], before: str | None) -> tuple[list[dt.date], dt.date | None]:
    """First days of the months the options name, or of the one before which all are meant."""
    from gamefactory_dagster.analytics.months import parse_month

    if bool(months) == (before is not None):
        raise InputError("--month", ", ".join(months) or None, "either --month or --before")
    if before is not None:
        return [], parse_month(before, "--before")
    return sorted({parse_month(text, "--month") for text in months}), None


def _archive_one(
    engine: "sa.Engine", settings: "Settings", candidate: "Candidate", today: dt.date, quiet: bool
) -> "Archived":
    from gamefactory_dagster.analytics.archive import archive_month

    if candidate.problem:
        raise PermanentError(candidate.problem)
    with waiting(f"{candidate.first:%Y-%m}: {counted(candidate.events, 'event')}"):
        done = archive_month(
            engine,
            settings.artifacts,
            candidate.first,
            today=today,
            horizon_days=settings.late_horizon_days,
        )
    if not quiet:
        say(_said(done))
    return done


def _files(done: "Archived") -> "list[Made]":
    from gamefactory_dagster.ledger.recording import Made
    from gamefactory_dagster.studio.shipping.web import media_type

    if done.url is None:
        return []
    meta = {"month": f"{done.first:%Y-%m}", "events": done.events}
    return [Made("file", done.url, media_type(done.url), done.size_bytes, done.checksum, meta)]


def _said(done: "Archived") -> str:
    month = f"{done.first:%Y-%m}"
    if done.url is None:
        return f"{month}: nothing new to archive."
    return f"{month}: {counted(done.events, 'event')} in {done.size_bytes:,} bytes at {done.url}"


def _show_plan(candidates: "list[Candidate]", as_json: bool) -> None:
    if as_json:
        say_json(candidates)
        return
    plan = table(
        ("month", "events", "files already", "may it"),
        [(f"{one.first:%Y-%m}", one.events, one.parts, one.problem or "yes") for one in candidates],
        numbers=("events", "files already"),
        title="Would be archived",
    )
    show(plan, NOTHING)


def restore(
    month: Annotated[
        str, typer.Option("--month", metavar="MONTH", help="An archived month, such as 2026-01.")
    ],
    as_json: AsJson = False,
) -> None:
    """Put an archived month's events back into the database, to compute its days again.

    All or nothing, and safe to repeat. The files stay in the store; archive the month again when done.

    Example: gamefactory events restore --month 2026-01
    """
    from gamefactory_dagster.analytics.archive import restore_month
    from gamefactory_dagster.analytics.months import parse_month
    from gamefactory_dagster.database.migrations import ready_engine
    from gamefactory_dagster.ledger.accounts import command
    from gamefactory_dagster.settings import get_settings

    first = parse_month(month, "--month")
    settings = get_settings()
    engine = ready_engine(settings)
    with (
        command(engine, settings.user, "restore", "events restore", month=month) as account,
        waiting(f"{month}: putting its events back"),
    ):
        done = restore_month(engine, first)
        account.numbers |= {"archived": done.archived, "restored": done.restored}
    if as_json:
        say_json(done)
        return
    say(f"{month}: {done.restored:,} of {counted(done.archived, 'event')} put back.")
    if done.restored < done.archived:
        say("The others were there already, or their game is there no more.")


def query(
    engine: Annotated[EngineName, typer.Option(help="What computes: an extra to be installed.")],
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="First UTC day, such as 2025-03-01.")],
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="Last UTC day, of an archived month.")],
    format: Annotated[
        Format, typer.Option(help="csv has a line of column names, json is one list.")
    ] = Format.csv,
    output: Annotated[
        Path | None, typer.Option(help="File to write, replaced when all is written. Default: stdout.")
    ] = None,
    master: Master = None,
) -> None:
    """Compute daily metrics from the archive alone, in DuckDB or Spark. Writes nothing to the database.

    The statements are the database's own, so the numbers are; scores are not among them. Events that came in
    after their month was archived count here once they are archived too, and in the database never.

    Example: gamefactory metrics query --engine duckdb --from 2025-03-01 --to 2025-03-31 --format csv
    """
    start, end = parse_days(first, last)
    if output is not None:
        check_output("--output", output)
    master = spark_master(engine, master)

    from gamefactory_dagster.analytics.archive import files_until
    from gamefactory_dagster.analytics.engines import day_rows
    from gamefactory_dagster.analytics.export import write_rows
    from gamefactory_dagster.database.engine import transaction
    from gamefactory_dagster.database.migrations import ready_engine
    from gamefactory_dagster.settings import get_settings

    with transaction(ready_engine(get_settings())) as connection:
        files = files_until(connection, end)
    with progress("player days, then metrics") as move:
        rows = day_rows(engine.value, [file.url for file in files], start, end, move, master)
    if not rows:
        raise InputError("--from", first, "a stretch with events, or with players who might have come back")
    with opened(output) as stream:
        write_rows(stream, format.value, list(rows[0]), (tuple(row.values()) for row in rows))
