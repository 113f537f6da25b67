"""The likeness of two designs: symmetric, bounded, 1.0 for the same, silent about what is missing."""

import copy
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamefactory_dagster.studio.design.gdd import GDD
from gamefactory_dagster.studio.design.similarity import LIMIT, most_similar, similarity

BASE = {
    "name": "Pearl Dash",
    "slug": "pearl-dash",
    "tagline": "Swim!",
    "genre": "runner",
    "family": "runner",
    "mechanics": ["tap_jump", "spawner", "score_system"],
    "core_loop": {"actions": ["run", "jump"], "summary": "Swim past the coral gate and gather pearls."},
    "progression": {"free_levels": 3},
    "economy": {"currency": "pearls", "pickup_value": 5, "win_bonus": 50, "par": 300},
    "fail_states": ["You hit something."],
    "difficulty_curve": [10, 18, 26, 34, 42, 50, 58, 66, 74, 82],
    "analytics_plan": {"kpis": ["retention_d1"], "funnel": ["game_start", "level_start"]},
    "style_guide": {"style": "low_poly", "theme": "reef", "hue": 190, "mood": "calm", "tempo": 100},
    "seed": 1,
}
FIELDS = ("mechanics", "genre", "core_loop", "style_guide", "difficulty_curve", "economy", "name")
OTHER = {
    "name": "Zyx Quorum",
    "genre": "puzzle",
    "mechanics": ["tile_swap", "card_flip"],
    "core_loop": {"actions": ["swap", "match"], "summary": "clear lines of three"},
    "economy": {"currency": "cogs", "pickup_value": 100, "win_bonus": 1000, "par": 10000},
    "difficulty_curve": [30, 45, 60, 75, 90, 95, 100, 100, 100, 100],
    "style_guide": {"style": "watercolor", "theme": "clockwork", "hue": 10},
}

numbers = st.integers(-5, 2000)
word = st.sampled_from(["reef", "run", "jump", "pearls", "low_poly", "a b c", "", "über"])
designs = st.fixed_dictionaries(
    {},
    optional={
        "name": st.one_of(word, st.none(), numbers),
        "slug": word,
        "genre": st.one_of(word, st.none()),
        "mechanics": st.one_of(st.lists(word, max_size=6), st.none(), word),
        "core_loop": st.one_of(
            st.none(),
            st.fixed_dictionaries({}, optional={"actions": st.lists(word, max_size=6), "summary": word}),
        ),
        "economy": st.one_of(
            st.none(),
            st.fixed_dictionaries(
                {"currency": word, "pickup_value": numbers, "win_bonus": numbers, "par": numbers}
            ),
        ),
        "difficulty_curve": st.one_of(st.lists(numbers, min_size=8, max_size=12), st.none(), word),
        "style_guide": st.one_of(
            st.none(),
            st.fixed_dictionaries({"style": word}, optional={"theme": word, "hue": st.integers(0, 359)}),
        ),
    },
)


@settings(deadline=None)
@given(designs, designs)
def test_it_is_symmetric_and_between_nothing_and_the_same(a, b):
    score = similarity(a, b)
    assert 0.0 <= score <= 1.0
    assert score == similarity(b, a)


@settings(deadline=None)
@given(designs)
def test_a_design_is_the_same_as_itself_if_it_says_anything(design):
    says_something = any(isinstance(design.get(key), str) and design[key] for key in ("genre", "name"))
    score = similarity(design, copy.deepcopy(design))
    assert score == 1.0 if says_something else score in (0.0, 1.0)


def test_the_same_design_is_one_whether_model_or_json():
    gdd = GDD.model_validate(BASE)
    assert similarity(gdd, gdd) == 1.0
    assert similarity(gdd, gdd.model_dump(mode="json")) == 1.0
    assert similarity(gdd, {**gdd.model_dump(mode="json"), "pre_production": {"tries": []}}) == 1.0


@settings(deadline=None)
@given(st.sets(st.sampled_from(FIELDS), max_size=len(FIELDS) - 1), st.sampled_from([None, "absent", 7]))
def test_what_one_side_does_not_say_is_left_out_of_the_mean(missing, instead):
    lacking = {key: value for key, value in BASE.items() if key not in missing}
    if instead != "absent":
        lacking.update(dict.fromkeys(missing, instead))
    assert similarity(lacking, BASE) == 1.0


@pytest.mark.parametrize(
    ("field", "weight"),
    [("mechanics", 25), ("genre", 20), ("core_loop", 15), ("style_guide", 15), ("difficulty_curve", 10),
     ("economy", 10), ("name", 5)],
)  # fmt: skip
def test_a_field_that_differs_in_everything_costs_its_weight(field, weight):
    differing = {**BASE, field: OTHER[field]}
    allowed = 0.4 if field == "economy" else 0.0  # amounts are compared as ratios, never quite 0
    assert similarity(BASE, differing) == pytest.approx(1 - weight / 100, abs=allowed * weight / 100 + 1e-9)


def test_designs_with_nothing_in_common_are_not_alike():
    assert similarity({}, BASE) == 0.0
    assert similarity({"name": "a"}, {"genre": "runner"}) == 0.0
    assert similarity(BASE, OTHER) < 0.05


def test_a_copy_with_another_name_is_over_the_limit_and_one_in_another_style_and_loop_is_not():
    renamed = {**BASE, "name": "Coral Run"}
    redone = {
        **renamed, "core_loop": OTHER["core_loop"], "style_guide": OTHER["style_guide"]
    }  # fmt: skip
    assert similarity(BASE, renamed) >= LIMIT
    assert similarity(BASE, redone) < LIMIT


def test_hues_are_compared_around_the_circle():
    def hued(hue):
        return {"style_guide": {"style": "low_poly", "theme": "reef", "hue": hue}}

    assert similarity(hued(355), hued(5)) == similarity(hued(5), hued(15)) < 1.0
    assert similarity(hued(355), hued(5)) > similarity(hued(355), hued(50))


BUILT = {
    "structure": [{"gaps": 4, "hazards": 8}, {"gaps": 6, "hazards": 10, "crates": 2}],
    "colours": ["#204080", "#80c0f0", "#f0e0c0"],
}
UNLIKE = {
    "structure": [{"kinds": 4, "moves": 20}, {"kinds": 5, "moves": 21}],
    "colours": ["#ff2000", "#301000"],
}


@pytest.mark.parametrize(("field", "weight"), [("structure", 15), ("colours", 10)])
def test_what_a_game_is_built_of_and_its_colours_have_a_weight_beside_the_hundred_of_the_design(
    field, weight
):
    one, same, other = ({**BASE, field: looks[field]} for looks in (BUILT, BUILT, UNLIKE))
    assert similarity(one, same) == 1.0
    assert similarity(one, other) == similarity(other, one)
    allowed = 0.25 if field == "colours" else 0.0  # no two colours are quite without anything in common
    assert similarity(one, other) == pytest.approx(100 / (100 + weight), abs=allowed * weight / 100 + 1e-9)


@pytest.mark.parametrize("field", BUILT)
@pytest.mark.parametrize("instead", [None, "absent", 7, [], [{"gaps": "many"}], ["red"], [["#204080"]]])
def test_looks_that_are_missing_or_none_are_left_out(field, instead):
    lacking = {**BASE, field: instead}
    if instead == "absent":
        del lacking[field]
    assert similarity(lacking, {**BASE, **BUILT}) == 1.0


def test_counts_are_compared_as_ratios_level_by_level():
    def built(*levels):
        return {"structure": [{"gaps": gaps, "hazards": 10} for gaps in levels]}

    assert similarity(built(4), built(8)) == pytest.approx((0.5 + 1) / 2)
    assert similarity(built(4, 4), built(4, 8)) == pytest.approx((1 + 0.75) / 2)
    assert similarity(built(4), built(5)) > similarity(built(4), built(9))


def test_colours_are_compared_with_the_nearest_of_the_other():
    def painted(*colours):
        return {"colours": list(colours)}

    assert similarity(painted("#102030", "#f0e0d0"), painted("#f0e0d0", "#102030")) == 1.0
    near, far = painted("#112131"), painted("#604020")
    assert similarity(painted("#102030"), near) > similarity(painted("#102030"), far) > 0


def test_what_is_only_seen_does_not_count():
    listed = {**BASE, "mechanics": [*BASE["mechanics"], "particle_effects", "camera_follow"]}
    assert similarity(BASE, listed) == 1.0


def test_the_most_similar_is_found_in_one_pass():
    near, far = {**BASE, "name": "Coral Run", "slug": "coral-run"}, {**OTHER, "slug": "zyx"}
    read = []

    def stream():
        for design in (far, near, far):
            read.append(design["slug"])
            yield design

    score, slug = most_similar(GDD.model_validate(BASE), stream())
    assert slug == "coral-run"
    assert score == similarity(BASE, near)
    assert read == ["zyx", "coral-run", "zyx"]


def test_among_equals_the_first_is_named_and_among_none_nothing():
    twins = [{**BASE, "slug": slug} for slug in ("one", "two")]
    assert most_similar(BASE, twins) == (1.0, "one")
    assert most_similar(BASE, []) is None


def test_every_pair_of_fields_adds_up():
    """Two fields changed cost the sum of what each costs."""
    for first, second in itertools.combinations(("mechanics", "genre", "core_loop", "style_guide"), 2):
        one = 1 - similarity(BASE, {**BASE, first: OTHER[first]})
        two = 1 - similarity(BASE, {**BASE, second: OTHER[second]})
        both = 1 - similarity(BASE, {**BASE, first: OTHER[first], second: OTHER[second]})
        assert both == pytest.approx(one + two)
