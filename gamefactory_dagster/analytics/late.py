"""Which days must be computed again because events of theirs came late, and which are past that.

What belongs here: finding out-of-date days, and the decision what to do about them. What does not: computing
(``rollup.py``) and when to look (the sensor in ``defs``).

A day is out of date when the number of its raw events differs from the number it was computed from: events
are only ever added, and each is stored once. ``received_at`` only narrows down where to look, because it is
the start of the transaction that stored the event, not its end; so look with an overlap, twice costs
little.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from gamefactory_dagster.database.sql import load
from gamefactory_dagster.days import day_bounds, day_of, month_of

from .events import EARLIEST
from .quiet import archived_months, days_with_metrics_due
from .rollup import COHORT_AGES

EARLIEST_DAY = day_of(EARLIEST)
"""No event is of a day before."""


@dataclass(frozen=True, slots=True)
class TouchedDay:
    """A UTC day that does not hold all its events."""

    day: dt.date
    events: int
    """Raw events there are."""
    counted: int
    """How many of them the rollups were computed from."""
    archived: bool
    """Whether the month's earlier events were taken away, so that the day cannot be computed again."""


@dataclass(frozen=True, slots=True)
class LatePlan:
    """What to do now."""

    player_days: tuple[dt.date, ...]
    """Days to compute from raw events, in order."""
    game_metrics: tuple[dt.date, ...]
    """Days to compute then, in order; days those make stale come by themselves (``rollup.py``)."""
    late: Mapping[dt.date, int]
    """Day past the horizon -> events its metrics do without."""


def touched_days(connection: sa.Connection, since: dt.datetime) -> list[TouchedDay]:
    """Days out of date among those of events received since then, in order. ``since`` has a time zone."""
    rows = connection.execute(sa.text(load("analytics/touched_days")), {"since": since})
    return [TouchedDay(row.day, row.events, row.counted, row.archived) for row in rows]


def plan(
    touched: Iterable[TouchedDay], stale: Iterable[dt.date], today: dt.date, horizon_days: int
) -> LatePlan:
    """Decide what becomes of ``touched`` days, and of days whose metrics are ``stale``.

    Days up to ``horizon_days`` before ``today`` are computed again; of earlier and of archived ones the late
    events are counted. Today and later are left to the daily schedule: they are not over.
    """
    earliest = today - dt.timedelta(horizon_days)
    over = [touch for touch in touched if touch.day < today]
    again = sorted(touch.day for touch in over if touch.day >= earliest and not touch.archived)
    late = {
        touch.day: touch.events - touch.counted
        for touch in over
        if touch.events > touch.counted and (touch.day < earliest or touch.archived)
    }
    metrics = sorted({*again, *(day for day in stale if day < today)})
    return LatePlan(tuple(again), tuple(metrics), late)


def record_late(connection: sa.Connection, late: Mapping[dt.date, int]) -> None:
    """Keep the number of events that came too late for each day, in place of what was known before."""
    if late:
        parameters = {"days": list(late), "events": list(late.values())}
        connection.execute(sa.text(load("analytics/record_late")), parameters)


def changed_days(connection: sa.Connection, first: dt.date, last: dt.date) -> list[dt.date]:
    """Days from ``first`` to ``last`` whose events changed since they were computed, in order.

    Archived months are left out. Counts every raw event of these days, in an index.
    """
    start, end = day_bounds(first, last)
    parameters = {"first_day": first, "last_day": last, "start": start, "end": end}
    return list(connection.scalars(sa.text(load("analytics/out_of_date_days")), parameters))


def due_days(connection: sa.Connection, first: dt.date, last: dt.date) -> list[dt.date]:
    """Days from ``first`` to ``last`` that a person who asks for everything means, in order.

    Those whose events changed since they were computed; and those never computed on which a game has
    something to say, or players of the changed ones may come back. Archived months are left out.
    """
    changed = set(changed_days(connection, first, last))
    known = "SELECT date FROM factory.rollup_days WHERE game_metrics_at IS NOT NULL"
    to_say = days_with_metrics_due(connection, first, last, COHORT_AGES)
    to_say |= {day + dt.timedelta(age) for day in changed for age in COHORT_AGES}
    to_say -= set(connection.scalars(sa.text(known)))
    archived = archived_months(connection)
    return sorted(changed | {day for day in to_say if day <= last and month_of(day) not in archived})


def with_earlier(connection: sa.Connection, days: Collection[dt.date]) -> list[dt.date]:
    """``days`` and every day before the last of them that is due, in order.

    A player's first day is known once every day before it is computed, so only with these are the installs
    and cohorts of ``days`` right, in whatever order days are asked for.
    """
    return sorted({*days, *due_days(connection, EARLIEST_DAY, max(days))})
