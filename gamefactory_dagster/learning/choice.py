"""Choosing the mechanics of a new game by what was learned. Pure: equal inputs, equal choice.

What belongs here: the draw. What does not: where weights come from and where they are stored, and which
mechanics are candidates at all (realised by the family, active in the library, allowed by the batch).
"""

import math
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from gamefactory_dagster.errors import InputError

COUNT = 3
"""Mechanics chosen beside the family's core (docs/metrics.md)."""

_PULL = 0.35
"""How much a learned weight counts (docs/metrics.md)."""

_CURIOSITY = 0.30
"""How far luck carries a mechanic few games have tried (docs/metrics.md)."""

_PRIOR_GAMES = 4
"""Games every mechanic is taken to have had, so that an untried one is not drawn wildly (docs/metrics.md)."""

_LEAST_WEIGHT = 0.0001
"""The smallest weight DECIMAL(5,4) can tell from nothing; a weight of 0 counts as this."""


@dataclass(frozen=True, slots=True)
class Weighted:
    """A candidate with the two columns of ``learning_weights`` the choice reads."""

    name: str
    weight: float
    """1.0 is average for the genre."""
    sample_count: int
    """Games it was learned from."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen and why, enough to explain it and to draw it again."""

    names: tuple[str, ...]
    """The core mechanics, then the required ones, then the chosen by rank."""
    seed: int
    scores: dict[str, float]
    """Candidate -> its draw, best first."""
    ranks: dict[str, int]
    """Candidate -> its place, from 1."""

    def as_json(self) -> dict[str, Any]:
        """Make the JSON that is stored with the game."""
        return {
            "names": list(self.names),
            "seed": self.seed,
            "ranking": [
                {
                    "rank": self.ranks[name],
                    "mechanic": name,
                    "score": round(score, 6),
                    "chosen": name in self.names,
                }
                for name, score in self.scores.items()
            ],
        }


def choose(
    candidates: Sequence[Weighted],
    seed: int,
    core: Sequence[str],
    count: int = COUNT,
    required: Collection[str] = (),
) -> Choice:
    """Take the family's ``core`` and ``count`` of the other candidates.

    A candidate's draw is ``0.35 * ln(weight) + 0.30 * z / sqrt(sample_count + 4)``, z standard normal from a
    generator of its own seeded by the game and its name: so the order of candidates does not matter, and one
    more or less leaves the others' draws as they were. ``required`` ones among the candidates are taken first
    and count towards ``count``. Fewer candidates than that: all are taken.
    InputError when a candidate is named twice or its numbers are out of range.
    """
    _check(candidates)
    draws = {candidate.name: _draw(candidate, seed) for candidate in candidates if candidate.name not in core}
    ranked = sorted(draws, key=lambda name: (-draws[name], name))
    by_claim = sorted(ranked, key=lambda name: name not in required)
    return Choice(
        names=(*core, *by_claim[:count]),
        seed=seed,
        scores={name: draws[name] for name in ranked},
        ranks={name: rank for rank, name in enumerate(ranked, start=1)},
    )


def _draw(candidate: Weighted, seed: int) -> float:
    luck = random.Random(f"{seed}:mechanics:{candidate.name}").gauss()
    weight = max(candidate.weight, _LEAST_WEIGHT)
    return _PULL * math.log(weight) + _CURIOSITY * luck / math.sqrt(candidate.sample_count + _PRIOR_GAMES)


def _check(candidates: Sequence[Weighted]) -> None:
    names = [candidate.name for candidate in candidates]
    if len(set(names)) != len(names):
        raise InputError("candidates", sorted(names), "each mechanic once")
    for candidate in candidates:
        if not 0 <= candidate.weight <= 10:
            raise InputError(f"weight of {candidate.name}", candidate.weight, "a number from 0 to 10")
        if candidate.sample_count < 0:
            raise InputError(f"sample_count of {candidate.name}", candidate.sample_count, "0 or more")
