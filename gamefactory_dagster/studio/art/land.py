"""What grows or lies in the backdrops: hills, mountains, trees, reefs, each spread over one layer.

What belongs here: a function a motif. What does not: made things and the sky (``scenery.py``), or
anything the player touches (``drawings/``).
"""

from __future__ import annotations

import math

from .layer import Layer
from .pen import Pen


def hills(s: Layer) -> None:
    """Rolling hills."""
    s.ridge(s.tall * 0.8, 2)


def dunes(s: Layer) -> None:
    """Dunes, longer than hills."""
    s.ridge(s.tall * 0.55, 1)


def peaks(s: Layer) -> None:
    """Mountains with caps of snow."""

    def peak(p: Pen) -> None:
        p.poly([(-95, 10), (-30, -72), (-12, -60), (8, -106), (38, -58), (52, -64), (105, 10)], "land")
        p.poly([(-7, -70), (8, -106), (26, -77), (14, -66), (5, -78)], "land_l", plain=True)

    s.spread(5, peak, 0.9, 1.5)
    s.ridge(s.tall * 0.2, 3)


def rocks(s: Layer) -> None:
    """Rounded rocks under water."""

    def rock(p: Pen) -> None:
        p.blob([(-100, 20), (-70, -50), (-20, -70), (10, -40), (50, -90), (90, -40), (110, 20)], "land")

    s.spread(4, rock, 0.9, 1.6)
    s.ridge(s.tall * 0.25, 2)


def crags(s: Layer) -> None:
    """Jagged rock."""

    def crag(p: Pen) -> None:
        p.poly([(-50, 20), (-36, -50), (-24, -38), (-6, -92), (10, -48), (24, -62), (46, 20)], "land")
        p.poly([(-6, -92), (10, -48), (24, -62), (46, 20), (2, 20)], "land_d", plain=True)

    s.spread(7, crag, 0.6, 1.2)
    s.ridge(s.tall * 0.25, 4, sharp=True)


def mesas(s: Layer) -> None:
    """Table mountains."""

    def mesa(p: Pen) -> None:
        p.poly([(-95, 10), (-70, -40), (-62, -84), (58, -84), (68, -40), (95, 10)], "land")
        p.poly([(-66, -62), (63, -62), (66, -50), (-68, -50)], "land_d", plain=True)

    s.spread(3, mesa, 0.7, 1.3)
    s.ridge(s.tall * 0.2, 2)


def cacti(s: Layer) -> None:
    """Cacti on the horizon."""

    def cactus(p: Pen) -> None:
        p.line([(0, 8), (0, -92)], 17, "land_d")
        p.line([(0, -34), (-26, -38), (-26, -66)], 12, "land_d", smooth=True)
        p.line([(0, -46), (25, -50), (25, -80)], 12, "land_d", smooth=True)

    s.spread(4, cactus, 0.5, 1.0)


def trees(s: Layer) -> None:
    """Round trees with fruit."""

    def tree(p: Pen) -> None:
        p.rect(-6, -50, 12, 62, "land_d", 3)
        for x, y, r in ((-24, -58, 26), (24, -58, 27), (0, -82, 30)):
            p.oval(x, y, r, r * 0.95, "land_l")
        for x, y in ((-28, -56), (-2, -76), (22, -62), (10, -92), (-14, -92)):
            p.oval(x, y, 5, 5, "bloom", plain=True)

    s.spread(6, tree, 0.8, 1.2)
    s.ridge(s.tall * 0.15, 3)


def bushes(s: Layer) -> None:
    """Low round bushes."""

    def bush(p: Pen) -> None:
        for x, y, r in ((-40, -10, 30), (38, -8, 28), (0, -22, 38)):
            p.oval(x, y, r, r * 0.9, "land")

    s.spread(7, bush, 0.7, 1.2)
    s.ridge(s.tall * 0.1, 3)


def pines(s: Layer) -> None:
    """Firs in three tiers."""

    def pine(p: Pen) -> None:
        p.rect(-5, -20, 10, 34, "land_d", plain=True)
        for y, half in ((0, 36), (-28, 29), (-56, 21)):
            p.poly([(-half, y), (0, y - 46), (half, y)], "land")

    s.spread(9, pine, 0.55, 1.15)
    s.ridge(s.tall * 0.12, 3)


def palms(s: Layer) -> None:
    """Palms that lean."""

    def palm(p: Pen) -> None:
        p.line([(0, 12), (5, -40), (18, -86)], 10, "land_d", smooth=True)
        for dx, dy in ((-52, 4), (-44, -24), (-14, -36), (26, -34), (52, -12), (48, 16)):
            p.blob(
                [
                    (18, -88),
                    (18 + dx * 0.5, -98 + dy * 0.6),
                    (18 + dx, -82 + dy),
                    (18 + dx * 0.5, -86 + dy * 0.6),
                ],
                "land",
            )

    s.spread(5, palm, 0.9, 1.5)
    s.ridge(s.tall * 0.16, 3)


def ferns(s: Layer) -> None:
    """Broad leaves from the ground."""

    def fern(p: Pen) -> None:
        for dx, dy in ((-56, -36), (-30, -66), (0, -80), (32, -62), (56, -34)):
            p.blob([(-4, 14), (dx * 0.4 - 9, dy * 0.6), (dx, dy), (dx * 0.5 + 10, dy * 0.5), (6, 14)], "land")

    s.spread(8, fern, 0.7, 1.1)
    s.ridge(s.tall * 0.08, 4)


def seaweed(s: Layer) -> None:
    """Ribbons that sway."""

    def weed(p: Pen) -> None:
        for x, high in ((-16, 70), (0, 110), (16, 84)):
            p.line(
                [(x, 14), (x + 8, -high * 0.3), (x - 8, -high * 0.6), (x + 5, -high)], 10, "land", smooth=True
            )

    s.spread(8, weed, 0.6, 1.3)
    s.ridge(s.tall * 0.18, 3)


def corals(s: Layer) -> None:
    """Branching corals in a muted colour."""

    def coral(p: Pen) -> None:
        for path in (
            [(0, 14), (2, -30), (-6, -74)],
            [(0, -10), (-28, -30), (-32, -58)],
            [(2, -24), (26, -40), (28, -72)],
        ):
            p.line(path, 13, "bloom", smooth=True)

    s.spread(4, coral, 0.5, 1.0)


def fans(s: Layer) -> None:
    """Sea fans."""

    def fan(p: Pen) -> None:
        p.blob([(0, 14), (-40, -22), (-38, -58), (0, -74), (38, -58), (40, -22)], "bloom")
        for dx, dy in ((-24, -48), (0, -60), (24, -48)):
            p.line([(0, 8), (dx, dy)], 4, "land")

    s.spread(3, fan, 0.6, 1.0)
    s.ridge(s.tall * 0.1, 2)


def flowers(s: Layer) -> None:
    """Large blossoms on stalks."""

    def bloom(p: Pen) -> None:
        p.line([(0, 14), (3, -60)], 6, "land_d")
        p.blob([(2, -10), (30, -34), (26, -12)], "land")
        for i in range(6):
            a = math.tau * i / 6
            p.oval(3 + 19 * math.cos(a), -66 + 19 * math.sin(a), 12, 12, "bloom")
        p.oval(3, -66, 11, 11, "haze_l", plain=True)

    s.spread(7, bloom, 0.55, 1.0)
    s.ridge(s.tall * 0.12, 3)


def snowbanks(s: Layer) -> None:
    """Banks of snow."""
    s.ridge(s.tall * 0.35, 2)


def volcanoes(s: Layer) -> None:
    """Cones with a glow in the throat."""

    def cone(p: Pen) -> None:
        p.poly([(-120, 20), (-28, -96), (28, -96), (120, 20)], "land")
        p.blob(
            [(-28, -98), (28, -98), (24, -78), (12, -60), (4, -80), (-8, -50), (-18, -82)],
            "bloom",
            plain=True,
        )

    s.spread(2, cone, 0.9, 1.5)
    s.ridge(s.tall * 0.25, 3)
