"""The twelve heroes: a shared stance that runs, jumps and ducks, and what makes each one itself.

Boxes are 96 x 128 upright and 96 x 80 ducking; heroes look right. What is not a hero is elsewhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .registry import drawing

if TYPE_CHECKING:
    from gamefactory_dagster.studio.art.pen import Pen


@dataclass(frozen=True, slots=True)
class Stance:
    """Where head (hx, hy, r), body (bx, by, wide, high) and limbs of a hero are at this moment."""

    hx: float
    hy: float
    r: float
    bx: float
    by: float
    wide: float
    high: float
    floor: float
    swing: float
    """-1 to 1: how far the first leg is ahead."""
    lift: float
    air: bool


def stance(p: Pen, t: float) -> Stance:
    """The stance for the pen's pose at phase ``t`` of the run cycle."""
    if p.pose == "duck":
        return Stance(58, 42, 26, 36, 56, 26, 17, 78, 0.35, 0.0, False)
    if p.pose == "jump":
        return Stance(52, 40, 31, 45, 86, 20, 21, 118, 1.0, 0.0, True)
    bob = abs(math.sin(math.tau * t)) * 4
    return Stance(
        51, 43 - bob, 31, 45, 89 - bob, 20, 21, 125, math.cos(math.tau * t), math.sin(math.tau * t), False
    )


def leg(p: Pen, s: Stance, side: int, colour: str, shoe: str) -> None:
    """One leg; ``side`` 1 is the far one, -1 the near one."""
    hip = (s.bx - side * 3, s.by + s.high * 0.55)
    if s.air:
        foot = (s.bx + side * 19, s.floor - (14 if side > 0 else 2))
    else:
        up = max(0.0, s.lift * side) * 13
        foot = (s.bx + s.swing * side * 17, s.floor - 5 - up)
    knee = ((hip[0] + foot[0]) / 2 + 4, (hip[1] + foot[1]) / 2)
    p.line([hip, knee, foot], 10, colour, smooth=True)
    p.oval(foot[0] + 4, foot[1] + 1, 10, 6.5, shoe)


def arm(p: Pen, s: Stance, side: int, colour: str) -> None:
    """One arm, swinging against the leg of its side; up in the air."""
    shoulder = (s.bx + side * 10, s.by - s.high * 0.35)
    if s.air:
        hand = (shoulder[0] + side * 20, shoulder[1] - 14)
    else:
        hand = (shoulder[0] - s.swing * side * 15 + 3, shoulder[1] + 17)
    p.line(
        [shoulder, ((shoulder[0] + hand[0]) / 2 - 2, (shoulder[1] + hand[1]) / 2 + 3), hand],
        9.5,
        colour,
        smooth=True,
    )


def scarf(p: Pen, s: Stance, colour: str) -> None:
    """A scarf that flies behind."""
    x, y = s.bx + 2, s.by - s.high * 0.72
    wave = s.lift * 5
    p.blob(
        [(x, y - 4), (x - 22, y - 6 - wave), (x - 38, y + wave), (x - 36, y + 9 + wave), (x - 20, y + 5)],
        colour,
    )
    p.rect(x - 19, y - 5, 40, 11, colour, 5)


def face(p: Pen, s: Stance, *, eye: float = 7.2, cheeks: bool = True) -> None:
    """Two eyes, cheeks and a small smile."""
    p.eye(s.hx + 4, s.hy - 1, eye)
    p.eye(s.hx + 21, s.hy - 1, eye * 0.9)
    if cheeks:
        p.oval(s.hx - 5, s.hy + 11, 5, 3.2, "pink", plain=True)
    smile = [(s.hx + 8, s.hy + 13), (s.hx + 13, s.hy + 16), (s.hx + 18, s.hy + 13)]
    p.line(smile, 2.8, "shade", smooth=True)


def body(p: Pen, s: Stance, limb: str, trunk: str, shoe: str) -> None:
    """Far limbs, near leg and trunk: what every walker has behind its head."""
    arm(p, s, 1, limb + "-")
    leg(p, s, 1, limb + "-", shoe + "-")
    leg(p, s, -1, limb, shoe)
    p.oval(s.bx, s.by, s.wide, s.high, trunk)


@drawing("fish", 96, 128)
def fish(p: Pen, t: float) -> None:
    """A round fish that swims upright enough to dodge."""
    wag = math.sin(math.tau * t + 0.7) * 8
    high = 0.72 if p.pose == "duck" else 1.0
    middle = 44 if p.pose == "duck" else 68 - abs(wag) * 0.4
    p.place(0, middle, high=high, turn=-14 if p.pose == "jump" else 0)
    p.blob([(26, 0), (4, -26 + wag), (1, -6 + wag), (8, 2), (2, 14 + wag), (6, 30 + wag)], "second")
    p.blob([(34, -28), (40, -50), (62, -44), (68, -26)], "second")
    p.blob([(20, 2), (32, -27), (58, -33), (82, -20), (92, 2), (82, 22), (58, 34), (32, 27)], "main")
    p.blob([(40, 25), (58, 14), (84, 15), (74, 27), (56, 33)], "main++", plain=True)
    p.blob([(44, -30), (52, -32), (57, 0), (53, 31), (45, 29), (49, 0)], "white")
    p.blob([(50, 8), (30, 14 - wag), (27, 26 - wag), (40, 26)], "second")
    p.eye(71, -8, 11)
    p.line([(80, 11), (85, 13), (89, 9)], 3, "shade", smooth=True)
    p.oval(66, 9, 5, 3.2, "pink", plain=True)


@drawing("fennec", 96, 128)
def fennec(p: Pen, t: float) -> None:
    """A desert fox with ears too large for it."""
    s = stance(p, t)
    p.blob(
        [
            (s.bx - 12, s.by + 8),
            (s.bx - 34, s.by + 8 + s.lift * 5),
            (s.bx - 42, s.by - 14),
            (s.bx - 24, s.by - 8),
        ],
        "orange",
    )
    p.oval(s.bx - 38, s.by - 11, 6, 7, "bone", plain=True)
    body(p, s, "orange", "orange", "brown")
    p.oval(s.bx + 7, s.by + 4, 10, 13, "bone", plain=True)
    for x, lean in ((s.hx - 17, -13), (s.hx + 17, 8)):
        p.blob([(x - 10, s.hy - 18), (x + lean, s.hy - 41), (x + 11, s.hy - 18)], "orange")
        p.blob([(x - 4, s.hy - 19), (x + lean * 0.8, s.hy - 34), (x + 6, s.hy - 19)], "pink", plain=True)
    p.oval(s.hx, s.hy, s.r, s.r * 0.84, "orange")
    p.blob(
        [
            (s.hx - 10, s.hy + 16),
            (s.hx + 6, s.hy + 3),
            (s.hx + 30, s.hy + 8),
            (s.hx + 18, s.hy + 23),
            (s.hx, s.hy + 24),
        ],
        "bone",
        plain=True,
    )
    face(p, s, cheeks=False)
    p.oval(s.hx + 29, s.hy + 6, 4.5, 3.6, "shade", plain=True)
    scarf(p, s, "main")
    arm(p, s, -1, "orange")


@drawing("hedgehog", 96, 128)
def hedgehog(p: Pen, t: float) -> None:
    """Spines all over the back, a soft face."""
    s = stance(p, t)
    body(p, s, "tan", "tan", "brown")
    p.star(s.bx - 6, s.by - 2, s.high * 1.5, "brown-", 11, 0.74, 10)
    p.oval(s.bx + 9, s.by + 3, s.wide * 0.7, s.high * 0.86, "sand")
    p.star(s.hx - 5, s.hy - 2, s.r * 1.22, "brown", 13, 0.78)
    p.oval(s.hx + 7, s.hy + 4, s.r * 0.78, s.r * 0.74, "sand")
    p.oval(s.hx - 10, s.hy - 14, 6, 6.5, "tan")
    face(p, s)
    p.oval(s.hx + 31, s.hy + 7, 5, 4.4, "shade", plain=True)
    scarf(p, s, "main")
    arm(p, s, -1, "tan")


@drawing("astronaut", 96, 128)
def astronaut(p: Pen, t: float) -> None:
    """White suit, big visor, a pack on the back."""
    s = stance(p, t)
    p.rect(s.bx - 29, s.by - 20, 20, 34, "steel-", 6)
    if s.air:
        p.blob([(s.bx - 26, s.by + 14), (s.bx - 19, s.by + 34), (s.bx - 12, s.by + 14)], "lava")
    body(p, s, "white", "white", "main")
    p.rect(s.bx - 6, s.by + 1, 20, 10, "main", 3)
    p.oval(s.hx, s.hy, s.r, s.r * 0.96, "white")
    p.oval(s.hx + 8, s.hy + 1, s.r * 0.74, s.r * 0.66, "navy")
    p.eye(s.hx + 3, s.hy + 1, 6.4)
    p.eye(s.hx + 19, s.hy + 1, 5.8)
    p.line([(s.hx - 8, s.hy - 13), (s.hx - 1, s.hy - 18)], 3.6, "white", smooth=False)
    p.rect(s.hx - 33, s.hy - 6, 9, 18, "main", 4)
    p.rect(s.bx - 17, s.by - s.high + 1, 34, 7, "steel", 3)
    arm(p, s, -1, "white")


@drawing("knight", 96, 128)
def knight(p: Pen, t: float) -> None:
    """A helmet with a plume and a cape in the game's colour."""
    s = stance(p, t)
    p.blob(
        [
            (s.bx + 2, s.by - 20),
            (s.bx - 26, s.by - 4 + s.lift * 4),
            (s.bx - 34, s.by + 24),
            (s.bx - 6, s.by + 20),
        ],
        "main",
    )
    body(p, s, "steel", "steel", "iron")
    p.rect(s.bx - 16, s.by + 6, 34, 7, "brown", 2)
    p.blob(
        [
            (s.hx - 2, s.hy - 24),
            (s.hx - 20, s.hy - 40),
            (s.hx - 44, s.hy - 28),
            (s.hx - 38, s.hy - 10),
            (s.hx - 22, s.hy - 20),
        ],
        "main",
    )
    p.blob(
        [
            (s.hx - 30, s.hy + 20),
            (s.hx - 31, s.hy - 8),
            (s.hx - 12, s.hy - 30),
            (s.hx + 14, s.hy - 29),
            (s.hx + 31, s.hy - 6),
            (s.hx + 30, s.hy + 20),
            (s.hx, s.hy + 28),
        ],
        "steel",
    )
    p.rect(s.hx - 8, s.hy - 11, 40, 20, "shade", 7, plain=True)
    p.eye(s.hx + 4, s.hy - 1, 6.4)
    p.eye(s.hx + 21, s.hy - 1, 5.8)
    for x in (2, 12, 22):
        p.line([(s.hx + x, s.hy + 14), (s.hx + x, s.hy + 21)], 3, "iron")
    arm(p, s, -1, "steel")


@drawing("gingerbread", 96, 128)
def gingerbread(p: Pen, t: float) -> None:
    """A biscuit with icing cuffs and buttons."""
    s = stance(p, t)
    body(p, s, "copper", "copper", "white")
    for y in (-7, 4):
        p.oval(s.bx + 5, s.by + y + 2, 3.6, 3.6, "main", plain=True)
    p.oval(s.hx, s.hy, s.r, s.r * 0.94, "copper")
    icing = [(s.hx - 28 + i * 7, s.hy - 15 + (4 if i % 2 else -4)) for i in range(9)]
    p.line(icing, 4.6, "white", smooth=True)
    face(p, s)
    p.blob([(s.bx + 3, s.by - 18), (s.bx + 17, s.by - 25), (s.bx + 17, s.by - 11)], "main")
    p.blob([(s.bx + 3, s.by - 18), (s.bx - 11, s.by - 25), (s.bx - 11, s.by - 11)], "main")
    arm(p, s, -1, "copper")


@drawing("penguin", 96, 128)
def penguin(p: Pen, t: float) -> None:
    """Round, black and white, with a woolly scarf."""
    s = stance(p, t)
    leg(p, s, 1, "orange-", "orange-")
    leg(p, s, -1, "orange", "orange")
    p.oval(s.bx, s.by - 2, s.wide * 1.2, s.high * 1.15, "navy")
    p.oval(s.bx + 7, s.by + 1, s.wide * 0.8, s.high * 0.92, "white")
    p.oval(s.hx, s.hy, s.r, s.r * 0.95, "navy")
    p.blob(
        [
            (s.hx - 6, s.hy + 20),
            (s.hx - 9, s.hy),
            (s.hx + 4, s.hy - 15),
            (s.hx + 13, s.hy - 8),
            (s.hx + 24, s.hy - 13),
            (s.hx + 29, s.hy + 4),
            (s.hx + 18, s.hy + 22),
        ],
        "white",
        plain=True,
    )
    p.eye(s.hx + 4, s.hy - 2, 6.8)
    p.eye(s.hx + 22, s.hy - 2, 6)
    p.blob(
        [(s.hx + 10, s.hy + 6), (s.hx + 24, s.hy + 5), (s.hx + 37, s.hy + 11), (s.hx + 22, s.hy + 16)],
        "orange",
    )
    p.oval(s.hx, s.hy + 11, 4.6, 3, "pink", plain=True)
    scarf(p, s, "main")
    arm(p, s, -1, "navy")


@drawing("dragon", 96, 128)
def dragon(p: Pen, t: float) -> None:
    """A small dragon whose wings are not much use yet."""
    s = stance(p, t)
    beat = 12 if s.air else s.lift * 5
    p.blob(
        [
            (s.bx - 8, s.by + 14),
            (s.bx - 30, s.by + 22),
            (s.bx - 43, s.by + 6),
            (s.bx - 26, s.by + 8),
            (s.bx - 10, s.by - 2),
        ],
        "main",
    )
    p.blob(
        [
            (s.bx - 8, s.by - 8),
            (s.bx - 30, s.by - 30 - beat),
            (s.bx - 44, s.by - 18 - beat),
            (s.bx - 33, s.by - 8),
            (s.bx - 36, s.by + 4),
            (s.bx - 16, s.by + 4),
        ],
        "second",
    )
    body(p, s, "main", "main", "main-")
    p.oval(s.bx + 8, s.by + 3, s.wide * 0.6, s.high * 0.8, "bone", plain=True)
    for x, y in ((-24, -20), (-12, -29), (-31, -6)):
        p.star(s.hx + x, s.hy + y, 10, "second", 3, 0.5, 60 + x * 2)
    p.oval(s.hx, s.hy, s.r, s.r * 0.88, "main")
    p.blob(
        [
            (s.hx + 6, s.hy + 8),
            (s.hx + 22, s.hy + 2),
            (s.hx + 39, s.hy + 10),
            (s.hx + 30, s.hy + 23),
            (s.hx + 8, s.hy + 22),
        ],
        "main+",
    )
    p.blob([(s.hx + 3, s.hy - 22), (s.hx + 4, s.hy - 40), (s.hx + 15, s.hy - 23)], "bone")
    p.eye(s.hx + 5, s.hy - 5, 8)
    p.eye(s.hx + 22, s.hy - 6, 6.8)
    p.oval(s.hx + 32, s.hy + 8, 2.2, 2.2, "shade", plain=True)
    p.line(
        [(s.hx + 14, s.hy + 17), (s.hx + 24, s.hy + 19), (s.hx + 33, s.hy + 15)], 2.6, "shade", smooth=True
    )
    arm(p, s, -1, "main")
