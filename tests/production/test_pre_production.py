"""Step 1 of a game that somebody wished by itself."""

import orjson
import pytest

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.production.steps import pre_production
from gamefactory_dagster.production.steps.base import StepJob
from gamefactory_dagster.studio.design.gdd import GDD
from gamefactory_dagster.studio.design.similarity import similarity
from gamefactory_dagster.studio.reading import read
from tests import factory_rows

PROMPT = (
    "a calm, easy night runner in the jungle with a fox collecting bananas, low poly, with gravity, no timer"
)


@pytest.fixture
def design(workshop):
    """Enter a game by itself and do its first step; gives the design and the step's artifacts."""

    def do(slug, seed, designer=None, prompt=PROMPT):
        planned = {"genre": "runner", "theme": "jungle", "style": "low_poly", "seed": seed}
        game = factory_rows.add_game(workshop.engine, slug, **planned)
        factory_rows.insert(
            workshop.engine, "game_steps", game_id=game, step_number=1, step_name="pre_production"
        )
        row = {"id": game, "name": slug, "slug": slug, "batch_id": None, "batch_position": None, **planned}
        told = {"wishes": read(prompt).wishes.as_json(), "designer": designer}
        lines = []
        job = StepJob(
            row | told,
            {},
            {},
            workshop.engine,
            workshop.settings,
            workshop.providers,
            lines.append,
            lambda: None,
        )
        result = pre_production.run(job)
        assert not result.problems
        assert pre_production.run(job).changes == result.changes, "what is settled stays"
        return GDD.model_validate(orjson.loads(result.changes["gdd.json"])), result, lines

    return do


def test_wishes_reach_the_design_whoever_makes_it(design) -> None:
    first, made, lines = design("fox-hush", 7)
    again, _, _ = design("fox-lull", 7)
    other, told, _ = design("fox-rest", 7, designer="bold")

    assert first.model_copy(update={"name": "", "slug": ""}) == again.model_copy(
        update={"name": "", "slug": ""}
    )
    assert told.artifacts["tries"] == made.artifacts["tries"] == [
        {"attempt": 1, "nearest": None, "similarity": 0.0}
    ], "games of one seed are meant to be alike"  # fmt: skip

    for gdd in (first, other):
        assert gdd.style_guide.cast["hero"] == "fox"
        assert gdd.style_guide.cast["coin"] == "banana"
        assert (gdd.style_guide.mood, gdd.style_guide.light) == ("calm", "night")
        assert (gdd.style_guide.style, gdd.style_guide.theme) == ("low_poly", "jungle")
        assert gdd.difficulty_curve[-1] < 50
        assert "physics_gravity" in gdd.mechanics
        assert "timer_countdown" not in gdd.mechanics
    assert first.style_guide.cast == other.style_guide.cast
    assert set(first.mechanics) & set(other.mechanics) == {"tap_jump", "physics_gravity"}
    assert similarity(first, other) < 0.8

    became = {(row["wish"], row["asked"]): row["became"] for row in made.tables["wishes"]}
    assert became["without", "timer_countdown"] == "left out"
    assert became["mechanics", "physics_gravity"] == "part of the game"
    assert "mood calm: calm" in lines


def test_the_same_wish_again_and_again_is_fulfilled_differently(design) -> None:
    """Each is unlike all before it as far as that goes, and none fails for being wished often."""
    designs = [design(f"fox-{seed}", seed)[0] for seed in range(4)]
    assert len({(gdd.mechanics, gdd.difficulty_curve) for gdd in designs}) == 4
    assert {gdd.style_guide.style for gdd in designs} == {"low_poly"}


def test_a_designer_nobody_knows_is_refused(design) -> None:
    with pytest.raises(InputError, match="designer"):
        design("fox-run", 1, designer="gifted")
