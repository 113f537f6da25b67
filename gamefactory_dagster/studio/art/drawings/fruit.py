"""Things that grow or are eaten, in a box of 100 x 100; ``tint`` is the colour the board gives them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .registry import drawing

if TYPE_CHECKING:
    from gamefactory_dagster.studio.art.pen import Pen


@drawing("apple")
def apple(p: Pen, t: float) -> None:
    """An apple with a leaf."""
    p.line([(50, 30), (52, 16), (58, 6)], 6, "brown", smooth=True)
    p.blob(
        [(50, 28), (72, 20), (92, 38), (86, 70), (66, 94), (50, 90), (34, 94), (14, 70), (8, 38), (28, 20)],
        "tint",
    )
    p.blob([(56, 20), (66, 4), (88, 6), (78, 20)], "green")


@drawing("pear")
def pear(p: Pen, t: float) -> None:
    """A pear."""
    p.line([(50, 20), (52, 4)], 6, "brown")
    p.blob(
        [(50, 12), (64, 18), (68, 38), (84, 60), (78, 86), (50, 96), (22, 86), (16, 60), (32, 38), (36, 18)],
        "tint",
    )
    p.blob([(54, 16), (72, 4), (86, 14), (70, 22)], "leaf")


@drawing("cherry")
def cherry(p: Pen, t: float) -> None:
    """Two cherries on one stalk."""
    p.line([(30, 66), (42, 30), (62, 8)], 5.5, "leaf", smooth=True)
    p.line([(72, 70), (70, 34), (62, 8)], 5.5, "leaf", smooth=True)
    p.oval(28, 70, 24, 24, "tint")
    p.oval(73, 74, 22, 22, "tint-")
    p.blob([(60, 10), (74, 0), (96, 10), (78, 24)], "green")


@drawing("lemon")
def lemon(p: Pen, t: float) -> None:
    """A lemon lying aslant."""
    p.place(50, 52, turn=-28)
    p.blob(
        [
            (-50, 0),
            (-38, -8),
            (-24, -27),
            (6, -32),
            (30, -22),
            (40, -8),
            (51, 0),
            (40, 9),
            (30, 23),
            (4, 32),
            (-24, 27),
            (-38, 8),
        ],
        "tint",
    )
    for x, y in ((-8, 6), (6, -4), (12, 10)):
        p.oval(x, y, 2.6, 2.6, "tint-", plain=True)
    p.blob([(38, -10), (42, -28), (26, -34), (22, -20)], "leaf")


@drawing("grapes")
def grapes(p: Pen, t: float) -> None:
    """A bunch of grapes, point down."""
    p.line([(50, 26), (52, 6)], 6, "brown")
    p.blob([(52, 22), (66, 4), (92, 10), (80, 26)], "leaf")
    for x, y in (
        (20, 36),
        (40, 32),
        (61, 32),
        (80, 38),
        (30, 54),
        (50, 51),
        (70, 55),
        (40, 71),
        (60, 72),
        (50, 86),
    ):
        p.oval(x, y, 13.5, 13.5, "tint")


@drawing("berry")
def berry(p: Pen, t: float) -> None:
    """A plump blueberry."""
    p.blob([(58, 20), (74, 0), (96, 4), (84, 22)], "leaf")
    p.oval(50, 58, 41, 40, "tint")
    p.star(50, 42, 21, "tint-", 6, 0.5)
    p.oval(50, 42, 7, 6, "shade", plain=True)


@drawing("leaf")
def leaf(p: Pen, t: float) -> None:
    """A broad leaf with veins."""
    p.blob([(8, 92), (10, 52), (34, 18), (92, 6), (88, 52), (60, 86), (22, 88)], "tint")
    p.line([(4, 97), (36, 62), (78, 20)], 4.6, "tint-", smooth=True)
    for x, y, dx, dy in ((32, 66, 4, -26), (32, 66, 26, 0), (52, 46, 4, -24), (52, 46, 24, 0)):
        p.line([(x, y), (x + dx, y + dy)], 3.4, "tint-")


@drawing("banana")
def banana(p: Pen, t: float) -> None:
    """A banana."""
    p.blob(
        [
            (70, 4),
            (82, 6),
            (84, 20),
            (94, 46),
            (82, 76),
            (50, 96),
            (14, 90),
            (6, 78),
            (30, 76),
            (56, 60),
            (68, 34),
            (70, 18),
        ],
        "tint",
    )
    p.line([(22, 84), (54, 78), (76, 54), (80, 24)], 3.4, "tint-", smooth=True)
    p.blob([(69, 3), (83, 4), (82, 15), (71, 15)], "brown")
    p.oval(10, 83, 6, 6, "brown")


@drawing("acorn")
def acorn(p: Pen, t: float) -> None:
    """An acorn in its cup."""
    p.line([(50, 24), (54, 6)], 7, "brown")
    p.blob([(16, 44), (84, 44), (82, 70), (62, 90), (50, 99), (38, 90), (18, 70)], "tint")
    p.blob([(8, 46), (14, 26), (50, 14), (86, 26), (92, 46), (50, 54)], "brown")
    for x in (30, 50, 70):
        p.line([(x - 6, 26), (x + 6, 42)], 3.2, "brown-")


@drawing("mushroom")
def mushroom(p: Pen, t: float) -> None:
    """A friendly mushroom."""
    p.blob([(34, 50), (30, 92), (50, 98), (70, 92), (66, 50)], "bone")
    p.blob([(3, 54), (10, 26), (36, 6), (64, 6), (90, 26), (97, 54), (50, 62)], "tint")
    for x, y, r in ((30, 28, 8), (62, 22, 10), (80, 44, 6), (20, 46, 5), (48, 46, 7)):
        p.oval(x, y, r, r * 0.85, "white", plain=True)


@drawing("flower")
def flower(p: Pen, t: float) -> None:
    """A daisy."""
    for i in range(7):
        angle = math.tau * i / 7 - math.pi / 2
        p.oval(50 + 30 * math.cos(angle), 50 + 30 * math.sin(angle), 18, 18, "tint")
    p.oval(50, 50, 19, 19, "gold")


@drawing("tulip")
def tulip(p: Pen, t: float) -> None:
    """A tulip between two leaves."""
    p.line([(50, 98), (50, 50)], 7, "leaf")
    p.blob([(50, 97), (26, 82), (16, 54), (38, 70)], "green")
    p.blob([(50, 97), (74, 82), (84, 54), (62, 70)], "green")
    p.blob([(24, 8), (36, 22), (50, 2), (64, 22), (76, 8), (80, 40), (64, 60), (36, 60), (20, 40)], "tint")
    p.blob([(50, 14), (60, 34), (50, 58), (40, 34)], "tint+", plain=True)


@drawing("sweet")
def sweet(p: Pen, t: float) -> None:
    """A wrapped sweet."""
    for side in (-1, 1):
        x = 50 + side * 22
        p.poly([(x, 50), (x + side * 27, 26), (x + side * 23, 50), (x + side * 27, 74)], "tint+")
    p.oval(50, 50, 29, 27, "tint")
    for x in (38, 54):
        p.blob(
            [(x + 2, 26), (x + 10, 28), (x + 4, 50), (x - 2, 74), (x - 10, 70), (x - 4, 50)],
            "white",
            plain=True,
        )


@drawing("lollipop")
def lollipop(p: Pen, t: float) -> None:
    """A swirl on a stick."""
    p.line([(50, 60), (50, 98)], 8, "bone")
    p.oval(50, 37, 35, 35, "tint")
    spiral = [(50 + r * math.cos(r * 0.42), 37 + r * math.sin(r * 0.42)) for r in range(2, 28, 2)]
    p.line(spiral, 6, "white", smooth=True)


@drawing("donut")
def donut(p: Pen, t: float) -> None:
    """An iced ring with sprinkles."""
    p.oval(50, 52, 45, 44, "tan")
    p.blob(
        [
            (6, 48),
            (20, 16),
            (50, 6),
            (80, 16),
            (94, 48),
            (86, 68),
            (74, 66),
            (62, 80),
            (46, 74),
            (34, 82),
            (24, 68),
            (12, 66),
        ],
        "tint",
    )
    p.oval(50, 48, 14, 12, "shade", plain=True)
    for x, y, turn in (
        (24, 40, 30),
        (34, 24, 80),
        (58, 20, 10),
        (76, 34, 60),
        (80, 56, 120),
        (64, 66, 20),
        (30, 62, 140),
    ):
        angle = math.radians(turn)
        p.line([(x, y), (x + 7 * math.cos(angle), y + 7 * math.sin(angle))], 4, "white")


@drawing("cupcake")
def cupcake(p: Pen, t: float) -> None:
    """A cupcake with a cherry."""
    p.poly([(18, 58), (82, 58), (72, 97), (28, 97)], "gold")
    for x in (34, 50, 66):
        p.line([(x + (x - 50) * 0.1, 62), (x, 94)], 4, "copper")
    p.blob(
        [
            (8, 56),
            (16, 38),
            (30, 34),
            (36, 18),
            (50, 8),
            (64, 18),
            (70, 34),
            (84, 38),
            (92, 56),
            (72, 66),
            (50, 60),
            (28, 66),
        ],
        "tint",
    )
    p.oval(50, 12, 10, 10, "red")


@drawing("tile_cane")
def cane(p: Pen, t: float) -> None:
    """A short candy cane."""
    p.line([(30, 94), (30, 40), (34, 18), (52, 10), (70, 20), (72, 42)], 20, "white", smooth=True)
    for y in (44, 64, 84):
        p.poly([(20, y + 6), (40, y - 4), (40, y + 6), (20, y + 16)], "tint", plain=True)
    p.poly([(22, 24), (34, 7), (42, 15), (30, 32)], "tint", plain=True)
    p.poly([(56, 2), (66, 6), (58, 24), (50, 20)], "tint", plain=True)
    p.poly([(62, 30), (80, 24), (82, 34), (62, 42)], "tint", plain=True)


@drawing("cactus_pot")
def cactus_pot(p: Pen, t: float) -> None:
    """A small cactus in a pot."""
    p.line([(34, 50), (20, 46), (20, 30)], 13, "tint", smooth=True)
    p.line([(64, 44), (80, 40), (80, 22)], 13, "tint", smooth=True)
    p.rect(34, 8, 32, 64, "tint", 16)
    for x in (44, 56):
        p.line([(x, 22), (x, 66)], 3, "tint-")
    p.poly([(24, 66), (76, 66), (68, 98), (32, 98)], "copper")
    p.rect(20, 62, 60, 11, "copper", 4)


@drawing("basket")
def basket(p: Pen, t: float) -> None:
    """A basket of apples."""
    p.line([(18, 52), (26, 16), (50, 6), (74, 16), (82, 52)], 8, "brown", smooth=True)
    for x, y, colour in ((32, 46, "red"), (66, 46, "lime"), (50, 40, "red")):
        p.oval(x, y, 16, 15, colour)
    p.blob([(8, 52), (92, 52), (82, 92), (50, 98), (18, 92)], "gold-")
    for y in (64, 78):
        p.line([(14, y), (86, y)], 4, "brown")
    p.rect(4, 48, 92, 11, "brown", 5)
