from typing import get_args

import pytest

from gamefactory_dagster.studio.design.gdd import Theme
from gamefactory_dagster.studio.design.subjects import (
    GREY,
    HAND,
    SUBJECTS,
    TABLE,
    TINTED,
    Gait,
    as_row,
    find,
    same_colour,
)
from gamefactory_dagster.studio.design.wishes import Part

UNFIT = (
    "knife", "dagger", "pistol", "gun", "rifle", "syringe", "blood", "cigarette", "coffin", "grave",
    "tombstone", "poop", "beer", "wine", "sake", "cocktail", "whisky", "middle finger", "casino", "bikini",
    "drunk", "kill", "corpse", "sexy", "naked", "hell",
)  # fmt: skip


def test_every_row_says_what_a_row_may_say():
    rows = TABLE.read_text(encoding="utf-8").splitlines()[1:]
    assert [as_row(subject) for subject in SUBJECTS.values()] == rows
    assert list(SUBJECTS) == sorted(SUBJECTS)
    for subject in SUBJECTS.values():
        words = (subject.name, *subject.keywords)
        assert all(word and word == word.strip().lower() for word in words), subject
        assert len(set(words)) == len(words), subject
        assert subject.roles, subject
        for said, allowed in (
            (subject.roles, get_args(Part)),
            (subject.themes, get_args(Theme)),
            ((subject.gait,), get_args(Gait)),
            ((subject.faces,), ("left", "right", "front")),
        ):
            assert set(said) <= set(allowed), subject
            assert len(set(said)) == len(said), subject
        assert 0 <= subject.light <= 100, subject
        assert subject.hue in {GREY, TINTED, *range(360)}, subject


def test_a_picture_has_one_name_and_there_are_many():
    sources = [subject.source for subject in SUBJECTS.values() if subject.source != HAND]
    assert len(set(sources)) == len(sources) > 850


def test_nothing_is_there_that_a_child_should_not_see():
    words = {word for subject in SUBJECTS.values() for word in (subject.name, *subject.keywords)}
    assert [word for word in sorted(words) if set(UNFIT) & {word, *word.split()}] == []


def test_a_word_finds_its_subject_before_those_that_are_only_called_so():
    first, *others = (subject.name for subject in find("dragon"))
    assert first == "dragon"
    assert {"dragon face", "green dragon"} <= set(others)
    trains = [subject.name for subject in find("train")]
    ranks = [SUBJECTS[name].keywords.index("train") for name in trains]
    assert len(trains) > 3
    assert ranks == sorted(ranks)
    assert find("zeitgeist") == ()
    assert find("Fox") == (), "words are looked up in lower case"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("red apple", "tomato", True),
        ("red apple", "green apple", False),
        ("panda", "polar bear", True),
        ("polar bear", "raccoon", False),
        ("apple", "red apple", False),
    ],
    ids=["one red", "red and green", "two whites", "white and dark grey", "tinted as its place is"],
)
def test_which_colours_are_taken_for_the_same(one, other, same):
    assert same_colour(SUBJECTS[one], SUBJECTS[other]) is same
    assert same_colour(SUBJECTS[other], SUBJECTS[one]) is same
