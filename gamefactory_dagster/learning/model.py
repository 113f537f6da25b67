"""How well each mechanic does in each genre, from how games did. Pure: equal games, equal weights.

What belongs here: the ridge regression of docs/metrics.md and the weight it ends in. What does not: where
games come from, or what a game's outcome is.

A game's outcome is taken as ``genre + sum over its mechanics of (mechanic + mechanic-in-genre)`` and luck,
every effect drawn around zero with the variance below. The estimates are each effect's mean given all games
(its best linear unbiased prediction), which is ridge regression with one penalty a kind of effect.
"""

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

Kind = Literal["genre", "mechanic", "mechanic in genre"]

_VARIANCE: dict[Kind, float] = {"genre": 0.5, "mechanic": 0.10, "mechanic in genre": 0.06}
"""Of an effect, before any game was seen, in units of the outcomes' variance (docs/metrics.md)."""

_NOISE = 0.8
"""Variance of an outcome that no effect explains, in the same units (docs/metrics.md)."""

_ENOUGH = 5
"""Games whose own mean and spread are trusted (docs/metrics.md)."""

_MEAN, _SPREAD = 37.0, 8.0
"""Of outcomes, in points of the score, while games are fewer (docs/metrics.md)."""

SCALE = 0.35
"""Effect, in standard deviations of the outcomes, that multiplies a weight by e (docs/metrics.md)."""

LEAST, MOST = Decimal("0.1"), Decimal("9.9999")
"""Weights end here (docs/metrics.md); DECIMAL(5,4) cannot hold 10."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One game to learn from."""

    genre: str
    mechanics: frozenset[str]
    outcome: float
    """Points of the score, 0 to 100."""


class _Term(NamedTuple):
    """One effect of the model; the name that its kind does not have is empty."""

    kind: Kind
    genre: str
    mechanic: str


@dataclass(frozen=True, slots=True)
class Effects:
    """What was learned, in standard deviations of the outcomes; an effect no game showed is 0."""

    _of: dict[_Term, float]

    def effect(self, mechanic: str, genre: str) -> float:
        """What having ``mechanic`` does to a game of ``genre``."""
        return self._of.get(_Term("mechanic", "", mechanic), 0.0) + self._of.get(
            _Term("mechanic in genre", genre, mechanic), 0.0
        )

    def weight(self, mechanic: str, genre: str) -> Decimal:
        """``clip(exp(effect / 0.35), 0.1, 9.9999)`` to four decimals; 1 is average for the genre."""
        raw = Decimal(math.exp(self.effect(mechanic, genre) / SCALE))
        return min(max(raw, LEAST), MOST).quantize(Decimal("0.0001"))


def learn(samples: Sequence[Sample]) -> Effects:
    """Estimate all effects from all games; their order does not matter, to the last bit.

    Solves ``(X'X + noise / variance) effects = X'z`` with one row of X a game, one column an effect, and z
    the outcomes in standard deviations from their mean. Sums are exact, so that no order shows in them.
    """
    if not samples:
        return Effects({})
    import numpy as np

    played = [list(_terms(sample)) for sample in samples]
    terms = sorted({term for ones in played for term in ones})
    column = {term: number for number, term in enumerate(terms)}
    design = np.zeros((len(samples), len(terms)))
    shares: list[list[float]] = [[] for _ in terms]
    for row, (ones, z) in enumerate(zip(played, _standardized(samples), strict=True)):
        for term in ones:
            design[row, column[term]] = 1.0
            shares[column[term]].append(z)
    penalty = np.diag([_NOISE / _VARIANCE[term.kind] for term in terms])
    solved = np.linalg.solve(design.T @ design + penalty, [math.fsum(share) for share in shares])
    return Effects(dict(zip(terms, solved.tolist(), strict=True)))


def _terms(sample: Sample) -> Iterator[_Term]:
    yield _Term("genre", sample.genre, "")
    for mechanic in sample.mechanics:
        yield _Term("mechanic", "", mechanic)
        yield _Term("mechanic in genre", sample.genre, mechanic)


def _standardized(samples: Sequence[Sample]) -> list[float]:
    """Outcomes as standard deviations from their mean; all 0 where they do not differ."""
    outcomes = [sample.outcome for sample in samples]
    mean, spread = _MEAN, _SPREAD
    if len(outcomes) >= _ENOUGH:
        mean = math.fsum(outcomes) / len(outcomes)
        spread = statistics.stdev(outcomes) or _SPREAD
    return [(outcome - mean) / spread for outcome in outcomes]
