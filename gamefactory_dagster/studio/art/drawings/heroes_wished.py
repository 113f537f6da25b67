"""Heroes that no theme has and people ask for. The stance and its limbs are in ``heroes.py``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .heroes import arm, body, eyes, face, mouth, stance
from .registry import drawing

if TYPE_CHECKING:
    from gamefactory_dagster.studio.art.pen import Pen


@drawing("pirate", 96, 128)
def pirate(p: Pen, t: float) -> None:
    """A hat with a bone on it, an eye patch and a striped shirt."""
    s = stance(p, t)
    body(p, s, "tan", "white", "brown")
    for y in (-9, 0):
        p.line([(s.bx - 17, s.by + y), (s.bx + 18, s.by + y)], 4.4, "red")
    p.blob(
        [(s.bx - 20, s.by + 6), (s.bx + 20, s.by + 6), (s.bx + 16, s.by + 21), (s.bx - 16, s.by + 21)], "navy"
    )
    p.rect(s.bx - 19, s.by + 4, 39, 6, "brown", 2)
    p.oval(s.hx, s.hy, s.r, s.r * 0.9, "tan")
    p.blob(
        [
            (s.hx - 12, s.hy + 14),
            (s.hx + 10, s.hy + 10),
            (s.hx + 29, s.hy + 8),
            (s.hx + 20, s.hy + 25),
            (s.hx, s.hy + 27),
        ],
        "brown",
    )
    p.oval(s.hx + 14, s.hy + 16, 7, 4.6, "red-" if p.pose in {"hurt", "cheer"} else "tan-", plain=True)
    eyes(p, (s.hx + 4, s.hy - 1), (s.hx + 4, s.hy - 1), 7.2, smaller=1)
    p.line([(s.hx - 22, s.hy - 16), (s.hx + 30, s.hy - 2)], 3, "dark")
    p.oval(s.hx + 21, s.hy - 2, 7.5, 8, "dark")
    p.blob(
        [
            (s.hx - 37, s.hy - 12),
            (s.hx - 20, s.hy - 34),
            (s.hx + 2, s.hy - 40),
            (s.hx + 24, s.hy - 33),
            (s.hx + 38, s.hy - 14),
            (s.hx, s.hy - 20),
        ],
        "dark",
    )
    p.blob(
        [(s.hx - 36, s.hy - 11), (s.hx, s.hy - 20), (s.hx + 37, s.hy - 13), (s.hx, s.hy - 12)],
        "main",
        plain=True,
    )
    p.rect(s.hx - 9, s.hy - 31, 20, 5, "white", 2, plain=True)
    for x in (-9, 11):
        p.oval(s.hx + x, s.hy - 28.5, 4, 4.4, "white", plain=True)
    arm(p, s, -1, "tan")


@drawing("gnome", 96, 128)
def gnome(p: Pen, t: float) -> None:
    """A tall pointed hat and a beard to the belt."""
    s = stance(p, t)
    body(p, s, "main", "main", "brown")
    p.rect(s.bx - 19, s.by + 5, 39, 7, "brown", 2)
    p.oval(s.hx, s.hy + 2, s.r * 0.92, s.r * 0.82, "tan")
    p.blob(
        [
            (s.hx - 24, s.hy + 6),
            (s.hx + 4, s.hy + 4),
            (s.hx + 31, s.hy + 8),
            (s.hx + 27, s.hy + 26),
            (s.hx + 8, s.hy + 42),
            (s.hx - 14, s.hy + 30),
        ],
        "white",
    )
    eyes(p, (s.hx + 3, s.hy - 2), (s.hx + 20, s.hy - 2), 6.6)
    p.oval(s.hx + 16, s.hy + 8, 7, 6, "rose")
    if p.pose in {"hurt", "cheer"}:
        mouth(p, s.hx + 13, s.hy + 18)
    sway = s.lift * 4
    p.blob(
        [
            (s.hx - 32, s.hy - 8),
            (s.hx - 16, s.hy - 28),
            (s.hx - 26, s.hy - 41 + sway),
            (s.hx + 6, s.hy - 37),
            (s.hx + 30, s.hy - 9),
            (s.hx, s.hy - 12),
        ],
        "red",
    )
    p.blob(
        [
            (s.hx - 34, s.hy - 6),
            (s.hx, s.hy - 14),
            (s.hx + 33, s.hy - 8),
            (s.hx + 31, s.hy - 1),
            (s.hx, s.hy - 6),
            (s.hx - 32, s.hy + 2),
        ],
        "red-",
    )
    arm(p, s, -1, "main")


@drawing("axolotl", 96, 128)
def axolotl(p: Pen, t: float) -> None:
    """Pink, smiling, with feathery gills."""
    s = stance(p, t)
    wave = s.lift * 5
    p.blob(
        [
            (s.bx - 6, s.by + 12),
            (s.bx - 28, s.by + 12 + wave),
            (s.bx - 44, s.by - 12 + wave),
            (s.bx - 34, s.by - 14 + wave),
            (s.bx - 12, s.by - 10),
        ],
        "pink-",
    )
    body(p, s, "pink", "pink", "pink-")
    p.oval(s.bx + 7, s.by + 4, s.wide * 0.62, s.high * 0.78, "pink++", plain=True)
    for x, y, length in ((-26, -14, 17), (-31, 0, 16), (-27, 13, 14)):
        tip = (s.hx + x - length * 0.8, s.hy + y - 7 - wave * 0.5)
        p.line([(s.hx + x + 6, s.hy + y), tip], 7.5, "rose", smooth=False)
        p.oval(*tip, 6, 6, "rose")
    for x, lean in ((6, -4), (21, 6)):
        p.line([(s.hx + x, s.hy - 20), (s.hx + x + lean, s.hy - 38 + wave * 0.4)], 7.5, "rose", smooth=False)
        p.oval(s.hx + x + lean, s.hy - 38 + wave * 0.4, 5.4, 5.4, "rose")
    p.oval(s.hx, s.hy, s.r * 1.04, s.r * 0.84, "pink")
    face(p, s, eye=6.4)
    p.line([(s.hx - 2, s.hy + 12), (s.hx + 13, s.hy + 17), (s.hx + 27, s.hy + 11)], 2.8, "shade", smooth=True)
    arm(p, s, -1, "pink")


@drawing("capybara", 96, 128)
def capybara(p: Pen, t: float) -> None:
    """Large, brown and calm, with an orange on its head."""
    s = stance(p, t)
    body(p, s, "brown", "brown", "brown-")
    p.oval(s.bx + 7, s.by + 4, s.wide * 0.6, s.high * 0.8, "tan", plain=True)
    for x in (-17, 3):
        p.oval(s.hx + x, s.hy - 23, 7.5, 8, "brown-")
    p.blob(
        [
            (s.hx - 31, s.hy - 2),
            (s.hx - 22, s.hy - 25),
            (s.hx + 6, s.hy - 28),
            (s.hx + 30, s.hy - 17),
            (s.hx + 38, s.hy + 4),
            (s.hx + 34, s.hy + 22),
            (s.hx + 10, s.hy + 27),
            (s.hx - 22, s.hy + 24),
        ],
        "brown",
    )
    p.blob(
        [
            (s.hx + 10, s.hy + 2),
            (s.hx + 30, s.hy - 6),
            (s.hx + 38, s.hy + 6),
            (s.hx + 33, s.hy + 20),
            (s.hx + 14, s.hy + 23),
        ],
        "tan-",
        plain=True,
    )
    p.oval(s.hx + 30, s.hy, 5.4, 3.6, "shade", plain=True)
    eyes(p, (s.hx - 1, s.hy - 7), (s.hx + 19, s.hy - 9), 6.2)
    mouth(p, s.hx + 23, s.hy + 12)
    p.oval(s.hx - 6, s.hy - 29, 8.5, 8, "orange")
    p.blob([(s.hx - 5, s.hy - 35), (s.hx + 5, s.hy - 38), (s.hx + 3, s.hy - 32)], "leaf", plain=True)
    arm(p, s, -1, "brown")


_JELLY = {
    "jump": (0.84, 1.22),
    "fall": (0.9, 1.14),
    "hurt": (1.16, 0.86),
    "cheer": (0.94, 1.1),
    "duck": (1.1, 0.66),
}
"""How far a slime is drawn out in each pose: across and down."""


@drawing("slime", 96, 128)
def slime(p: Pen, t: float) -> None:
    """A drop of jelly that goes by stretching."""
    swing = math.sin(math.tau * t)
    across, down = _JELLY.get(p.pose, (1 + 0.1 * swing, 1.02 - 0.12 * swing))
    foot = 78 if p.pose == "duck" else 126 - (14 if p.pose in {"jump", "fall", "cheer"} else 0)
    p.place(48, foot, wide=across * 0.98, high=down)
    p.blob(
        [
            (-43, -6),
            (-42, -42),
            (-24, -74),
            (-4, -94),
            (10, -92),
            (24, -72),
            (42, -42),
            (43, -6),
            (24, 0),
            (-24, 0),
        ],
        "main",
    )
    p.blob(
        [(-38, -10), (-36, -30), (-10, -22), (20, -24), (38, -14), (24, -2), (-24, -2)], "main-", plain=True
    )
    p.blob([(-26, -46), (-16, -66), (-8, -72), (-10, -58), (-20, -42)], "main++", plain=True)
    eyes(p, (2, -44), (24, -44), 9.5)
    mouth(p, 14, -26)
    for x in (-8, 34):
        p.oval(x, -28, 5, 3.2, "pink", plain=True)
