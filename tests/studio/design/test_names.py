"""Names and slugs: valid, various, and kept apart."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.studio.design.family_words import FAMILY_WORDS
from gamefactory_dagster.studio.design.gdd import Name, Slug
from gamefactory_dagster.studio.design.names import name_game, slugify, unique_name
from gamefactory_dagster.studio.design.words import THEMES

SLUG = TypeAdapter(Slug)
NAME = TypeAdapter(Name)


@settings(deadline=None)
@given(st.sampled_from(sorted(THEMES)), st.sampled_from(sorted(FAMILY_WORDS)), st.integers(0, 2**53))
def test_every_name_is_short_and_has_a_slug_of_its_own_letters(theme, family, seed):
    name = name_game(theme, family, random.Random(seed))
    NAME.validate_python(name)
    assert len(name) <= 30
    assert 2 <= len(name.split()) <= 3
    assert slugify(name) == name.lower().replace(" ", "-")
    assert name == name_game(theme, family, random.Random(seed))


@pytest.mark.parametrize("family", FAMILY_WORDS)
def test_two_thousand_draws_in_twelve_themes_give_fifteen_hundred_names(family):
    rng = random.Random(f"{family}:names")
    themes = sorted(THEMES)
    drawn = [name_game(themes[index % 12], family, rng) for index in range(2000)]
    assert len(set(drawn)) >= 1500


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_a_valid_slug_and_a_slug_is_its_own_slug(text):
    slug = slugify(text)
    SLUG.validate_python(slug)
    assert slugify(slug) == slug


def test_slugs_people_would_expect():
    assert slugify("Pearl Dash") == "pearl-dash"
    assert slugify("  Café  Über--Größe!! ") == "cafe-uber-groe"
    assert slugify("../../etc/passwd") == "etc-passwd"
    assert slugify("海の冒険") == "game"
    assert slugify("a" * 79 + " b") == "a" * 79


def test_a_thousand_unique_names_of_one_theme_are_unique():
    taken = set()
    for index in range(1000):
        name = unique_name("reef", "runner", random.Random(index), taken)
        assert slugify(name) not in taken
        taken.add(slugify(name))
    assert len(taken) == 1000


def test_when_every_name_is_taken_the_next_free_number_is_used():
    class Everything(set):
        def __contains__(self, slug):
            return not slug.endswith("-3")

    assert unique_name("candy", "tile_swap", random.Random(4), Everything()).endswith(" 3")


def test_unknown_themes_and_families_are_named():
    with pytest.raises(InputError, match="theme: 'moon'"):
        name_game("moon", "runner", random.Random(0))
    with pytest.raises(InputError, match="family: 'racing'"):
        name_game("reef", "racing", random.Random(0))
