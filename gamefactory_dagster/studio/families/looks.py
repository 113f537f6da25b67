"""What a game will look like and be built of, in a few numbers, before it is made: siblings differ in both.

What belongs here: counting the elements of the levels a design drafts, and the main colours of its pictures.
What does not: comparing (``design/similarity.py``), what the elements are (the family), how colours come
about (``art``).
"""

import random
from typing import Any

from gamefactory_dagster.studio.art.colour import as_hex
from gamefactory_dagster.studio.art.palette import make_palette
from gamefactory_dagster.studio.art.styles import STYLE_TABLE
from gamefactory_dagster.studio.art.themes import THEME_ART
from gamefactory_dagster.studio.design.gdd import GDD, LEVELS

from .base import Family, Level

_NO_ELEMENTS = frozenset({"number", "seed"})


def looks(family: Family, gdd: GDD) -> dict[str, Any]:
    """The fields ``design/similarity.py`` calls ``LOOKS``, as JSON."""
    return {"structure": structure(family, gdd), "colours": colours(gdd)}


def colours(gdd: GDD) -> list[str]:
    """The main colours of a design's pictures: sky, land from far to near, ground, hero."""
    guide = gdd.style_guide
    palette = make_palette(guide.hue, THEME_ART[guide.theme], STYLE_TABLE[guide.style], guide.light)
    named = [palette.colour(name) for name in ("turf", "soil", "main", "second")]
    return [as_hex(colour) for colour in (*palette.sky, *palette.layers, *named)]


def structure(family: Family, gdd: GDD) -> list[dict[str, int]]:
    """What the first drafts of a design's ten levels are built of; they are what becomes of most of them."""
    return [
        elements(family.generate(gdd, number, random.Random(f"{gdd.seed}:{family.name}:level:{number}:0")))
        for number in range(1, LEVELS + 1)
    ]


def elements(level: Level) -> dict[str, int]:
    """How many of each element a level has: of a list its length, and of each kind of its entries how many.

    An entry that is a list is of the kind its first number says, where that is below 10; a whole number of
    the level is an amount. What is 0 or empty is left out: a level that has none of it says nothing of it.
    """
    found: dict[str, int] = {}
    for name, value in level.items():
        if name in _NO_ELEMENTS:
            continue
        if isinstance(value, int):
            found[name] = abs(value)
        elif isinstance(value, list):
            found[name] = len(value)
            for entry in value:
                if isinstance(entry, list) and entry and isinstance(entry[0], int) and 0 <= entry[0] < 10:
                    kind = f"{name} {entry[0]}"
                    found[kind] = found.get(kind, 0) + 1
    return {name: count for name, count in sorted(found.items()) if count}
