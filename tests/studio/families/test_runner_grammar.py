"""How runners differ from each other, and how each brings in what is new."""

import itertools
import math
import random
from collections import Counter
from typing import Any

import pytest

from gamefactory_dagster.studio.families.base import Level
from gamefactory_dagster.studio.families.runner import FAMILY
from gamefactory_dagster.studio.families.runner.generate import ALONE
from gamefactory_dagster.studio.families.runner.grammar import CONTENT, LESSONS, SPECIAL, grammar

EVERYTHING = ("tap_jump", "physics_gravity", "multi_touch", "collision_detection", "spawner", "score_system")

SIGNS = {
    "ledges": lambda level: bool(level["ledges"]),
    "springs": lambda level: bool(level["springs"]),
    "breakables": lambda level: bool(level["breakables"]),
    "rides": lambda level: bool(level["rides"]),
    "collision_detection": lambda level: bool(level["crates"]),
    "spawner": lambda level: any(hazard[3] for hazard in level["hazards"]),
    "multi_touch": lambda level: level["duck"] == 1,
    "physics_gravity": lambda level: any(hazard[0] == 1 for hazard in level["hazards"]),
    "score_system": lambda level: level["need"] > 0,
    "timer_countdown": lambda level: level["clock"] > 0,
}
"""By what one sees that a level has a thing; ledges come with springs and rides too."""


def levels(gdd: Any) -> list[Level]:
    return [FAMILY.generate(gdd, number, random.Random(f"{gdd.seed}:{number}")) for number in range(1, 11)]


@pytest.mark.parametrize("mechanics", [("tap_jump",), EVERYTHING], ids=["few", "many"])
def test_the_first_levels_bring_in_one_thing_each_and_that_alone(
    make_gdd: Any, mechanics: tuple[str, ...]
) -> None:
    for seed in range(12):
        gdd = make_gdd(mechanics=mechanics, seed=seed)
        mood = grammar(gdd)
        for level in levels(gdd)[:ALONE]:
            number = level["number"]
            fresh = mood.fresh(number)
            assert level["teaches"] == (["jump"] if number == 1 else [LESSONS[fresh]])
            shown = {name for name, sign in SIGNS.items() if sign(level)}
            if fresh in ("springs", "rides"):
                shown -= {"ledges"}
            asked = {"score_system", "timer_countdown", "multi_touch"} & set(mood.known(number))
            tall = {"physics_gravity"} if not level["hold"] else set()
            assert shown - asked - tall <= {fresh}, (seed, number)
            assert not fresh or fresh in shown, (seed, number)


def test_later_levels_combine_what_was_brought_in(make_gdd: Any) -> None:
    for seed in range(6):
        gdd = make_gdd(mechanics=EVERYTHING, seed=seed)
        last = levels(gdd)[-1]
        for name in grammar(gdd).known(10):
            if name in SPECIAL:
                assert SIGNS[name](last), (seed, name)
        assert sum(SIGNS[name](last) for name in CONTENT) >= 2


def test_what_is_new_comes_once_and_stays(make_gdd: Any) -> None:
    mood = grammar(make_gdd(mechanics=EVERYTHING))
    assert len(set(mood.order)) == len(mood.order) == 8
    assert [mood.fresh(number) for number in range(1, 11)] == ["", *mood.order, ""]
    assert mood.known(10) == mood.order
    assert set(mood.order) <= set(LESSONS)


def measure(made: list[Level]) -> Counter[str]:
    """What a game's levels are made of: elements by kind, and jumps by the distance from the one before."""
    seen: Counter[str] = Counter()
    for level in made:
        for name in ("gaps", "crates", "ledges", "springs", "breakables", "rides"):
            seen[name] += len(level[name])
        for hazard in level["hazards"]:
            seen[f"hazard {hazard[0]}{' drifting' if hazard[3] else ''}{' high' if hazard[2] else ''}"] += 1
        places = sorted([x for x, *_ in level["gaps"]] + [hazard[1] for hazard in level["hazards"]])
        for before, after in itertools.pairwise(places):
            seen[f"after {min(12, (after - before) * 16 // level['speed'] // 12)}"] += 1
    return seen


def unlike(one: Counter[str], other: Counter[str]) -> float:
    """0 for levels of the same parts in the same proportions, 1 for nothing in common."""
    dot = sum(one[key] * other[key] for key in one)
    return 1 - dot / (math.hypot(*one.values()) * math.hypot(*other.values()))


def test_siblings_with_the_same_mechanics_are_built_of_unlike_parts(make_gdd: Any) -> None:
    for mechanics in (("tap_jump",), ("tap_jump", "health_system", "spawner")):
        games = [measure(levels(make_gdd(mechanics=mechanics, seed=seed))) for seed in range(10)]
        apart = [unlike(one, other) for one, other in itertools.combinations(games, 2)]
        # One game's levels drafted anew differ by no more than this.
        gdd = make_gdd(mechanics=mechanics, seed=0)
        again = [
            measure([FAMILY.generate(gdd, n, random.Random(f"{draft}:{n}")) for n in range(1, 11)])
            for draft in range(4)
        ]
        own = [unlike(one, other) for one, other in itertools.combinations(again, 2)]
        assert sum(apart) / len(apart) > 4 * sum(own) / len(own)
        assert min(apart) > max(own)


def test_a_game_has_its_own_finale_and_its_own_rhythm(make_gdd: Any) -> None:
    moods = [grammar(make_gdd(mechanics=("tap_jump",), seed=seed)) for seed in range(40)]
    assert len({mood.finale(mood.known(10)) for mood in moods}) >= 4
    assert len({(mood.motif, mood.voice) for mood in moods}) >= 20
    assert len({mood.content for mood in moods}) >= 12
