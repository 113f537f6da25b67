"""Which days must be computed again because events of theirs came late, and which are past that.

What belongs here: finding out-of-date days, and the decision what to do about them. What does not: computing
(``rollup.py``) and when to look (the sensor in ``defs``).

A day is out of date when the number of its raw events differs from the number it was computed from: events
are only ever added, and each is stored once. ``received_at`` only narrows down where to look, because it is
the start of the transaction that stored the event, not its end; so look with an overlap, twice costs
little.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from gamefactory_dagster.database.sql import load
from gamefactory_dagster.days import day_bounds

from .rollup import COHORT_AGES


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


def due_days(connection: sa.Connection, first: dt.date, last: dt.date) -> list[dt.date]:
    """Days from ``first`` to ``last`` that a person who asks for everything means, in order.

    Those whose events changed since they were computed, and those never computed on which players of these
    days may come back.
    """
    start, end = day_bounds(first, last)
    parameters = {"first_day": first, "last_day": last, "start": start, "end": end}
    changed = set(connection.scalars(sa.text(load("analytics/out_of_date_days")), parameters))
    known = "SELECT date FROM factory.rollup_days WHERE game_metrics_at IS NOT NULL"
    later = {day + dt.timedelta(age) for day in changed for age in COHORT_AGES}
    later -= set(connection.scalars(sa.text(known)))
    return sorted(changed | {day for day in later if day <= last})
