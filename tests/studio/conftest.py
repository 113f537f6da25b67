"""Shared by the studio's tests: valid designs."""

from collections.abc import Callable
from typing import Any

import pytest

from gamefactory_dagster.studio.design.gdd import GDD
from gamefactory_dagster.studio.designer import ProceduralDesigner
from gamefactory_dagster.studio.families import genres
from tests.studio.design_briefs import make_brief

MakeGDD = Callable[..., GDD]


def design(**overrides: Any) -> GDD:
    """A valid runner design; ``overrides`` replace whole top-level fields."""
    fields: dict[str, Any] = {
        "name": "Reef Dash",
        "slug": "reef-dash",
        "tagline": "Run the reef before the tide does.",
        "genre": "runner",
        "family": "runner",
        "mechanics": ("tap_jump", "collision_detection", "particle_effects"),
        "core_loop": {
            "actions": ("run", "jump", "collect"),
            "summary": "Run, jump, collect, reach the flag.",
        },
        "progression": {"levels": 10, "free_levels": 3, "unlock": "rewarded_ad"},
        "economy": {"currency": "pearls", "pickup_value": 5, "win_bonus": 50, "par": 150},
        "fail_states": ("Running into a hazard.", "Falling into a gap."),
        "difficulty_curve": (5, 12, 20, 30, 40, 48, 58, 68, 78, 90),
        "analytics_plan": {
            "kpis": ("retention_d7", "level_completion"),
            "funnel": ("game_start", "level_start", "level_complete"),
        },
        "style_guide": {"style": "flat_modern", "theme": "reef", "hue": 190, "mood": "bright", "tempo": 120},
        "seed": 1,
    }
    return GDD.model_validate(fields | overrides)


@pytest.fixture(scope="session")
def make_gdd() -> MakeGDD:
    """Give the factory of valid designs: ``make_gdd(seed=7, mechanics=("tap_jump",))``."""
    return design


@pytest.fixture(params=genres())
def genre(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def gdd(genre: str) -> GDD:
    """A design of every genre that has a family."""
    return ProceduralDesigner().design(make_brief(genre), 0)
