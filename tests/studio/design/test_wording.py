"""The sentences of a design."""

import itertools
import random

import pytest

from gamefactory_dagster.studio.design.family_words import FAMILY_WORDS, words_of
from gamefactory_dagster.studio.design.wording import Teller
from gamefactory_dagster.studio.design.words import THEMES


def teller(theme="castle", family="runner", currency="royal_seals", seed=1):
    return Teller(words_of(family), THEMES[theme], currency, random.Random(seed))


def test_a_twist_too_long_for_the_sentence_is_left_out_whole():
    long, short = "L" * 390 + ".", "Hearts are few."
    for seed in range(20):
        told = teller(seed=seed).summary([long, short])
        assert told.endswith(short)
        assert len(told) <= 400
    assert teller().summary([long]) == teller().summary([])


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("family", FAMILY_WORDS)
def test_articles_and_names_agree(theme, family):
    for seed in range(40):
        told = teller(theme, family, THEMES[theme].currencies[0], seed)
        for text in (told.summary([]), told.tagline()):
            words = text.lower().split()
            for article, noun in itertools.pairwise(words):
                assert (article, noun[0] in "aeiou") not in (("a", True), ("an", False)), text


def test_what_is_gathered_is_not_what_is_earned():
    """Nobody gathers pearls to be paid in pearls."""
    for seed in range(40):
        assert teller("reef", "runner", "pearls", seed).summary([]).lower().count("pearls") == 1


def test_the_loop_names_the_family_the_theme_and_two_mechanics():
    told = teller()
    mechanics = ("tap_jump", "health_system", "spawner", "score_system", "camera_follow")
    actions = told.actions(("run", "jump", "collect", "rest"), mechanics)
    assert actions[:3] == ("run", "jump", "collect")
    assert actions[3] == told.verb
    assert len(actions) == 6
    assert set(actions[4:]) < {"survive", "dodge", "hoard"}
    assert told.actions(("run",), ("camera_follow",)) == ("run", told.verb)
