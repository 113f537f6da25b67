"""Quiet days, on which there is nothing to compute: a range of years costs what is in it.

What belongs here: which days hold anything, and recording that the others were looked at. What does not:
computing a day (``rollup.py``), which days are out of date (``late.py``).

Each question is answered by one look-up in an index a day that holds something, however much it holds, and
none for the others. Who records takes the rollups' lock first: nobody else changes what was looked at then,
but for raw events, whose number tells when some came since.
"""

import datetime as dt
from collections.abc import Collection, Iterable

import sqlalchemy as sa

from gamefactory_dagster.database.sql import load
from gamefactory_dagster.days import day_bounds, month_of

_COUNTED = """
SELECT date FROM factory.rollup_days
WHERE date BETWEEN :first AND :last AND (events <> 0 OR late_events <> 0)
"""


def days_with_events(connection: sa.Connection, first: dt.date, last: dt.date) -> list[dt.date]:
    """UTC days from ``first`` to ``last`` that have raw events in the database, in order."""
    start, end = day_bounds(first, last)
    return list(connection.scalars(sa.text(load("analytics/days_with_events")), {"start": start, "end": end}))


def days_with_metrics_due(
    connection: sa.Connection, first: dt.date, last: dt.date, ages: Iterable[int]
) -> set[dt.date]:
    """Days from ``first`` to ``last`` on which some game has something to say, or has a row that says so.

    ``ages`` are those at which players' return counts, in days.
    """
    found = {
        *_distinct(connection, "player_days", "date", first, last),
        *_distinct(connection, "game_metrics", "date", first, last),
    }
    for age in (0, *ages):
        later = dt.timedelta(age)
        began = _distinct(connection, "players", "first_date", first - later, last - later)
        found |= {day + later for day in began}
    return found


def archived_months(connection: sa.Connection) -> set[dt.date]:
    """The months whose events were taken away, by their first days."""
    return set(connection.scalars(sa.text("SELECT month FROM factory.event_archives")))


def record_quiet_player_days(connection: sa.Connection, days: Collection[dt.date]) -> set[dt.date]:
    """Record those of ``days`` without events and without rows of them as computed; gives these.

    Days of archived months are never among them: their events are elsewhere. Relies on the rollups' lock.
    """
    if not days:
        return set()
    first, last = min(days), max(days)
    busy = {
        *days_with_events(connection, first, last),
        *_distinct(connection, "player_days", "date", first, last),
        *connection.scalars(sa.text(_COUNTED), {"first": first, "last": last}),
    }
    archived = archived_months(connection)
    quiet = {day for day in days if day not in busy and month_of(day) not in archived}
    connection.execute(sa.text(load("analytics/record_quiet_player_days")), {"days": sorted(quiet)})
    return quiet


def record_quiet_game_metrics(
    connection: sa.Connection, days: Collection[dt.date], ages: Iterable[int]
) -> set[dt.date]:
    """Record those of ``days`` on which no game has anything to say as computed; gives these.

    None of ``days`` may be stale. Relies on the rollups' lock.
    """
    if not days:
        return set()
    quiet = set(days) - days_with_metrics_due(connection, min(days), max(days), ages)
    connection.execute(sa.text(load("analytics/record_quiet_game_metrics")), {"days": sorted(quiet)})
    return quiet


def _distinct(
    connection: sa.Connection, table: str, column: str, first: dt.date, last: dt.date
) -> list[dt.date]:
    statement = load("analytics/distinct_days").format(table=table, column=column)
    return list(connection.scalars(sa.text(statement), {"first": first, "last": last}))
