"""What two families ask for, and kits drawn once for all tests."""

import functools
from dataclasses import replace

import pytest

from gamefactory_dagster.studio.art import ArtKit
from gamefactory_dagster.studio.art.draw import draw_kit
from gamefactory_dagster.studio.families import FAMILIES
from tests.studio.conftest import design

RUNNER = FAMILIES["runner"].art(
    design(
        mechanics=("tap_jump", "multi_touch", "collision_detection", "timer_countdown", "particle_effects")
    )
)
PUZZLE = FAMILIES["tile_swap"].art(
    design(
        mechanics=("tile_swap", "timer_countdown", "health_system", "spawner", "card_flip", "path_following")
    )
)
"""All that either family can ask for."""


@functools.cache
def kit_of(style: str, theme: str, hue: int = 200, *, puzzle: bool = False, seed: int = 3) -> ArtKit:
    asked = PUZZLE if puzzle else RUNNER
    return draw_kit(replace(asked, style=style, theme=theme, hue=hue, seed=seed, name="Coral Dash"))


@pytest.fixture
def runner_kit() -> ArtKit:
    return kit_of("colorful_cartoon", "reef")


@pytest.fixture
def puzzle_kit() -> ArtKit:
    return kit_of("flat_modern", "orchard", puzzle=True)
