"""The procedural designer: always valid, always the same, never twice alike."""

import itertools
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.studio.design.constraints import Constraints
from gamefactory_dagster.studio.design.curves import HIGHEST, LOWEST, SHAPES, curve
from gamefactory_dagster.studio.design.event_spec import EVENT_TYPES
from gamefactory_dagster.studio.design.gdd import GDD, STYLES
from gamefactory_dagster.studio.design.library import PRESENTATION
from gamefactory_dagster.studio.design.similarity import LIMIT, similarity
from gamefactory_dagster.studio.design.words import THEMES
from gamefactory_dagster.studio.designer import ProceduralDesigner
from gamefactory_dagster.studio.families import family_for
from tests.studio.design_briefs import briefs, make_brief

design = ProceduralDesigner().design


@settings(max_examples=300, deadline=None)
@given(briefs, st.integers(0, 12))
def test_every_design_is_valid_and_coherent(brief, attempt):
    gdd = design(brief, attempt)
    assert GDD.model_validate_json(gdd.model_dump_json()) == gdd
    family = family_for(brief.genre)
    words = THEMES[brief.theme]
    assert (gdd.name, gdd.slug, gdd.genre, gdd.family) == (brief.name, brief.slug, brief.genre, family.name)
    assert gdd.mechanics[: len(family.core)] == family.core
    assert set(gdd.mechanics) <= set(family.mechanics)
    assert len(gdd.mechanics) == len(family.core) + 3
    assert not PRESENTATION & set(gdd.mechanics), "shown by every game, named by none"
    assert gdd.fail_states == family.fail_states(gdd.mechanics)[:6]
    assert gdd.core_loop.actions[:2] == family.actions[:2]
    assert set(gdd.core_loop.actions) & {*words.journeys, *words.tasks}
    assert gdd.economy.currency in words.currencies
    assert gdd.economy.par > gdd.economy.win_bonus
    assert gdd.style_guide.theme == brief.theme
    assert gdd.style_guide.mood in words.moods
    assert words.tempo[0] <= gdd.style_guide.tempo <= words.tempo[1]
    assert (
        min(min(abs(gdd.style_guide.hue - hue), 360 - abs(gdd.style_guide.hue - hue)) for hue in words.hues)
        <= 14
    )
    assert set(gdd.analytics_plan.funnel) <= set(EVENT_TYPES)


@settings(max_examples=100, deadline=None)
@given(briefs, st.integers(0, 12))
def test_the_text_is_sound(brief, attempt):
    gdd = design(brief, attempt)
    for text in (gdd.core_loop.summary, gdd.tagline):
        assert text[0].isupper()
        assert text[-1] in ".!?"
        assert not {"{", "}", "_"} & set(text)
        assert "  " not in text
        assert ".." not in text
    places = THEMES[brief.theme].places
    assert any(place in gdd.core_loop.summary.lower() for place in places)


@settings(max_examples=50, deadline=None)
@given(briefs, st.integers(0, 8))
def test_equal_briefs_and_attempts_give_equal_designs(brief, attempt):
    assert design(brief, attempt) == ProceduralDesigner().design(brief, attempt)


def test_a_design_does_not_depend_on_the_process(genre):
    """Neither the order of sets nor the seed of hash() reaches a design."""
    program = (
        "from gamefactory_dagster.studio.designer import Brief, ProceduralDesigner\n"
        f"brief = Brief('Pearl Dash', 'pearl-dash', {genre!r}, 'reef', 'low_poly', 7)\n"
        "print(ProceduralDesigner().design(brief, 2).model_dump_json())\n"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    assert made == {design(make_brief(genre), 2).model_dump_json()}


@settings(max_examples=100, deadline=None)
@given(briefs)
def test_five_attempts_differ_and_the_first_keeps_the_style(brief):
    designs = [design(brief, attempt) for attempt in range(5)]
    assert designs[0].style_guide.style == brief.style
    assert len({gdd.style_guide.style for gdd in designs}) == 5
    assert len({gdd.difficulty_curve for gdd in designs}) == 5
    assert len({gdd.core_loop.summary for gdd in designs}) >= 4
    for first, second in itertools.combinations(designs, 2):
        assert similarity(first, second) < 0.97
    assert min(similarity(designs[0], later) for later in designs[1:]) < LIMIT


@settings(max_examples=60, deadline=None)
@given(briefs)
def test_even_with_its_mechanics_fixed_five_attempts_get_away_from_a_twin(brief):
    """The hardest case a batch meets: the same brief exists already, down to mechanics and theme."""
    twin = design(brief, 0)
    fixed = make_brief(brief.genre, brief.theme, brief.style, brief.seed + 1, mechanics=twin.mechanics)
    assert min(similarity(twin, design(fixed, attempt)) for attempt in range(5)) < LIMIT


@settings(max_examples=100, deadline=None)
@given(
    briefs,
    st.integers(0, 8),
    st.sets(st.sampled_from(STYLES), min_size=1, max_size=3),
    st.integers(30, 100),
    st.integers(1, 3),
    st.sets(st.sampled_from(["spawner", "score_system", "health_system"]), max_size=3),
)
def test_a_batchs_constraints_are_kept(brief, attempt, styles, hardest, free, required):
    constraints = Constraints.from_json({
        "styles": sorted(styles), "max_difficulty": hardest, "free_levels": free,
        "mechanics_required": sorted(required),
        "mechanics_excluded": ["collision_detection", "timer_countdown"],
    })  # fmt: skip
    gdd = design(
        make_brief(brief.genre, brief.theme, min(styles), brief.seed, constraints=constraints), attempt
    )
    assert gdd.style_guide.style in styles
    assert max(gdd.difficulty_curve) <= hardest
    assert gdd.progression.free_levels == free
    assert required <= set(gdd.mechanics)
    assert not {"collision_detection", "timer_countdown"} & set(gdd.mechanics)


@settings(max_examples=100, deadline=None)
@given(briefs, st.integers(0, 8))
def test_pickups_matter_in_every_economy(brief, attempt):
    """Of a level with twenty pickups, a win by itself is never half the full marks."""
    economy = design(brief, attempt).economy
    assert economy.win_bonus < economy.par / 2
    assert economy.par <= economy.win_bonus + 22 * economy.pickup_value
    assert economy.par % economy.pickup_value == 0


def test_opening_a_level_costs_what_the_design_says_or_five_levels_at_full_marks(make_gdd):
    economy = {"currency": "pearls", "pickup_value": 5, "win_bonus": 50, "par": 150}
    assert make_gdd(economy=economy).economy.level_price == 750
    assert make_gdd(economy={**economy, "price": 99}).economy.level_price == 99


def test_mechanics_of_the_brief_are_taken_as_they_are(genre):
    family = family_for(genre)
    given_ones = (*family.core, "score_system", "spawner")
    for attempt in range(5):
        assert design(make_brief(genre, mechanics=given_ones), attempt).mechanics == given_ones


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("style", {"style": "baroque"}),
        ("style", {"constraints": Constraints(styles=("watercolor",))}),
        ("theme", {"theme": "moon"}),
        ("theme", {"constraints": Constraints(themes=("candy",))}),
        ("genre", {"genre": "racing"}),
        ("mechanics", {"mechanics": ("text_input",)}),
        ("mechanics", {"mechanics": ("particle_effects",)}),
        (
            "mechanics",
            {"mechanics": ("spawner",), "constraints": Constraints(mechanics_excluded=("spawner",))},
        ),
        (
            "constraints.mechanics_excluded",
            {"constraints": Constraints(mechanics_excluded=("tap_jump", "tile_swap"))},
        ),
    ],
)
def test_a_brief_that_cannot_be_met_is_refused_by_name(genre, field, changes):
    with pytest.raises(InputError) as caught:
        design(make_brief(**{"genre": genre, **changes}), 0)
    assert caught.value.field == field


def test_attempts_count_from_nought(genre):
    with pytest.raises(InputError, match="attempt"):
        design(make_brief(genre), -1)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_keeps_the_rules_of_the_design_document_at_its_extremes(shape, gdd):
    for low in (0, *LOWEST, 30):
        for high in (30, 31, *HIGHEST, 100):
            if low < high:
                levels = curve(shape, low, high)
                GDD.model_validate({**gdd.model_dump(), "difficulty_curve": levels})
                assert min(levels) == levels[0] == low
                assert max(levels) == levels[-1] == high


def test_shapes_differ_by_more_than_noise():
    for first, second in itertools.combinations(SHAPES, 2):
        distance = (
            sum(abs(a - b) for a, b in zip(curve(first, 10, 80), curve(second, 10, 80), strict=True)) / 10
        )
        assert distance > 2.5, (first, second)
