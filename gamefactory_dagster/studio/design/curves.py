"""Difficulty curves: how hard each of the ten levels is meant to be.

What belongs here: the shapes and the rules they keep. What does not: what a difficulty does to a level (the
families know) and how hard a level turned out to be (that is measured).
"""

from collections.abc import Mapping
from types import MappingProxyType

SHAPES: Mapping[str, tuple[int, ...]] = MappingProxyType({
    "steady": (0, 11, 22, 33, 44, 56, 67, 78, 89, 100),
    "breathers": (0, 16, 32, 22, 44, 60, 48, 70, 88, 100),
    "late_spike": (0, 5, 10, 15, 21, 28, 36, 46, 72, 100),
    "early_rise": (0, 34, 52, 63, 71, 78, 84, 90, 95, 100),
    "stairs": (0, 6, 12, 38, 43, 48, 74, 79, 84, 100),
    "slow_start": (0, 2, 6, 12, 20, 32, 48, 66, 84, 100),
    "waves": (0, 18, 10, 34, 26, 54, 46, 76, 66, 100),
    "plateau": (0, 20, 40, 54, 58, 60, 62, 64, 80, 100),
})  # fmt: skip
"""Name -> the share of the way from the easiest to the hardest level, per cent, for levels 1 to 10."""

LOWEST = (4, 22)
"""Least and greatest difficulty of level 1."""

HIGHEST = (64, 96)
"""Least and greatest difficulty of level 10, unless a batch sets a lower bound."""


def curve(shape: str, low: int, high: int) -> tuple[int, ...]:
    """Stretch ``shape`` between ``low`` (level 1) and ``high`` (level 10), both 0..100, rounded half up.

    For ``low`` up to 30 and below ``high`` the result keeps every rule of the design document.
    """
    return tuple(low + (share * (high - low) + 50) // 100 for share in SHAPES[shape])
