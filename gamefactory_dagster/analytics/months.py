"""When a month of events may leave the database.

What belongs here: a month's name, its days as they are now, and the rules for archiving it. What does not:
moving events (``archive.py``), the form they are kept in (``parquet.py``), which months there are
(``partitions.py``).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from gamefactory_dagster.database.sql import load
from gamefactory_dagster.days import month_bounds, next_month
from gamefactory_dagster.errors import InputError, PermanentError

from .rollup import COHORT_AGES

LONGEST_COHORT_DAYS = max(COHORT_AGES) + 1
"""Days after its own that a day of events still moves a metric, and one to spare."""


@dataclass(frozen=True, slots=True)
class MonthDay:
    """One UTC day of raw events as they are now."""

    date: dt.date
    events: int
    digest: Decimal
    """Of the events' keys; equal digests and numbers mean the same events."""
    settled: bool
    """Its rollups were computed from exactly these events and nothing has changed since."""


def parse_month(text: str, field: str) -> dt.date:
    """``"2026-01"`` as the month's first day; raises InputError that names ``field``."""
    try:
        if len(text) != 7:
            raise ValueError
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        raise InputError(field, text, "a month such as 2026-01") from None


def label(first: dt.date) -> str:
    """A month as a person writes it: ``2026-01``."""
    return f"{first:%Y-%m}"


def parameters(first: dt.date) -> dict[str, dt.datetime]:
    """The month as statements take it: ``start`` and the moment ``after`` its end, in UTC."""
    start, after = month_bounds(first)
    return {"start": start, "after": after}


def closes_on(first: dt.date, horizon_days: int) -> dt.date:
    """First day on which no recomputation within the horizon can need the month's events any more."""
    return next_month(first) + dt.timedelta(days=horizon_days + LONGEST_COHORT_DAYS)


def month_days(connection: sa.Connection, first: dt.date) -> list[MonthDay]:
    """The days of a month that have raw events or were computed, in order; scans the month."""
    rows = connection.execute(sa.text(load("analytics/month_days")), parameters(first))
    return [MonthDay(row.date, row.events, row.digest, row.settled) for row in rows]


def check_closed(first: dt.date, today: dt.date, horizon_days: int) -> None:
    """Raise InputError unless the month is closed on ``today``."""
    closes = closes_on(first, horizon_days)
    if today < closes:
        raise InputError(
            "month", label(first), f"a closed month; this one can be archived from {closes:%Y-%m-%d} on"
        )


def check_settled(first: dt.date, days: Sequence[MonthDay]) -> None:
    """Raise PermanentError, naming the days and what to do, unless every day's rollups are up to date."""
    open_days = [day.date.isoformat() for day in days if not day.settled]
    if open_days:
        shown = ", ".join(open_days[:5]) + (f" and {len(open_days) - 5} more" if len(open_days) > 5 else "")
        raise PermanentError(
            f"{label(first)} cannot be archived while days of it are not computed from all their events"
            f" ({shown}); run: gamefactory metrics refresh --from {open_days[0]} --to {open_days[-1]}"
        )
