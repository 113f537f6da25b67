"""What carries people: on water, under it, through the air and down a mine. Boxes of about 110 x 100.

Each floats or rolls and looks right, so that it can be a hero as well as a tile.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .registry import drawing

if TYPE_CHECKING:
    from gamefactory_dagster.studio.art.pen import Pen


@drawing("submarine", 120, 100)
def submarine(p: Pen, t: float) -> None:
    """A round little submarine with three portholes."""
    p.line([(66, 30), (66, 8), (80, 8)], 6, "iron")
    p.rect(78, 3, 9, 11, "ice", 3)
    p.poly([(50, 40), (54, 24), (80, 24), (86, 40)], "tint-")
    spin = math.cos(math.tau * t)
    for side in (-1, 1):
        p.oval(7, 60 + side * 13, 4 + 2 * abs(spin), 12, "brass")
    p.rect(6, 56, 14, 8, "iron", 3)
    p.blob([(14, 58), (24, 40), (60, 32), (96, 38), (116, 58), (98, 82), (60, 88), (26, 80)], "tint")
    p.blob([(24, 72), (60, 78), (100, 72), (92, 84), (60, 90), (32, 84)], "tint-", plain=True)
    for x, r in ((44, 9), (68, 9), (93, 11)):
        p.oval(x, 58, r + 3, r + 3, "brass")
        p.oval(x, 58, r, r, "ice", plain=True)
        p.oval(x - r * 0.3, 58 - r * 0.35, r * 0.35, r * 0.3, "white", plain=True)
    p.blob([(26, 82), (14, 94), (34, 94), (42, 86)], "tint-")


@drawing("pirate ship", 120, 120)
def pirate_ship(p: Pen, t: float) -> None:
    """A two-master with patched sails and a black flag."""
    p.line([(44, 92), (44, 8)], 6, "brown")
    p.line([(82, 92), (82, 20)], 5, "brown")
    flap = 3 * math.sin(math.tau * t)
    p.blob([(45, 4), (60, 6 + flap), (74, 3), (73, 17), (60, 20 + flap), (45, 18)], "dark")
    p.oval(58, 11 + flap * 0.6, 3.6, 3.6, "white", plain=True)
    p.blob([(18, 26), (44, 22), (68, 26), (72, 50), (66, 74), (44, 68), (20, 74), (16, 50)], "bone")
    p.blob([(17, 42), (44, 38), (71, 42), (71, 56), (44, 52), (16, 56)], "tint", plain=True)
    p.blob([(74, 34), (92, 32), (104, 38), (107, 56), (102, 74), (84, 70), (74, 72)], "bone")
    p.line([(98, 84), (118, 70)], 5, "brown")
    p.blob([(4, 74), (20, 82), (60, 88), (100, 84), (116, 78), (104, 112), (60, 118), (18, 112)], "brown")
    p.rect(2, 66, 20, 14, "brown+", 3)
    p.line([(10, 92), (60, 99), (108, 92)], 4, "tan", smooth=True)
    for x in (32, 56, 80):
        p.oval(x, 104, 5.5, 5.5, "shade", plain=True)
    p.blob(
        [(0, 120), (10, 110), (24, 115), (42, 109), (60, 115), (78, 109), (96, 115), (112, 110), (120, 120)],
        "sky",
    )


@drawing("hot air balloon", 100, 130)
def hot_air_balloon(p: Pen, t: float) -> None:
    """Striped silk and a wicker basket."""
    for x in (-1, 1):
        p.line([(50 + x * 24, 84), (50 + x * 11, 108)], 2.8, "brown")
    p.blob([(50, 2), (82, 12), (97, 42), (88, 68), (64, 92), (36, 92), (12, 68), (3, 42), (18, 12)], "tint")
    p.blob([(50, 2), (68, 22), (72, 46), (62, 92), (38, 92), (28, 46), (32, 22)], "white", plain=True)
    p.blob([(50, 2), (57, 24), (58, 46), (54, 92), (46, 92), (42, 46), (43, 24)], "tint", plain=True)
    p.rect(35, 86, 30, 8, "tint-", 3)
    p.rect(36, 106, 28, 23, "tan-", 5)
    p.rect(34, 104, 32, 7, "brown", 3)
    for y in (116, 122):
        p.line([(38, y), (62, y)], 2.2, "brown", smooth=False)


@drawing("airship", 130, 100)
def airship(p: Pen, t: float) -> None:
    """A ribbed hull with a cabin and a propeller."""
    p.poly([(20, 40), (2, 16), (16, 14), (36, 30)], "tint-")
    p.poly([(20, 48), (2, 72), (16, 74), (36, 58)], "tint-")
    p.blob([(8, 44), (30, 22), (70, 12), (108, 24), (127, 44), (108, 64), (70, 76), (30, 66)], "tint")
    p.blob(
        [(12, 44), (34, 36), (70, 32), (110, 36), (124, 44), (110, 50), (70, 54), (34, 52)],
        "bone",
        plain=True,
    )
    for x, half in ((44, 28), (94, 26)):
        p.line([(x, 44 - half), (x + 5, 44), (x, 44 + half)], 3, "tint-", smooth=True)
    for x in (52, 90):
        p.line([(x, 68), (x + (3 if x < 70 else -3), 82)], 3.4, "iron")
    p.blob([(42, 80), (100, 80), (94, 96), (50, 96)], "brown")
    for x in (56, 70, 84):
        p.oval(x, 87, 4.6, 4.6, "lamp", plain=True)
    spin = 10 * math.cos(math.tau * t)
    p.oval(36, 88, 3.4, 5 + abs(spin), "iron")


@drawing("mine cart", 110, 100)
def mine_cart(p: Pen, t: float) -> None:
    """A cart heaped with ore, on its rails."""
    for x, y, r, colour in (
        (30, 32, 15, "gold"),
        (80, 32, 15, "teal"),
        (56, 22, 18, "gold"),
        (52, 38, 14, "rose"),
    ):
        p.star(x, y, r * 1.25, colour, 4, 0.72, 20 + x)
    p.poly([(6, 36), (104, 36), (90, 80), (20, 80)], "iron")
    p.rect(2, 32, 106, 11, "steel", 4)
    p.rect(22, 52, 66, 9, "tint", 2)
    for x in (14, 34, 55, 76, 96):
        p.oval(x, 37.5, 2.8, 2.8, "steel+", plain=True)
    for x in (32, 78):
        p.oval(x, 84, 14, 14, "brown-")
        p.oval(x, 84, 9, 9, "steel")
        for spoke in range(2):
            angle = math.pi * (spoke / 2 + 2 * t)
            dx, dy = 9 * math.cos(angle), 9 * math.sin(angle)
            p.line([(x - dx, 84 - dy), (x + dx, 84 + dy)], 3, "iron")


@drawing("digger", 120, 100)
def digger(p: Pen, t: float) -> None:
    """An excavator with its shovel up."""
    reach = 3 * math.sin(math.tau * t)
    p.line([(54, 58), (78, 16 + reach), (106, 34 + reach)], 11, "tint-")
    p.poly(
        [(98, 30 + reach), (118, 38 + reach), (112, 58 + reach), (94, 56 + reach), (90, 46 + reach)], "steel"
    )
    p.poly([(10, 44), (26, 44), (26, 20), (56, 20), (62, 44), (66, 70), (10, 70)], "tint")
    p.poly([(33, 26), (52, 26), (56, 46), (33, 46)], "ice", plain=True)
    p.rect(10, 32, 12, 14, "iron", 3)
    p.rect(2, 68, 84, 28, "dark", 14)
    for x in (18, 34, 52, 70):
        p.oval(x, 82, 8.5, 8.5, "steel")
        p.oval(x, 82, 3.4, 3.4, "dark", plain=True)
