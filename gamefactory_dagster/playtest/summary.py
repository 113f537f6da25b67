"""What came of a playtest, game by game: the figures it ends with, and nothing that makes them."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gamefactory_dagster.analytics.ingest import IntakeCounts
from gamefactory_dagster.analytics.trends import share_of

from .games import Skipped
from .lives import Life


@dataclass(slots=True)
class Outcome:
    """One game's playtest. Rates are None where nothing was tried."""

    slug: str
    name: str
    installs: int = 0
    sessions: int = 0
    cohort_d1: int = 0
    """Players with a whole day of the playtest after their first."""
    retained_d1: int = 0
    """Those of them who came back on that day."""
    events: Counter[str] = field(default_factory=Counter)
    """Event type -> how many."""
    stored: IntakeCounts = field(default_factory=IntakeCounts)

    def count(self, life: Life, days: int) -> None:
        """Add a player whose life of ``days`` days is over."""
        first = life.active[0]
        self.installs += 1
        self.sessions += life.client.sessions
        self.cohort_d1 += first + 1 < days
        self.retained_d1 += first + 1 in life.active
        self.events.update(event["event_type"] for event in life.client.events)

    @property
    def attempts(self) -> int:
        """Tries at levels, each played to its end or left."""
        return self.events["level_start"]

    @property
    def completion(self) -> float | None:
        """Share of the tries that won."""
        return share_of(self.events["level_complete"], self.attempts)

    @property
    def retention_d1(self) -> float | None:
        """Share of the players who came back the day after their first."""
        return share_of(self.retained_d1, self.cohort_d1)

    @property
    def ad_opt_in(self) -> float | None:
        """Share of the unlock offers that were accepted."""
        return share_of(self.events["rewarded_ad_started"], self.events["unlock_prompt_shown"])

    def as_json(self) -> dict[str, Any]:
        """The figures, for scripts."""
        return {
            "game": self.slug,
            "installs": self.installs,
            "sessions": self.sessions,
            "attempts": self.attempts,
            "completion": self.completion,
            "retention_d1": self.retention_d1,
            "ad_opt_in": self.ad_opt_in,
            "events": self.events.total(),
            **self.stored.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Summary:
    """What a playtest was and what came of it, game by game in order of slug."""

    players: int
    seed: int
    first: date
    until: date
    games: list[Outcome]
    skipped: list[Skipped]

    @property
    def stored(self) -> int:
        """Events that were new."""
        return sum(game.stored.stored for game in self.games)

    def as_json(self) -> dict[str, Any]:
        """The whole, for scripts."""
        return {
            "players": self.players,
            "seed": self.seed,
            "first": self.first.isoformat(),
            "until": self.until.isoformat(),
            "games": [game.as_json() for game in self.games],
            "skipped": [{"game": one.slug, "reason": one.reason} for one in self.skipped],
        }
