"""Days of archived months, computed over the archive's files into the rollups.

What belongs here: where a day's ``player_days`` come from when its events have left the database, and that
they come from all of its events. What does not: computing them (``engines``), what follows from them
(``rollup.py``), and the files (``archive.py``).

What results is what it would be if the month were restored, its days computed, and the month archived again.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.days import month_of
from gamefactory_dagster.errors import PermanentError, TransientError

from . import arrow
from .archive import ArchiveFile, archive_files, check_file
from .engines import LOCAL_MASTER, PLAYER_DAY, Engine, opened
from .months import label
from .quiet import days_with_events
from .rollup import Store, from_raw_events

_STAGED = f"""
CREATE TEMPORARY TABLE staged_player_days ON COMMIT DROP
AS SELECT {", ".join(PLAYER_DAY)} FROM factory.player_days WITH NO DATA
"""  # noqa: S608  names of ours

_COPY = f"COPY pg_temp.staged_player_days ({', '.join(PLAYER_DAY)}) FROM STDIN"


@contextmanager
def from_archive(
    engine: sa.Engine, days: Collection[dt.date], name: str, master: str = LOCAL_MASTER
) -> Iterator[Store]:
    """Give what stores any of ``days``: of archived months by the engine ``name``, others from raw events.

    Memory is bounded, whatever a day holds. ``master`` is where Spark computes.

    Raises PermanentError when a file is gone or is not what was archived, or the database has events of such
    a day besides; TransientError when the month was archived or restored meanwhile; and what
    ``engines.opened`` does.
    """
    with transaction(engine) as connection:
        files = _files(connection, days)
    for parts in files.values():
        for file in parts:
            check_file(file)
    if not files:
        yield from_raw_events
        return
    with opened(name, master) as computing:
        yield _Archive(computing, files).store


class _Archive:
    """An engine over one month's files at a time, those of the day that was asked for last."""

    def __init__(self, computing: Engine, files: Mapping[dt.date, list[ArchiveFile]]) -> None:
        self._computing = computing
        self._files = files
        self._month: dt.date | None = None

    def store(self, connection: sa.Connection, day: dt.date) -> sa.Row[tuple[int, int]]:
        """See ``Store``."""
        month = month_of(day)
        if month not in self._files:
            return from_raw_events(connection, day)
        if month != self._month:
            self._computing.read([file.url for file in self._files[month]])
            self._month = month
        connection.exec_driver_sql(_STAGED)
        with arrow.cursor(connection) as cursor, cursor.copy(_COPY) as copy:
            for row in self._computing.player_days(day):
                copy.write_row(row)
        insert = load("analytics/insert_player_days").replace(
            "{select_player_days}", "SELECT * FROM pg_temp.staged_player_days"
        )
        stored: sa.Row[tuple[int, int]] = connection.execute(sa.text(insert), {"day": day}).one()
        if archive_files(connection, month) != self._files[month]:
            raise TransientError(f"{label(month)} was archived or restored meanwhile; try again")
        _refuse_more(connection, {day})
        return stored


def _files(connection: sa.Connection, days: Collection[dt.date]) -> dict[dt.date, list[ArchiveFile]]:
    """The files of each month of ``days`` that is archived, seen to hold all events of these days."""
    files = {month: archive_files(connection, month) for month in sorted({month_of(day) for day in days})}
    archived = {month: parts for month, parts in files.items() if parts}
    _refuse_more(connection, {day for day in days if month_of(day) in archived})
    return archived


def _refuse_more(connection: sa.Connection, days: Collection[dt.date]) -> None:
    """Raise PermanentError where events of archived days are in the database, beside those in the files."""
    present = days_with_events(connection, min(days), max(days)) if days else []
    if late := sorted(set(present) & set(days)):
        raise PermanentError(
            f"events of {late[0]} came in after {label(late[0])} was archived; let them join the others: "
            f"gamefactory events archive --month {label(late[0])}"
        )
