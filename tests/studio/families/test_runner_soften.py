"""Runner levels that are made as hard as asked: what the bot tells of its games, and what goes by that."""

import random
from typing import Any

import pytest

from gamefactory_dagster.studio.families.base import Level
from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.runner import FAMILY
from gamefactory_dagster.studio.families.runner.soften import soften

from .conftest import LATE

MECHANICS = [
    ("tap_jump", "collision_detection", "spawner"),
    ("tap_jump", "health_system", "multi_touch"),
    ("tap_jump", "timer_countdown", "physics_gravity", "score_system"),
]
SKILLS = (29, 47, 58, 81)


def drafts(make_gdd: Any, mechanics: tuple[str, ...], lab: Lab) -> list[tuple[Level, Any]]:
    """Hard drafts that can be won, each with inputs that win it."""
    gdd = make_gdd(mechanics=mechanics, difficulty_curve=(10, 20, 30, 40, 50, 60, 70, 80, 90, 100))
    found = []
    for seed in range(12):
        level = FAMILY.generate(gdd, 9, random.Random(seed))
        if (solved := lab.solve(level)).won:
            found.append((level, solved.trace))
    return found[:4]


@pytest.mark.parametrize("mechanics", MECHANICS, ids="+".join)
def test_mishaps_tell_which_games_are_won(make_gdd: Any, runner_lab: Lab, mechanics: tuple[str, ...]) -> None:
    told = []
    for level, trace in drafts(make_gdd, mechanics, runner_lab):
        games = runner_lab.mishaps(level, trace, SKILLS, 1, 5)
        won = [
            game is not None
            and len(game["lost"]) < level["hearts"]
            and (not level["clock"] or game["time"] <= level["clock"])
            for game in games
        ]
        assert sum(won) == runner_lab.completion(level, trace, SKILLS, 1, 5)
        told += won
    assert 0 < sum(told) < len(told)


@pytest.mark.parametrize("mechanics", MECHANICS, ids="+".join)
def test_what_is_left_is_won_about_as_often_as_asked(
    make_gdd: Any, runner_lab: Lab, mechanics: tuple[str, ...]
) -> None:
    off = []
    for level, trace in drafts(make_gdd, mechanics, runner_lab):
        for target in (0.5, 0.75):
            mishaps = runner_lab.mishaps(level, trace, SKILLS, 1, 10)
            softer, foreseen = soften(level, mishaps, target)
            if runner_lab.replay(softer, trace).outcome != 1 or abs(foreseen - target) > 0.15:
                continue
            won = runner_lab.completion(softer, trace, SKILLS, 1, 10) / (10 * len(SKILLS))
            off.append(abs(won - foreseen))
    assert len(off) >= 3
    assert sum(off) / len(off) < 0.1


def games(*lost: list[int]) -> list[dict[str, Any] | None]:
    return [{"lost": list(places), "time": 0} for places in lost]


def at(level: Level, name: str) -> list[int]:
    return [thing[1 if name == "hazards" else 0] for thing in level[name]]


def test_the_thing_goes_that_brings_it_nearest_and_no_more(flat: Any) -> None:
    level = flat(late=0, length=6000, hazards=[[0, 1000, 0, 0, 0], [0, 2000, 0, 0, 0], [0, 3000, 0, 0, 0]])
    played = games([1000], [1000], [1000], [2000], [2000], [3000], [], [], [], [])
    softer, share = soften(level, played, 0.6)
    assert (at(softer, "hazards"), share) == ([1000, 3000], 0.6)
    softer, share = soften(level, played, 0.7)
    assert (at(softer, "hazards"), share) == ([2000, 3000], 0.7)
    softer, share = soften(level, played, 1.0)
    assert (at(softer, "hazards"), share) == ([], 1.0)
    assert soften(level, played, 0.3) == (level, 0.4)


def test_what_leads_across_a_gap_keeps_it(flat: Any) -> None:
    level = flat(late=0, length=6000, gaps=[[1000, 90], [3000, 90]], rides=[[2980, 96, 0, 0, 0, 120]])
    softer, share = soften(level, games([1040], [3040], [], []), 1.0)
    assert (at(softer, "gaps"), share) == ([3000], 0.75)


def test_two_hearts_where_three_forgive_too_much(flat: Any) -> None:
    level = flat(late=0, length=6000, hearts=3, hazards=[[0, 1000, 0, 0, 0], [0, 2000, 0, 0, 0]])
    played = games([1000, 2000], [1000, 2000], [1000], [])
    assert soften(level, played, 0.5) == (level | {"hearts": 2}, 0.5)
    assert soften(level, played, 1.0) == (level, 1.0)


def test_time_runs_out_in_a_third_of_what_is_lost(flat: Any) -> None:
    level = flat(late=0, length=12000, clock=500)
    played: Any = [{"lost": [], "time": 400 + 10 * number} for number in range(100)]
    softer, share = soften(level, played, 0.5)
    assert (softer["clock"], share) == (400 + 10 * 84, 0.85)
    short = flat(late=0, length=6000, clock=500)
    assert soften(short, played, 0.99)[0]["clock"] == 800, "four fifths of the thousand frames it lasts"


def test_a_game_that_is_lost_in_another_way_is_never_won(flat: Any) -> None:
    level = flat(late=0, length=6000, hazards=[[0, 1000, 0, 0, 0]])
    assert soften(level, [None, *games([1000])], 1.0)[1] == 0.5


def test_places_are_told_in_pixels(flat: Any, runner_lab: Lab) -> None:
    level = flat(hazards=[[0, 900, 0, 0, 0]], length=2400)
    first, *_ = runner_lab.mishaps(level, [[0, 900]], (50,), 1, 1)
    assert first is not None
    (place,) = first["lost"]
    assert abs(place - 900 - LATE * level["speed"] // 16) < 80
