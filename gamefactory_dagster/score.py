"""What a game's score is made of: one rule for the score of a day and for what is learned from.

What belongs here: the shares, what retention is measured against, and the formula. What does not: which rates
go in. A day's are shrunk towards the genre's (``sql/analytics/score_game_metrics.sql``, which states the
formula again), an outcome's are a game's own over its whole life (``learning/outcomes.py``).
"""

from dataclasses import dataclass
from typing import Self

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.settings import Settings

WORLD_CLASS_D7 = 0.20
"""D7 retention that earns all of retention's points; more earns no more."""


@dataclass(frozen=True, slots=True)
class Shares:
    """What each of the three rates is worth; they add up to 1."""

    retention: float
    completion: float
    ad_opt_in: float

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Read the settings, whose weights count by proportion only; InputError when all of them are 0."""
        weights = (settings.retention_weight, settings.completion_weight, settings.ad_opt_in_weight)
        total = sum(weights)
        if total == 0:
            raise InputError("score weights", weights, "at least one above 0")
        return cls(*(weight / total for weight in weights))

    def points(self, d7: float, completion: float, ad_opt_in: float) -> float:
        """Score, 0 to 100, of rates from 0 to 1."""
        return 100 * (
            self.retention * min(1.0, d7 / WORLD_CLASS_D7)
            + self.completion * completion
            + self.ad_opt_in * ad_opt_in
        )
