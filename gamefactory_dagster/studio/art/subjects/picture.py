"""A subject of Twemoji drawn by the pen.

What belongs here: its shapes on the paper. What does not: how it stands and moves (``parts.py``).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gamefactory_dagster.studio.art.colour import Rgb
from gamefactory_dagster.studio.design.subjects import Subject

from .colours import names
from .outlines import Ring, area, coarser, read, thickness

if TYPE_CHECKING:
    from gamefactory_dagster.studio.art.pen import Pen, Point

_FACET = 1.6
"""How far a corner may be left out where a style draws facets; SIDE is the whole picture."""

_THIN = 5.0
"""What is thinner has one colour and no line of its own: spokes, laces, whiskers."""

_FAINT = 0.1
"""What is fainter is left out: nobody sees it."""


@dataclass(frozen=True, slots=True)
class _Fill:
    """One shape as the pen is told it."""

    rings: tuple[Ring, ...]
    colour: str
    plain: bool
    opacity: float


def draw(subject: Subject, pen: Pen) -> None:
    """Draw the subject with its upper left corner at the origin of ``pen``, in its own units (``size``)."""
    for fill in _fills(subject, facets=pen.style.fill == "facet"):
        pen.shape(fill.rings, fill.colour, plain=fill.plain, opacity=fill.opacity)


@functools.cache
def _fills(subject: Subject, *, facets: bool) -> tuple[_Fill, ...]:
    """All that is seen of the subject, behind to before."""
    called = colour_names(subject)
    return tuple(
        _Fill(
            tuple(coarser(ring, _FACET) for ring in shape.rings) if facets else shape.rings,
            called[shape.colour],
            thickness(shape) < _THIN,
            shape.opacity,
        )
        for shape in read(subject.source).shapes
        if shape.opacity > _FAINT
    )


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
