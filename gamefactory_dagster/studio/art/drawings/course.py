"""What a course is furnished with: ledges, rides, springs, what bursts; and what moves in the air behind it.

What belongs here: things every theme has alike, in its own colours. The ground is in ``ground.py``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .registry import drawing

if TYPE_CHECKING:
    from gamefactory_dagster.studio.art.pen import Pen


@drawing("ledge", 96, 40)
def ledge(p: Pen, t: float) -> None:
    """A shelf of ground to stand on; left and right edge meet."""
    p.rect(-10, 0, 116, 32, "soil", plain=True)
    for x in (12, 36, 60, 84):
        p.blob([(x - 11, 24), (x + 11, 24), (x + 7, 36), (x - 6, 38)], "soil-", plain=True)
    p.rect(-10, 0, 116, 17, "turf", plain=True)
    p.rect(-10, 0, 116, 7, "turf+", plain=True)


@drawing("ride", 96, 40)
def ride(p: Pen, t: float) -> None:
    """A moving platform: striped, bolted; left and right edge meet."""
    p.rect(-10, 0, 116, 30, "iron", plain=True)
    for x in (-24, 24, 72):
        p.poly([(x + 8, 11), (x + 32, 11), (x + 24, 27), (x, 27)], "main", plain=True)
    p.rect(-10, 0, 116, 9, "main++", plain=True)
    for x in (0, 48, 96):
        p.oval(x, 33, 6, 6, "steel", plain=True)


@drawing("spring", 96, 72)
def spring(p: Pen, t: float) -> None:
    """A coil under a cushion."""
    p.rect(10, 60, 76, 12, "iron", 4)
    coil = [(26 + 44 * (i % 2), 60 - i * 8.2) for i in range(6)]
    p.line(coil, 8, "steel")
    p.rect(6, 4, 84, 18, "red", 9)
    p.rect(14, 6, 60, 6, "pink", 3, plain=True)
    for x in (30, 54):
        p.poly([(x, 20), (x + 7, 9), (x + 14, 20)], "yellow", plain=True)


@drawing("breakable", 96, 96)
def breakable(p: Pen, t: float) -> None:
    """A box that has seen better days and begs to be jumped on."""
    p.rect(3, 6, 90, 88, "gold", 8)
    p.rect(12, 16, 72, 69, "yellow", 5)
    p.rect(39, 6, 18, 88, "red")
    p.rect(3, 42, 90, 17, "red")
    p.line([(18, 22), (30, 38), (22, 52), (34, 68), (28, 82)], 4, "brown")
    p.line([(76, 20), (66, 34), (74, 46)], 4, "brown")
    for side in (-1, 1):
        p.blob([(48, 12), (48 + side * 24, -2), (48 + side * 28, 10), (48 + side * 10, 16)], "red")


@drawing("bird", 100, 60)
def bird(p: Pen, t: float) -> None:
    """Far off: two wings and not much more."""
    tip = 34 - 26 * math.cos(math.tau * t)
    p.blob([(50, 36), (30, tip + 4), (4, tip), (26, tip + 16), (46, 50)], "bone", plain=True)
    p.blob([(50, 36), (70, tip + 4), (96, tip), (74, tip + 16), (54, 50)], "bone", plain=True)
    p.oval(52, 42, 15, 8, "bone", plain=True)


@drawing("minnow", 100, 60)
def minnow(p: Pen, t: float) -> None:
    """A small fish, one of many."""
    wag = 7 * math.cos(math.tau * t)
    p.blob([(34, 30), (6, 10 + wag), (14, 30 + wag), (6, 50 + wag)], "sky+", plain=True)
    p.blob([(28, 30), (54, 12), (86, 20), (97, 31), (84, 42), (54, 48)], "sky+", plain=True)
    p.oval(82, 27, 5, 5, "blue", plain=True)


@drawing("flutter", 100, 60)
def flutter(p: Pen, t: float) -> None:
    """A butterfly from afar."""
    wide = 0.6 + 0.4 * math.cos(math.tau * t)
    for side in (-1, 1):
        p.oval(50 + side * 20 * wide, 20, 22 * wide, 17, "pink+", plain=True)
        p.oval(50 + side * 15 * wide, 43, 16 * wide, 12, "gold+", plain=True)


@drawing("mote", 100, 60)
def mote(p: Pen, t: float) -> None:
    """A speck of light, ash or snow."""
    p.star(50, 30, 26 - 6 * t, p.deep + "++", 4, 0.42, plain=True)
    p.oval(50, 30, 11, 11, "white", plain=True)
