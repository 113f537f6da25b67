"""Eight heroes: a shared stance that runs, jumps, falls, ducks, hurts and cheers, and what makes each itself.

Boxes are 96 x 128 upright and 96 x 80 ducking; heroes look right. What is not a hero is elsewhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .registry import drawing

if TYPE_CHECKING:
    from gamefactory_dagster.studio.art.pen import Pen


_XY = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stance:
    """Where head (hx, hy, r), body (bx, by, wide, high), feet and hands of a hero are at this moment."""

    hx: float
    hy: float
    r: float
    bx: float
    by: float
    wide: float
    high: float
    feet: tuple[_XY, _XY]
    """The near one and the far one."""
    hands: tuple[_XY, _XY]
    lift: float = 0.0
    """-1 to 1: how far up what hangs behind is blown."""
    air: bool = False


def stance(p: Pen, t: float) -> Stance:
    """The stance for the pen's pose at phase ``t`` of its cycle."""
    if p.pose == "duck":
        slip = 3 * math.cos(math.tau * t)
        feet = (72 + slip, 73.0), (58 - slip, 75.0)
        return Stance(58, 40, 26, 38, 56, 26, 17, feet, ((26, 72), (30, 70)), slip / 3)
    if p.pose == "jump":
        feet, hands = ((64, 94), (25, 116)), ((80, 68), (16, 84))
        return Stance(54, 38, 31, 44, 82, 19, 23, feet, hands, -0.9, air=True)
    if p.pose == "fall":
        feet, hands = ((60, 108), (32, 118)), ((12, 66), (86, 68))
        return Stance(51, 42, 31, 45, 86, 21, 20, feet, hands, 1.0, air=True)
    if p.pose == "hurt":
        feet, hands = ((74, 104), (56, 116)), ((10, 70), (76, 72))
        return Stance(42, 44, 31, 41, 89, 21, 20, feet, hands, 0.8, air=True)
    if p.pose == "cheer":
        up = 8 * math.sin(math.tau * t / 2)
        feet = (56, 121 - up), (34, 121 - up)
        return Stance(48, 48 - up, 31, 45, 92 - up, 20, 21, feet, ((10, 62 - up), (88, 66 - up)), up / 8)
    return _running(t)


def _running(t: float) -> Stance:
    """One moment of the run: a foot on the ground goes back, one in the air comes forward."""
    angle = math.tau * t
    bob = abs(math.cos(angle)) * 5
    bx, by = 44.0, 91.0 - bob
    places = []
    for turn in (angle, angle + math.pi):
        up = max(0.0, -math.sin(turn - 0.45)) * 21
        reach = 24 * math.cos(turn)
        places.append(((bx + 3 + reach, 120 - up), (bx + 7 - reach * 0.8, by + 5 - abs(reach) * 0.35)))
    (near_foot, near_hand), (far_foot, far_hand) = places
    return Stance(
        55, 44 - bob, 31, bx, by, 20, 21, (near_foot, far_foot), (near_hand, far_hand), math.sin(2 * angle)
    )


def leg(p: Pen, s: Stance, side: int, colour: str, shoe: str) -> None:
    """One leg; ``side`` 1 is the far one, -1 the near one."""
    hip = (s.bx - side * 3, s.by + s.high * 0.55)
    x, y = s.feet[side > 0]
    bent = 11 if y < 112 and p.pose == "run" else 5
    p.line([hip, ((hip[0] + x) / 2 + bent, (hip[1] + y) / 2), (x, y)], 10, colour, smooth=True)
    p.oval(x + 4, y + 1, 10.5, 6.5, shoe)


def arm(p: Pen, s: Stance, side: int, colour: str) -> None:
    """One arm, its elbow behind."""
    shoulder = (s.bx + side * 10, s.by - s.high * 0.35)
    x, y = s.hands[side > 0]
    elbow = ((shoulder[0] + x) / 2 - 4, (shoulder[1] + y) / 2 + 5)
    p.line([shoulder, elbow, (x, y)], 9.5, colour, smooth=True)


def eyes(p: Pen, near: _XY, far: _XY, size: float, *, closed: str = "shade", smaller: float = 0.9) -> None:
    """Both eyes; shut tight in the colour ``closed`` when it hurts."""
    for (x, y), r, side in ((near, size, 1), (far, size * smaller, -1)):
        if p.pose != "hurt":
            p.eye(x, y, r)
            continue
        p.line([(x - side * r * 0.8, y - r * 0.7), (x + side * r * 0.7, y)], 3.4, closed)
        p.line([(x - side * r * 0.8, y + r * 0.7), (x + side * r * 0.7, y)], 3.4, closed)


def mouth(p: Pen, x: float, y: float) -> None:
    """A small smile, wide open for joy or pain."""
    if p.pose in {"hurt", "cheer"}:
        p.blob([(x - 6, y), (x + 6, y), (x + 5, y + 6), (x, y + 9), (x - 5, y + 6)], "shade", plain=True)
        return
    p.line([(x - 5, y), (x, y + 3), (x + 5, y)], 2.8, "shade", smooth=True)


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
    eyes(p, (s.hx + 4, s.hy - 1), (s.hx + 21, s.hy - 1), eye)
    if cheeks:
        p.oval(s.hx - 5, s.hy + 11, 5, 3.2, "pink", plain=True)
    mouth(p, s.hx + 13, s.hy + 13)


def body(p: Pen, s: Stance, limb: str, trunk: str, shoe: str) -> None:
    """Far limbs, near leg and trunk: what every walker has behind its head."""
    arm(p, s, 1, limb + "-")
    leg(p, s, 1, limb + "-", shoe + "-")
    leg(p, s, -1, limb, shoe)
    p.oval(s.bx, s.by, s.wide, s.high, trunk)


_SWIM = {"jump": (-20, 1.3, 92), "fall": (13, 1.34, 62), "hurt": (-30, 1.28, 93), "cheer": (-12, 1.3, 84)}
"""How a fish holds itself: turned by, stretched by, how far down its middle is."""


@drawing("fish", 96, 128)
def fish(p: Pen, t: float) -> None:
    """A round fish that swims upright enough to dodge."""
    wag = math.sin(math.tau * t + 0.3) * 10
    turn, high, middle = _SWIM.get(p.pose, (wag * 0.35, 1.28 + wag * 0.006, 74.0))
    if p.pose == "duck":
        turn, high, middle = 0, 0.86, 44
    aside = abs(turn) * 0.4
    p.place(aside, middle, wide=1 - aside / 60, high=high, turn=turn)
    p.blob([(26, 0), (3, -29 + wag), (0, -6 + wag), (8, 2), (1, 14 + wag), (5, 31 + wag)], "second")
    p.blob([(34, -28), (36 - wag * 0.3, -46), (62, -43), (70, -26)], "second")
    p.blob([(20, 2), (32, -28), (58, -34), (84, -22), (94, 2), (84, 24), (58, 35), (32, 28)], "main")
    p.blob([(40, 26), (58, 15), (86, 16), (75, 28), (56, 34)], "main++", plain=True)
    p.blob([(44, -31), (52, -33), (57, 0), (53, 32), (45, 30), (49, 0)], "white")
    p.blob([(50, 8), (30, 15 - wag), (26, 29 - wag), (42, 27)], "second")
    eyes(p, (72, -8), (72, -8), 11.5, smaller=1)
    mouth(p, 85, 10)
    p.oval(67, 10, 5, 3.2, "pink", plain=True)


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
    eyes(p, (s.hx + 3, s.hy + 1), (s.hx + 19, s.hy + 1), 6.4, closed="white")
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
    eyes(p, (s.hx + 4, s.hy - 1), (s.hx + 21, s.hy - 1), 6.4, closed="white")
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
    eyes(p, (s.hx + 4, s.hy - 2), (s.hx + 22, s.hy - 2), 6.8)
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
    eyes(p, (s.hx + 5, s.hy - 5), (s.hx + 22, s.hy - 6), 8, smaller=0.85)
    p.oval(s.hx + 32, s.hy + 8, 2.2, 2.2, "shade", plain=True)
    p.line(
        [(s.hx + 14, s.hy + 17), (s.hx + 24, s.hy + 19), (s.hx + 33, s.hy + 15)], 2.6, "shade", smooth=True
    )
    arm(p, s, -1, "main")
