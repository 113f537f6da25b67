"""What is shown of ``game_metrics`` over a span of days: totals by day, pooled retention, the best games.

What belongs here: reading sums for people to look at. What does not: drawing them (``plots.py``, the report),
and computing ``game_metrics``.
"""

import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from gamefactory_dagster.database.sql import load

from .rollup import COHORT_AGES


def share_of(part: int, whole: int) -> float | None:
    """How much of the whole a part is; None of nothing."""
    return part / whole if whole else None


SIGMAS = 1.96
"""A normal variable is within so many standard deviations in 95 of 100 cases."""


def interval_of(part: int, whole: int) -> tuple[float, float] | None:
    """Where the true share lies with 95 % confidence, given ``part`` of ``whole`` trials; None of nothing.

    Wilson's score interval (1927): honest for few trials and for shares near 0 and 1, where the usual one
    has no width at all. More successes than trials count as all of them.
    """
    if not whole:
        return None
    share, square = min(part, whole) / whole, SIGMAS**2 / whole
    middle = (share + square / 2) / (1 + square)
    half = SIGMAS * math.sqrt(share * (1 - share) / whole + square / (4 * whole)) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Day:
    """One UTC day over all games. A player of two games counts in both."""

    date: dt.date
    computed: bool
    """False when the day's metrics were never computed: its zeros say nothing then."""
    installs: int
    dau: int
    ad_revenue_cents: int
    iap_revenue_cents: int


@dataclass(frozen=True, slots=True)
class Kept:
    """How many of the players who could come back on their day N did."""

    day: int
    """N: 0 is the day of the install, on which everybody is there."""
    cohort: int
    returned: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None without a cohort."""
        return share_of(self.returned, self.cohort)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A game and its newest score, 0 to 100."""

    name: str
    genre: str
    score: Decimal


def days(connection: sa.Connection, first: dt.date, last: dt.date) -> list[Day]:
    """Read every day from ``first`` to ``last``, both included, in order."""
    rows = connection.execute(sa.text(load("analytics/daily_totals")), {"first": first, "last": last})
    return [Day(date, computed, *(int(number) for number in numbers)) for date, computed, *numbers in rows]


def retention(connection: sa.Connection, first: dt.date, last: dt.date) -> list[Kept]:
    """Read retention on days 0, 1, 7 and 30 of the cohorts whose day N was from ``first`` to ``last``."""
    row = connection.execute(
        sa.text(load("analytics/pooled_retention")), {"first": first, "last": last}
    ).one()
    counts = {name: int(count) for name, count in row._mapping.items()}
    later = (Kept(age, counts[f"cohort_d{age}"], counts[f"retained_d{age}"]) for age in COHORT_AGES)
    return [Kept(0, counts["installs"], counts["installs"]), *later]


def best_games(connection: sa.Connection, first: dt.date, last: dt.date, limit: int) -> list[Ranked]:
    """Read the games with the best score they last had from ``first`` to ``last``; best first."""
    parameters = {"first": first, "last": last, "limit": limit}
    return [Ranked(*row) for row in connection.execute(sa.text(load("analytics/best_games")), parameters)]
