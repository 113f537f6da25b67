"""A subject of Twemoji drawn by the pen.

What belongs here: its shapes on the paper. What does not: how it stands and moves (``parts.py``).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING

from gamefactory_dagster.studio.art.colour import Rgb
from gamefactory_dagster.studio.design.subjects import Subject

from .colours import names
from .outlines import Shape, area, coarser, read, thickness

if TYPE_CHECKING:
    from gamefactory_dagster.studio.art.pen import Pen, Point

_FACET = 1.6
"""How far a corner may be left out where a style draws facets; SIDE is the whole picture."""

_THIN = 5.0
"""What is thinner has one colour and no line of its own: spokes, laces, whiskers."""

_FAINT = 0.1
"""What is fainter is left out: nobody sees it."""


def draw(subject: Subject, pen: Pen) -> None:
    """Draw the subject with its upper left corner at the origin of ``pen``, in its own units (``size``)."""
    outlines = read(subject.source)
    called = colour_names(subject)
    shapes = _facets(subject.source) if pen.style.fill == "facet" else outlines.shapes
    for shape in shapes:
        if shape.opacity > _FAINT:
            plain = thickness(shape) < _THIN
            pen.shape(shape.rings, called[shape.colour], plain=plain, opacity=shape.opacity)


def size(subject: Subject) -> tuple[float, float]:
    """Width and height of the subject; the longer one is SIDE."""
    outlines = read(subject.source)
    return outlines.width, outlines.height


@functools.cache
def hull(subject: Subject) -> tuple[Point, ...]:
    """The corners of the smallest convex polygon round the subject (Andrew's monotone chain)."""
    points = sorted({point for shape in read(subject.source).shapes for point in shape.rings[0]})
    return (*_chain(points), *_chain(points[::-1]))


def _chain(points: list[Point]) -> list[Point]:
    """One side of the hull, from the first point to before the last."""
    kept: list[Point] = []
    for x, y in points:
        while len(kept) > 1 and _turns(kept[-2], kept[-1], (x, y)) <= 0:
            kept.pop()
        kept.append((x, y))
    return kept[:-1]


def _turns(one: Point, two: Point, three: Point) -> float:
    return (two[0] - one[0]) * (three[1] - one[1]) - (two[1] - one[1]) * (three[0] - one[0])


@functools.cache
def colour_names(subject: Subject) -> Mapping[Rgb, str]:
    """What each colour of the subject's picture is called in a palette."""
    return names(shape.colour for shape in read(subject.source).shapes)


def main_colour(subject: Subject) -> str:
    """Name of the colour that most of the subject's picture has."""
    shares: dict[str, float] = {}
    for shape in read(subject.source).shapes:
        name = colour_names(subject)[shape.colour]
        shares[name] = shares.get(name, 0.0) + abs(area(shape.rings[0]))
    return max(shares, key=lambda name: (shares[name], name))


@functools.cache
def _facets(source: str) -> tuple[Shape, ...]:
    return tuple(
        Shape(tuple(coarser(ring, _FACET) for ring in shape.rings), shape.colour, shape.opacity)
        for shape in read(source).shapes
    )
