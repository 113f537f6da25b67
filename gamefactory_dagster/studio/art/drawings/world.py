"""Solid things: crates to stand on, in a box of 96 x 96. The ground is in ``ground.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .registry import drawing

if TYPE_CHECKING:
    from gamefactory_dagster.studio.art.pen import Pen


@drawing("crate_wood", 96, 96)
def crate_wood(p: Pen, t: float) -> None:
    """Planks in a frame."""
    p.rect(2, 2, 92, 92, "brown", 8)
    for y in (14, 38, 61):
        p.rect(12, y, 72, 21, "tan-", 3)
    p.poly([(14, 76), (24, 84), (82, 22), (72, 13)], "brown+")
    for x in (10, 86):
        for y in (10, 86):
            p.oval(x, y, 4, 4, "steel", plain=True)


@drawing("crate_stone", 96, 96)
def crate_stone(p: Pen, t: float) -> None:
    """Cut blocks."""
    p.rect(2, 2, 92, 92, "stone-", 8)
    for x, y, wide in ((6, 6, 50), (60, 6, 30), (6, 36, 26), (36, 36, 54), (6, 66, 44), (54, 66, 36)):
        p.rect(x, y, wide, 25, "stone+", 5)


@drawing("crate_metal", 96, 96)
def crate_metal(p: Pen, t: float) -> None:
    """A riveted box with a warning stripe."""
    p.rect(2, 2, 92, 92, "iron", 10)
    p.rect(13, 13, 70, 70, "steel", 6)
    for i in range(4):
        x = 15 + i * 18
        p.poly([(x, 58), (x + 9, 58), (x + 3, 72), (x - 2 if i else x, 72)], "gold", plain=True)
    p.rect(24, 24, 48, 22, "steel-", 5)
    for x in (8, 88):
        for y in (8, 88):
            p.oval(x, y, 3.6, 3.6, "steel+", plain=True)


@drawing("crate_biscuit", 96, 96)
def crate_biscuit(p: Pen, t: float) -> None:
    """A biscuit with icing on top."""
    p.rect(2, 4, 92, 90, "tan-", 14)
    p.blob(
        [
            (2, 10),
            (20, 1),
            (76, 1),
            (94, 10),
            (94, 32),
            (84, 40),
            (74, 28),
            (62, 44),
            (50, 30),
            (38, 40),
            (26, 28),
            (14, 38),
            (2, 28),
        ],
        "pink",
    )
    for x, y in ((22, 62), (48, 74), (72, 60), (34, 82), (66, 82)):
        p.oval(x, y, 5, 5, "brown", plain=True)
    for x, y, colour in ((22, 14, "yellow"), (44, 20, "sky"), (66, 12, "lime"), (82, 20, "white")):
        p.oval(x, y, 3.6, 3.6, colour, plain=True)


@drawing("crate_ice", 96, 96)
def crate_ice(p: Pen, t: float) -> None:
    """A block of ice under a cap of snow."""
    p.rect(2, 6, 92, 88, "sky", 9)
    p.poly([(16, 84), (60, 30), (76, 30), (32, 84)], "ice", plain=True)
    p.poly([(48, 84), (80, 46), (86, 52), (60, 84)], "ice", plain=True)
    p.blob(
        [
            (0, 14),
            (14, 2),
            (48, 0),
            (82, 2),
            (96, 14),
            (90, 26),
            (74, 20),
            (56, 28),
            (38, 20),
            (22, 28),
            (6, 24),
        ],
        "white",
    )


@drawing("crate_pot", 96, 96)
def crate_pot(p: Pen, t: float) -> None:
    """A square planter full of green."""
    for x, y in ((14, 16), (32, 11), (50, 15), (68, 11), (84, 17)):
        p.oval(x, y, 14, 12, "green")
    p.poly([(4, 26), (92, 26), (88, 95), (8, 95)], "copper")
    p.rect(1, 20, 94, 19, "copper", 6)
    p.star(48, 66, 17, "bone", 6, 0.5, plain=True)
