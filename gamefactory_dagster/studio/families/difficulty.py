"""How hard each level of a game should turn out, and whether ten levels together fall as they should. Pure.

What belongs here: aims, and the measure of ten levels. What does not: measuring one (``lab.py``), or what is
done about a level that misses its aim (``levels.py``).

A level is as hard as the share of games that people lose of it. The aim of a level is a share of games won:
it falls from ``TOP`` at level 1 to what the design's hardest level asks for at level 10. Of the way down
half follows the design's curve and half the number of the level, so that a curve that stands still,
or breathes, is felt and yet nearly every level is a little harder than the one before.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

SKILLS = (29, 40, 47, 52, 58, 63, 70, 81)
"""The middles of eight equal parts of the people there are (``playtest/people.py``)."""

TOP = 0.97
"""Share of games won that level 1 aims for."""

EASIEST_END, HARDEST_END = 0.52, 0.36
"""Likewise level 10, where the design's last difficulty is 50 or less, and where it is 100."""

BY_CURVE = 0.5
"""How much of the way down follows the curve; the rest follows the level's number."""

BAND = 0.07
"""How far from its aim a level may lie."""

MOST_DIP = 0.15
"""A level may lie at most so far below both its neighbours."""

FALLING = -0.8
"""Spearman's correlation of number and share won must be this or less."""

DIP, FALL = 0.05, -0.88
"""Where something is done about either: other games of the same bots tell some points more or less."""


@dataclass(frozen=True, slots=True)
class Aim:
    """The share of games won that a level should have."""

    target: float
    least: float
    most: float

    def miss(self, completion: float) -> float:
        """How far outside its band a level lies: below 0 it is too hard, above 0 too easy."""
        return completion - min(max(completion, self.least), self.most)


def aim(curve: Sequence[int], number: int) -> Aim:
    """What level ``number`` (1..10) of a design with this difficulty ``curve`` aims for."""
    low, high = curve[0], curve[-1]
    by_curve = (curve[number - 1] - low) / (high - low)
    down = BY_CURVE * by_curve + (1 - BY_CURVE) * (number - 1) / (len(curve) - 1)
    end = EASIEST_END - (EASIEST_END - HARDEST_END) * min(1.0, max(0.0, (high - 50) / 50))
    target = TOP - (TOP - end) * down
    return Aim(target, target - BAND, 1.0 if number == 1 else min(1.0, target + BAND))


def spearman(shares: Sequence[float]) -> float:
    """Rank correlation of the levels' order with their shares; 0 where all shares are equal."""
    ranks = _ranks(shares)
    if len(set(ranks)) < 2:
        return 0.0
    return statistics.correlation(range(len(shares)), ranks)


def _ranks(values: Sequence[float]) -> list[float]:
    """Places from the smallest up; equals share the middle of theirs."""
    order = sorted(range(len(values)), key=lambda index: values[index])
    ranks = [0.0] * len(values)
    place = 0
    for _, equals in groupby(order, key=lambda index: values[index]):
        same = list(equals)
        for index in same:
            ranks[index] = place + (len(same) - 1) / 2
        place += len(same)
    return ranks


def dips(shares: Sequence[float], most: float = MOST_DIP) -> list[int]:
    """Numbers of the levels that lie more than ``most`` below both their neighbours, the deepest first."""
    depth = {
        index + 1: min(shares[index - 1], shares[index + 1]) - shares[index]
        for index in range(1, len(shares) - 1)
    }
    return sorted((number for number in depth if depth[number] > most), key=lambda number: -depth[number])


def faults(shares: Sequence[float]) -> list[str]:
    """What is wrong with the shares won of a game's levels, in order; empty when they fall as they should."""
    found = [f"level {number} is far harder than both its neighbours" for number in dips(shares)]
    if (falls := spearman(shares)) > FALLING:
        found.append(f"levels do not get harder in order: Spearman {falls:.2f}")
    return found


def between(shares: Sequence[float], number: int) -> Aim:
    """What level ``number`` should aim for so that it does not lie below both its neighbours."""
    low, high = sorted((shares[number - 2], shares[number]))
    return Aim((low + high) / 2, low, max(high, low + 2 * BAND))
