"""From raw events to ``player_days`` and ``players``, and on to ``game_metrics``: exact in any order of days.

What belongs here: computing days, and knowing which must be computed again. What does not: what the numbers
mean (``docs/metrics.md``, ``sql/analytics/select_*.sql``), which days are late (``late.py``), and Dagster.

Every day is one transaction, so a run killed anywhere leaves whole days. ``player_days`` of a day takes a
lock of that day, so that two runs take turns, and, once the day is aggregated, the rollups' lock: from then
on nobody else changes ``players``, and days whose ``game_metrics`` were computed from what it changes are
marked stale. ``game_metrics`` takes the rollups' lock from the start: it reads either all of a day's change
or nothing of it, and in the second case the mark comes later. Whoever computes ``game_metrics`` computes
stale days as well.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.locks import Lock, take
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.days import day_bounds, month_of
from gamefactory_dagster.errors import PermanentError

from .quiet import record_quiet_game_metrics, record_quiet_player_days
from .scoring import SCORE_DAYS, Scoring

COHORT_AGES = (1, 7, 30)
"""Days after a player's first day on which their return counts: D1, D7 and D30 of ``game_metrics``."""

_PLANNING = """
SELECT set_config('work_mem', '64MB', true), set_config('plan_cache_mode', 'force_custom_plan', true)
"""
"""A day's groups are hashed in memory, and every statement is planned for its own day: a plan for any day at
all would guess half a percent of the events and sort them."""

OnDay = Callable[[int, int], None]
"""Called after each day that holds something, with the number of steps done and of those there are, which may
grow."""


Store = Callable[[sa.Connection, dt.date], sa.Row[tuple[int, int]]]
"""Inserts ``player_days`` of a day, whose old rows are gone; gives how many ``players`` and ``events`` they
hold."""


@dataclass(frozen=True, slots=True)
class PlayerDays:
    """What a day of ``player_days`` holds and what it moved."""

    day: dt.date
    events: int = 0
    players: int = 0
    """Players of each game, added up."""
    installs: int = 0
    """Players unknown until now."""
    moved: int = 0
    """Players known since a later day until now."""
    stale: tuple[dt.date, ...] = ()
    """Days whose ``game_metrics`` this made out of date, in order."""


@dataclass(frozen=True, slots=True)
class Computed:
    """What was computed."""

    days: tuple[dt.date, ...]
    """Days of ``game_metrics``: those asked for and those that were stale, in order."""
    rows: int
    """Rows these days have."""
    changed: int
    """Rows written anew, overwritten or deleted, scores aside."""
    scored: int
    """Scores that changed."""

    def in_numbers(self) -> dict[str, object]:
        """How much that was, in few words."""
        numbers = {"days": len(self.days), "rows": self.rows, "changed": self.changed, "scored": self.scored}
        return numbers | ({"first": self.days[0], "last": self.days[-1]} if self.days else {})


def from_raw_events(connection: sa.Connection, day: dt.date) -> sa.Row[tuple[int, int]]:
    """See ``Store``; raises PermanentError when the day's events are archived."""
    start, end = day_bounds(day)
    parameters = {"day": day, "day_start": start, "day_end": end}
    insert = _with_select("insert_player_days", "select_player_days")
    stored: sa.Row[tuple[int, int]] = connection.execute(insert, parameters).one()
    # Only now: reading the events holds off an archive that had not taken them away before.
    _refuse_archived(connection, day)
    return stored


def compute_player_days(engine: sa.Engine, day: dt.date, store: Store = from_raw_events) -> PlayerDays:
    """Compute the UTC day's ``player_days``, and the first days of its players.

    Raises what ``store`` does, TransientError when the database is busy.
    """
    with transaction(engine) as connection:
        take(connection, Lock.PLAYER_DAYS, day.toordinal())
        connection.execute(sa.text(_PLANNING))
        connection.execute(sa.text("DELETE FROM factory.player_days WHERE date = :day"), {"day": day})
        stored = store(connection, day)
        take(connection, Lock.ROLLUPS)
        moved = connection.execute(sa.text(load("analytics/move_players")), {"day": day}).all()
        first_days = {row.before: row.players for row in moved}
        changed = {"days": sorted(affected(day, set(first_days)))}
        stale = connection.scalars(sa.text(load("analytics/mark_stale")), changed).all()
        record = {"day": day, "events": stored.events}
        connection.execute(sa.text(load("analytics/record_player_days")), record)
    installs = first_days.pop(None, 0)
    return PlayerDays(
        day, stored.events, stored.players, installs, sum(first_days.values()), tuple(sorted(stale))
    )


def pass_over_quiet(engine: sa.Engine, days: Iterable[dt.date]) -> set[dt.date]:
    """Let those of ``days`` that have no events and no rows of them count as computed; gives these.

    What ``compute_player_days`` would leave, for all of them at once: only the others need it.
    """
    wanted = set(days)
    with transaction(engine) as connection:
        take(connection, Lock.ROLLUPS)
        return record_quiet_player_days(connection, wanted)


def compute_game_metrics(
    engine: sa.Engine, days: Iterable[dt.date], scoring: Scoring, on_day: OnDay | None = None
) -> Computed:
    """Compute ``game_metrics`` of ``days`` and of every stale day from ``player_days`` and ``players``.

    With a day come the scores of all days whose window it is in. Rows and scores that stay the same are not
    written, and days that have none and make none cost nothing. Raises TransientError when the database is
    busy; days done by then stay done.
    """
    wanted = set(days)
    with transaction(engine) as connection:
        take(connection, Lock.ROLLUPS)
        stale = set(stale_days(connection))
        quiet = record_quiet_game_metrics(connection, wanted - stale, COHORT_AGES)
    due = sorted((wanted | stale) - quiet)
    rows = changed = scored = 0
    for number, day in enumerate(due, 1):
        done = _compute_metrics_day(engine, day, scoring)
        rows, changed, scored = rows + done[0], changed + done[1], scored + done[2]
        if on_day is not None:
            on_day(number, len(due))
    return Computed(tuple(sorted(wanted | stale)), rows, changed, scored)


def refresh(
    engine: sa.Engine,
    days: Iterable[dt.date],
    scoring: Scoring,
    on_day: OnDay | None = None,
    store: Store = from_raw_events,
) -> Computed:
    """Compute ``days`` from events to scores: all ``player_days`` first, in order, then ``game_metrics``.

    Raises what the two raise; days done by then stay done, and doing it again does the rest.
    """
    wanted = set(days)
    busy = sorted(wanted - pass_over_quiet(engine, wanted))
    for number, day in enumerate(busy, 1):
        compute_player_days(engine, day, store)
        if on_day is not None:
            on_day(number, 2 * len(busy))

    def after(number: int, total: int) -> None:
        if on_day is not None:
            on_day(len(busy) + number, len(busy) + total)

    return compute_game_metrics(engine, wanted, scoring, after)


def stale_days(connection: sa.Connection) -> list[dt.date]:
    """Days whose ``game_metrics`` were computed from what has changed since, in order."""
    statement = "SELECT date FROM factory.rollup_days WHERE stale_since IS NOT NULL ORDER BY date"
    return list(connection.scalars(sa.text(statement)))


def affected(day: dt.date, first_days: Iterable[dt.date | None]) -> set[dt.date]:
    """Days whose metrics read what ``player_days`` of ``day`` changed, itself included.

    ``first_days``: until when the players it moved were known, None for those who were not known at all.
    """
    changed = {day}
    for first in first_days:
        for start in {day, first or day}:
            changed |= {start, *(start + dt.timedelta(age) for age in COHORT_AGES)}
    return changed


def _compute_metrics_day(engine: sa.Engine, day: dt.date, scoring: Scoring) -> tuple[int, int, int]:
    """Compute one day; gives its rows, how many changed, and how many scores did, up to six days later."""
    with transaction(engine) as connection:
        take(connection, Lock.ROLLUPS)
        connection.execute(sa.text(_PLANNING))
        written = connection.execute(
            _with_select("write_game_metrics", "select_game_metrics"), {"day": day}
        ).one()
        last_day = day + dt.timedelta(SCORE_DAYS - 1)
        window = {"first_day": day, "last_day": last_day, **scoring.parameters()}
        scored = connection.execute(sa.text(load("analytics/score_game_metrics")), window).rowcount
        connection.execute(sa.text(load("analytics/record_game_metrics")), {"day": day})
    return written.rows, written.changed, scored


def _refuse_archived(connection: sa.Connection, day: dt.date) -> None:
    statement = sa.text("SELECT url FROM factory.event_archives WHERE month = :month LIMIT 1")
    url = connection.scalar(statement, {"month": month_of(day)})
    if url is not None:
        raise PermanentError(
            f"events of {day:%Y-%m} are archived at {url}; to compute {day} again there: "
            f"gamefactory metrics refresh --day {day} --engine duckdb; or bring them back first: "
            f"gamefactory events restore --month {day:%Y-%m}"
        )


def _with_select(name: str, select: str) -> sa.TextClause:
    """A statement that writes what a portable SELECT gives, which it names in braces."""
    return sa.text(load(f"analytics/{name}").replace(f"{{{select}}}", load(f"analytics/{select}")))
