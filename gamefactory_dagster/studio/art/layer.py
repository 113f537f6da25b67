"""One layer of a backdrop: spreading copies along it and drawing its land, both without a seam.

What belongs here: placement. What does not: what is placed (``land.py``, ``scenery.py``).
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from .drawings import Drawing
from .pen import SCREEN, Pen, Point


@dataclass(frozen=True, slots=True)
class Layer:
    """Where a motif is put: its horizon, its usual height, and its own luck."""

    pen: Pen
    rng: random.Random
    base: float
    tall: float

    def spread(self, count: int, draw: Callable[[Pen], None], low: float = 0.75, high: float = 1.2) -> None:
        """``count`` copies along the horizon, evenly but not regularly, of varied size; some face left."""
        for i in range(count):
            x = (i + self.rng.uniform(0.2, 0.8)) * SCREEN / count
            size = self.rng.uniform(low, high) * self.tall / 100
            side = self.rng.choice((-1, 1))
            self.pen.tiled(x, self.base + 8, draw, wide=size * side, high=size)

    def stand(self, count: int, drawing: Drawing, high: float, *, aloft: bool) -> None:
        """``count`` copies of a drawing, ``high`` pixels, on the horizon or ``aloft`` above it."""
        wide, tall = drawing.box
        for i in range(count):
            x = (i + self.rng.uniform(0.25, 0.75)) * SCREEN / count
            size = self.rng.uniform(0.85, 1.1) * high / tall
            side = self.rng.choice((-1, 1))
            foot = self.base + 8 - self.rng.uniform(0.5, 0.9) * 200 * aloft
            left, top = x - side * wide * size / 2, foot - tall * size
            self.pen.tiled(left, top, lambda p: drawing.draw(p, 0.0), wide=size * side, high=size)

    def ridge(self, rise: float, waves: int, *, colour: str = "land", sharp: bool = False) -> None:
        """Land from the horizon down; its upper edge is a sum of waves that fit the screen."""
        height = _profile(self.rng, waves, sharp)
        step = 80 if self.pen.style.fill == "facet" else 20 if sharp else 12
        xs = range(-280, SCREEN + 281, step)
        top = [(float(x), self.base - rise * height(x)) for x in xs]
        self.pen.place()
        self.pen.poly([*top, (SCREEN + 240, 560), (-240, 560)], colour, plain=True)
        if self.pen.style.fill == "facet":
            self._facets(top, colour)
        else:
            rim = 3.0 if self.pen.style.glow > 0 else 6 + rise * 0.05
            lower = [(x, y + rim) for x, y in reversed(top)]
            self.pen.poly([*top, *lower], colour + "_l", plain=True)

    def _facets(self, top: list[Point], colour: str) -> None:
        """Two triangles under each piece of a ridge, one lit and one not."""
        for (x, y), (after, lower) in itertools.pairwise(top):
            rising = lower < y
            self.pen.poly([(x, y), (after, lower), (x, 560)], colour + ("_l" if rising else "_d"), plain=True)
            self.pen.poly([(after, lower), (after, 560), (x, 560)], colour, plain=True)


def _profile(rng: random.Random, waves: int, sharp: bool) -> Callable[[float], float]:
    parts = [(waves + k, rng.uniform(0, math.tau), 1 / (k + 1.5)) for k in range(4)]
    total = sum(weight for _, _, weight in parts)

    def height(x: float) -> float:
        angle = math.tau * x / SCREEN
        if sharp:
            return (
                sum(w * (1 - abs(((n * angle + phase) / math.pi) % 2 - 1)) for n, phase, w in parts) / total
            )
        return sum(w * (0.5 + 0.5 * math.sin(n * angle + phase)) for n, phase, w in parts) / total

    return height
