"""Creatures, weather and stones in a box of 100 x 100; ``tint`` is the colour the board gives them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .registry import drawing

if TYPE_CHECKING:
    from gamefactory_dagster.studio.art.pen import Pen


@drawing("tile_fish")
def tile_fish(p: Pen, t: float) -> None:
    """A fish from the side."""
    p.blob([(30, 50), (4, 22), (0, 44), (8, 52), (0, 62), (4, 82)], "tint-")
    p.blob([(44, 24), (56, 6), (74, 14), (76, 28)], "tint-")
    p.blob([(22, 52), (40, 26), (66, 22), (90, 38), (98, 54), (86, 72), (62, 82), (38, 76)], "tint")
    p.blob([(46, 56), (60, 52), (58, 68), (44, 72)], "tint-")
    p.eye(80, 46, 8)


@drawing("shell")
def shell(p: Pen, t: float) -> None:
    """A scallop."""
    p.poly([(32, 80), (68, 80), (74, 97), (26, 97)], "tint-")
    p.blob(
        [
            (50, 92),
            (18, 72),
            (2, 42),
            (12, 24),
            (26, 22),
            (36, 8),
            (50, 12),
            (64, 8),
            (74, 22),
            (88, 24),
            (98, 42),
            (82, 72),
        ],
        "tint",
    )
    for x, y in ((16, 40), (34, 28), (50, 26), (66, 28), (84, 40)):
        p.line([(50 + (x - 50) * 0.16, 84), (x, y)], 4, "tint-")


@drawing("starfish")
def starfish(p: Pen, t: float) -> None:
    """A starfish that smiles."""
    points = []
    for i in range(10):
        r, angle = (50 if i % 2 == 0 else 24), math.radians(-90 + 36 * i)
        points.append((50 + r * math.cos(angle), 54 + r * math.sin(angle)))
    p.blob(points, "tint")
    for i in range(5):
        angle = math.radians(-90 + 72 * i)
        p.oval(50 + 31 * math.cos(angle), 54 + 31 * math.sin(angle), 3.6, 3.6, "tint++", plain=True)
    p.eye(42, 50, 6, 0.1)
    p.eye(58, 50, 6, 0.1)
    p.line([(43, 62), (50, 67), (57, 62)], 3.6, "shade", smooth=True)


@drawing("crab")
def crab(p: Pen, t: float) -> None:
    """A crab, claws up."""
    for side in (-1, 1):
        for y in (66, 78):
            p.line(
                [(50 + side * 22, y - 6), (50 + side * 42, y), (50 + side * 46, y + 12)],
                6,
                "tint-",
                smooth=True,
            )
        p.line([(50 + side * 24, 54), (50 + side * 38, 42), (50 + side * 36, 28)], 8, "tint", smooth=True)
        x = 50 + side * 34
        p.blob([(x - 12, 24), (x - 10, 6), (x - 2, 16), (x + 4, 4), (x + 13, 22), (x, 32)], "tint")
        p.line([(50 + side * 10, 50), (50 + side * 11, 36)], 5, "tint")
    p.oval(50, 66, 33, 23, "tint")
    p.eye(40, 35, 7, 0.1)
    p.eye(61, 35, 7, 0.1)
    p.line([(40, 72), (50, 77), (60, 72)], 3.6, "shade", smooth=True)


@drawing("tile_jelly")
def tile_jelly(p: Pen, t: float) -> None:
    """A jellyfish, harmless on a board."""
    for i, x in enumerate((24, 41, 58, 76)):
        sway = 6 if i % 2 else -6
        p.line([(x, 50), (x + sway, 66), (x - sway, 80), (x + sway, 94)], 8, "tint-", smooth=True)
    p.blob([(6, 54), (12, 22), (36, 4), (64, 4), (88, 22), (94, 54), (72, 60), (50, 54), (28, 60)], "tint")
    p.eye(38, 36, 7.5, 0.1)
    p.eye(62, 36, 7.5, 0.1)


@drawing("drop")
def drop(p: Pen, t: float) -> None:
    """A drop of water."""
    p.blob(
        [(50, 2), (60, 22), (80, 48), (84, 72), (68, 94), (50, 98), (32, 94), (16, 72), (20, 48), (40, 22)],
        "tint",
    )
    p.line([(30, 62), (30, 76), (40, 86)], 6, "tint++", smooth=True)


@drawing("sun")
def sun(p: Pen, t: float) -> None:
    """A sun with broad rays."""
    p.star(50, 50, 49, "tint-", 10, 0.66)
    p.oval(50, 50, 29, 29, "tint")
    p.eye(42, 47, 5.4, 0.1)
    p.eye(58, 47, 5.4, 0.1)
    p.line([(41, 59), (50, 65), (59, 59)], 3.6, "shade", smooth=True)


@drawing("star")
def star(p: Pen, t: float) -> None:
    """A five-pointed star."""
    p.star(50, 54, 52, "tint", 5, 0.5)
    p.star(50, 54, 24, "tint+", 5, 0.5, plain=True)


@drawing("moon")
def moon(p: Pen, t: float) -> None:
    """A crescent moon."""
    outer = [
        (50 + 46 * math.cos(a), 50 + 46 * math.sin(a))
        for a in (math.radians(d) for d in range(-52, -309, -14))
    ]
    inner = [
        (66 + 36 * math.cos(a), 50 + 36 * math.sin(a)) for a in (math.radians(d) for d in range(80, 281, 14))
    ]
    p.poly([*outer, *inner], "tint")
    for x, y, r in ((20, 46, 5), (34, 76, 5.5), (28, 26, 4)):
        p.oval(x, y, r, r, "tint-", plain=True)


@drawing("snowflake")
def snowflake(p: Pen, t: float) -> None:
    """Six branched arms."""
    for i in range(6):
        a = math.tau * i / 6 + math.pi / 6
        tip = (50 + 44 * math.cos(a), 50 + 44 * math.sin(a))
        p.line([(50, 50), tip], 9, "tint")
        for bend in (-0.9, 0.9):
            root = (50 + 27 * math.cos(a), 50 + 27 * math.sin(a))
            p.line([root, (root[0] + 16 * math.cos(a + bend), root[1] + 16 * math.sin(a + bend))], 7, "tint")
    p.star(50, 50, 16, "tint+", 6, 0.7)


@drawing("mitten")
def mitten(p: Pen, t: float) -> None:
    """A woollen mitten."""
    p.blob([(30, 78), (28, 40), (34, 12), (54, 4), (74, 16), (78, 50), (72, 78)], "tint")
    p.blob([(34, 70), (12, 58), (4, 42), (14, 34), (26, 44), (36, 50)], "tint")
    p.rect(24, 74, 56, 22, "white", 8)
    p.star(55, 42, 13, "white", 6, 0.4, plain=True)


@drawing("igloo")
def igloo(p: Pen, t: float) -> None:
    """A house of snow."""
    p.blob([(3, 88), (6, 52), (28, 22), (56, 16), (84, 36), (96, 64), (97, 88)], "tint")
    for points in (
        [(8, 56), (92, 56)],
        [(16, 38), (84, 38)],
        [(50, 17), (50, 38)],
        [(30, 38), (30, 56)],
        [(70, 38), (70, 56)],
    ):
        p.line(points, 3, "tint-")
    p.blob([(34, 90), (36, 64), (50, 56), (64, 64), (66, 90)], "tint+")
    p.blob([(41, 90), (42, 72), (50, 66), (58, 72), (59, 90)], "shade", plain=True)


@drawing("snowman")
def snowman(p: Pen, t: float) -> None:
    """A snowman with a hat."""
    p.oval(50, 74, 29, 25, "white")
    p.oval(50, 40, 22, 21, "white")
    p.rect(24, 18, 52, 8, "tint", 3)
    p.rect(32, 0, 36, 22, "tint", 4)
    p.rect(30, 54, 42, 10, "tint", 4)
    p.eye(42, 38, 4.6, 0.1)
    p.eye(57, 38, 4.6, 0.1)
    p.poly([(48, 43), (74, 48), (49, 50)], "orange")
    for y in (74, 86):
        p.oval(50, y, 3.4, 3.4, "shade", plain=True)


@drawing("flame")
def flame(p: Pen, t: float) -> None:
    """A flame."""
    p.blob(
        [
            (52, 2),
            (60, 26),
            (82, 40),
            (90, 68),
            (72, 94),
            (50, 98),
            (28, 94),
            (10, 68),
            (18, 42),
            (28, 54),
            (36, 26),
        ],
        "tint",
    )
    p.blob([(52, 46), (66, 62), (68, 82), (50, 94), (32, 82), (36, 66), (44, 70)], "yellow", plain=True)


@drawing("egg")
def egg(p: Pen, t: float) -> None:
    """A spotted egg."""
    p.blob([(50, 3), (72, 18), (86, 52), (80, 82), (50, 98), (20, 82), (14, 52), (28, 18)], "tint")
    for x, y, r in ((40, 30, 7), (64, 44, 8), (34, 60, 9), (62, 76, 7), (48, 84, 4)):
        p.oval(x, y, r, r, "tint-", plain=True)


@drawing("volcano")
def volcano(p: Pen, t: float) -> None:
    """A volcano at work."""
    p.blob([(40, 28), (30, 10), (42, 12), (50, 0), (58, 12), (72, 8), (60, 28)], "lava")
    p.poly([(36, 28), (64, 28), (98, 94), (2, 94)], "tint")
    p.blob(
        [(34, 30), (66, 30), (70, 48), (62, 44), (58, 62), (50, 46), (42, 54), (38, 42), (30, 44)],
        "yellow",
        plain=True,
    )


@drawing("bolt")
def bolt(p: Pen, t: float) -> None:
    """A flash of lightning."""
    p.poly([(56, 2), (16, 56), (44, 56), (32, 98), (86, 38), (56, 38), (78, 2)], "tint")


@drawing("bone")
def bone(p: Pen, t: float) -> None:
    """An old bone, aslant."""
    p.place(50, 50, turn=-40)
    p.rect(-34, -11, 68, 22, "tint", 6)
    for side in (-1, 1):
        for up in (-1, 1):
            p.oval(side * 36, up * 12, 14, 14, "tint")
    p.rect(-32, -9, 64, 18, "tint", 4, plain=True)


@drawing("heart")
def heart(p: Pen, t: float) -> None:
    """A heart."""
    p.blob(
        [(50, 94), (16, 64), (3, 36), (14, 12), (36, 8), (50, 26), (64, 8), (86, 12), (97, 36), (84, 64)],
        "tint",
    )
    p.oval(27, 28, 8, 6, "white", plain=True)


@drawing("butterfly")
def butterfly(p: Pen, t: float) -> None:
    """A butterfly, wings open."""
    for side in (-1, 1):
        p.blob(
            [(50, 46), (50 + side * 16, 14), (50 + side * 46, 6), (50 + side * 47, 36), (50 + side * 26, 54)],
            "tint",
        )
        p.blob(
            [(50, 52), (50 + side * 28, 54), (50 + side * 40, 76), (50 + side * 24, 94), (50 + side * 6, 74)],
            "tint+",
        )
        p.oval(50 + side * 32, 26, 7.5, 7.5, "white", plain=True)
        p.line([(50, 26), (50 + side * 6, 12), (50 + side * 14, 4)], 3.6, "dark", smooth=True)
    p.oval(50, 52, 6.5, 32, "dark")


@drawing("clam")
def clam(p: Pen, t: float) -> None:
    """An open clam with its pearl."""
    p.blob([(6, 56), (8, 26), (28, 8), (50, 14), (72, 8), (92, 26), (94, 56)], "tint")
    p.oval(50, 56, 40, 14, "shade", plain=True)
    p.oval(50, 48, 17, 17, "white")
    p.blob([(2, 58), (26, 66), (50, 68), (74, 66), (98, 58), (90, 84), (64, 97), (36, 97), (10, 84)], "tint+")
    for x in (30, 50, 70):
        p.line([(x, 74), (50 + (x - 50) * 0.7, 92)], 4, "tint")
