"""One laboratory for each family's tests, and a flat runner level to put things on."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gamefactory_dagster.studio.families.base import Level
from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.runner import FAMILY as RUNNER
from gamefactory_dagster.studio.families.tile_swap import FAMILY as TILE_SWAP


@pytest.fixture(scope="session")
def runner_lab() -> Iterator[Lab]:
    with Lab(RUNNER) as lab:
        yield lab


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """The tile swap's."""
    with Lab(TILE_SWAP) as opened:
        yield opened


@pytest.fixture(scope="session")
def flat() -> Callable[..., Level]:
    """Make a runner level of bare ground, 6 pixels a frame, with whatever a test adds."""

    def make(**overrides: Any) -> Level:
        level: Level = {
            "number": 1, "seed": 5, "speed": 96, "length": 1800,
            "hearts": 1, "hold": 0, "duck": 0,
            "need": 0, "clock": 0, "bonus": 0, "value": 5, "win": 50, "stars": [50, 100],
            "gaps": [], "crates": [], "hazards": [], "items": [],
        }  # fmt: skip
        return level | overrides

    return make
