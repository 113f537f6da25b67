"""Whose work a game shows beside the factory's own, and how that is said.

What belongs here: the credit that a licence asks for, and which designs owe it. What does not: where it is
shown (``shipping/texts.py``, the player's settings, the rows of the assets).
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from .gdd import GDD
from .subjects import HAND, SUBJECTS


@dataclass(frozen=True, slots=True)
class Credit:
    """What CC BY asks for (section 3 a): who made it, under which licence, and that it was changed."""

    words: str
    source: str
    """Address of the work."""
    licence: str
    """Address of its licence."""


TWEMOJI: Final = Credit(
    "Graphics: Twemoji, © Twitter, Inc and other contributors, CC BY 4.0; changed: recoloured and redrawn",
    "https://github.com/jdecked/twemoji",
    "https://creativecommons.org/licenses/by/4.0/",
)


def credits_of(gdd: GDD) -> tuple[Credit, ...]:
    """The credits a game of this design owes."""
    return (TWEMOJI,) if borrowed(gdd.style_guide.cast.values()) else ()


def borrowed(subjects: Collection[str]) -> list[str]:
    """Those of ``subjects`` whose pictures are made from Twemoji's; others are the factory's own."""
    return sorted({name for name in subjects if name in SUBJECTS and SUBJECTS[name].source != HAND})
