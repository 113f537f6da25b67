"""What a playtest's player sees of a game's shell: what is open, what it costs and pays, what else it has.

What belongs here: the rules of the web player's shell (``studio/player/``) that lives need. What does not:
what is done with them (``lives.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gamefactory_dagster.studio.families.base import Level
from gamefactory_dagster.studio.families.bots import Played

WAY, ENOUGH = 120, 10
"""Sections of an endless run, and how many must lie behind one that counts as completed
(``studio/player/progress.js``)."""


@dataclass(frozen=True, slots=True)
class Shell:
    """What the player of a game sees of its shell."""

    levels: int
    free_levels: int
    ad_seconds: int
    ad_micros: int
    """What an ad watched to its end earns, in millionths of a US dollar."""
    pickup_value: int = 0
    par: int = 0
    price: int = 0
    """What opening a level costs in the game's currency; 0 where it cannot be bought."""
    dailies: int = 0
    """Levels of the day it has."""
    revives: bool = False
    """Whether a lost level may go on, for an ad."""
    tenth: int | None = None
    """Progress, 0 to 1000, at which the tenth section of an endless run ends; None where it has none."""
    freshness: tuple[float, ...] = ()
    """How much more varied each level is than the first (``moods.py``); empty where it was not measured."""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Shell":
        """That of a ``game.json``, which may be one of an earlier version."""
        economy = data["economy"]
        return cls(
            levels=len(data["levels"]),
            free_levels=data["free_levels"],
            ad_seconds=data["ads"]["seconds"],
            ad_micros=data["ads"]["revenue_micros"],
            pickup_value=economy["pickup_value"],
            par=economy["par"],
            price=economy.get("price") or 0,
            dailies=len(data.get("dailies", [])),
        )

    def paid(self, played: Played, stars_before: int) -> int:
        """What a try pays out: what was gathered, up to full marks, and the stars that are new."""
        stars = max(0, played.stars - stars_before) if played.outcome == 1 else 0
        return min(self.par, played.pickups * self.pickup_value) + stars * max(1, self.par // 5)

    def fresh(self, level: int | None) -> float:
        """How much more varied a level is than the first; dailies and endless runs are like the last."""
        if not self.freshness:
            return 0.0
        return self.freshness[-1 if level is None else level - 1]


def tenth_section(run: Level) -> int:
    """Progress, 0 to 1000, at which the tenth section of an endless run ends."""
    marks = run.get("marks", ())
    share = marks[ENOUGH] / run["length"] if len(marks) > ENOUGH else ENOUGH / WAY
    return int(1000 * share)
