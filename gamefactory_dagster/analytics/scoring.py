"""What a day's score is made of, as the statement that computes it takes it; the rule is in ``score.py``.

What belongs here: shares, target and priors as one value. What does not: computing scores, which is SQL
(``sql/analytics/score_game_metrics.sql``).
"""

from dataclasses import asdict, dataclass
from typing import Self

from gamefactory_dagster.score import WORLD_CLASS_D7, Shares
from gamefactory_dagster.settings import Settings

SCORE_DAYS = 7
"""Days a score looks back on, its own included."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """Shares of a score, and trials at the genre's rate that every rate begins with."""

    shares: Shares
    prior_players: float
    prior_attempts: float
    prior_prompts: float

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Read the settings; InputError when they say that a score is made of nothing."""
        priors = (settings.prior_players, settings.prior_attempts, settings.prior_prompts)
        return cls(Shares.of(settings), *priors)

    def parameters(self) -> dict[str, float]:
        """The values by the names the statement gives them."""
        return {
            **asdict(self.shares),
            "world_class_d7": WORLD_CLASS_D7,
            "days_before": SCORE_DAYS - 1,
            "prior_players": self.prior_players,
            "prior_attempts": self.prior_attempts,
            "prior_prompts": self.prior_prompts,
        }
