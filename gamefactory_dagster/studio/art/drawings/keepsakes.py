"""What is found, lit or caught on the way: a chest, a lantern, a firefly. Boxes of 100 x 100.

What belongs here: things people name that no theme has. What does not: what themes gather (``things.py``) and
put on boards (``goods.py``, ``nature.py``, ``fruit.py``).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .registry import drawing

if TYPE_CHECKING:
    from gamefactory_dagster.studio.art.pen import Pen


@drawing("treasure chest")
def treasure_chest(p: Pen, t: float) -> None:
    """An open chest, full."""
    p.blob([(8, 46), (10, 18), (26, 4), (74, 4), (90, 18), (92, 46)], "brown")
    p.blob([(16, 46), (19, 22), (32, 13), (68, 13), (81, 22), (84, 46)], "shade", plain=True)
    for x, y, r in ((24, 46, 11), (42, 38, 12), (60, 40, 12), (76, 46, 11)):
        p.oval(x, y, r, r, "gold")
    p.poly([(50, 22), (60, 32), (50, 44), (40, 32)], "rose")
    p.rect(5, 48, 90, 48, "brown", 6)
    for y in (64, 80):
        p.line([(8, y), (92, y)], 3, "brown-")
    for x in (16, 73):
        p.rect(x, 47, 11, 50, "tint", 2)
    p.rect(4, 46, 92, 10, "tint", 3)
    p.rect(41, 50, 18, 22, "tint", 4)
    p.oval(50, 59, 3.6, 3.6, "shade", plain=True)
    p.rect(48.5, 60, 3, 7, "shade", plain=True)


@drawing("lantern", 80, 110)
def lantern(p: Pen, t: float) -> None:
    """A storm lantern, lit."""
    ring = [(40 + 15 * math.cos(a), 20 - 15 * math.sin(a)) for a in (math.pi * i / 10 for i in range(11))]
    p.line(ring, 5, "iron")
    p.poly([(20, 34), (30, 18), (50, 18), (60, 34)], "tint")
    p.blob([(18, 38), (62, 38), (68, 62), (60, 88), (20, 88), (12, 62)], "yellow+")
    p.blob([(40, 46), (50, 62), (48, 78), (40, 84), (32, 78), (30, 62)], "orange", plain=True)
    p.blob([(40, 60), (45, 70), (40, 81), (35, 70)], "yellow", plain=True)
    for x, bulge in ((18, -8), (62, 8)):
        p.line([(x, 36), (x + bulge, 62), (x, 90)], 4.4, "tint-", smooth=True)
    p.rect(14, 31, 52, 9, "tint-", 3)
    p.rect(10, 86, 60, 20, "tint", 6)


@drawing("crystal", 100, 110)
def crystal(p: Pen, t: float) -> None:
    """Three crystals from one rock."""
    for x, top, half, lean in ((26, 42, 13, -12), (76, 34, 14, 11), (50, 4, 20, 0)):
        tip = (x + lean, top)
        p.poly(
            [
                tip,
                (x + half + lean * 0.6, top + 20),
                (x + half * 0.8, 98),
                (x - half * 0.8, 98),
                (x - half + lean * 0.6, top + 20),
            ],
            "tint",
        )
        p.poly(
            [
                tip,
                (x - half + lean * 0.6, top + 20),
                (x - half * 0.8, 98),
                (x - 2, 98),
                (x - 3 + lean * 0.6, top + 24),
            ],
            "tint++",
            plain=True,
        )
        p.poly([tip, (x + half + lean * 0.6, top + 20), (x - 3 + lean * 0.6, top + 24)], "tint+", plain=True)
    p.blob([(4, 108), (12, 92), (34, 88), (50, 93), (68, 88), (90, 94), (97, 108), (50, 111)], "stone-")


@drawing("firefly", 110, 90)
def firefly(p: Pen, t: float) -> None:
    """A firefly with its light on."""
    beat = 9 * math.sin(math.tau * t)
    p.oval(26, 60, 24, 22, "beam", plain=True)
    p.blob([(54, 40), (30, 30 - beat), (26, 6 - beat), (50, 8 - beat), (66, 32)], "ice")
    p.blob([(60, 40), (54, 14 - beat), (72, 0 - beat), (84, 14 - beat), (74, 38)], "ice+")
    p.blob([(10, 60), (16, 46), (40, 44), (50, 58), (40, 74), (18, 74)], "yellow+")
    p.line([(26, 46), (24, 60), (28, 74)], 3.4, "gold", smooth=True)
    p.blob([(38, 56), (46, 40), (70, 36), (82, 48), (78, 68), (52, 74)], "dark")
    p.oval(84, 50, 17, 16, "tint")
    for x in (90, 98):
        p.line([(x - 4, 36), (x - 2, 24), (x + 5, 20)], 3.4, "dark", smooth=True)
    p.eye(90, 48, 6.5)
    p.line([(84, 59), (90, 62), (96, 58)], 2.8, "shade", smooth=True)


@drawing("dragonfly", 120, 90)
def dragonfly(p: Pen, t: float) -> None:
    """Four glassy wings and a banded tail."""
    beat = 6 * math.sin(math.tau * t)
    p.blob([(66, 46), (40, 62 + beat), (22, 82 + beat), (44, 86 + beat), (66, 66)], "ice-")
    p.blob([(78, 46), (74, 70 + beat), (84, 88 + beat), (96, 76 + beat), (90, 50)], "ice-")
    for i in range(6):
        p.oval(10 + i * 10, 44 + (5 - i) * 0.8, 8, 5.4, "tint" if i % 2 else "tint-")
    p.blob([(66, 40), (42, 24 - beat), (26, 4 - beat), (50, 0 - beat), (70, 26)], "ice")
    p.blob([(78, 40), (72, 18 - beat), (84, 0 - beat), (98, 12 - beat), (90, 36)], "ice")
    p.oval(76, 44, 17, 12, "tint")
    p.oval(98, 44, 15, 14, "tint")
    p.eye(102, 41, 8)
    p.line([(97, 53), (102, 55), (107, 52)], 2.6, "shade", smooth=True)
