"""Closed months of events out of the database into the artifact store, and back.

What belongs here: the order of steps that loses nothing, whenever it is cut off. What does not: which months
may go (``months.py``), the files' form (``parquet.py``), computing on them (``engines``).

A month's file is written under an unfinished name, compared with the database cell by cell in one snapshot,
and named for its SHA-256: ``<artifacts>/events/2026-01/<sha256>.parquet``. Then, in one transaction beside
which nobody can write events, the month is seen to hold what the snapshot held, its partition is detached,
and the row in ``event_archives`` is made. That row is what counts: a file without one is of no account, and
no finished file is ever changed or deleted. So a run cut off anywhere is put right by the next one.

Events that come in for an archived month get a new partition and count in no metric. Archiving the month
once more moves those that no file of it holds yet into a further file, its next part.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from functools import partial
from typing import TYPE_CHECKING

import sqlalchemy as sa
from psycopg.errors import LockNotAvailable

from gamefactory_dagster.database.engine import translated_errors
from gamefactory_dagster.database.locks import Lock, held
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.database.tables.analytics import EventArchive
from gamefactory_dagster.days import month_of
from gamefactory_dagster.errors import InputError, PermanentError, TransientError

from . import parquet
from .months import MonthDay, check_closed, check_settled, label, month_days, parameters
from .partitions import list_months

if TYPE_CHECKING:
    from upath import UPath

LOCK_WAIT = "500ms"
"""How long a lock that stops everybody is waited for at a time. Under ``deadlock_timeout`` (1 s), so that in
a deadlock it is always we who give way."""

LOCK_TRIES = 60
LOCK_PAUSE_SECONDS = 0.5
"""Between tries, for those who queued up behind us."""

DETACHED = "archived_events_"
"""How the name of a detached partition begins, until it is dropped."""

KEYS = ("id", "timestamp")


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A row of ``event_archives``."""

    month: dt.date
    part: int
    url: str
    events: int
    size_bytes: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A month that was asked for: how many events would leave, and why it may not, if so."""

    first: dt.date
    events: int
    parts: int
    problem: str | None


@dataclass(frozen=True, slots=True)
class Archived:
    """What one month's archiving did. ``url`` is None when no file was needed."""

    first: dt.date
    events: int
    size_bytes: int = 0
    url: str | None = None
    checksum: str | None = None


@dataclass(frozen=True, slots=True)
class Restored:
    """How many archived events a month has, and how many of them were put back.

    The others were there already, or their game is there no more.
    """

    first: dt.date
    archived: int
    restored: int


def months_before(engine: sa.Engine, before: dt.date) -> list[dt.date]:
    """The months before ``before`` (a first of month) that have a partition, oldest first."""
    with translated_errors(), engine.connect() as connection:
        return [month.month for month in list_months(connection) if month.month < before]


def examine(engine: sa.Engine, first: dt.date, *, today: dt.date, horizon_days: int) -> Candidate:
    """Say what archiving the month would move and whether it may; changes nothing. Scans the month."""
    with translated_errors(), engine.connect() as connection:
        days = month_days(connection, first)
        parts = len(archive_files(connection, first))
    events = sum(day.events for day in days)
    try:
        check_closed(first, today, horizon_days)
        if not parts:
            check_settled(first, days)
    except PermanentError as error:
        return Candidate(first, events, parts, str(error))
    return Candidate(first, events, parts, None)


def archive_files(connection: sa.Connection, first: dt.date | None = None) -> list[ArchiveFile]:
    """The archive's files, of one month or of all, in the order of month and part."""
    columns = [getattr(EventArchive, field.name) for field in fields(ArchiveFile)]
    statement = sa.select(*columns).order_by(EventArchive.month, EventArchive.part)
    if first is not None:
        statement = statement.where(EventArchive.month == first)
    return [ArchiveFile(*row) for row in connection.execute(statement)]


def files_until(connection: sa.Connection, last: dt.date) -> list[ArchiveFile]:
    """The files that hold every event up to the end of the UTC day ``last``.

    Raises PermanentError when a month with events up to then is not archived, InputError when none is.
    """
    until = month_of(last)
    files = [file for file in archive_files(connection) if file.month <= until]
    archived = {file.month for file in files}
    for month in list_months(connection):
        if month.month <= until and month.month not in archived and _has_events(connection, month.month):
            raise PermanentError(
                f"{label(month.month)} has events and is not archived; metrics depend on every day before"
            )
    if not files:
        raise InputError("last", last.isoformat(), "a day of an archived month, or later")
    return files


def archive_month(
    engine: sa.Engine, store_url: str, first: dt.date, *, today: dt.date, horizon_days: int
) -> Archived:
    """Move a month's events into the artifact store at ``store_url`` and drop its partition.

    Safe to run again at any time, also after it was cut off; a month without events is left as it is.
    Memory is bounded, whatever the month holds.

    Raises InputError for a month that is not closed, PermanentError for one with days whose rollups are not
    up to date or whose file is not as it was written, TransientError when another archive runs, events came
    in meanwhile, or a lock could not be had in a minute. Nothing has been lost or changed then.
    """
    check_closed(first, today, horizon_days)
    with _alone(engine) as connection:
        _drop_detached(connection)
        with connection.begin():
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            days = month_days(connection, first)
            if not any(day.events for day in days):
                return Archived(first, 0)
            earlier = archive_files(connection, first)
            if not earlier:
                check_settled(first, days)
            file = _export(connection, store_url, first, earlier)
        _patiently(connection, partial(_detach, connection, first, days, file))
        _drop_detached(connection)
    if file is None:
        return Archived(first, 0)
    return Archived(first, file.events, file.size_bytes, file.url, file.checksum)


def restore_month(engine: sa.Engine, first: dt.date) -> Restored:
    """Put an archived month's events back and forget that it was archived, in one transaction.

    Its days can be computed again afterwards. The files stay in the store.

    Raises InputError when the month is not archived, PermanentError when a file is gone or is not what was
    archived, TransientError when another archive runs.
    """
    with _alone(engine) as connection:
        with connection.begin():
            files = archive_files(connection, first)
            if not files:
                raise InputError("month", label(first), "an archived month")
            connection.execute(sa.text("SELECT factory.ensure_events_partition(:start)"), parameters(first))
        for file in files:
            check_file(file)
        with connection.begin():
            restored = _put_back(connection, files)
            connection.execute(sa.delete(EventArchive).where(EventArchive.month == first))
    return Restored(first, sum(file.events for file in files), restored)


def _has_events(connection: sa.Connection, first: dt.date) -> bool:
    statement = sa.text(
        "SELECT EXISTS (SELECT FROM analytics_events WHERE timestamp >= :start AND timestamp < :after)"
    )
    return bool(connection.execute(statement, parameters(first)).scalar_one())


def _path(url: str) -> "UPath":
    from upath import UPath

    return UPath(url)


@contextmanager
def _alone(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Open a connection that holds the archive's lock; PostgreSQL frees it when we die."""
    with translated_errors(), engine.connect() as connection, held(connection, Lock.ARCHIVE) as alone:
        if not alone:
            raise TransientError("another archive or restore of events is running")
        yield connection


def _export(
    connection: sa.Connection, store_url: str, first: dt.date, earlier: list[ArchiveFile]
) -> ArchiveFile | None:
    """Write what no earlier file holds to a file of the store, checked; None when there is nothing new."""
    _stage_keys(connection, earlier)
    folder = _path(store_url) / "events" / label(first)
    unfinished = folder / "unfinished"
    with parquet.reading(connection, parameters(first)) as events:
        rows = parquet.write(events, unfinished)
    with parquet.reading(connection, parameters(first)) as events:
        parquet.compare(unfinished, events)
    if not rows:
        unfinished.unlink()
        return None
    checksum, size = parquet.sha256(unfinished), unfinished.stat().st_size
    name = f"{checksum}.parquet"
    unfinished.rename(folder / name)
    parquet.sync(folder)
    url = f"{store_url.rstrip('/')}/events/{label(first)}/{name}"
    return ArchiveFile(first, len(earlier), url, rows, size, checksum)


def _stage_keys(connection: sa.Connection, files: list[ArchiveFile]) -> None:
    """Make the table ``archived_keys`` of this transaction: (id, timestamp) of what the files hold."""
    connection.exec_driver_sql(
        'CREATE TEMP TABLE archived_keys (id uuid, "timestamp" timestamptz) ON COMMIT DROP'
    )
    for file in files:
        check_file(file)
        parquet.copy_into(connection, "archived_keys", _path(file.url), KEYS)
    connection.exec_driver_sql("ANALYZE archived_keys")


def check_file(file: ArchiveFile) -> None:
    """Read all of a file; raises PermanentError when it is gone or is not what was archived."""
    if parquet.sha256(_path(file.url)) != file.checksum:
        raise PermanentError(f"{file.url} is not what was archived: its checksum differs")


def _put_back(connection: sa.Connection, files: list[ArchiveFile]) -> int:
    """Insert what the files hold and the table does not; returns how many events that were."""
    connection.exec_driver_sql(
        "CREATE TEMP TABLE restored_events (LIKE factory.analytics_events) ON COMMIT DROP"
    )
    for file in files:
        parquet.copy_into(connection, "restored_events", _path(file.url), parquet.COLUMNS)
    return connection.execute(sa.text(load("analytics/restore_events"))).rowcount


def _patiently(connection: sa.Connection, work: Callable[[], None]) -> None:
    """Run ``work`` in a transaction of its own, again and again until it gets its locks.

    Who holds them may take long, and who queues up behind us should not: each try is short.
    """
    for _ in range(LOCK_TRIES):
        try:
            with connection.begin():
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'")
                return work()
        except sa.exc.OperationalError as error:
            if not isinstance(error.orig, LockNotAvailable):
                raise
        time.sleep(LOCK_PAUSE_SECONDS)
    raise TransientError("the events stayed in use for a minute; try again when there is less going on")


def _detach(
    connection: sa.Connection, first: dt.date, days: list[MonthDay], file: ArchiveFile | None
) -> None:
    """Detach the partition if it still holds what was exported, and say so in ``event_archives``.

    Both tables are locked before anything else is: detaching locks games too, for its foreign key.
    """
    connection.exec_driver_sql("LOCK TABLE ONLY factory.analytics_events IN ACCESS EXCLUSIVE MODE")
    connection.exec_driver_sql("LOCK TABLE factory.games IN SHARE ROW EXCLUSIVE MODE")
    if month_days(connection, first) != days:
        raise TransientError(f"{label(first)} changed while it was written out; try again")
    partition = f"analytics_events_{first:%Y_%m}"
    connection.exec_driver_sql(f"ALTER TABLE factory.analytics_events DETACH PARTITION factory.{partition}")
    # Under its own name ensure_events_partition would take it for the month's partition
    connection.exec_driver_sql(f"ALTER TABLE factory.{partition} RENAME TO {DETACHED}{first:%Y_%m}")
    if file is not None:
        connection.execute(sa.insert(EventArchive).values(**asdict(file)))


def _drop_detached(connection: sa.Connection) -> None:
    """Drop detached partitions, ours and one a run cut off left behind.

    Not in the transaction that detaches: it stops everybody who reads games, so it must be short.
    """
    with connection.begin():
        names = (
            connection.execute(
                sa.text(
                    "SELECT relname FROM pg_class WHERE relnamespace = 'factory'::regnamespace"
                    " AND relkind = 'r' AND starts_with(relname, :prefix)"
                ),
                {"prefix": DETACHED},
            )
            .scalars()
            .all()
        )
    for name in names:
        _patiently(connection, partial(_drop, connection, name))


def _drop(connection: sa.Connection, name: str) -> None:
    connection.exec_driver_sql(f"DROP TABLE factory.{name}")
