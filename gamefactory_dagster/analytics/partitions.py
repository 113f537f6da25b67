"""The months of ``analytics_events``: which there are, where they begin, and making the coming ones ahead.

What belongs here: partitions made before their events come, and where Dagster's begin. What does not: making
one on demand (``ingest.py``), and taking old ones away (archiving).
"""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.days import midnight, month_of, next_month, yesterday
from gamefactory_dagster.settings import Settings


@dataclass(frozen=True, slots=True)
class Month:
    """One partition."""

    month: dt.date
    """Its first day, UTC."""
    events: int
    """Estimated from statistics; 0 before the first ANALYZE."""
    size_bytes: int
    """With indexes."""


def list_months(connection: sa.Connection) -> list[Month]:
    """Attached partitions, oldest first."""
    rows = connection.execute(sa.text(load("analytics/list_partitions")))
    return [Month(row.month, row.events, row.size_bytes) for row in rows]


def days_begin(connection: sa.Connection, settings: Settings) -> dt.date:
    """The first UTC day Dagster's daily partitions should have: where events begin, unless it is set.

    That is the first of a month, archived ones included. Never later than the month of yesterday, so that
    the last day that is over is always a partition.
    """
    if "first_day" in settings.model_fields_set:
        return settings.first_day
    earliest = connection.scalar(sa.text(load("analytics/earliest_event")))
    return month_of(min(earliest or yesterday(), yesterday()))


def coming(today: dt.date, ahead: int) -> list[dt.date]:
    """First days of this month and of the ``ahead`` after it."""
    months = [month_of(today)]
    for _ in range(ahead):
        months.append(next_month(months[-1]))
    return months


def make_ahead(engine: sa.Engine, today: dt.date, ahead: int) -> list[dt.date]:
    """Make the partitions of this month and the ``ahead`` after it where missing; returns those made.

    Each in a transaction of its own, because making one keeps everybody from writing to ``games``. Safe at
    any time, by many at once. Raises TransientError for passing failures of the database.
    """
    with transaction(engine) as connection:
        there = {month.month for month in list_months(connection)}
    missing = [month for month in coming(today, ahead) if month not in there]
    for month in missing:
        with transaction(engine) as connection:
            connection.execute(sa.text(load("analytics/make_partitions")), {"months": [midnight(month)]})
    return missing
