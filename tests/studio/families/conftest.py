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


LATE = 300
"""Frames of a runner's level in which nothing can be lost: what a test puts on its level comes after them."""

_AT = {
    "gaps": 0,
    "crates": 0,
    "ledges": 0,
    "springs": 0,
    "breakables": 0,
    "rides": 0,
    "hazards": 1,
    "items": 1,
}


@pytest.fixture(scope="session")
def flat() -> Callable[..., Level]:
    """Make a runner level of bare ground, 6 pixels a frame, with whatever a test adds.

    A test counts places and the clock from frame ``LATE`` on, or from the start with ``late=0``.
    """

    def make(late: int = LATE, **overrides: Any) -> Level:
        level: Level = {
            "number": 1, "seed": 5, "speed": 96, "length": 1800,
            "hearts": 1, "hold": 0, "duck": 0,
            "need": 0, "clock": 0, "bonus": 0, "value": 5, "win": 50, "stars": [50, 100], "teaches": [],
            **{name: [] for name in _AT},
        } | overrides  # fmt: skip
        by = late * level["speed"] // 16
        moved = {
            name: [[*one[:at], one[at] + by, *one[at + 1 :]] for one in level[name]]
            for name, at in _AT.items()
        }
        clock = level["clock"] + late if level["clock"] else 0
        return level | moved | {"length": level["length"] + by, "clock": clock}

    return make
