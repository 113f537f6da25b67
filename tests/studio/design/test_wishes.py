"""From wishes to numbers, titles, sentences and designs: what is asked for is kept, the rest may vary."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.studio.design.family_words import words_of
from gamefactory_dagster.studio.design.fulfilment import became
from gamefactory_dagster.studio.design.kinds import kinds
from gamefactory_dagster.studio.design.leanings import HURRY, asked_of, gentle
from gamefactory_dagster.studio.design.library import MECHANICS
from gamefactory_dagster.studio.design.names import slugify, title_game, unique_title
from gamefactory_dagster.studio.design.parts import OWN_PARTS, SHOWS
from gamefactory_dagster.studio.design.similarity import similarity
from gamefactory_dagster.studio.design.subjects import SUBJECTS
from gamefactory_dagster.studio.design.wishes import Mention, Wishes
from gamefactory_dagster.studio.design.wording import plural
from gamefactory_dagster.studio.designer import DESIGNERS
from gamefactory_dagster.studio.families import family_for, genres
from tests.studio.design_briefs import make_brief

FOX = Mention(subject="fox", word="foxes", role="hero")
BANANA = Mention(subject="banana", word="bananas", role="pickup")
SCORPION = Mention(subject="scorpion", word="scorpions", role="hazard")

wishes_of_all_kinds = st.builds(
    Wishes,
    style=st.sampled_from([None, "watercolor", "low_poly"]),
    mood=st.sampled_from([None, "calm", "mysterious", "heroic", "tense"]),
    pace=st.sampled_from([None, "slow", "fast"]),
    difficulty=st.sampled_from([None, "easy", "medium", "hard"]),
    light=st.sampled_from([None, "day", "night"]),
    mechanics=st.sampled_from([(), ("timer_countdown",), ("score_system", "health_system"), ("card_flip",)]),
    without=st.sampled_from([(), ("spawner", "collision_detection"), ("tap_jump", "tile_swap")]),
    subjects=st.sampled_from([(), (FOX,), (FOX, BANANA, SCORPION)]),
)


@settings(max_examples=80, deadline=None)
@given(
    wishes_of_all_kinds, st.sampled_from(genres()), st.sampled_from(sorted(DESIGNERS)), st.integers(0, 5),
    st.integers(0, 10**6),
)  # fmt: skip
def test_every_attempt_of_every_designer_keeps_what_is_wished(wishes, genre, designer, attempt, seed) -> None:
    brief = make_brief(genre, "jungle", wishes.style or "low_poly", seed, wishes=wishes)
    gdd, family = DESIGNERS[designer].design(brief, attempt), family_for(genre)
    guide, levels = gdd.style_guide, gdd.difficulty_curve
    assert wishes.style in {None, guide.style}
    assert guide.theme == "jungle"
    assert wishes.mood in {None, guide.mood}
    assert guide.light == wishes.light
    assert {"slow": guide.tempo < 90, "fast": guide.tempo > 135, None: True}[wishes.pace]
    top = {"easy": range(30, 50), "medium": range(60, 76), "hard": range(88, 101), None: range(101)}
    assert levels[-1] in top[wishes.difficulty]
    assert levels[0] <= 22
    assert set(asked_of(wishes, family.core, family.mechanics)) <= set(gdd.mechanics)
    assert not (set(wishes.without) - set(family.core)) & set(gdd.mechanics)
    subjects = [mention.subject for mention in wishes.subjects]
    assert set(subjects) <= set(guide.cast.values())
    told = f"{gdd.tagline} {gdd.core_loop.summary}".lower()
    if subjects == ["fox", "banana", "scorpion"]:
        assert not {"monkey", "frog", "tapir"} & set(told.split()), "the theme's own heroes are not told of"
        assert any(word in told for word in ("fox", "bananas", "scorpions"))


@pytest.mark.parametrize("genre", genres())
def test_two_designers_share_an_idea_and_differ_in_all_else(genre) -> None:
    for seed in range(12):
        wishes = Wishes(mood="calm", subjects=(FOX, BANANA))
        brief = make_brief(genre, "jungle", "watercolor", seed, wishes=wishes)
        one, other = (designer.design(brief, 0) for designer in DESIGNERS.values())
        assert (one.name, one.genre, one.style_guide.theme) == (
            other.name,
            other.genre,
            other.style_guide.theme,
        )
        assert one.style_guide.cast == other.style_guide.cast
        assert one.style_guide.mood == other.style_guide.mood == "calm"
        assert one.style_guide.style != other.style_guide.style
        turn = abs(one.style_guide.hue - other.style_guide.hue)
        assert min(turn, 360 - turn) > 60
        assert one.core_loop.summary != other.core_loop.summary
        assert other.style_guide.tempo > one.style_guide.tempo - 9
        assert similarity(one, other) < 0.8


def test_what_became_of_every_wish_is_said() -> None:
    wishes = Wishes(
        genre="shooter", mood="tense", pace="fast", difficulty="hard", light="night",
        mechanics=("card_flip", "timer_countdown"), without=("tap_jump", "spawner"), subjects=(FOX,),
        avoided=("owl",),
    )  # fmt: skip
    gdd = DESIGNERS["procedural"].design(make_brief("runner", wishes=wishes), 0)
    said = {(row["wish"], row["asked"]): row["became"] for row in became(wishes, gdd)}
    assert said["genre", "shooter"] == "runner"
    assert said["mood", "tense"] == "tense"
    assert said["light", "night"] == "night"
    assert said["difficulty", "hard"] == f"from {gdd.difficulty_curve[0]} to {gdd.difficulty_curve[9]} of 100"
    assert said["mechanics", "card_flip"] == "nothing for a runner game"
    assert said["mechanics", "timer_countdown"] == "part of the game"
    assert said["without", "tap_jump"] == "every runner game has it"
    assert said["without", "spawner"] == "left out"
    assert "hero" in said["subjects", "fox"]
    assert said["avoided", "owl"] == "left out"
    assert len(said) == 11


def test_a_gentle_game_is_not_hurried_unless_that_is_asked_for() -> None:
    names = [entry.name for entry in MECHANICS if "runner" in entry.genre_tags]
    for wishes in (Wishes(mood="calm"), Wishes(pace="slow"), Wishes(difficulty="easy")):
        assert not set(gentle(names, wishes, 3)) & set(HURRY)
    assert set(HURRY) <= set(gentle(names, Wishes(mood="tense"), 3))
    assert "spawner" in gentle(names, Wishes(mood="calm", mechanics=("spawner",)), 3)
    assert gentle(HURRY, Wishes(mood="calm"), 2) == HURRY, "a game needs its mechanics"


def test_no_animals_means_none_but_who_was_named() -> None:
    animals = kinds()["animal"]
    for seed, theme in enumerate(("jungle", "reef", "castle", "garden")):
        wishes = Wishes(subjects=(FOX,), avoided=("animal",))
        gdd = DESIGNERS["procedural"].design(make_brief("runner", theme, seed=seed, wishes=wishes), 0)
        shown = {**OWN_PARTS[theme], **gdd.style_guide.cast}
        assert shown["hero"] == "fox"
        others = [shown[part] for part in words_of("runner").parts if part in shown and part != "hero"]
        assert not {SHOWS.get(who, who) for who in others} & animals


@given(wishes_of_all_kinds, st.integers(0, 10**6))
def test_titles_are_short_and_made_of_what_was_wished(wishes, seed) -> None:
    title = title_game(wishes, "reef", "runner", random.Random(seed))
    assert len(title) <= 30
    assert len([word for word in title.split() if word != "and"]) <= 3
    if wishes.subjects:
        assert {"Fox", "Banana"} & set(title.split())


def test_no_subject_is_too_long_or_too_odd_for_a_title_and_a_sentence() -> None:
    for name in SUBJECTS:
        wishes = Wishes(subjects=(Mention(subject=name, word=name),))
        assert 3 < len(title_game(wishes, "city", "runner", random.Random(name))) <= 30
        assert plural(name) == plural(name).strip()


def test_a_title_does_not_sound_like_one_that_is_taken() -> None:
    wishes = Wishes(mood="calm", subjects=(Mention(subject="lighthouse", word="lighthouses"),))
    taken = ["quiet-lighthouse", "lighthouse-hush", "gentle-lighthouse"]
    for seed in range(200):
        slug = slugify(unique_title(wishes, "reef", "runner", random.Random(seed), taken))
        assert slug not in {*taken, "quiet-lighthouses", "lighthouse-rush"}


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("fox", "foxes"), ("cherry", "cherries"), ("mouse", "mice"), ("fish", "fish"), ("walrus", "walruses"),
        ("ball of wool", "balls of wool"), ("light bulb", "light bulbs"), ("snowman", "snowmen"),
        ("glasses", "glasses"), ("monkey", "monkeys"), ("bow", "bows"), ("torch", "torches"),
    ],
    ids=str,
)  # fmt: skip
def test_many_of_a_thing(one, many) -> None:
    assert plural(one) == many


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ([], "wishes"),
        ({"mood": "angry"}, "wishes.mood"),
        ({"mechanics": ["teleport"]}, "wishes.mechanics"),
        ({"subjects": [{"subject": "fox"}]}, "wishes.subjects.0.word"),
        ({"colour": "red"}, "wishes.colour"),
    ],
    ids=str,
)
def test_what_are_no_wishes_is_refused_by_name(value, field) -> None:
    with pytest.raises(InputError) as caught:
        Wishes.from_json(value)
    assert caught.value.field == field
