"""What must be true of events, rollups and metrics: questions to the database that name what is wrong.

What belongs here: which checks there are, what they are about, and their limits. What does not: the questions
themselves (``sql/analytics/checks/``, one a file), and when they are asked (``defs/checks.py``).

Every question gives rows of ``game`` (slug, or NULL when it is about all games), ``date`` and ``fault``.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gamefactory_dagster.database.disk import lack_of_room
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.days import day_bounds, day_of, first_of
from gamefactory_dagster.settings import Settings

ROWS = 20
"""Faults shown of a check; all are counted."""

RAW_DAYS = 7
"""Days a check reads raw events of, the last ones of those asked about: a year of them is not cheap."""

GRACE = dt.timedelta(hours=1)
"""After midnight UTC, for the daily run to have computed yesterday."""

PATIENCE_HOURS = 1
"""How long a stale day, a landed file or a live event may wait before it is a fault."""

LATE_SHARE = 0.05
"""Of a game's live events that may come later than that: telephones go offline."""

REFUSED_SHARE = 0.01
REFUSED_LEAST = 10
"""Of what comes in that may be refused; fewer than ``REFUSED_LEAST`` a day alarm nobody."""


@dataclass(frozen=True, slots=True)
class Check:
    """One question and what it is about."""

    name: str
    asset: str
    meaning: str
    """What holds when the check passes."""
    serious: bool = True
    """Whether a fault makes numbers wrong; otherwise something needs a look."""
    raw: bool = False
    """Whether it reads raw events."""


DAY_CHECKS = (
    Check("unique_players", "player_days", "A player has one row a game and day."),
    Check("no_negative_counts", "player_days", "No counter of a player's day is below zero."),
    Check("player_totals", "player_days", "Every raw event of the day is in it, in its game.", raw=True),
    Check("first_days", "player_days", "A player's first day is the first they were active on."),
    Check("unique_games", "game_metrics", "A game has one row a day."),
    Check("no_negative_metrics", "game_metrics", "No metric is below zero, no score outside 0 to 100."),
    Check(
        "players_within_events", "game_metrics", "Installs are at most active players, those at most events."
    ),
    Check(
        "retention_valid", "game_metrics", "Retention is within 0 and 1, of its cohort, and NULL without one."
    ),
    Check("metric_totals", "game_metrics", "Levels, ads and revenue are those of the raw events.", raw=True),
)
"""Asked about the days just computed."""

STATE_CHECKS = (
    Check(
        "yesterday_present", "game_metrics", "Yesterday is computed, and every game with events has a row."
    ),
    Check("nothing_stale", "game_metrics", "No day waits long to be computed again.", serious=False),
    Check(
        "late_beyond_horizon",
        "player_days",
        "No day has events that came later than the horizon. Materialize it to count them; a day before the "
        "first partition comes with that one, or by gamefactory metrics refresh.",
        serious=False,
    ),
    Check("ingestion_lag", "analytics_events", "Live events are received soon.", serious=False),
    Check("quarantine_share", "analytics_events", "Few events of the last day were refused.", serious=False),
    Check("files_taken_in", "analytics_events", "No file of the landing zone failed or waits long."),
    Check("made_ahead", "event_partitions", "The coming months have their partitions."),
)
"""Asked about the state of things now."""

ROOM = Check("room_on_disk", "analytics_events", "The disk has room for more events.")
"""Asked with ``STATE_CHECKS``, of the machine and not of the database."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found. ``rows``: ``game``, ``date`` (ISO), ``fault``, at most ``ROWS`` of them."""

    passed: bool
    description: str
    rows: list[dict[str, Any]]


def check_days(connection: sa.Connection, check: Check, first: dt.date, last: dt.date) -> Finding:
    """Ask one of ``DAY_CHECKS`` about the UTC days ``first`` to ``last``, both included."""
    if check.raw:
        first = max(first, first_of(RAW_DAYS, last))
    start, end = day_bounds(first, last)
    parameters = {"first": first, "last": last, "start": start, "end": end}
    about = str(first) if first == last else f"{first} to {last}"
    return _ask(connection, check, parameters, about)


def check_state(connection: sa.Connection, check: Check, now: dt.datetime, months_ahead: int) -> Finding:
    """Ask one of ``STATE_CHECKS`` as of ``now``; ``months_ahead`` is ``settings.partitions_ahead``."""
    yesterday = day_of(now - GRACE) - dt.timedelta(1)
    parameters = {
        "now": now,
        "day": yesterday,
        "end": day_bounds(yesterday)[1],
        "hours": PATIENCE_HOURS,
        "share": REFUSED_SHARE if check.name == "quarantine_share" else LATE_SHARE,
        "least": REFUSED_LEAST,
        "ahead": max(1, months_ahead - 1),  # a month of patience with what makes them
    }
    return _ask(connection, check, parameters, f"{now.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC")


def check_room(settings: Settings) -> Finding:
    """Ask ``ROOM`` of the disk that the embedded database is on."""
    why = lack_of_room(settings)
    rows = [] if why is None else [{"game": "all games", "date": "", "fault": why}]
    return Finding(why is None, why or ROOM.meaning, rows)


def _ask(connection: sa.Connection, check: Check, parameters: dict[str, Any], about: str) -> Finding:
    question = sa.text(load(f"analytics/checks/{check.name}"))
    faults = question.columns(sa.column("game"), sa.column("date"), sa.column("fault")).subquery("faults")
    shown = (
        sa.select(faults, sa.func.count().over().label("total"))
        .order_by(faults.c.date, faults.c.game, faults.c.fault)
        .limit(ROWS)
    )
    found = connection.execute(shown, parameters).all()
    if not found:
        return Finding(True, f"{about}: {check.meaning}", [])
    rows = [{"game": row.game or "all games", "date": str(row.date), "fault": row.fault} for row in found]
    worst = rows[0]
    more = f", and {found[0].total - 1} more" if found[0].total > 1 else ""
    return Finding(False, f"{worst['game']}, {worst['date']}: {worst['fault']}{more}", rows)
