"""What was built or hangs in the air in the backdrops: towers, wheels, clouds, stars, shafts of light.

What belongs here: a function a motif. What does not: land and plants (``land.py``), or anything the player
touches (``drawings/``).
"""

from __future__ import annotations

import math

from .layer import Layer
from .pen import SCREEN, Pen, Point


def pyramids(s: Layer) -> None:
    """Two or three pyramids."""

    def pyramid(p: Pen) -> None:
        p.poly([(-80, 20), (0, -88), (80, 20)], "land_l", plain=True)
        p.poly([(0, -88), (80, 20), (22, 20)], "land_d", plain=True)

    s.spread(2, pyramid, 0.7, 1.3)
    s.ridge(s.tall * 0.22, 3)


def fence(s: Layer) -> None:
    """A picket fence the whole way."""
    for y in (-40, -18):
        s.pen.place(0, s.base)
        s.pen.rect(-240, y, SCREEN + 480, 7, "land_l", plain=True)

    def picket(p: Pen) -> None:
        p.poly([(-7, 20), (-7, -48), (0, -58), (7, -48), (7, 20)], "land_l")

    for i in range(24):
        s.pen.tiled((i + 0.5) * 40, s.base, picket)


def temples(s: Layer) -> None:
    """A stepped temple."""

    def temple(p: Pen) -> None:
        for y, half in ((0, 84), (-26, 64), (-52, 44), (-78, 25)):
            p.rect(-half, y - 26, half * 2, 40 if y == 0 else 27, "land_l")
        p.rect(-12, -98, 24, 24, "land_d", plain=True)
        p.poly([(-12, 14), (-8, -78), (8, -78), (12, 14)], "land_d", plain=True)

    s.spread(1, temple, 0.9, 1.1)
    s.ridge(s.tall * 0.12, 3)


def bubbles(s: Layer) -> None:
    """Bubbles rising."""
    for _ in range(12):
        r = s.rng.uniform(3, 9)
        x, y = s.rng.uniform(0, SCREEN), s.rng.uniform(60, s.base - 40)
        s.pen.tiled(x, y, lambda p, r=r: p.oval(0, 0, r, r, "haze_l", plain=True))  # type: ignore[misc]


def lollies(s: Layer) -> None:
    """Lollipop trees."""

    def lolly(p: Pen) -> None:
        p.line([(0, 14), (0, -60)], 8, "haze_l")
        p.oval(0, -68, 32, 32, "bloom")
        p.oval(0, -68, 20, 20, "land_l", plain=True)
        p.oval(0, -68, 9, 9, "bloom", plain=True)

    s.spread(6, lolly, 0.6, 1.2)
    s.ridge(s.tall * 0.2, 2)


def puffs(s: Layer) -> None:
    """Drifts of sugar."""
    s.ridge(s.tall * 0.3, 5)


def skyline(s: Layer) -> None:
    """High houses with lit windows."""
    x = 0.0
    while x < SCREEN - 20:
        wide, high = s.rng.uniform(46, 92), s.rng.uniform(0.5, 1.35) * s.tall
        wide = wide if x + wide < SCREEN - 40 else SCREEN - x
        lit = [
            (c, r)
            for c in range(int(wide // 16) - 1)
            for r in range(int(high // 22))
            if s.rng.random() < 0.45
        ]
        roof = s.rng.choice(("flat", "step", "mast"))

        def house(
            p: Pen, wide: float = wide, high: float = high, lit: list[tuple[int, int]] = lit, roof: str = roof
        ) -> None:
            p.rect(0, -high, wide, high + 160, "land")
            if roof == "step":
                p.rect(wide * 0.2, -high - 14, wide * 0.6, 16, "land")
            elif roof == "mast":
                p.line([(wide / 2, -high), (wide / 2, -high - 30)], 4, "land")
            for column, row in lit:
                p.rect(10 + column * 16, -high + 12 + row * 22, 7, 11, "haze_l", plain=True)

        s.pen.tiled(x + 30, s.base, house)
        x += wide


def lamps(s: Layer) -> None:
    """Street lamps."""

    def lamp(p: Pen) -> None:
        p.line([(0, 30), (0, -80), (8, -96), (30, -96)], 6, "land_d", smooth=False)
        p.oval(32, -92, 10, 7, "haze_l", plain=True)

    s.spread(3, lamp, 0.95, 1.1)


def castles(s: Layer) -> None:
    """A castle far off."""

    def castle(p: Pen) -> None:
        for x, high, wide in ((-70, 60, 26), (-36, 96, 28), (0, 70, 40), (38, 116, 30), (72, 64, 26)):
            p.rect(x - wide / 2, -high, wide, high + 20, "land")
            if wide < 40:
                p.poly([(x - wide * 0.7, -high), (x, -high - 38), (x + wide * 0.7, -high)], "land_d")
            p.rect(x - 3, -high + 14, 6, 11, "haze_l", 3, plain=True)
        p.rect(-84, -42, 168, 60, "land")

    s.spread(2, castle, 0.75, 1.1)


def stars(s: Layer) -> None:
    """Stars, more above than below."""
    for _ in range(70):
        r = s.rng.choice((1.2, 1.2, 1.8, 2.6))
        x, y = s.rng.uniform(0, SCREEN), s.rng.uniform(0, 1) ** 1.5 * 380
        s.pen.tiled(x, y, lambda p, r=r: p.star(0, 0, r * 1.7, "haze_l", 4, 0.45, plain=True))  # type: ignore[misc]


def moonlight(s: Layer) -> None:
    """A full moon in its own light, high enough to stand clear of land."""
    x, y = s.rng.uniform(180, 420), s.rng.uniform(84, 118)
    s.pen.tiled(x, y, lambda p: p.oval(0, 0, 60, 60, "ray", plain=True))
    s.pen.tiled(x, y, lambda p: p.oval(0, 0, 38, 38, "moon", plain=True))
    for dx, dy, r in ((-13, -8, 7), (11, 6, 9), (4, -19, 4)):
        s.pen.tiled(x + dx, y + dy, lambda p, r=r: p.oval(0, 0, r, r * 0.9, "haze_l", plain=True))  # type: ignore[misc]


def planets(s: Layer) -> None:
    """A ringed planet and its moon."""

    def planet(p: Pen) -> None:
        p.oval(0, 0, 62, 62, "bloom")
        p.blob(
            [(-100, 26), (-30, 20), (40, -8), (100, -34), (60, -2), (0, 28), (-60, 36)], "haze_l", plain=True
        )

    s.pen.tiled(s.rng.uniform(220, 720), 140, planet)
    s.pen.tiled(s.rng.uniform(100, 860), 88, lambda p: p.oval(0, 0, 22, 22, "land_l"))
    s.ridge(s.tall * 0.5, 3, sharp=True)


def craters(s: Layer) -> None:
    """Moon ground with craters."""
    s.ridge(s.tall * 0.35, 2)

    def crater(p: Pen) -> None:
        p.oval(0, 24, 44, 10, "land_d", plain=True)
        p.oval(0, 27, 38, 7, "land_l", plain=True)

    s.spread(6, crater, 0.6, 1.2)


def domes(s: Layer) -> None:
    """Domes of a colony."""

    def dome(p: Pen) -> None:
        p.blob([(-54, 20), (-50, -24), (-22, -56), (22, -56), (50, -24), (54, 20)], "land_l")
        p.rect(-58, 4, 116, 18, "land_d", 4)
        for x in (-28, 0, 28):
            p.rect(x - 6, -26, 12, 16, "haze_l", 4, plain=True)
        p.line([(0, -56), (0, -84)], 4, "land_l")

    s.spread(2, dome, 0.7, 1.1)


def smoke(s: Layer) -> None:
    """Smoke drifting."""
    clouds(s)


def embers(s: Layer) -> None:
    """Sparks rising."""
    for _ in range(26):
        r = s.rng.uniform(1.5, 3.6)
        x, y = s.rng.uniform(0, SCREEN), s.rng.uniform(80, s.base - 30)
        s.pen.tiled(x, y, lambda p, r=r: p.star(0, 0, r * 1.5, "bloom", 4, 0.6, plain=True))  # type: ignore[misc]


def cogs(s: Layer) -> None:
    """Wheels that drive the sky."""

    def cog(p: Pen) -> None:
        points: list[Point] = []
        for i in range(48):
            r, a = (66 if i % 4 < 2 else 54), math.tau * i / 48
            points.append((r * math.cos(a), -30 + r * math.sin(a)))
        p.poly(points, "land", plain=s.pen.style.fill == "facet")
        p.oval(0, -30, 36, 36, "land_l", plain=True)
        p.oval(0, -30, 28, 28, "land", plain=True)
        p.oval(0, -30, 10, 10, "land_l", plain=True)

    s.spread(5, cog, 0.7, 1.5)
    s.ridge(s.tall * 0.06, 2)


def pipes(s: Layer) -> None:
    """Pipes with flanges."""
    s.pen.place(0, s.base)
    s.pen.rect(-240, -10, SCREEN + 480, 22, "land", plain=True)
    s.pen.rect(-240, -7, SCREEN + 480, 5, "land_l", plain=True)

    def pipe(p: Pen) -> None:
        p.rect(-13, -74, 26, 90, "land_l")
        p.rect(-18, -78, 36, 12, "land_d", 3)
        p.rect(-18, -18, 36, 12, "land_d", 3)

    s.spread(6, pipe, 0.6, 1.1)
    s.ridge(0.0, 2)


def chimneys(s: Layer) -> None:
    """Works with tall chimneys."""

    def works(p: Pen) -> None:
        p.rect(-60, -34, 120, 60, "land")
        p.poly([(-60, -34), (-60, -58), (-20, -34), (-20, -58), (20, -34), (20, -58), (60, -34)], "land_d")
        for x, high in ((-44, 104), (46, 84)):
            p.poly([(x - 11, -30), (x - 8, -high), (x + 8, -high), (x + 11, -30)], "land")
        for x in (-40, -12, 16, 40):
            p.rect(x - 6, -22, 12, 14, "haze_l", plain=True)

    s.spread(3, works, 0.7, 1.1)
    s.ridge(s.tall * 0.06, 2)


def clouds(s: Layer) -> None:
    """Clouds, flat below."""

    def cloud(p: Pen) -> None:
        p.blob(
            [
                (-70, 14),
                (-72, -6),
                (-46, -14),
                (-28, -38),
                (6, -36),
                (20, -22),
                (46, -24),
                (56, -6),
                (74, -2),
                (72, 14),
                (0, 18),
            ],
            "haze_l",
        )

    for i in range(5):
        x, y = (i + s.rng.uniform(0.1, 0.9)) * SCREEN / 5, s.rng.uniform(50, 190)
        s.pen.tiled(x, y, cloud, wide=s.rng.uniform(0.6, 1.2), high=s.rng.uniform(0.6, 0.95))


def rays(s: Layer) -> None:
    """Shafts of light from above."""
    for i in range(6):
        x, wide = (i + s.rng.uniform(0.1, 0.9)) * SCREEN / 6, s.rng.uniform(14, 34)
        reach = s.rng.uniform(250, 400)

        def ray(p: Pen, wide: float = wide, reach: float = reach) -> None:
            p.poly(
                [(0, -10), (wide, -10), (wide * 2 - 100, reach), (-100 - wide * 0.6, reach)],
                "ray",
                plain=True,
            )

        s.pen.tiled(x + 40, 0, ray)


def sundisc(s: Layer) -> None:
    """A large low sun."""
    x = s.rng.uniform(200, 760)
    s.pen.tiled(x, 190, lambda p: p.oval(0, 0, 108, 108, "ray", plain=True))
    s.pen.tiled(x, 190, lambda p: p.oval(0, 0, 78, 78, "haze_l", plain=True))


def aurora(s: Layer) -> None:
    """Northern lights."""
    for i in range(3):
        x, y = (i + s.rng.uniform(0.2, 0.7)) * SCREEN / 3, s.rng.uniform(60, 130)
        s.pen.tiled(
            x,
            y,
            lambda p: p.blob(
                [
                    (-150, 20),
                    (-90, -24),
                    (-20, 4),
                    (60, -30),
                    (150, -6),
                    (140, 40),
                    (60, 24),
                    (-20, 62),
                    (-90, 34),
                ],
                "ray",
                plain=True,
            ),
        )
