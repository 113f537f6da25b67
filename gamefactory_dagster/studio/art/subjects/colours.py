"""Which of the palette's colours the colours of a picture become.

A green thing stays green in every palette: hue decides before lightness, and lightness before chroma.
What belongs here: choosing names. What does not: what colour a name is in a style (``palette.py``).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Mapping

from gamefactory_dagster.studio.art.colour import Rgb, from_oklch, to_oklch
from gamefactory_dagster.studio.art.palette import NATURAL, STEPS, shaded

_SHADE = (0.24, 0.07, 285.0)
"""The dark that shadows lean to in the plainest palette."""

_GREY = 0.035
"""Chroma under which a colour has no hue that one would name."""

_PALE = 0.04
"""What each step lighter weighs: mixed with white a colour is duller than one that is light by itself."""

_SAME = 0.025
"""Two colours nearer in lightness than this may become one."""

_GREYS = ("white", "stone", "steel", "iron", "dark")
"""What has no hue becomes one of these, and nothing else does."""

_HUE, _CHROMA, _FADED = 2.5, 1.2, 4.5
"""What differences of hue and of chroma weigh against one of lightness, and what the loss of colour does."""

_TAKEN = 0.12
"""How much further off a colour may be that keeps two of a picture apart."""

Oklch = tuple[float, float, float]


def names(colours: Iterable[Rgb]) -> Mapping[Rgb, str]:
    """The palette's name for each colour of one picture: two that are to be told apart get two names.

    Of those that share their nearest name, the lighter keeps a lighter one and the darker a darker.
    """
    given: dict[Rgb, str] = {}
    lightness = {rgb: to_oklch(rgb)[0] for rgb in colours}
    for rgb, own in lightness.items():
        (nearest, best), *_ = ranked = _ranked(rgb)
        others = [(lightness[other], taken) for other, taken in given.items()]
        able = (name for off, name in ranked if off <= nearest + _TAKEN and _fits(own, name, others))
        given[rgb] = next(able, best)
    return given


def _fits(own: float, name: str, others: Iterable[tuple[float, str]]) -> bool:
    """Whether ``name`` for what is ``own`` light leaves the steps of its colour in order, and apart."""
    base, light = name.rstrip("+-"), _reference()[name][0]
    return all(
        (other - own) * (_reference()[taken][0] - light) > 0
        for other, taken in others
        if taken.rstrip("+-") == base and abs(other - own) >= _SAME
    )


@functools.lru_cache(maxsize=2048)
def _ranked(rgb: Rgb) -> tuple[tuple[float, str], ...]:
    """The names nearest to a colour, nearest first, with how far off each is."""
    own = to_oklch(rgb)
    grey = own[1] < _GREY
    offs = sorted(
        (_difference(own, other) + _PALE * name.count("+"), name)
        for name, other in _reference().items()
        if (name.rstrip("+-") in _GREYS) == grey
    )
    return tuple(offs[:8])


def _difference(one: Oklch, other: Oklch) -> float:
    lightness, chroma = one[0] - other[0], one[1] - other[1]
    if one[1] < _GREY:
        return abs(lightness)
    apart = 2 * math.sqrt(one[1] * other[1]) * math.sin(math.radians(one[2] - other[2]) / 2)
    faded = max(0.0, 0.75 * one[1] - other[1])
    return math.hypot(lightness, _HUE * apart, _CHROMA * chroma, _FADED * faded)


@functools.cache
def _reference() -> Mapping[str, Oklch]:
    """Every name and its steps as they are where no style changes them."""
    named = {name: from_oklch(*recipe) for name, recipe in NATURAL.items()}
    named["shade"] = from_oklch(*_SHADE)
    return {name + step: to_oklch(shaded(named, name + step)) for name in NATURAL for step in STEPS}
