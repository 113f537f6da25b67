"""The words of the themes fit where they will stand."""

import re
from typing import get_args

import pytest

from gamefactory_dagster.studio.design.gdd import Theme
from gamefactory_dagster.studio.design.words import THEMES

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")


def test_every_theme_has_words_and_no_other():
    assert set(THEMES) == set(get_args(Theme))


@pytest.mark.parametrize("theme", get_args(Theme))
def test_words_are_plenty_and_of_the_right_form(theme):
    words = THEMES[theme]
    assert len(words.adjectives) >= 10
    assert len(words.nouns) >= 12
    for group in (words.heroes, words.hazards, words.pickups, words.places):
        assert len(group) >= 5
        assert len(set(group)) == len(group)
    assert len(set(words.nouns)) == len(words.nouns)
    for identifier in (*words.journeys, *words.tasks, *words.currencies, *words.moods):
        assert IDENTIFIER.fullmatch(identifier), identifier
    assert all(place.startswith("the ") for place in words.places)
    slowest, fastest = words.tempo
    assert 60 <= slowest < fastest <= 180
    assert len(words.hues) >= 3
    assert all(0 <= hue <= 359 for hue in words.hues)


def test_no_two_themes_share_a_main_hue():
    first = [words.hues[0] for words in THEMES.values()]
    assert len(set(first)) == len(first)
