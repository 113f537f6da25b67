"""The pen every drawing is made with: shapes in a drawing's own units, painted in the kit's style.

What belongs here: geometry, masks, outlines and the finish of one picture. What does not: what a thing
looks like (``drawings/``) and how a style fills a shape (``fills.py``).

Pictures are drawn ``zoom`` times too large and reduced at the end; each shape touches only its own box.
"""

from __future__ import annotations

import functools
import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .colour import Rgb, mix
from .fills import FILLS, WHITE, Patch

if TYPE_CHECKING:
    from PIL.Image import Image

    from .palette import Palette
    from .styles import Style

Point = tuple[float, float]
Frame = tuple[float, float, float, float, float, float]
"""What (x, y) becomes: a x + b y + c and d x + e y + f."""
SPRITE_ZOOM = 4
_GROWN = [max(0, min(255, (value - 14) * 9)) for value in range(256)]
"""Alpha that was blurred to that of a silhouette with a firm edge further out."""
SCREEN = 960
"""Width of the screen, after which backgrounds repeat."""


class Pen:
    """Draws one picture. Coordinates are those of the drawing's own box, y down."""

    def __init__(
        self,
        size: tuple[int, int],
        box: tuple[float, float],
        style: Style,
        palette: Palette,
        *,
        seed: str = "",
        zoom: int = SPRITE_ZOOM,
        margin: float = 0.0,
        stretch: bool = False,
        enlarge: int = 1,
        cut: int = 0,
    ) -> None:
        """``margin`` (finished pixels) is kept free around the box, which sits at the bottom middle.

        ``enlarge`` multiplies everything, lines included: a sprite seen close up. ``cut`` pixels on either
        side are drawn for what reaches in from there, and are not in the finished picture.
        """
        from PIL import Image, ImageDraw

        self.style, self.palette, self.size, self.box = style, palette, size, box
        self.pose = "run"
        self.tint: str | None = None
        self.edge, self.deep = "grass", "blue"
        self._colours: Mapping[str, str] = {}
        self._random = random.Random(seed)
        self._count = 0
        self._zoom, self._enlarge = zoom, enlarge
        self._unit = SPRITE_ZOOM / style.pixel if style.pixel > 1 else float(zoom * enlarge)
        width, height = (round(side * self._unit) for side in size)
        self._width, self._height = width, height
        self._cut, self._cut_off = cut, round(cut * self._unit)
        across = (size[0] - 2 * margin) / box[0] * self._unit
        down = (size[1] - 2 * margin) / box[1] * self._unit
        if not stretch:
            across = down = min(across, down)
        left = (width - box[0] * across) / 2
        top = height - margin * self._unit - box[1] * down
        self._base: Frame = (across, 0.0, left, 0.0, down, top)
        self._frame = self._base
        self._image = Image.new("RGBA", (width, height))
        self._draw = ImageDraw.Draw(self._image)

    def colour(self, name: str) -> Rgb:
        """A palette colour; ``tint`` is whatever this copy of the drawing is tinted with."""
        if name.startswith("tint"):
            name = (self.tint or "main") + name[4:]
        base = name.rstrip("+-")
        return self.palette.colour(self._colours.get(base, base) + name[len(base) :])

    def squeeze(self, wide: float) -> None:
        """Narrow all that follows about the middle of the box: a thing seen from the side."""
        self.place(self.box[0] / 2 * (1 - wide), wide=wide)
        self._base = self._frame

    @contextmanager
    def within(
        self,
        x: float,
        y: float,
        size: float,
        *,
        mirrored: bool = False,
        colours: Mapping[str, str] | None = None,
    ) -> Iterator[None]:
        """Draw a copy ``size`` times as large with its box's corner at (x, y), in other ``colours``."""
        before, self._colours = self._colours, colours or {}
        side = -1 if mirrored else 1
        with self.moved(x + self.box[0] * size * mirrored, y, wide=size * side, high=size):
            yield
        self._colours = before

    @contextmanager
    def moved(
        self, x: float, y: float, *, wide: float = 1.0, high: float = 1.0, turn: float = 0.0
    ) -> Iterator[None]:
        """Draw with the box itself placed so, as ``place`` places what is in it."""
        before = self._base, self._frame
        self.place(x, y, wide=wide, high=high, turn=turn)
        self._base = self._frame
        yield
        self._base, self._frame = before

    def place(
        self, x: float = 0.0, y: float = 0.0, *, wide: float = 1.0, high: float = 1.0, turn: float = 0.0
    ) -> None:
        """Move the drawing's origin to (x, y) of its box, stretched and turned (degrees, clockwise)."""
        a, b, c, d, e, f = self._base
        cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        self._frame = (
            wide * (a * cos + b * sin), high * (b * cos - a * sin), a * x + b * y + c,
            wide * (d * cos + e * sin), high * (e * cos - d * sin), d * x + e * y + f,
        )  # fmt: skip

    def tiled(
        self, x: float, y: float, draw: Callable[[Pen], None], *, wide: float = 1.0, high: float = 1.0
    ) -> None:
        """Draw at (x, y) and one screen to either side, alike to the last pixel, so that no edge shows."""
        state, count = self._random.getstate(), self._count
        for shift in (-SCREEN, 0, SCREEN):
            self._random.setstate(state)
            self._count = count
            with self.moved(x + shift, y, wide=wide, high=high):
                draw(self)

    def oval(
        self, x: float, y: float, across: float, down: float, colour: str, *, plain: bool = False
    ) -> None:
        """An ellipse about (x, y) with the given radii."""
        corners = 9 if self.style.fill == "facet" else 20 if max(across, down) < 14 else 36
        self.poly([(x + across * cos, y + down * sin) for cos, sin in _circle(corners)], colour, plain=plain)

    def blob(self, points: Sequence[Point], colour: str, *, plain: bool = False) -> None:
        """A closed curve through the points."""
        steps = 2 if self.style.fill == "facet" else 7
        self.poly(curve(points, steps, closed=True), colour, plain=plain)

    def rect(
        self,
        x: float,
        y: float,
        wide: float,
        high: float,
        colour: str,
        r: float = 0.0,
        *,
        plain: bool = False,
    ) -> None:
        """A rectangle with its upper left corner at (x, y), rounded by ``r``."""
        r = min(r, wide / 2, high / 2)
        if r <= 0:
            self.poly([(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)], colour, plain=plain)
            return
        steps = 1 if self.style.fill == "facet" else 5
        points = []
        for centre_x, centre_y, start in (
            (x + wide - r, y + r, -90), (x + wide - r, y + high - r, 0),
            (x + r, y + high - r, 90), (x + r, y + r, 180),
        ):  # fmt: skip
            for i in range(steps + 1):
                angle = math.radians(start + 90 * i / steps)
                points.append((centre_x + r * math.cos(angle), centre_y + r * math.sin(angle)))
        self.poly(points, colour, plain=plain)

    def star(
        self, x: float, y: float, r: float, colour: str, n: int = 5, inner: float = 0.45, turn: float = -90,
        *, plain: bool = False,
    ) -> None:  # fmt: skip
        """A star of ``n`` points about (x, y)."""
        points = []
        for i in range(2 * n):
            reach, angle = (r if i % 2 == 0 else r * inner), math.radians(turn + 180 * i / n)
            points.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
        self.poly(points, colour, plain=plain)

    def line(self, points: Sequence[Point], width: float, colour: str, *, smooth: bool = False) -> None:
        """A stroke with round ends, ``width`` in the drawing's units."""
        if smooth:
            points = curve(points, 6, closed=False)
        self.poly(_ribbon(points, width / 2, 2 if self.style.fill == "facet" else 5), colour, plain=width < 7)

    def poly(self, points: Sequence[Point], colour: str, *, plain: bool = False) -> None:
        """A filled polygon."""
        self.shape([points], colour, plain=plain)

    def shape(
        self, rings: Sequence[Sequence[Point]], colour: str, *, plain: bool = False, opacity: float = 1.0
    ) -> None:
        """A filled polygon, the first ring, with holes, the others; ``opacity`` 0 (not seen) to 1."""
        from PIL import Image, ImageDraw

        placed, *holes = (self._placed(ring) for ring in rings)
        xs, ys = zip(*placed, strict=True)
        left, top = max(0, math.floor(min(xs))), max(0, math.floor(min(ys)))
        right = min(self._width, math.ceil(max(xs)) + 1)
        bottom = min(self._height, math.ceil(max(ys)) + 1)
        if right <= left or bottom <= top:
            return
        inside = [(x - left, y - top) for x, y in placed]
        # of one bit where it is whole: pasted in a tenth of the time, to the same pixels
        mask = Image.new("1" if opacity == 1 else "L", (right - left, bottom - top))
        draw = ImageDraw.Draw(mask)
        draw.polygon(inside, fill=round(255 * opacity))
        for hole in holes:
            draw.polygon([(x - left, y - top) for x, y in hole], fill=0)
        self._count += 1
        if self._is_cut_off(left, right):
            return
        rgb = self.colour(colour)
        small = min(mask.size) < 3.5 * self._unit * self.style.pixel
        tones = (self.palette.named["shade"], self.palette.named["light"])
        if opacity == 1 and (plain or small or self.style.fill == "flat"):
            self._image.paste(rgb, (left, top), mask)
        else:
            patch = Patch(mask, rgb, *tones, inside, self._unit, plain or small, self._count)
            self._image.paste(FILLS[self.style.fill](patch), (left, top), mask)
        for ring in (placed, *holes):
            self._edge(ring, rgb, plain or small)

    def _is_cut_off(self, left: int, right: int) -> bool:
        """Whether nothing of a shape between these columns, or of its outline, is in the finished picture."""
        line = math.ceil(self.style.inner * self._unit) + 1
        return right + line <= self._cut_off or left - line >= self._width - self._cut_off

    def _edge(self, placed: list[Point], colour: Rgb, plain: bool) -> None:
        style = self.style
        if style.inner <= 0 or plain:
            return
        if style.fill == "neon":
            ink = mix(colour, WHITE, 0.12)
        else:
            ink = self.palette.ink if style.outline_from == "ink" else mix(colour, self.palette.ink, 0.5)
        width = max(1, round(style.inner * self._unit))
        self._draw.line([*placed, placed[0], placed[1]], fill=ink, width=width, joint="curve")

    def _placed(self, points: Sequence[Point]) -> list[Point]:
        a, b, c, d, e, f = self._frame
        shake = self.style.wobble * self._unit * 0.5
        placed = [(a * x + b * y + c, d * x + e * y + f) for x, y in points]
        if shake:
            uniform = self._random.uniform
            placed = [(x + uniform(-shake, shake), y + uniform(-shake, shake)) for x, y in placed]
        return placed

    def eye(self, x: float, y: float, r: float, look: float = 0.35) -> None:
        """A lively eye; ``look`` is how far it glances ahead (right)."""
        fill = self.style.fill
        if fill in {"flat"}:
            self.oval(x + r * look, y, r * 0.62, r * 0.8, "dark--", plain=True)
            return
        if fill in {"neon", "rim"}:
            self.oval(x, y, r, r * 1.1, "white" if fill == "neon" else "yellow+", plain=True)
            self.oval(x + r * look, y + r * 0.05, r * 0.42, r * 0.6, "shade", plain=True)
            return
        self.oval(x, y, r, r * 1.15, "white", plain=True)
        self.oval(x + r * look, y + r * 0.1, r * 0.6, r * 0.78, "shade", plain=True)
        self.oval(x + r * (look + 0.22), y - r * 0.3, r * 0.22, r * 0.25, "white", plain=True)

    def finish(self, halo: Rgb | None = None, reach: float = 2.0) -> Image:
        """The picture at its real size: outlined, lit and reduced; ``halo`` sets it off. Call once, last."""
        image, style = self._image, self.style
        if self._cut:
            image = image.crop((self._cut_off, 0, self._width - self._cut_off, self._height))
        if style.outline > 0:
            image = self._outlined(image)
        if halo is not None:
            image = underlay(image, halo, reach * self._unit)
        if style.glow > 0:
            image = self._glowing(image)
        if style.pixel > 1:
            width, height = self.size[0] - 2 * self._cut, self.size[1]
            return _blocky(image.reduce(SPRITE_ZOOM), (width * self._enlarge, height * self._enlarge))
        return image.reduce(self._zoom)

    def _outlined(self, image: Image) -> Image:
        style = self.style
        reach = style.outline * self._unit * (2 if style.pixel > 1 else 1)
        if style.outline_from == "ink":
            return underlay(image, self.palette.ink, reach)
        if style.outline_from == "tube":
            return _tubed(image, reach)
        grown = underlay(image, (0, 0, 0), reach)
        from PIL import Image, ImageFilter

        spread = image.filter(ImageFilter.GaussianBlur(reach)).convert("RGB")
        dark = Image.blend(spread, Image.new("RGB", image.size, self.palette.colour("shade")), 0.6)
        dark.putalpha(grown.getchannel("A"))
        return Image.alpha_composite(dark, image)

    def _glowing(self, image: Image) -> Image:
        from PIL import Image, ImageEnhance, ImageFilter

        halo = image.filter(ImageFilter.GaussianBlur(self.style.glow * self._unit * 0.7))
        halo = ImageEnhance.Brightness(halo).enhance(1.9)
        halo.putalpha(halo.getchannel("A").point([round(value * 0.75) for value in range(256)]))
        return Image.alpha_composite(halo, image)


def underlay(image: Image, colour: Rgb, reach: float) -> Image:
    """The picture on its own silhouette grown by ``reach`` pixels and filled with ``colour``."""
    from PIL import Image, ImageFilter

    alpha = image.getchannel("A").filter(ImageFilter.GaussianBlur(reach * 0.72))
    alpha = alpha.point(_GROWN)
    under = Image.new("RGBA", image.size, (*colour, 255))
    under.putalpha(alpha)
    return Image.alpha_composite(under, image)


def _tubed(image: Image, reach: float) -> Image:
    """The picture in a tube of light, as bright as can be, in the hue of what it goes round."""
    import numpy as np
    from PIL import Image, ImageFilter

    grown = underlay(image, (0, 0, 0), reach).getchannel("A")
    near = np.asarray(image.filter(ImageFilter.GaussianBlur(reach * 2)).convert("RGB")).astype(float)
    hue = near - 0.5 * near.min(axis=2, keepdims=True)
    bright = 255 * hue / np.maximum(hue.max(axis=2, keepdims=True), 1)
    tube = Image.fromarray((bright * 0.8 + 51).round().astype(np.uint8))
    tube.putalpha(grown)
    return Image.alpha_composite(tube, image)


def _blocky(small: Image, size: tuple[int, int]) -> Image:
    """Hard edges, few tones, then every pixel a square."""
    alpha = small.getchannel("A").point([255 if value > 110 else 0 for value in range(256)])
    hard = small.convert("RGB").point([min(255, round(value / 17) * 17) for value in range(256)] * 3)
    hard.putalpha(alpha)
    return hard.resize(size, 0)


def curve(points: Sequence[Point], steps: int, *, closed: bool) -> list[Point]:
    """A Catmull-Rom curve through the points, ``steps`` pieces between each pair."""
    around = [points[-1], *points, *points[:2]] if closed else [points[0], *points, points[-1]]
    times = [step / steps for step in range(steps)]
    result: list[Point] = []
    for four in zip(around, around[1:], around[2:], around[3:], strict=False):
        xs, ys = zip(*four, strict=True)
        result += zip(_spline(*xs, times), _spline(*ys, times), strict=True)
    if not closed:
        result.append(points[-1])
    return result


def _spline(a: float, b: float, c: float, d: float, times: Sequence[float]) -> list[float]:
    """One coordinate between the second and the third of four points."""
    flat, slope, bend, twist = 2 * b, c - a, 2 * a - 5 * b + 4 * c - d, 3 * b - a - 3 * c + d
    return [0.5 * (flat + slope * t + bend * t * t + twist * t**3) for t in times]


@functools.cache
def _circle(corners: int) -> tuple[Point, ...]:
    """The corners of a round polygon of radius 1."""
    angles = [math.tau * (i + 0.25) / corners for i in range(corners)]
    return tuple((math.cos(angle), math.sin(angle)) for angle in angles)


def _ribbon(points: Sequence[Point], half: float, cap: int) -> list[Point]:
    """The outline of a stroke: both sides of the path and round ends."""
    left: list[Point] = []
    right: list[Point] = []
    for i, (x, y) in enumerate(points):
        before, after = points[max(0, i - 1)], points[min(len(points) - 1, i + 1)]
        dx, dy = after[0] - before[0], after[1] - before[1]
        length = math.hypot(dx, dy) or 1.0
        nx, ny = -dy / length * half, dx / length * half
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return [*left, *_cap(points[-1], left[-1], cap), *reversed(right), *_cap(points[0], right[0], cap)]


def _cap(centre: Point, start: Point, steps: int) -> list[Point]:
    angle = math.atan2(start[1] - centre[1], start[0] - centre[0])
    r = math.hypot(start[0] - centre[0], start[1] - centre[1])
    turns = (angle - math.pi * i / (steps + 1) for i in range(1, steps + 1))
    return [(centre[0] + r * math.cos(turn), centre[1] + r * math.sin(turn)) for turn in turns]
