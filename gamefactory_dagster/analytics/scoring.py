"""What a score is made of and how far a few trials may move it; the rule is in ``metrics.md``.

What belongs here: the shares and priors as one value, checked. What does not: computing scores, which is SQL
(``sql/analytics/score_game_metrics.sql``).
"""

from dataclasses import asdict, dataclass
from typing import Self

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.settings import Settings


@dataclass(frozen=True, slots=True)
class Scoring:
    """Shares of a score, which add up to 1, and trials at the genre's rate that every rate begins with."""

    retention: float = 0.40
    completion: float = 0.30
    ad_opt_in: float = 0.30
    prior_players: float = 50.0
    prior_attempts: float = 200.0
    prior_prompts: float = 100.0

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Read the settings, whose weights count by proportion only; InputError when all of them are 0."""
        weights = (settings.retention_weight, settings.completion_weight, settings.ad_opt_in_weight)
        total = sum(weights)
        if total == 0:
            raise InputError("score weights", weights, "at least one above 0")
        return cls(
            retention=settings.retention_weight / total,
            completion=settings.completion_weight / total,
            ad_opt_in=settings.ad_opt_in_weight / total,
            prior_players=settings.prior_players,
            prior_attempts=settings.prior_attempts,
            prior_prompts=settings.prior_prompts,
        )

    def parameters(self) -> dict[str, float]:
        """The values by the names the statement gives them."""
        return asdict(self)
