"""What every board and run share: coins, clocks, stones, covers, cells, hearts, sparks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .registry import drawing

if TYPE_CHECKING:
    from gamefactory_dagster.studio.art.pen import Pen


def _coin(p: Pen, colour: str) -> None:
    p.oval(50, 50, 47, 47, colour)
    p.oval(50, 50, 36, 36, colour + "+")


@drawing("pearl")
def pearl(p: Pen, t: float) -> None:
    """A pearl."""
    p.oval(50, 50, 46, 46, "pink+")
    p.oval(44, 44, 33, 33, "white", plain=True)
    p.oval(62, 64, 16, 12, "ice", plain=True)
    p.oval(34, 32, 9, 7, "white", plain=True)


@drawing("suncoin")
def suncoin(p: Pen, t: float) -> None:
    """A gold coin with a sun on it."""
    _coin(p, "gold")
    p.star(50, 50, 29, "orange", 8, 0.6, plain=True)
    p.oval(50, 50, 12, 12, "yellow", plain=True)


@drawing("crowncoin")
def crowncoin(p: Pen, t: float) -> None:
    """A gold coin with a crown on it."""
    _coin(p, "gold")
    p.poly([(28, 68), (24, 36), (39, 50), (50, 30), (61, 50), (76, 36), (72, 68)], "copper", plain=True)


@drawing("token")
def token(p: Pen, t: float) -> None:
    """A gold token with a flash on it."""
    _coin(p, "gold")
    p.poly([(55, 22), (32, 54), (48, 54), (42, 79), (69, 44), (53, 44), (62, 22)], "copper", plain=True)


@drawing("ruby")
def ruby(p: Pen, t: float) -> None:
    """A ruby of six sides."""
    p.poly([(50, 2), (90, 26), (90, 74), (50, 98), (10, 74), (10, 26)], "rose")
    p.poly([(50, 24), (70, 36), (70, 64), (50, 76), (30, 64), (30, 36)], "pink", plain=True)
    p.poly([(50, 2), (50, 24), (30, 36), (10, 26)], "pink+", plain=True)


@drawing("clock")
def clock(p: Pen, t: float) -> None:
    """An alarm clock."""
    for side in (-1, 1):
        p.oval(50 + side * 28, 18, 16, 13, "red")
        p.line([(50 + side * 24, 82), (50 + side * 34, 97)], 9, "iron")
    p.oval(50, 55, 42, 41, "red")
    p.oval(50, 55, 31, 30, "white", plain=True)
    p.line([(50, 36), (50, 56), (64, 64)], 6.5, "shade")


@drawing("clock_tile")
def clock_tile(p: Pen, t: float) -> None:
    """An hourglass: time to be won on a board."""
    p.blob(
        [(20, 10), (80, 10), (76, 32), (56, 50), (76, 68), (80, 90), (20, 90), (24, 68), (44, 50), (24, 32)],
        "ice",
    )
    p.blob([(28, 28), (72, 28), (66, 36), (50, 49), (34, 36)], "gold", plain=True)
    p.blob([(26, 90), (34, 74), (50, 66), (66, 74), (74, 90)], "gold", plain=True)
    p.rect(10, 2, 80, 13, "brown", 5)
    p.rect(10, 85, 80, 13, "brown", 5)


@drawing("stone")
def stone(p: Pen, t: float) -> None:
    """A boulder with a crack."""
    p.poly([(28, 8), (68, 4), (94, 30), (98, 68), (76, 96), (26, 97), (3, 70), (6, 34)], "stone")
    p.poly([(28, 8), (68, 4), (58, 26), (26, 30)], "stone+", plain=True)
    p.poly([(94, 30), (98, 68), (76, 96), (70, 60)], "stone-", plain=True)
    p.line([(58, 26), (46, 48), (56, 60), (44, 82)], 4, "iron")


@drawing("cover")
def cover(p: Pen, t: float) -> None:
    """The back of a tile: a question yet to be answered."""
    p.rect(4, 4, 92, 92, "main", 16)
    p.rect(14, 14, 72, 72, "main-", 11)
    p.line([(36, 40), (40, 29), (52, 26), (63, 33), (62, 46), (50, 54), (50, 62)], 9.5, "white", smooth=True)
    p.oval(50, 76, 6, 6, "white")


@drawing("cell")
def cell(p: Pen, t: float) -> None:
    """The square a tile lies in."""
    p.rect(1, 1, 98, 98, "cell_edge", 14, plain=True)
    p.rect(4, 4, 92, 92, "cell", 12, plain=True)


@drawing("spark")
def spark(p: Pen, t: float) -> None:
    """A glint."""
    p.star(50, 50, 48, "yellow", 4, 0.34, plain=True)
    p.star(50, 50, 24, "white", 4, 0.5, plain=True)


@drawing("bubble")
def bubble(p: Pen, t: float) -> None:
    """A puff."""
    p.oval(50, 50, 42, 42, "ice", plain=True)
    p.oval(38, 36, 11, 9, "white", plain=True)


@drawing("flag", 80, 160)
def flag(p: Pen, t: float) -> None:
    """The finish: a chequered flag on a gilded pole."""
    p.blob([(2, 160), (8, 148), (34, 148), (40, 160)], "stone")
    p.rect(17, 10, 9, 142, "bone", 4)
    p.oval(21.5, 9, 8.5, 8.5, "gold")
    wave = [26 + math.sin(i * 1.05) * 3 for i in range(7)]
    top = [(26 + i * 8.5, wave[i] - 4) for i in range(7)]
    bottom = [(26 + i * 8.5, wave[i] + 46) for i in range(7)]
    p.poly([*top, *reversed(bottom)], "main")
    for row in range(3):
        for column in range(3):
            if (row + column) % 2 == 0:
                x, y = 26 + column * 17, wave[column * 2] - 4 + row * 16.7
                p.poly([(x, y), (x + 17, y + 1), (x + 17, y + 17), (x, y + 16.7)], "white", plain=True)
