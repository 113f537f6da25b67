"""Who plays which part: what words name, what they leave open, and a hundred games with a hundred heroes."""

import itertools
import random

import pytest

from gamefactory_dagster.studio.design.casting import cast, company, deal_heroes
from gamefactory_dagster.studio.design.family_words import words_of
from gamefactory_dagster.studio.design.outlines import alike
from gamefactory_dagster.studio.design.parts import OWN_PARTS, PARTS, SCENERY, SHOWS, TILES
from gamefactory_dagster.studio.design.subjects import SUBJECTS
from gamefactory_dagster.studio.design.wishes import Mention
from gamefactory_dagster.studio.families import FAMILIES
from tests.studio.conftest import design


def named(*words):
    """Mentions of subjects, ``"fox"`` or ``"fox as hero"``."""
    found = []
    for text in words:
        subject, _, role = text.partition(" as ")
        found.append(Mention(subject=subject, word=subject, role=role or None))
    return found


def played(*words, theme="orchard", family="runner", avoided=()):
    return cast(named(*words), avoided, theme, family, random.Random(1))


@pytest.mark.parametrize(
    ("words", "family", "expected"),
    [
        ((), "runner", {}),
        (("fox",), "runner", {"hero": "fox"}),
        (("banana", "fox"), "runner", {"hero": "fox", "coin": "banana"}),
        (("lighthouse",), "runner", {"scenery": "lighthouse"}),
        (("lighthouse",), "tile_swap", {"tile_0": "lighthouse", "scenery": "lighthouse"}),
        (("fairy castle",), "tile_swap", {"tile_0": "fairy castle", "scenery": "fairy castle"}),
        (("fairy castle",), "runner", {"scenery": "fairy castle"}),
        (("dragon as hazard", "knight"), "runner",
         {"hero": "knight", "hazard_low": "dragon", "hazard_tall": "dragon"}),
        (("bat as hazard",), "runner", {"hazard_low": "bat", "hazard_fly": "bat"}),
        (("fox", "robot as hero"), "runner", {"hero": "robot", "coin": "fox"}),
        (("fox", "fox"), "runner", {"hero": "fox"}),
        (("wizard as hero", "broom as hero", "potion as pickup"), "runner",
         {"hero": "wizard", "coin": "potion", "scenery": "broom"}),
        (("fox", "banana", "wizard", "seal"), "runner",
         {"hero": "fox", "coin": "banana", "scenery": "wizard", "life": "seal"}),
        (("fox", "banana", "seal", "lighthouse"), "runner",
         {"hero": "fox", "coin": "banana", "scenery": "lighthouse", "life": "seal"}),
        (("lighthouse as hero",), "runner", {"hero": "lighthouse"}),
        (("no such thing",), "runner", {}),
        (("acorn", "lemon"), "tile_swap", {"tile_0": "acorn", "tile_1": "lemon"}),
        (("pear",), "tile_swap", {"tile_2": "pear"}),
        (("fox", "apple"), "tile_swap", {"tile_1": "fox", "tile_0": "apple"}),
        (("fox as hero", "lighthouse as scenery"), "tile_swap", {"tile_0": "fox", "scenery": "lighthouse"}),
    ],
    ids=[
        "nothing", "a hero", "by nature", "scenery alone", "a board shows it twice", "anything on a board",
        "and nowhere else", "by what is said", "what flies is low too", "what is said comes first", "twice",
        "what is said of others comes first", "no part left", "scenery taken",
        "against its nature", "unknown", "where the theme has it", "instead of its like",
        "not instead of one that is named", "a hero on a board",
    ],
)  # fmt: skip
def test_what_is_named_plays(words, family, expected):
    assert played(*words, family=family) == expected


def test_what_is_not_wanted_plays_nothing_and_its_place_is_taken_by_the_themes():
    cast_of = played("fish", theme="reef", family="tile_swap", avoided=("fish", "jellyfish"))
    assert set(cast_of) == {"tile_2", "tile_4"}, "the reef's own fish and jellyfish, and nothing else"
    for subject in cast_of.values():
        assert subject not in {"fish", "jellyfish"}
        assert "reef" in SUBJECTS[subject].themes
        assert "tile" in SUBJECTS[subject].roles
    swum = played(theme="reef", avoided=("fish",))
    assert "hero" in SUBJECTS[swum["hero"]].roles
    assert swum["life"] == "mote"


@pytest.mark.parametrize("theme", OWN_PARTS)
def test_no_two_tiles_are_the_same_whoever_is_named(theme):
    rng = random.Random(theme)
    able = [name for name, subject in SUBJECTS.items() if "tile" in subject.roles]
    own = OWN_PARTS[theme]
    for count in (1, 3, 6, 8):
        mentions = named(*rng.sample(able, count - 1), SHOWS.get(own["tile_4"], own["tile_4"]))
        chosen = cast(mentions, ("star",), theme, "tile_swap", rng)
        parts = {**own, **chosen}
        shown = [SHOWS.get(parts[part], parts[part]) for part in (*TILES, "item")]
        assert len(set(shown)) == 7
        assert "star" not in shown
        for one, other in itertools.combinations((*TILES, "item"), 2):
            assert not alike(parts[one], parts[other]) or not {one, other} & set(chosen)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_names_the_parts_its_sprites_ask_for(family):
    mechanics = tuple(FAMILIES[family].mechanics)[:6]
    for few in itertools.combinations(mechanics, 3):
        gdd = design(family=family, genre=FAMILIES[family].genre, mechanics=few)
        asked = {sprite.subject for sprite in FAMILIES[family].sprites(gdd)} & set(PARTS)
        assert asked <= set(words_of(family).parts)


def test_what_the_themes_own_drawings_show_is_in_the_table():
    assert {subject for subject in SHOWS.values() if subject not in SUBJECTS} == set()


def test_a_hundred_games_have_a_hundred_heroes():
    themes = [list(OWN_PARTS)[i % 12] for i in range(100)]
    heroes = deal_heroes(themes, random.Random(5))
    assert len(set(heroes)) == 100
    assert all("hero" in SUBJECTS[hero].roles for hero in heroes)
    at_home = sum(theme in SUBJECTS[hero].themes for hero, theme in zip(heroes, themes, strict=True))
    assert at_home > 60
    assert heroes != deal_heroes(themes, random.Random(6))


def test_who_has_a_body_comes_before_who_is_a_head_on_another_s():
    bodies = [
        name
        for name, subject in SUBJECTS.items()
        if "hero" in subject.roles and not (subject.drawn and subject.gait == "legs")
    ]
    assert set(deal_heroes(["nowhere"] * len(bodies), random.Random(3))) == set(bodies)


def test_a_hero_comes_with_two_of_its_theme_who_are_tiles_on_a_board():
    mentions = company("fox", "desert", random.Random(2))
    assert [mention.role for mention in mentions] == ["hero", "pickup", "hazard"]
    assert len(cast(mentions, (), "desert", "tile_swap", random.Random(2))) >= 3
    ran = cast(mentions, (), "desert", "runner", random.Random(2))
    assert ran["hero"] == "fox"
    assert {"coin", SCENERY} - set(ran) == {SCENERY}
