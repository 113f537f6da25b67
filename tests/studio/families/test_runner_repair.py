"""Runner levels eased and hardened in place, and the players who lose their way in them."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from gamefactory_dagster.studio.families.base import Level
from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.runner import FAMILY

from .conftest import LATE

MakeLevel = Callable[..., Level]

LOW = 0


def eased(lab: Lab, level: Level) -> Level:
    """The level after as many repairs as it takes the solver to win it, at most ten."""
    rng = random.Random(1)
    for _ in range(10):
        report = lab.solve(level)
        if report.won:
            return level
        changed = FAMILY.repair(level, report.raw, rng)
        assert changed is not None
        level = changed
    raise AssertionError("ten repairs were not enough")


@pytest.mark.parametrize(
    "extra",
    [
        {"gaps": [[600, 720]], "rides": [[600, 156, 0, 204, 0, 280]]},
        {"gaps": [[640, 420]], "springs": [[560, 0]]},
        {"gaps": [[600, 500]], "ledges": [[480, 200, 72]]},
        {"breakables": [[600, 48 * i] for i in range(5)]},
    ],
    ids=["ride", "spring", "ledge", "boxes"],
)
def test_what_nobody_passes_is_eased_until_it_is_passed(
    runner_lab: Lab, flat: MakeLevel, extra: dict[str, Any]
) -> None:
    level = flat(**extra)
    assert not runner_lab.solve(level).won
    won = eased(runner_lab, level)
    for name in ("rides", "springs", "ledges"):
        assert bool(won[name]) == bool(level[name]), "what leads over it stays"


def test_hardening_widens_gaps_and_puts_hazards_beside_lone_ones(runner_lab: Lab, flat: MakeLevel) -> None:
    level = flat(gaps=[[400, 120]], hazards=[[LOW, 1000, 0, 0, 1]], items=[[0, 1040, 14], [0, 1400, 14]])
    harder = FAMILY.harden(level, random.Random(1))
    assert harder is not None
    assert harder["gaps"][0][1] > 120
    assert len(harder["hazards"]) == 2
    assert harder["items"] == level["items"][1:], "no coin stands in a hazard"
    assert level == flat(
        gaps=[[400, 120]], hazards=[[LOW, 1000, 0, 0, 1]], items=[[0, 1040, 14], [0, 1400, 14]]
    )
    assert runner_lab.solve(harder).won


def test_what_cannot_be_harder_is_left(flat: MakeLevel) -> None:
    assert FAMILY.harden(flat(springs=[[600, 0]]), random.Random(1)) is None


def test_hardened_drafts_are_lost_more_often(runner_lab: Lab, make_gdd: Any) -> None:
    gdd = make_gdd(mechanics=("tap_jump",))
    before = after = 0.0
    for seed in range(4):
        level = FAMILY.generate(gdd, 3, random.Random(f"{seed}"))
        harder: Level | None = level
        for _ in range(4):
            harder = FAMILY.harden(harder, random.Random(seed)) or harder if harder else None
        assert harder is not None
        for one in (level, harder):
            report = runner_lab.solve(one)
            share = runner_lab.ease(one, report.trace).share if report.won else 0.0
            before, after = (before + share, after) if one is level else (before, after + share)
    assert after < before


def test_who_is_not_where_the_certificate_runs_goes_by_wits(runner_lab: Lab, flat: MakeLevel) -> None:
    level = flat(hazards=[[LOW, 600, 0, 0, 0], [LOW, 1100, 0, 0, 0]], gaps=[[1400, 120]])
    play = "((level, plan) => Wits.play(level, [], plan, 16, 2000).outcome)"
    frames = LATE + 400
    assert runner_lab.call(play, level, [0] * frames) == 2, "where it runs, nothing was pressed"
    assert runner_lab.call(play, level, [96 * 16] * frames) == 1, "it runs on a ledge, the player below"
