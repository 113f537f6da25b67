"""Games of one batch are not alike: ten of them, each of its own theme and style, over 200 seeds."""

import itertools
import random

import pytest

from gamefactory_dagster.studio.design.gdd import STYLES
from gamefactory_dagster.studio.design.names import slugify, unique_name
from gamefactory_dagster.studio.design.similarity import LIMIT, compare, features
from gamefactory_dagster.studio.design.words import THEMES
from gamefactory_dagster.studio.designer import Brief, ProceduralDesigner
from gamefactory_dagster.studio.families import family_for

GENRES = ("runner",) * 6 + ("puzzle",) * 4

SAME = {
    "runner": ("tap_jump", "health_system", "spawner", "multi_touch"),
    "puzzle": ("tile_swap", "health_system", "spawner", "card_flip"),
}
"""The worst that learning can do to variety: every game of a genre is given the same mechanics."""


def batch(seed, mechanics):
    rng = random.Random(f"{seed}:variety")
    themes, styles = rng.sample(sorted(THEMES), 10), rng.sample(STYLES, 10)
    taken = set()
    for position, (genre, theme, style) in enumerate(zip(GENRES, themes, styles, strict=True)):
        name = unique_name(theme, family_for(genre).name, rng, taken)
        taken.add(slugify(name))
        yield Brief(
            name,
            slugify(name),
            genre,
            theme,
            style,
            seed * 100 + position,
            mechanics=mechanics.get(genre, ()),
        )


@pytest.mark.parametrize("mechanics", [{}, SAME], ids=["own mechanics", "same mechanics"])
def test_no_two_first_designs_of_a_batch_reach_the_limit(mechanics):
    designer = ProceduralDesigner()
    worst = 0.0
    for seed in range(200):
        designs = [features(designer.design(brief, 0)) for brief in batch(seed, mechanics)]
        worst = max(worst, *(compare(a, b) for a, b in itertools.combinations(designs, 2)))
    assert worst < LIMIT
    assert worst > 0.4, "two runners have at least their genre and some mechanics in common"
