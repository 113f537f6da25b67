"""Made things in a box of 100 x 100: tools, toys, treasure. ``tint`` is the colour the board gives them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .registry import drawing

if TYPE_CHECKING:
    from gamefactory_dagster.studio.art.pen import Pen


@drawing("pyramid")
def pyramid(p: Pen, t: float) -> None:
    """A stepped triangle of stone."""
    p.poly([(50, 8), (98, 92), (2, 92)], "tint")
    p.poly([(50, 8), (98, 92), (62, 92)], "tint-", plain=True)
    for y, half in ((36, 14), (54, 24), (73, 35)):
        p.line([(50 - half, y), (50 + half, y)], 3.4, "tint-")


@drawing("vase")
def vase(p: Pen, t: float) -> None:
    """A painted jar with two handles."""
    for side in (-1, 1):
        p.line([(50 + side * 15, 20), (50 + side * 38, 26), (50 + side * 30, 50)], 7, "tint-", smooth=True)
    p.blob(
        [(38, 14), (40, 28), (18, 48), (22, 76), (38, 97), (62, 97), (78, 76), (82, 48), (60, 28), (62, 14)],
        "tint",
    )
    p.rect(32, 4, 36, 12, "tint", 4)
    zigzag = [(21 + i * 8.3, 56 + (8 if i % 2 else 0)) for i in range(8)]
    p.line(zigzag, 5, "bone")


@drawing("gem")
def gem(p: Pen, t: float) -> None:
    """A cut stone."""
    p.poly([(24, 14), (76, 14), (98, 40), (50, 94), (2, 40)], "tint")
    p.poly([(24, 14), (36, 40), (2, 40)], "tint+", plain=True)
    p.poly([(24, 14), (50, 14), (36, 40)], "tint++", plain=True)
    p.poly([(76, 14), (98, 40), (64, 40)], "tint-", plain=True)
    p.poly([(64, 40), (98, 40), (50, 94)], "tint-", plain=True)


@drawing("beetle")
def beetle(p: Pen, t: float) -> None:
    """A scarab seen from above."""
    for y, reach in ((36, 40), (56, 46), (78, 40)):
        p.line([(50 - reach, y + 8), (50 - 20, y - 4), (50 + 20, y - 4), (50 + reach, y + 8)], 6, "dark")
    p.oval(50, 20, 17, 15, "dark")
    p.oval(50, 60, 34, 37, "tint")
    p.blob([(18, 46), (32, 26), (68, 26), (82, 46), (50, 50)], "tint-")
    p.line([(50, 48), (50, 96)], 4.4, "shade")


@drawing("rocket")
def rocket(p: Pen, t: float) -> None:
    """A rocket, aslant, under way."""
    p.place(50, 50, turn=38)
    p.blob([(-10, 34), (0, 56), (10, 34)], "lava")
    for side in (-1, 1):
        p.poly([(side * 14, 6), (side * 32, 32), (side * 30, 42), (side * 12, 32)], "tint-")
    p.blob([(0, -54), (17, -30), (19, 4), (12, 34), (-12, 34), (-19, 4), (-17, -30)], "white")
    p.blob([(0, -54), (15, -33), (0, -28), (-15, -33)], "tint")
    p.oval(0, -8, 10, 10, "blue")
    p.rect(-13, 24, 26, 9, "tint", 3)


@drawing("planet")
def planet(p: Pen, t: float) -> None:
    """A ringed planet."""
    p.place(50, 50, turn=-18)
    p.oval(0, 0, 49, 15, "bone")
    p.oval(0, 0, 38, 8, "shade", plain=True)
    p.oval(0, 0, 30, 30, "tint")
    p.blob([(-28, -6), (0, -12), (28, -8), (29, -1), (0, -5), (-30, 1)], "tint+", plain=True)
    p.blob(
        [(-48, 2), (-26, 10), (0, 14), (26, 10), (48, 2), (40, 10), (0, 21), (-40, 10)], "bone", plain=True
    )


@drawing("tile_ufo")
def tile_ufo(p: Pen, t: float) -> None:
    """A friendly saucer with its beam on."""
    p.poly([(34, 60), (66, 60), (84, 97), (16, 97)], "yellow+", plain=True)
    p.blob([(28, 46), (32, 20), (50, 10), (68, 20), (72, 46)], "ice")
    p.blob([(2, 54), (22, 40), (50, 36), (78, 40), (98, 54), (76, 68), (50, 71), (24, 68)], "tint")
    for x in (20, 40, 60, 80):
        p.oval(x, 55, 5.5, 5.5, "white", plain=True)


@drawing("shield")
def shield(p: Pen, t: float) -> None:
    """A knight's shield."""
    p.blob([(10, 8), (50, 4), (90, 8), (91, 44), (78, 76), (50, 98), (22, 76), (9, 44)], "steel")
    p.blob([(20, 18), (50, 14), (80, 18), (80, 46), (70, 70), (50, 86), (30, 70), (20, 46)], "tint")
    p.rect(44, 16, 12, 68, "bone", plain=True)
    p.rect(21, 36, 58, 12, "bone", plain=True)


@drawing("crown")
def crown(p: Pen, t: float) -> None:
    """A crown of five points."""
    p.poly([(8, 84), (2, 30), (26, 52), (36, 16), (50, 48), (64, 16), (74, 52), (98, 30), (92, 84)], "tint")
    p.rect(8, 74, 84, 17, "tint-", 4)
    for x, y in ((3, 28), (36, 14), (64, 14), (97, 28)):
        p.oval(x, y, 6, 6, "white")
    for x, colour in ((28, "red"), (50, "sky"), (72, "red")):
        p.oval(x, 82, 5.4, 5.4, colour, plain=True)


@drawing("key")
def key(p: Pen, t: float) -> None:
    """An old key, aslant."""
    p.place(50, 50, turn=-42)
    p.rect(-10, -7, 58, 14, "tint", 5)
    p.rect(24, 4, 10, 20, "tint", 3)
    p.rect(40, 4, 9, 25, "tint", 3)
    p.oval(-26, 0, 26, 26, "tint")
    p.oval(-28, 0, 11, 11, "shade", plain=True)


@drawing("potion")
def potion(p: Pen, t: float) -> None:
    """A round flask."""
    p.blob(
        [(40, 22), (40, 40), (16, 58), (16, 86), (36, 98), (64, 98), (84, 86), (84, 58), (60, 40), (60, 22)],
        "ice",
    )
    p.blob([(18, 64), (36, 60), (62, 67), (82, 63), (82, 84), (64, 95), (36, 95), (18, 84)], "tint")
    p.rect(34, 16, 32, 10, "ice", 4)
    p.rect(40, 2, 20, 16, "brown", 4)
    for x, y, r in ((40, 76, 5), (58, 82, 4), (52, 70, 3)):
        p.oval(x, y, r, r, "tint++", plain=True)


@drawing("tower")
def tower(p: Pen, t: float) -> None:
    """A castle tower with a flag."""
    p.line([(50, 22), (50, 2)], 4, "brown")
    p.poly([(51, 2), (76, 8), (51, 16)], "tint+")
    p.rect(26, 40, 48, 57, "tint")
    p.poly(
        [
            (18, 20),
            (32, 20),
            (32, 28),
            (43, 28),
            (43, 20),
            (57, 20),
            (57, 28),
            (68, 28),
            (68, 20),
            (82, 20),
            (82, 44),
            (18, 44),
        ],
        "tint",
    )
    p.rect(41, 68, 18, 30, "shade", 9, plain=True)
    p.rect(45, 50, 10, 12, "shade", 5, plain=True)


@drawing("bulb")
def bulb(p: Pen, t: float) -> None:
    """A light bulb."""
    p.blob([(50, 2), (80, 14), (86, 42), (70, 64), (66, 76), (34, 76), (30, 64), (14, 42), (20, 14)], "tint")
    p.line([(40, 70), (36, 44), (44, 52), (50, 42), (56, 52), (64, 44), (60, 70)], 3.8, "white")
    p.rect(32, 74, 36, 9, "steel", 4)
    p.rect(34, 83, 32, 8, "iron", 4)
    p.rect(41, 90, 18, 8, "iron", 4)


@drawing("house")
def house(p: Pen, t: float) -> None:
    """A little house."""
    p.rect(68, 12, 13, 30, "copper", 2)
    p.rect(16, 46, 68, 50, "bone", 3)
    p.poly([(50, 6), (99, 52), (1, 52)], "tint")
    p.rect(28, 62, 18, 34, "brown", 3)
    p.rect(56, 62, 19, 17, "sky", 2)


@drawing("umbrella")
def umbrella(p: Pen, t: float) -> None:
    """An open umbrella."""
    p.line([(50, 40), (50, 84), (58, 94), (70, 92), (72, 82)], 7, "brown", smooth=True)
    p.blob(
        [
            (2, 54),
            (12, 24),
            (38, 8),
            (62, 8),
            (88, 24),
            (98, 54),
            (82, 48),
            (66, 55),
            (50, 48),
            (34, 55),
            (18, 48),
        ],
        "tint",
    )
    p.blob([(50, 8), (64, 26), (66, 52), (50, 47), (34, 52), (36, 26)], "tint+", plain=True)
    p.line([(50, 8), (50, 1)], 5, "brown")


@drawing("car")
def car(p: Pen, t: float) -> None:
    """A small car."""
    p.blob([(22, 52), (32, 26), (44, 22), (62, 22), (76, 34), (84, 52)], "tint")
    p.blob([(31, 50), (37, 33), (50, 31), (50, 50)], "ice", plain=True)
    p.blob([(56, 50), (56, 31), (66, 33), (74, 50)], "ice", plain=True)
    p.rect(2, 46, 96, 30, "tint", 13)
    for x in (26, 74):
        p.oval(x, 76, 14, 14, "dark")
        p.oval(x, 76, 6, 6, "steel", plain=True)
    p.oval(93, 57, 5, 5, "yellow", plain=True)


@drawing("cup")
def cup(p: Pen, t: float) -> None:
    """A paper cup of coffee."""
    p.poly([(20, 24), (80, 24), (71, 98), (29, 98)], "bone")
    p.poly([(23, 44), (77, 44), (73, 78), (27, 78)], "tint")
    p.rect(12, 14, 76, 13, "tint-", 5)
    p.rect(20, 4, 60, 11, "tint-", 5)


@drawing("gear")
def gear(p: Pen, t: float) -> None:
    """A toothed wheel."""
    points = []
    for i in range(36):
        r = 47 if i % 4 < 2 else 36
        angle = math.tau * (i - 0.5) / 36
        points.append((50 + r * math.cos(angle), 50 + r * math.sin(angle)))
    p.poly(points, "tint")
    p.oval(50, 50, 25, 25, "tint-")
    p.oval(50, 50, 12, 12, "shade", plain=True)


@drawing("hexnut")
def hexnut(p: Pen, t: float) -> None:
    """A nut of six sides."""
    p.star(50, 50, 48, "tint", 3, 1.0, -90)
    p.oval(50, 50, 29, 29, "tint+")
    p.oval(50, 50, 18, 18, "shade", plain=True)


@drawing("watch")
def watch(p: Pen, t: float) -> None:
    """A pocket watch."""
    p.oval(50, 12, 11, 11, "tint")
    p.oval(50, 12, 5, 5, "shade", plain=True)
    p.rect(43, 18, 14, 10, "tint-", 3)
    p.oval(50, 60, 38, 38, "tint")
    p.oval(50, 60, 28, 28, "white", plain=True)
    for i in range(4):
        angle = math.tau * i / 4
        p.oval(50 + 22 * math.cos(angle), 60 + 22 * math.sin(angle), 2.8, 2.8, "shade", plain=True)
    p.line([(50, 44), (50, 60), (62, 66)], 4.6, "shade")


@drawing("skateboard")
def skateboard(p: Pen, t: float) -> None:
    """A skateboard on its wheels."""
    p.line([(6, 40), (22, 54), (78, 54), (94, 40)], 14, "tint", smooth=True)
    for x in (28, 72):
        p.oval(x, 72, 12, 12, "bone")
        p.oval(x, 72, 4.6, 4.6, "shade", plain=True)


@drawing("idol")
def idol(p: Pen, t: float) -> None:
    """A golden mask."""
    p.blob(
        [
            (10, 30),
            (4, 6),
            (28, 14),
            (50, 4),
            (72, 14),
            (96, 6),
            (90, 30),
            (86, 66),
            (66, 94),
            (34, 94),
            (14, 66),
        ],
        "tint",
    )
    for x in (32, 68):
        p.oval(x, 42, 11, 9, "white", plain=True)
        p.oval(x, 43, 5, 6, "shade", plain=True)
    p.poly([(50, 44), (58, 62), (42, 62)], "tint-")
    p.rect(32, 70, 36, 12, "shade", 5, plain=True)
    for x in (40, 50, 60):
        p.line([(x, 70), (x, 76)], 5, "white")
    p.line([(36, 22), (50, 28), (64, 22)], 5, "tint-", smooth=True)
