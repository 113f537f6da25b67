"""The words of the families fit where they will stand, and there are some for every family."""

from string import Formatter

import pytest

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.studio.design.family_words import FAMILY_WORDS, words_of
from gamefactory_dagster.studio.families import FAMILIES

FIELDS = {
    "hero", "Hero", "hero_bare", "place", "verb", "Verb", "pickups", "Pickups", "hazards", "currency",
}  # fmt: skip


def test_every_family_has_words_and_there_are_no_others():
    assert set(FAMILY_WORDS) == set(FAMILIES)
    with pytest.raises(InputError, match="family: 'racing'"):
        words_of("racing")


@pytest.mark.parametrize("family", FAMILY_WORDS)
def test_words_are_plenty_and_of_the_right_form(family):
    words = FAMILY_WORDS[family]
    assert len(set(words.acts)) == len(words.acts) >= 10
    assert all(act.istitle() and len(act) <= 9 for act in words.acts)
    for templates in (words.openings, words.gains, words.taglines):
        assert len(set(templates)) == len(templates) >= 6
        for template in templates:
            assert {field for _, field, _, _ in Formatter().parse(template) if field} <= FIELDS, template
    assert all(not template.endswith(".") for template in words.openings + words.gains)
    assert all(template[-1] in ".!?" for template in words.taglines)
    assert set(words.mechanics) <= set(FAMILIES[family].mechanics)


def test_no_two_families_are_told_of_in_the_same_words():
    said = [text for words in FAMILY_WORDS.values() for text in words.openings + words.gains + words.taglines]
    assert len(set(said)) == len(said)
