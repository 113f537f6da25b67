"""The sprites the two families ask for, and kits drawn once for all tests."""

import functools

import pytest

from gamefactory_dagster.studio.art import ArtKit, ArtRequest
from gamefactory_dagster.studio.art.draw import draw_kit
from gamefactory_dagster.studio.art.requests import SpriteRequest

RUNNER = (
    SpriteRequest("hero", "hero", "hero", 48, 64, 4),
    SpriteRequest("hero_jump", "hero", "hero_jump", 48, 64),
    SpriteRequest("hero_duck", "hero", "hero_duck", 48, 40),
    SpriteRequest("hazard_low", "hazard", "hazard_low", 40, 40),
    SpriteRequest("hazard_tall", "hazard", "hazard_tall", 40, 80),
    SpriteRequest("hazard_fly", "hazard", "hazard_fly", 56, 40, 2),
    SpriteRequest("crate", "solid", "crate", 48, 48),
    SpriteRequest("coin", "pickup", "coin", 32, 32, 4),
    SpriteRequest("clock", "pickup", "clock", 32, 32),
    SpriteRequest("flag", "goal", "flag", 48, 96),
    SpriteRequest("ground", "solid", "ground", 96, 96),
    SpriteRequest("heart", "ui", "heart", 32, 32),
    SpriteRequest("spark", "particle", "spark", 16, 16),
)
PUZZLE = (
    *(SpriteRequest(f"tile_{i}", "tile", f"tile_{i}", 64, 64) for i in range(6)),
    SpriteRequest("clock_tile", "pickup", "clock_tile", 64, 64),
    SpriteRequest("bomb", "hazard", "bomb", 64, 64),
    SpriteRequest("stone", "solid", "stone", 64, 64),
    SpriteRequest("cover", "cover", "cover", 64, 64),
    SpriteRequest("item", "goal", "item", 64, 64),
    SpriteRequest("cell", "ui", "cell", 64, 64),
    SpriteRequest("heart", "ui", "heart", 32, 32),
    SpriteRequest("spark", "particle", "spark", 16, 16),
)


@functools.cache
def kit_of(style: str, theme: str, hue: int = 200, *, puzzle: bool = False, seed: int = 3) -> ArtKit:
    return draw_kit(ArtRequest(style, theme, hue, seed, "Coral Dash", PUZZLE if puzzle else RUNNER))


@pytest.fixture
def runner_kit() -> ArtKit:
    return kit_of("colorful_cartoon", "reef")


@pytest.fixture
def puzzle_kit() -> ArtKit:
    return kit_of("flat_modern", "orchard", puzzle=True)
