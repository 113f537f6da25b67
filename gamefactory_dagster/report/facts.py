"""What the report says: plain values.

What belongs here: counts, and the rates they make. What does not: where they come from (``reading.py``) and
how they look (``page.py``).
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Self
from uuid import UUID

from gamefactory_dagster.analytics.trends import Day, Kept, share_of
from gamefactory_dagster.days import first_of


@dataclass(frozen=True, slots=True)
class Window:
    """The UTC days a report is about, both ends included."""

    first: dt.date
    last: dt.date

    @classmethod
    def ending(cls, last: dt.date, days: int) -> Self:
        """The ``days`` days to ``last``."""
        return cls(first_of(days, last), last)

    @property
    def days(self) -> int:
        """How many there are."""
        return (self.last - self.first).days + 1

    def before(self) -> "Window":
        """As many days, just before."""
        return Window.ending(self.first - dt.timedelta(1), self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricCounts:
    """Counts of ``game_metrics`` over some days, and the rates they make: 0 to 1, None without a trial."""

    installs: int
    cohort_d1: int
    retained_d1: int
    cohort_d7: int
    retained_d7: int
    levels_completed: int
    levels_failed: int
    ad_prompts: int
    ad_impressions: int
    ad_revenue_cents: int
    iap_revenue_cents: int

    @property
    def retention_d1(self) -> float | None:
        """Of the players whose day 1 it was, the share that came."""
        return share_of(self.retained_d1, self.cohort_d1)

    @property
    def retention_d7(self) -> float | None:
        """Of the players whose day 7 it was, the share that came."""
        return share_of(self.retained_d7, self.cohort_d7)

    @property
    def completion(self) -> float | None:
        """Of the levels that were played to an end, the share completed."""
        return share_of(self.levels_completed, self.levels_completed + self.levels_failed)

    @property
    def ad_opt_in(self) -> float | None:
        """Rewarded ads started for each prompt shown."""
        return share_of(self.ad_impressions, self.ad_prompts)

    @property
    def revenue_cents(self) -> int:
        """From ads and in-app purchases, US cents."""
        return self.ad_revenue_cents + self.iap_revenue_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals(MetricCounts):
    """All games together."""

    player_days: int
    """Active players, added up over games and days."""
    sessions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GameLine(MetricCounts):
    """One game."""

    id: UUID
    slug: str
    name: str
    genre: str
    play_url: str | None
    dau: int
    """On the window's last day."""
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class Level:
    """What happened on one level."""

    level: int
    players: int
    started: int
    completed: int
    failed: int

    @property
    def events(self) -> int:
        """All three kinds."""
        return self.started + self.completed + self.failed

    @property
    def completion(self) -> float | None:
        """As for a game."""
        return share_of(self.completed, self.completed + self.failed)


@dataclass(frozen=True, slots=True)
class Funnel:
    """The first levels of one game."""

    name: str
    genre: str
    levels: list[Level]
    total: int
    """Levels there are."""
    simulated: int
    """Events of these levels that playtest bots sent."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What was learned of a mechanic in a genre; 1.0 is average."""

    genre: str
    mechanic: str
    weight: Decimal
    sample_count: int


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Events refused for one reason."""

    reason: str
    events: int
    newest: dt.datetime


@dataclass(frozen=True, slots=True)
class Rollups:
    """How far the metrics are, and what waits."""

    last_day: dt.date | None
    stale: int
    stale_from: dt.date | None
    stale_to: dt.date | None
    missing: int
    late_events: int


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything on the page."""

    made_at: dt.datetime
    window: Window
    totals: Totals
    before: Totals | None
    """The same of as many days just before; None unless every day of both spans was computed."""
    days: list[Day]
    retention: list[Kept]
    games: list[GameLine]
    games_total: int
    """Games that are published or were played; ``games`` holds the most installed of them."""
    icons: dict[str, bytes]
    """Slug -> a small WebP picture, of those of ``games`` whose files are at hand."""
    levels_window: Window
    """The end of the window, or all of it: the days of the funnels."""
    funnels: list[Funnel]
    archived: list[dt.date]
    """First days of its months whose raw events are archived: not in the funnels."""
    weights: list[Weight]
    batch_states: dict[str, int]
    game_states: dict[str, int]
    quarantine: list[Quarantined]
    rollups: Rollups
    failed_files: int
