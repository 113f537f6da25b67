"""Four more heroes: cat, ladybug, robot, monkey. The stance and its limbs are in ``heroes.py``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .heroes import arm, body, eyes, face, leg, scarf, stance
from .registry import drawing

if TYPE_CHECKING:
    from gamefactory_dagster.studio.art.pen import Pen


@drawing("cat", 96, 128)
def cat(p: Pen, t: float) -> None:
    """A street cat with a cap and a hooded jumper."""
    s = stance(p, t)
    p.line(
        [(s.bx - 14, s.by + 12), (s.bx - 32, s.by + 10), (s.bx - 38, s.by - 10 + s.lift * 6)],
        8,
        "iron",
        smooth=True,
    )
    body(p, s, "iron", "main", "white")
    for x in (-19, 17):
        p.blob([(s.hx + x - 10, s.hy - 15), (s.hx + x - 2, s.hy - 38), (s.hx + x + 11, s.hy - 16)], "iron")
    p.oval(s.hx, s.hy, s.r, s.r * 0.86, "iron")
    p.oval(s.hx + 13, s.hy + 12, 14, 10, "white", plain=True)
    face(p, s, cheeks=False)
    p.oval(s.hx + 15, s.hy + 8, 3.6, 2.6, "pink", plain=True)
    p.blob(
        [
            (s.hx - 30, s.hy - 8),
            (s.hx - 24, s.hy - 25),
            (s.hx, s.hy - 32),
            (s.hx + 24, s.hy - 22),
            (s.hx + 28, s.hy - 11),
            (s.hx, s.hy - 14),
        ],
        "main",
    )
    p.rect(s.hx + 10, s.hy - 17, 27, 7, "main-", 3)
    arm(p, s, -1, "main-")


@drawing("ladybug", 96, 128)
def ladybug(p: Pen, t: float) -> None:
    """A red shell with spots, and feelers that bounce."""
    s = stance(p, t)
    body(p, s, "dark", "dark", "main")
    p.blob(
        [
            (s.bx + 6, s.by - 24),
            (s.bx - 20, s.by - 22),
            (s.bx - 34, s.by + 2),
            (s.bx - 24, s.by + 20),
            (s.bx + 6, s.by + 20),
        ],
        "red",
    )
    for x, y, r in ((-18, -8, 5.5), (-20, 10, 4.5), (-4, 2, 5), (-5, -16, 4)):
        p.oval(s.bx + x, s.by + y, r, r, "dark", plain=True)
    for x in (-6, 14):
        tip = (s.hx + x * 1.9, s.hy - 37 + s.lift * 2)
        p.line([(s.hx + x, s.hy - 22), (s.hx + x * 1.2, s.hy - 34), tip], 4, "dark", smooth=True)
        p.oval(*tip, 4.5, 4.5, "main")
    p.oval(s.hx, s.hy, s.r, s.r * 0.9, "dark")
    p.oval(s.hx + 9, s.hy + 4, s.r * 0.72, s.r * 0.66, "tan")
    face(p, s)
    arm(p, s, -1, "dark")


@drawing("robot", 96, 128)
def robot(p: Pen, t: float) -> None:
    """A brass wind-up with a key that turns."""
    s = stance(p, t)
    turn = math.cos(math.tau * t)
    p.line([(s.bx - 18, s.by), (s.bx - 32, s.by)], 5, "iron")
    p.oval(s.bx - 36, s.by - 8 * turn, 6, 3 + 5 * abs(turn), "gold")
    p.oval(s.bx - 36, s.by + 8 * turn, 6, 3 + 5 * abs(turn), "gold")
    arm(p, s, 1, "iron")
    leg(p, s, 1, "iron", "iron-")
    leg(p, s, -1, "iron+", "iron")
    p.rect(s.bx - s.wide, s.by - s.high + 2, s.wide * 2, s.high * 1.75, "brass", 9)
    p.oval(s.bx + 4, s.by, 8, 8, "bone")
    p.line([(s.bx + 4, s.by), (s.bx + 4 + 5 * turn, s.by - 4)], 2.6, "red")
    p.line([(s.hx, s.hy - 22), (s.hx - 3, s.hy - 36)], 4, "iron")
    p.oval(s.hx - 3, s.hy - 37, 5.5, 5.5, "main")
    p.rect(s.hx - s.r, s.hy - s.r * 0.78, s.r * 2, s.r * 1.56, "brass+", 13)
    p.rect(s.hx - 12, s.hy - 13, 41, 23, "navy", 10)
    eyes(p, (s.hx + 2, s.hy - 1), (s.hx + 19, s.hy - 1), 7.5, closed="white", smaller=1)
    p.line([(s.hx + 3, s.hy + 17), (s.hx + 20, s.hy + 17)], 3.4, "brown-")
    p.oval(s.hx - 25, s.hy, 4.5, 7, "copper")
    arm(p, s, -1, "iron+")


@drawing("monkey", 96, 128)
def monkey(p: Pen, t: float) -> None:
    """A long curling tail and round ears."""
    s = stance(p, t)
    tail = [
        (s.bx - 12, s.by + 12),
        (s.bx - 32, s.by + 16),
        (s.bx - 40, s.by - 4 + s.lift * 4),
        (s.bx - 28, s.by - 12),
        (s.bx - 24, s.by - 2),
    ]
    p.line(tail, 7, "brown", smooth=True)
    body(p, s, "brown", "brown", "tan")
    p.oval(s.bx + 7, s.by + 4, 11, 14, "tan", plain=True)
    p.oval(s.hx - 29, s.hy + 2, 10, 11, "brown")
    p.oval(s.hx - 29, s.hy + 2, 5.5, 6.5, "tan", plain=True)
    p.blob(
        [
            (s.hx - 4, s.hy - 26),
            (s.hx - 8, s.hy - 40),
            (s.hx + 4, s.hy - 34),
            (s.hx + 12, s.hy - 39),
            (s.hx + 10, s.hy - 25),
        ],
        "brown",
    )
    p.oval(s.hx, s.hy, s.r, s.r * 0.9, "brown")
    p.blob(
        [
            (s.hx - 8, s.hy + 6),
            (s.hx - 6, s.hy - 13),
            (s.hx + 8, s.hy - 11),
            (s.hx + 22, s.hy - 14),
            (s.hx + 28, s.hy + 2),
            (s.hx + 28, s.hy + 18),
            (s.hx + 8, s.hy + 24),
        ],
        "tan",
    )
    face(p, s, cheeks=False)
    scarf(p, s, "main")
    arm(p, s, -1, "brown")
