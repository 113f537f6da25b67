"""Hazards that fly (112 x 80). The phase beats their wings or turns their rotors; they look left."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .hazards import frown
from .registry import drawing

if TYPE_CHECKING:
    from gamefactory_dagster.studio.art.pen import Pen


def _beat(t: float) -> float:
    """Wing height: 1 up, -1 down."""
    return math.cos(math.tau * t)


@drawing("jellyfish", 112, 80)
def jellyfish(p: Pen, t: float) -> None:
    """A bell that pulses, trailing stings."""
    pulse = _beat(t) * 4
    for i, x in enumerate((30, 44, 58, 72, 84)):
        sway = pulse if i % 2 else -pulse
        p.line([(x, 40), (x + sway, 54), (x - sway, 66), (x + sway, 77)], 5.5, "rose", smooth=True)
    p.blob(
        [
            (16 - pulse, 44),
            (20, 18),
            (40, 4 + pulse),
            (72, 4 + pulse),
            (92, 18),
            (96 + pulse, 44),
            (76, 49),
            (56, 45),
            (36, 49),
        ],
        "pink",
    )
    for x, y in ((36, 16), (74, 14), (56, 10)):
        p.oval(x, y + pulse * 0.5, 4.5, 3.6, "white", plain=True)
    frown(p, 54, 30, 8)


def _bird(p: Pen, t: float, plume: str, wing: str, beak: str, *, tail: str) -> None:
    beat = _beat(t)
    p.blob([(80, 40), (110, 30), (106, 44), (111, 54), (82, 54)], tail)
    p.oval(56, 46, 32, 22, plume)
    p.blob([(56, 40), (66, 38 - 34 * beat), (90, 36 - 36 * beat), (84, 42 - 18 * beat), (78, 48)], wing)
    p.oval(30, 34, 20, 19, plume)
    p.blob([(16, 32), (0, 36), (4, 46), (18, 44)], beak)


@drawing("vulture", 112, 80)
def vulture(p: Pen, t: float) -> None:
    """A bald head on a white collar."""
    _bird(p, t, "dark+", "dark", "gold", tail="dark")
    p.oval(40, 45, 13, 10, "bone")
    p.oval(28, 30, 16, 15, "pink")
    p.blob([(16, 28), (0, 34), (3, 45), (18, 40)], "gold")
    frown(p, 26, 27, 6)


@drawing("owl", 112, 80)
def owl(p: Pen, t: float) -> None:
    """A snowy owl in full stoop."""
    beat = _beat(t)
    for side in (-1, 1):
        tip = 56 + side * 54
        p.blob(
            [
                (56 + side * 18, 34),
                (56 + side * 36, 34 - 22 * beat),
                (tip, 40 - 28 * beat),
                (56 + side * 44, 54 - 8 * beat),
                (56 + side * 20, 58),
            ],
            "steel+",
        )
    p.blob([(36, 14), (40, 3), (50, 11), (62, 11), (72, 3), (76, 14), (80, 46), (56, 76), (32, 46)], "white")
    for x, y in ((46, 56), (56, 62), (66, 56)):
        p.poly([(x - 4, y), (x, y + 5), (x + 4, y)], "steel", plain=True)
    frown(p, 56, 28, 9)
    p.poly([(51, 34), (61, 34), (56, 44)], "orange")


@drawing("toucan", 112, 80)
def toucan(p: Pen, t: float) -> None:
    """A large beak first."""
    beat = _beat(t)
    p.blob([(82, 42), (111, 36), (104, 46), (110, 54), (84, 56)], "red")
    p.oval(64, 46, 28, 20, "dark")
    p.blob([(60, 40), (70, 38 - 32 * beat), (96, 34 - 34 * beat), (88, 42 - 16 * beat), (82, 50)], "blue")
    p.oval(46, 32, 19, 19, "dark")
    p.oval(42, 38, 12, 13, "yellow", plain=True)
    p.blob([(34, 22), (14, 20), (0, 34), (2, 48), (14, 40), (34, 40)], "orange")
    p.blob([(12, 26), (0, 36), (2, 47), (12, 40)], "red", plain=True)
    frown(p, 46, 26, 6)


@drawing("wasp", 112, 80)
def wasp(p: Pen, t: float) -> None:
    """Stripes, wings, sting."""
    beat = _beat(t)
    p.blob([(54, 34), (46, 8 - 4 * beat), (60, 0 - 4 * beat), (68, 32)], "ice")
    p.blob([(62, 36), (70, 8 + 6 * beat), (88, 6 + 6 * beat), (74, 38)], "ice")
    p.poly([(92, 50), (111, 56), (92, 60)], "dark")
    p.oval(70, 52, 28, 20, "gold")
    for x in (62, 78):
        p.blob(
            [(x - 5, 34), (x + 5, 34), (x + 7, 52), (x + 4, 70), (x - 6, 70), (x - 3, 52)], "dark", plain=True
        )
    p.oval(32, 46, 22, 20, "gold")
    for x in (20, 32):
        p.line([(x + 4, 30), (x, 20), (x - 6, 16)], 3.6, "dark", smooth=True)
    frown(p, 26, 43, 7.5)


@drawing("ufo", 112, 80)
def ufo(p: Pen, t: float) -> None:
    """A saucer with a green pilot."""
    p.blob([(32, 42), (36, 14), (56, 4), (76, 14), (80, 42)], "ice")
    p.oval(56, 30, 14, 15, "lime")
    frown(p, 56, 27, 6)
    p.blob([(2, 50), (24, 36), (56, 32), (88, 36), (110, 50), (86, 64), (56, 68), (26, 64)], "steel")
    for i, x in enumerate((20, 38, 56, 74, 92)):
        lit = (i + round(t * 2)) % 2 == 0
        p.oval(x, 51 + (3 if 30 < x < 80 else 0), 5.5, 5, "yellow" if lit else "red", plain=True)
    p.blob([(40, 64), (72, 64), (66, 76), (46, 76)], "iron")


def _bat(p: Pen, t: float, fur: str, wing: str) -> None:
    beat = _beat(t) * 16
    for side in (-1, 1):
        x = 56 + side * 14
        points = [
            (x, 36),
            (x + side * 20, 18 - beat),
            (x + side * 41, 26 - beat),
            (x + side * 38, 46 - beat * 0.6),
        ]
        points += [
            (x + side * 28, 42 - beat * 0.3),
            (x + side * 22, 56 - beat * 0.2),
            (x + side * 12, 48),
            (x, 58),
        ]
        p.blob(points, wing)
    for side in (-1, 1):
        p.poly([(56 + side * 18, 32), (56 + side * 16, 6), (56 + side * 2, 22)], fur)
    p.oval(56, 42, 23, 23, fur)
    frown(p, 56, 38, 9)
    for x in (49, 60):
        p.poly([(x - 3.5, 52), (x + 3.5, 52), (x, 61)], "white", plain=True)


@drawing("bat", 112, 80)
def bat(p: Pen, t: float) -> None:
    """Ears, fangs and leather wings."""
    _bat(p, t, "purple-", "purple")


@drawing("firebat", 112, 80)
def firebat(p: Pen, t: float) -> None:
    """A bat with burning wings."""
    _bat(p, t, "dark", "lava")


@drawing("winged_donut", 112, 80)
def winged_donut(p: Pen, t: float) -> None:
    """A doughnut gone bad."""
    beat = _beat(t) * 14
    for side in (-1, 1):
        x = 56 + side * 24
        p.blob(
            [
                (x, 40),
                (x + side * 14, 16 - beat),
                (x + side * 30, 16 - beat),
                (x + side * 28, 34 - beat * 0.5),
                (x + side * 14, 54),
            ],
            "white",
        )
    p.oval(56, 44, 33, 31, "tan")
    p.blob(
        [
            (24, 42),
            (32, 20),
            (56, 12),
            (80, 20),
            (88, 42),
            (80, 54),
            (72, 50),
            (62, 58),
            (50, 51),
            (40, 58),
            (30, 52),
        ],
        "rose",
    )
    for x, y, turn in ((36, 28, 20), (52, 19, 80), (70, 24, 140), (80, 38, 60)):
        angle = math.radians(turn)
        p.line([(x, y), (x + 6 * math.cos(angle), y + 6 * math.sin(angle))], 3.6, "yellow")
    frown(p, 56, 38, 9)
    p.line([(46, 64), (52, 61), (60, 61), (66, 64)], 3.6, "shade", smooth=True)


@drawing("drone", 112, 80)
def drone(p: Pen, t: float) -> None:
    """Four rotors and one red eye."""
    beat = _beat(t)
    p.line([(20, 26), (56, 40), (92, 26)], 8, "iron")
    for x in (20, 92):
        p.rect(x - 4, 14, 8, 16, "iron", 3)
        half = 12 + 8 * beat
        p.oval(x, 13, half + 4, 4.5, "ice")
    p.blob([(26, 44), (36, 28), (76, 28), (86, 44), (74, 60), (38, 60)], "steel")
    p.oval(56, 44, 13, 13, "dark")
    p.oval(56, 44, 8, 8, "red")
    p.line([(38, 60), (30, 76), (40, 76)], 5, "iron")
    p.line([(74, 60), (82, 76), (72, 76)], 5, "iron")


@drawing("copter", 112, 80)
def copter(p: Pen, t: float) -> None:
    """A clockwork beetle under a propeller."""
    beat = _beat(t)
    p.rect(53, 6, 6, 22, "iron", 2)
    p.oval(56, 8, 24 + 22 * beat, 5, "bone")
    p.blob([(84, 40), (110, 34), (110, 52), (86, 52)], "copper")
    p.oval(56, 48, 36, 25, "brass")
    p.line([(58, 24), (64, 48), (58, 72)], 4, "brown-", smooth=True)
    for x, y in ((74, 36), (80, 52), (72, 62)):
        p.oval(x, y, 3, 3, "brown", plain=True)
    p.oval(28, 48, 16, 17, "copper")
    frown(p, 25, 46, 7)
