"""What stands in a landscape and is known from afar: lighthouse, mills, tree house. Boxes as wide as 100.

What belongs here: things that are scenery as well as tiles. What does not: what grows or lies everywhere in a
backdrop (``art/land.py``, ``art/scenery.py``), or what moves (``vessels.py``).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .registry import drawing

if TYPE_CHECKING:
    from gamefactory_dagster.studio.art.pen import Pen


@drawing("lighthouse", 100, 140)
def lighthouse(p: Pen, t: float) -> None:
    """A striped tower on a rock; by night its lantern is lit and throws a beam either way."""
    night = p.palette.night
    if night:
        p.poly([(50, 29), (-44, 6), (-44, 52)], "beam", plain=True)
        p.poly([(50, 29), (144, 6), (144, 52)], "beam", plain=True)
    p.blob([(4, 138), (10, 120), (26, 114), (50, 110), (76, 114), (92, 122), (97, 138), (50, 141)], "stone-")
    p.poly([(35, 46), (65, 46), (76, 122), (24, 122)], "white")
    for high, low in ((56, 74), (92, 110)):
        left, right = 35 - (high - 46) * 0.145, 35 - (low - 46) * 0.145
        p.poly([(left, high), (100 - left, high), (100 - right, low), (right, low)], "tint")
    p.rect(44, 78, 12, 13, "shade", 5, plain=True)
    p.blob([(41, 123), (42, 110), (50, 104), (58, 110), (59, 123)], "shade", plain=True)
    p.rect(29, 40, 42, 8, "iron", 3)
    p.rect(38, 20, 24, 21, "lamp" if night else "ice", 2)
    p.rect(48, 20, 4, 21, "iron", plain=True)
    p.poly([(33, 22), (50, 3), (67, 22)], "tint-")
    p.oval(50, 4, 4, 4, "iron")
    if night:
        p.oval(50, 30, 9, 9, "lamp+", plain=True)


@drawing("windmill", 100, 130)
def windmill(p: Pen, t: float) -> None:
    """A Dutch mill with four lattice sails."""
    p.poly([(34, 56), (66, 56), (78, 128), (22, 128)], "bone")
    p.poly([(56, 56), (66, 56), (78, 128), (60, 128)], "sand", plain=True)
    p.rect(20, 92, 60, 6, "brown", 2)
    p.blob([(42, 128), (43, 112), (50, 106), (57, 112), (58, 128)], "brown", plain=True)
    p.rect(45, 72, 11, 13, "sky-", 4, plain=True)
    p.blob([(30, 58), (33, 40), (50, 32), (67, 40), (70, 58), (50, 61)], "tint")
    turn = 22 + 90 * t
    for sail in range(4):
        p.place(50, 48, turn=turn + 90 * sail)
        p.poly([(2, -12), (18, -14), (17, -47), (3, -47)], "white")
        for y in (-22, -31, -40):
            p.line([(2, y), (17, y)], 2.4, "tan-")
        p.line([(0, 0), (2, -48)], 5, "brown")
    p.place(50, 48)
    p.oval(0, 0, 7, 7, "brown-")


@drawing("watermill", 110, 100)
def watermill(p: Pen, t: float) -> None:
    """A cottage by a stream, its wheel turning."""
    p.blob([(0, 100), (4, 90), (40, 88), (106, 90), (110, 100)], "sky")
    p.rect(42, 42, 56, 50, "stone+", 3)
    p.poly([(34, 46), (50, 12), (92, 12), (106, 46)], "tint")
    p.rect(80, 4, 10, 22, "stone-", 2)
    p.rect(76, 56, 14, 14, "lamp", 3)
    p.rect(52, 54, 12, 12, "sky-", 3, plain=True)
    p.place(36, 68)
    for paddle in range(8):
        angle = math.tau * (paddle + t) / 8
        x, y = math.cos(angle), math.sin(angle)
        p.line([(0, 0), (31 * x, 31 * y)], 5, "brown")
        p.line([(31 * x - 8 * y, 31 * y + 8 * x), (31 * x + 8 * y, 31 * y - 8 * x)], 7, "tan-")
    ring = [(25 * math.cos(math.tau * i / 24), 25 * math.sin(math.tau * i / 24)) for i in range(25)]
    p.line(ring, 5, "brown")
    p.oval(0, 0, 7, 7, "brown-")
    p.place()
    p.blob([(0, 99), (16, 93), (30, 97), (52, 92), (70, 97), (70, 100)], "sky+", plain=True)


@drawing("treehouse", 110, 130)
def treehouse(p: Pen, t: float) -> None:
    """A hut in a broad tree, and the ladder up to it."""
    p.blob([(40, 128), (46, 96), (42, 62), (68, 62), (64, 96), (74, 128)], "brown")
    for x, y, r in ((22, 50, 22), (88, 50, 22), (30, 30, 22), (80, 30, 22), (55, 24, 24)):
        p.oval(x, y, r, r * 0.92, "leaf")
    for x, y in ((24, 26), (48, 14), (78, 22), (96, 46)):
        p.oval(x, y, 7, 6, "leaf+", plain=True)
    p.rect(28, 46, 54, 36, "tan")
    for y in (56, 66, 75):
        p.line([(29, y), (81, y)], 2.6, "tan-")
    p.poly([(20, 48), (55, 22), (90, 48)], "tint")
    p.rect(36, 54, 15, 15, "lamp", 3)
    p.rect(60, 56, 14, 26, "brown", 4)
    p.rect(18, 80, 74, 7, "brown+", 2)
    for x in (62, 76):
        p.line([(x, 86), (x + 6, 128)], 4, "brown-")
    for y in (94, 104, 114, 123):
        p.line([(63 + (y - 86) * 0.14, y), (77 + (y - 86) * 0.14, y)], 3.6, "brown-")


@drawing("sandcastle", 110, 100)
def sandcastle(p: Pen, t: float) -> None:
    """Three towers from a bucket, with a flag."""
    p.line([(56, 24), (56, 2)], 3.6, "brown")
    p.poly([(57, 2), (78, 8), (57, 15)], "tint")
    for x, top, wide in ((8, 44, 26), (76, 44, 26), (38, 26, 36)):
        p.poly([(x + 2, top), (x + wide - 2, top), (x + wide + 2, 94), (x - 2, 94)], "sand")
        for i in range(3):
            p.rect(x + i * wide / 3 + 0.5, top - 9, wide / 3 - 3, 12, "sand", 1)
    p.rect(4, 66, 102, 30, "sand-", 5)
    p.blob([(44, 96), (45, 78), (55, 69), (66, 78), (67, 96)], "brown", plain=True)
    for x, y in ((20, 58), (89, 58), (55, 48)):
        p.blob(
            [(x - 4, y + 6), (x - 4, y - 2), (x, y - 6), (x + 4, y - 2), (x + 4, y + 6)], "brown", plain=True
        )
    p.blob([(80, 84), (86, 76), (93, 84), (86, 90)], "pink", plain=True)


@drawing("scarecrow", 100, 130)
def scarecrow(p: Pen, t: float) -> None:
    """Straw hat, patched coat, arms wide: friendly enough for crows."""
    p.rect(46, 92, 8, 38, "brown", 2)
    p.line([(2, 66), (98, 66)], 7, "brown")
    for side in (-1, 1):
        for spread in (-8, 0, 8):
            p.line([(50 + side * 38, 67), (50 + side * 48, 67 + spread)], 4, "yellow-")
    p.poly([(12, 56), (88, 56), (90, 78), (70, 78), (74, 114), (26, 114), (30, 78), (10, 78)], "tint")
    p.rect(34, 88, 15, 15, "tint+", 2)
    p.line([(50, 58), (50, 112)], 3, "tint-")
    for y in (70, 84, 98):
        p.oval(56, y, 3, 3, "yellow", plain=True)
    p.oval(50, 38, 23, 21, "tan")
    p.blob([(30, 56), (40, 50), (60, 50), (70, 56), (60, 63), (40, 63)], "red")
    p.eye(42, 38, 4.6, 0.1)
    p.eye(58, 38, 4.6, 0.1)
    p.poly([(47, 42), (53, 42), (50, 48)], "orange", plain=True)
    p.line([(40, 49), (50, 53), (60, 49)], 2.8, "shade", smooth=True)
    p.blob([(14, 26), (34, 22), (50, 20), (66, 22), (86, 26), (70, 32), (50, 33), (30, 32)], "yellow-")
    p.blob([(32, 25), (38, 4), (60, 2), (68, 25), (50, 28)], "yellow")
    p.line([(34, 21), (50, 24), (66, 21)], 4.4, "red")


@drawing("waterfall", 110, 130)
def waterfall(p: Pen, t: float) -> None:
    """White water between mossy cliffs, into a pool."""
    p.poly([(0, 130), (2, 30), (16, 10), (94, 10), (108, 30), (110, 130)], "stone-")
    p.poly([(30, 8), (80, 8), (86, 112), (24, 112)], "sky")
    for x, top, foot in ((36, 14, 84), (50, 20, 104), (62, 12, 78), (74, 26, 100)):
        p.line([(x, top), (x + (x - 55) * 0.1, foot)], 5, "white")
    for side, x in ((1, 0), (-1, 110)):
        p.poly([(x, 34), (x + side * 30, 22), (x + side * 34, 64), (x + side * 22, 112), (x, 112)], "stone")
        p.blob(
            [(x, 38), (x + side * 6, 20), (x + side * 26, 12), (x + side * 35, 27), (x + side * 18, 36)],
            "leaf",
        )
    p.blob([(0, 130), (2, 112), (30, 104), (55, 109), (80, 104), (108, 112), (110, 130)], "sky-")
    for x, r in ((24, 11), (42, 14), (66, 14), (86, 11)):
        p.oval(x, 110, r, r * 0.7, "white")


@drawing("barn", 110, 100)
def barn(p: Pen, t: float) -> None:
    """A red barn with a hayloft."""
    p.poly([(10, 46), (28, 22), (55, 8), (82, 22), (100, 46), (98, 98), (12, 98)], "tint")
    p.line([(6, 50), (26, 22), (55, 6), (84, 22), (104, 50)], 8, "stone-")
    p.rect(44, 26, 22, 19, "shade", 3, plain=True)
    p.rect(46, 38, 18, 8, "yellow-", 3)
    p.rect(28, 58, 54, 40, "white", 2)
    p.rect(32, 62, 22, 36, "tint-")
    p.rect(57, 62, 21, 36, "tint-")
    for x in (32, 57):
        p.line([(x + 2, 64), (x + 20, 96)], 3.4, "white")
        p.line([(x + 20, 64), (x + 2, 96)], 3.4, "white")


@drawing("well", 100, 120)
def well(p: Pen, t: float) -> None:
    """A wishing well under a shingled roof."""
    for x in (20, 74):
        p.rect(x, 38, 7, 46, "brown", 2)
    p.poly([(4, 42), (28, 6), (72, 6), (96, 42)], "tint")
    for y, half in ((18, 32), (30, 40)):
        p.line([(50 - half, y), (50 + half, y)], 3, "tint-")
    p.line([(22, 50), (78, 50)], 5, "brown-")
    p.line([(50, 50), (50, 66)], 3, "tan-")
    p.poly([(42, 64), (58, 64), (56, 78), (44, 78)], "steel")
    p.poly([(12, 80), (88, 80), (82, 118), (18, 118)], "stone")
    for x, y, wide in ((18, 92, 20), (42, 92, 22), (68, 92, 15), (24, 105, 24), (52, 105, 24)):
        p.rect(x, y, wide, 10, "stone+", 3, plain=True)
    p.rect(8, 76, 84, 12, "stone-", 5)
