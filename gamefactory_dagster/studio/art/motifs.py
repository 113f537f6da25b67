"""What stands in the backdrops: hills, trees, towers, reefs, each spread over one layer without a seam.

What belongs here: a function a motif. What does not: skies (``skies.py``), the order and colour of layers
(``backdrop.py``), or anything the player touches (``drawings/``).
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

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

    def ridge(self, rise: float, waves: int, *, colour: str = "land", sharp: bool = False) -> None:
        """Land from the horizon down; its upper edge is a sum of waves that fit the screen."""
        height = _profile(self.rng, waves, sharp)
        step = 12 if not sharp else 20
        xs = range(-240, SCREEN + 241, step)
        top = [(float(x), self.base - rise * height(x)) for x in xs]
        self.pen.place()
        self.pen.poly([*top, (SCREEN + 240, 560), (-240, 560)], colour, plain=True)
        if self.pen.style.fill == "facet":
            for one, other in zip(top, top[1:], strict=False):
                tone = colour + ("_l" if other[1] < one[1] else "_d")
                self.pen.poly([one, other, ((one[0] + other[0]) / 2, max(one[1], other[1]) + rise * 0.5 + 14)], tone, plain=True)
        else:
            lower = [(x, y + 6 + rise * 0.05) for x, y in reversed(top)]
            self.pen.poly([*top, *lower], colour + "_l", plain=True)


def _profile(rng: random.Random, waves: int, sharp: bool) -> Callable[[float], float]:
    parts = [(waves + k, rng.uniform(0, math.tau), 1 / (k + 1.5)) for k in range(4)]
    total = sum(weight for _, _, weight in parts)

    def height(x: float) -> float:
        angle = math.tau * x / SCREEN
        if sharp:
            return sum(w * (1 - abs(((n * angle + phase) / math.pi) % 2 - 1)) for n, phase, w in parts) / total
        return sum(w * (0.5 + 0.5 * math.sin(n * angle + phase)) for n, phase, w in parts) / total

    return height


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


def pyramids(s: Layer) -> None:
    """Two or three pyramids."""
    def pyramid(p: Pen) -> None:
        p.poly([(-80, 20), (0, -88), (80, 20)], "land_l", plain=True)
        p.poly([(0, -88), (80, 20), (22, 20)], "land_d", plain=True)
    s.spread(2, pyramid, 0.7, 1.3)
    s.ridge(s.tall * 0.22, 3)


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


def fence(s: Layer) -> None:
    """A picket fence the whole way."""
    for y in (-40, -18):
        s.pen.place(0, s.base)
        s.pen.rect(-240, y, SCREEN + 480, 7, "land_l", plain=True)
    def picket(p: Pen) -> None:
        p.poly([(-7, 20), (-7, -48), (0, -58), (7, -48), (7, 20)], "land_l")
    for i in range(24):
        s.pen.tiled((i + 0.5) * 40, s.base, picket)


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
            p.blob([(18, -88), (18 + dx * 0.5, -98 + dy * 0.6), (18 + dx, -82 + dy), (18 + dx * 0.5, -86 + dy * 0.6)], "land")
    s.spread(5, palm, 0.9, 1.5)
    s.ridge(s.tall * 0.16, 3)


def ferns(s: Layer) -> None:
    """Broad leaves from the ground."""
    def fern(p: Pen) -> None:
        for dx, dy in ((-56, -36), (-30, -66), (0, -80), (32, -62), (56, -34)):
            p.blob([(-4, 14), (dx * 0.4 - 9, dy * 0.6), (dx, dy), (dx * 0.5 + 10, dy * 0.5), (6, 14)], "land")
    s.spread(8, fern, 0.7, 1.1)
    s.ridge(s.tall * 0.08, 4)


def temples(s: Layer) -> None:
    """A stepped temple."""
    def temple(p: Pen) -> None:
        for y, half in ((0, 84), (-26, 64), (-52, 44), (-78, 25)):
            p.rect(-half, y - 26, half * 2, 40 if y == 0 else 27, "land_l")
        p.rect(-12, -98, 24, 24, "land_d", plain=True)
        p.poly([(-12, 14), (-8, -78), (8, -78), (12, 14)], "land_d", plain=True)
    s.spread(1, temple, 0.9, 1.1)
    s.ridge(s.tall * 0.12, 3)


def seaweed(s: Layer) -> None:
    """Ribbons that sway."""
    def weed(p: Pen) -> None:
        for x, high in ((-16, 70), (0, 110), (16, 84)):
            p.line([(x, 14), (x + 8, -high * 0.3), (x - 8, -high * 0.6), (x + 5, -high)], 10, "land", smooth=True)
    s.spread(8, weed, 0.6, 1.3)
    s.ridge(s.tall * 0.18, 3)


def corals(s: Layer) -> None:
    """Branching corals in a muted colour."""
    def coral(p: Pen) -> None:
        for path in ([(0, 14), (2, -30), (-6, -74)], [(0, -10), (-28, -30), (-32, -58)], [(2, -24), (26, -40), (28, -72)]):
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


def bubbles(s: Layer) -> None:
    """Bubbles rising."""
    for _ in range(12):
        r = s.rng.uniform(3, 9)
        x, y = s.rng.uniform(0, SCREEN), s.rng.uniform(60, s.base - 40)
        s.pen.tiled(x, y, lambda p, r=r: p.oval(0, 0, r, r, "haze_l", plain=True))  # type: ignore[misc]


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


def snowbanks(s: Layer) -> None:
    """Banks of snow."""
    s.ridge(s.tall * 0.35, 2)


def skyline(s: Layer) -> None:
    """High houses with lit windows."""
    x = 0.0
    while x < SCREEN - 20:
        wide, high = s.rng.uniform(46, 92), s.rng.uniform(0.5, 1.35) * s.tall
        wide = wide if x + wide < SCREEN - 40 else SCREEN - x
        lit = [(c, r) for c in range(int(wide // 16) - 1) for r in range(int(high // 22)) if s.rng.random() < 0.45]
        roof = s.rng.choice(("flat", "step", "mast"))
        def house(p: Pen, wide: float = wide, high: float = high, lit: list[tuple[int, int]] = lit, roof: str = roof) -> None:
            p.rect(0, -high, wide, high + 160, "land")
            if roof == "step":
                p.rect(wide * 0.2, -high - 14, wide * 0.6, 16, "land")
            elif roof == "mast":
                p.line([(wide / 2, -high), (wide / 2, -high - 30)], 4, "land")
            for column, row in lit:
                p.rect(10 + column * 16, -high + 12 + row * 22, 7, 11, "haze_l", plain=True)
        s.pen.tiled(x, s.base, house)
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


def planets(s: Layer) -> None:
    """A ringed planet and its moon."""
    def planet(p: Pen) -> None:
        p.oval(0, 0, 62, 62, "bloom")
        p.blob([(-100, 26), (-30, 20), (40, -8), (100, -34), (60, -2), (0, 28), (-60, 36)], "haze_l", plain=True)
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


def volcanoes(s: Layer) -> None:
    """Cones with a glow in the throat."""
    def cone(p: Pen) -> None:
        p.poly([(-120, 20), (-28, -96), (28, -96), (120, 20)], "land")
        p.blob([(-28, -98), (28, -98), (24, -78), (12, -60), (4, -80), (-8, -50), (-18, -82)], "bloom", plain=True)
    s.spread(2, cone, 0.9, 1.5)
    s.ridge(s.tall * 0.25, 3)


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
        p.blob([(-70, 14), (-72, -6), (-46, -14), (-28, -38), (6, -36), (20, -22), (46, -24), (56, -6), (74, -2), (72, 14), (0, 18)], "haze_l")
    for i in range(5):
        x, y = (i + s.rng.uniform(0.1, 0.9)) * SCREEN / 5, s.rng.uniform(50, 190)
        s.pen.tiled(x, y, cloud, wide=s.rng.uniform(0.6, 1.2), high=s.rng.uniform(0.6, 0.95))


def rays(s: Layer) -> None:
    """Shafts of light from above."""
    for i in range(6):
        x, wide = (i + s.rng.uniform(0.1, 0.9)) * SCREEN / 6, s.rng.uniform(14, 34)
        reach = s.rng.uniform(250, 400)
        def ray(p: Pen, wide: float = wide, reach: float = reach) -> None:
            p.poly([(0, -10), (wide, -10), (wide * 2 - 100, reach), (-100 - wide * 0.6, reach)], "ray", plain=True)
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
        s.pen.tiled(x, y, lambda p: p.blob([(-150, 20), (-90, -24), (-20, 4), (60, -30), (150, -6), (140, 40), (60, 24), (-20, 62), (-90, 34)], "ray", plain=True))


MOTIFS: Mapping[str, Callable[[Layer], None]] = {
    motif.__name__: motif
    for motif in (
        hills, dunes, peaks, rocks, crags, mesas, pyramids, cacti, trees, bushes, fence, pines, palms, ferns, temples,
        seaweed, corals, fans, bubbles, flowers, lollies, puffs, snowbanks, skyline, lamps, castles, stars, planets,
        craters, domes, volcanoes, smoke, embers, cogs, pipes, chimneys, clouds, rays, sundisc, aurora,
    )
}  # fmt: skip
