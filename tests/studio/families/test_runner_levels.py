"""Levels of the runner: certified for every mix of mechanics, repaired where needed."""

import asyncio
import random
from dataclasses import replace
from typing import Any

import pytest

from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.studio.families.base import Level
from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.levels import (
    CASUAL_GAMES,
    HARD_FLOOR,
    ease_floor,
    floor,
    make_level,
    make_levels,
)
from gamefactory_dagster.studio.families.proof import check
from gamefactory_dagster.studio.families.runner import FAMILY
from gamefactory_dagster.studio.families.runner.generate import ALONE
from gamefactory_dagster.studio.families.runner.grammar import grammar

MIXES = [
    ("tap_jump",),
    ("tap_jump", "health_system", "spawner"),
    ("tap_jump", "score_system", "timer_countdown", "particle_effects"),
    ("tap_jump", "physics_gravity", "collision_detection", "multi_touch", "spawner", "score_system"),
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mechanics", "seed"),
    [
        pytest.param(names, seed, marks=[pytest.mark.exhaustive] if index in {1, 2} else [])
        for index, (names, seed) in enumerate(zip(MIXES, [1, 2**52 + 7] * 2, strict=True))
    ],
)
def test_all_ten_levels_are_certified(
    runner_lab: Lab, make_gdd: Any, mechanics: tuple[str, ...], seed: int
) -> None:
    gdd = make_gdd(mechanics=mechanics, seed=seed)
    made = make_levels(FAMILY, gdd, runner_lab)
    assert [level["number"] for level, _ in made] == list(range(1, 11))
    for level, certificate in made:
        assert check(FAMILY, level, certificate, runner_lab) == []
        wanted = floor(level["number"], gdd.difficulty_curve[level["number"] - 1])
        assert certificate.steadiness >= wanted >= HARD_FLOOR
        assert 25 * 60 <= certificate.frames <= 45 * 60
        assert_readable(level)
        assert (
            certificate.ease
            == runner_lab.ease(level, certificate.trace, CASUAL_GAMES).share
            >= ease_floor(level["number"])
        )
    assert made[0][1].ease >= 0.9, "whoever starts a game wins its first level"
    eases = [certificate.ease for _, certificate in made]
    assert sum(eases[:3]) > sum(eases[-3:]), "later levels are harder"
    shares = [certificate.steadiness for _, certificate in made]
    assert sum(shares[:3]) >= sum(shares[-3:]), "later levels must not forgive more than the first"
    speeds = [level["speed"] for level, _ in made]
    assert speeds[0] < speeds[-1]


def assert_readable(level: Level) -> None:
    """Everything is in order and on the course, and nothing comes before the player has seen the ground."""
    places = {"gaps": 0, "crates": 0, "ledges": 0, "springs": 0, "breakables": 0, "rides": 0, "hazards": 1}
    for name, at in {**places, "items": 1}.items():
        xs = [element[at] for element in level[name]]
        assert xs == sorted(xs)
        assert all(0 < x < level["length"] for x in xs)
    first = min(element[at] for name, at in places.items() for element in level[name])
    assert first * 16 // level["speed"] >= 60, "a second of empty ground comes first"
    ends = [x + width for x, width in level["gaps"]]
    assert all(end <= start for end, (start, _) in zip(ends, level["gaps"][1:], strict=False))
    assert len(level["teaches"]) <= 2
    assert all(isinstance(number, int) for number in numbers_in(level | {"teaches": []}))


def numbers_in(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [number for inner in value.values() for number in numbers_in(inner)]
    if isinstance(value, list):
        return [number for inner in value for number in numbers_in(inner)]
    return [value]


def test_seeds_and_levels_differ_and_drafts_are_the_same_every_time(make_gdd: Any) -> None:
    def drafts(seed: int) -> list[str]:
        gdd = make_gdd(mechanics=MIXES[-1], seed=seed)
        made = [FAMILY.generate(gdd, number, random.Random(f"{seed}")) for number in range(1, 11)]
        return [repr((level["hazards"], level["gaps"])) for level in made]

    assert len({course for seed in range(3) for course in drafts(seed)}) == 30
    assert drafts(1) == drafts(1)


@pytest.mark.parametrize(
    ("mechanic", "has"),
    [
        ("physics_gravity", lambda level: level["hold"] == 1),
        ("multi_touch", lambda level: level["duck"] == 1),
        ("health_system", lambda level: level["hearts"] == 3),
        ("score_system", lambda level: level["need"] > 0),
        ("timer_countdown", lambda level: level["clock"] > 0 and any(i[0] == 1 for i in level["items"])),
        ("spawner", lambda level: any(h[3] > 0 for h in level["hazards"])),
        ("collision_detection", lambda level: bool(level["crates"])),
    ],
)  # fmt: skip
def test_a_mechanic_is_in_its_games_from_the_level_that_brings_it_in_and_in_no_other(
    make_gdd: Any, mechanic: str, has: Any
) -> None:
    for seed in range(4):
        plain, special = (
            make_gdd(mechanics=mechanics, seed=seed) for mechanics in (("tap_jump",), ("tap_jump", mechanic))
        )
        first = 1 if mechanic in ("health_system", "physics_gravity") else 2
        for number in range(1, 11):
            drafts = [FAMILY.generate(gdd, number, random.Random(f"{seed}")) for gdd in (plain, special)]
            wanted = [False, number >= first and not alone(special, mechanic, number)]
            assert [has(draft) for draft in drafts] == wanted, (number, seed)


def alone(gdd: Any, mechanic: str, number: int) -> bool:
    """Whether a level brings in something that stays alone, and it is not the mechanic, which is a piece."""
    fresh = grammar(gdd).fresh(number)
    return mechanic in ("collision_detection", "spawner") and number <= ALONE and fresh not in ("", mechanic)


def test_repair_eases_where_the_solver_stopped(runner_lab: Lab, flat: Any) -> None:
    level = flat(gaps=[[600, 420]], hazards=[[1, 1500, 0, 0, 0]])
    rng = random.Random(1)
    for _ in range(6):
        report = runner_lab.solve(level)
        if report.won:
            break
        level = FAMILY.repair(level, report.raw, rng)
    assert runner_lab.solve(level).won
    assert level["hazards"] == [[1, 3300, 0, 0, 0]], "what was not in the way stays"
    assert 90 < level["gaps"][0][1] < 420


def test_repair_does_not_touch_its_argument(flat: Any) -> None:
    level = flat(gaps=[[600, 420]])
    FAMILY.repair(level, {"cause": "fell", "blocked_at": 410}, random.Random(1))
    assert level == flat(gaps=[[600, 420]])


def test_repair_asks_for_fewer_coins_or_gives_more_time(flat: Any) -> None:
    short = FAMILY.repair(flat(need=6), {"cause": "short", "blocked_at": 300}, random.Random(1))
    late = FAMILY.repair(flat(clock=200), {"cause": "time", "blocked_at": 200}, random.Random(1))
    assert short is not None
    assert short["need"] < 6
    assert late is not None
    assert late["clock"] > 200


def test_check_sees_a_wrong_certificate_and_an_idle_win(runner_lab: Lab, make_gdd: Any, flat: Any) -> None:
    gdd = make_gdd()
    level, certificate = make_level(FAMILY, gdd, 1, runner_lab)
    wrong = replace(certificate, final_hash="00000000")
    assert any("final state" in problem for problem in check(FAMILY, level, wrong, runner_lab))
    lost = replace(certificate, trace=[[0, 9999]])
    assert any("does not win" in problem for problem in check(FAMILY, level, lost, runner_lab))
    bare = flat()
    replay = runner_lab.replay(bare, [[0, 700]])
    walk = replace(certificate, trace=[[0, 700]], frames=replay.frames, final_hash=replay.hash)
    assert check(FAMILY, bare, walk, runner_lab) == ["runner level 1: doing nothing wins it"]


def test_a_level_that_cannot_be_made_is_named(runner_lab: Lab, make_gdd: Any) -> None:
    class Walls(type(FAMILY)):  # type: ignore[misc]
        """A runner whose every draft is a wall."""

        def generate(self, gdd: Any, number: int, rng: random.Random) -> Level:
            return super().generate(gdd, number, rng) | {
                "crates": [[600, 480, 400]],
                "gaps": [],
                "hazards": [],
            }

        def repair(self, level: Level, report: dict[str, Any], rng: random.Random) -> Level | None:
            return None

    with pytest.raises(PermanentError, match=r"reef-dash: level 4 .* hit at frame"):
        make_level(Walls(), make_gdd(mechanics=("tap_jump",)), 4, runner_lab)


def test_a_casual_player_wins_less_of_narrow_jumps_and_more_with_hearts(runner_lab: Lab, flat: Any) -> None:
    def ease(**overrides: Any) -> float:
        level = flat(hazards=[[0, 600 + i * 40, 0, 0] for i in range(overrides.pop("wide"))], **overrides)
        return runner_lab.ease(level, runner_lab.solve(level).trace, 48).share

    assert ease(wide=1) > ease(wide=3) > ease(wide=4)
    assert ease(wide=4, hearts=3) > ease(wide=4)


def test_a_laboratory_works_where_an_event_loop_runs(flat: Any) -> None:
    async def idle() -> int:
        with Lab(FAMILY) as lab:
            return lab.idle(flat(), 700).outcome

    assert asyncio.run(idle()) == 1


def test_the_family_says_what_its_mechanics_do(make_gdd: Any) -> None:
    everything = make_gdd(mechanics=MIXES[-1])
    names = [sprite.name for sprite in FAMILY.sprites(everything)]
    assert len(names) == len(set(names))
    assert {"hero", "hero_duck", "crate", "hazard_fly", "coin", "flag"} <= set(names)
    assert set(FAMILY.core) <= set(FAMILY.mechanics)
    assert any("duck" in line for line in FAMILY.help(everything))
    assert len(FAMILY.fail_states(("tap_jump", "score_system", "timer_countdown"))) == 4
