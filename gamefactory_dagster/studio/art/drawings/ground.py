"""The ground and what is in its gaps, all of which repeat sideways; the depth of all is 192.

What belongs here: the land a course is laid on. What stands on it is in ``course.py`` and ``world.py``.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from .registry import drawing

if TYPE_CHECKING:
    from gamefactory_dagster.studio.art.pen import Pen

WIDE = 288


@drawing("ground", WIDE, 192)
def ground(p: Pen, t: float) -> None:
    """Earth under turf; left and right edge meet."""
    p.rect(-20, 0, WIDE + 40, 200, "soil", plain=True)
    _layers(p, WIDE)
    _stones(p)
    {"grass": _grass, "drip": _drip, "flat": _slab, "snow": _drift}[p.edge](p)
    _lit(p)


@drawing("ground_end", 48, 192)
def ground_end(p: Pen, t: float) -> None:
    """Where the ground ends on the right: the turf hangs over, the soil is in shadow below it."""
    p.blob(
        [(-20, 4), (30, 4), (41, 14), (38, 60), (42, 110), (36, 160), (38, 210), (-20, 210)],
        "soil",
        plain=True,
    )
    p.blob(
        [(28, 30), (38, 26), (38, 60), (42, 110), (36, 160), (38, 210), (26, 210), (32, 120)],
        "soil--",
        plain=True,
    )
    for y, x in ((70, 12), (112, 22), (150, 8)):
        p.oval(x, y, 8, 5, "soil-", plain=True)
    p.blob(
        [(-24, 0), (30, 0), (46, 8), (47, 26), (40, 40), (28, 36), (14, 40), (-24, 36)], "turf", plain=True
    )
    p.blob([(-24, 0), (30, 0), (44, 7), (40, 13), (-24, 11)], "turf+", plain=True)
    _lit(p)


@drawing("tuft", 88, 48)
def tuft(p: Pen, t: float) -> None:
    """What grows or lies on the surface here and there: blades, mounds, pebbles."""
    if p.edge == "grass":
        for x, lean, high in ((20, -14, 26), (32, -6, 38), (44, 2, 44), (56, 10, 36), (66, 18, 24)):
            p.poly(
                [(x - 6, 50), (x + lean, 48 - high), (x + 6, 50)], "turf+" if x == 44 else "turf", plain=True
            )
        return
    if p.edge == "flat":
        for x, y, wide, high in ((26, 40, 15, 10), (50, 34, 20, 16), (70, 42, 11, 8)):
            p.oval(x, y, wide, high, "turf-", plain=True)
            p.oval(x - wide * 0.2, y - high * 0.3, wide * 0.6, high * 0.5, "turf", plain=True)
        return
    p.blob([(2, 52), (16, 38), (38, 32), (62, 35), (80, 42), (87, 52)], "turf", plain=True)
    p.blob([(22, 41), (40, 35), (58, 39), (40, 43)], "turf+", plain=True)


@drawing("pit", 192, 192)
def pit(p: Pen, t: float) -> None:
    """The far wall of a gap, darker the deeper."""
    p.rect(-20, -4, 232, 200, "soil--", plain=True)
    for row in range(5):
        y = 12 + row * 38
        for i in range(-1, 5):
            x = i * 48 + (24 if row % 2 else 0)
            p.rect(x + 2, y, 44, 33, "soil---" if (i + row) % 3 else "soil----", 9, plain=True)
    p.rect(-20, -4, 232, 16, "soil----", plain=True)


@drawing("deep", 192, 96)
def deep(p: Pen, t: float) -> None:
    """What waits at the bottom of a gap: two waves in the theme's colour."""
    p.poly([*_wave(10, 6, 0.0), (212, 100), (-20, 100)], p.deep, plain=True)
    crest = _wave(10, 6, 0.0)
    p.poly([*crest, *((x, y + 8) for x, y in reversed(crest))], p.deep + "++", plain=True)
    p.poly([*_wave(46, 5, 2.0), (212, 100), (-20, 100)], p.deep + "-", plain=True)
    for x, y in ((30, 34), (96, 30), (150, 38)):
        p.oval(x, y, 11, 3, p.deep + "+", plain=True)


def _wave(y: float, high: float, phase: float) -> list[tuple[float, float]]:
    return [(x, y + high * math.sin(math.tau * x / 96 + phase)) for x in range(-20, 213, 8)]


def _lit(p: Pen) -> None:
    """Where things glow, a tube of light runs along the surface."""
    if p.style.glow > 0:
        p.rect(-20, 0, WIDE + 40, 9, "main+", plain=True)
        p.rect(-20, 2, WIDE + 40, 3, "white", plain=True)


def _layers(p: Pen, wide: int) -> None:
    """Two bands of darker earth with a wavy upper edge."""
    for y, colour in ((96, "soil-"), (150, "soil--")):
        top = [(x, y + 8 * math.sin(math.tau * x / 144 + y)) for x in range(-24, wide + 25, 8)]
        p.poly([*top, (wide + 24, 210), (-24, 210)], colour, plain=True)


def _stones(p: Pen) -> None:
    rng = random.Random("ground")
    for i in range(20):
        x = (i % 5 + rng.uniform(0.1, 0.9)) * WIDE / 5
        y, r = 60 + (i // 5 + rng.uniform(0, 0.8)) * 34, rng.uniform(3, 10)
        colour = "soil+" if i % 4 == 0 else "soil-" if y < 90 else "soil---"
        for shift in (-WIDE, 0, WIDE):
            p.oval(x + shift, y, r * 1.4, r * 0.85, colour, plain=True)


def _grass(p: Pen) -> None:
    p.rect(-20, 0, WIDE + 40, 30, "turf", plain=True)
    for i in range(-2, 20):
        p.poly([(i * 16, 26), (i * 16 + 16, 26), (i * 16 + 8, (46, 38, 42)[i % 3])], "turf", plain=True)
    p.rect(-20, 0, WIDE + 40, 11, "turf+", plain=True)


def _drip(p: Pen) -> None:
    _poured(p, lambda x: 32 + 11 * math.sin(math.tau * x / 72) + 4 * math.sin(math.tau * x / 144))


def _drift(p: Pen) -> None:
    _poured(p, lambda x: 36 + 7 * math.sin(math.tau * x / 144) + 4 * math.sin(math.tau * x / 48 + 1))


def _poured(p: Pen, edge: Callable[[float], float]) -> None:
    lower = [(float(x), edge(x)) for x in range(WIDE + 24, -25, -4)]
    p.poly([(-24, 0), (WIDE + 24, 0), *lower], "turf", plain=True)
    p.rect(-20, 0, WIDE + 40, 11, "turf+", plain=True)


def _slab(p: Pen) -> None:
    p.rect(-20, 0, WIDE + 40, 34, "turf", plain=True)
    p.rect(-20, 0, WIDE + 40, 10, "turf+", plain=True)
    p.rect(-20, 34, WIDE + 40, 8, "soil--", plain=True)
    for x in range(0, WIDE + 1, 72):
        p.rect(x - 1.5, 10, 3, 24, "turf-", plain=True)
