"""The runner's endless mode and daily levels: sections proven one by one make a run that can be run."""

import itertools
import json
import random
from typing import Any

import pytest

from gamefactory_dagster.studio.families.base import Level
from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.runner import FAMILY
from gamefactory_dagster.studio.families.runner.generate import PACES

from .conftest import LATE
from .test_runner_content import STATES

EVERYTHING = ("tap_jump", "multi_touch", "collision_detection", "spawner", "health_system")

LISTS = {
    "gaps": 0, "crates": 0, "ledges": 0, "springs": 0, "breakables": 0, "rides": 0, "hazards": 1, "items": 1,
}  # fmt: skip

LEAD = 96
"""Frames before the first section."""

CUT = """
((sections, seed, count) => {
  const level = Rules.endless(sections, seed);
  const cut = { ...level, length: level.marks[count] };
  const lists = { gaps: 0, crates: 0, ledges: 0, springs: 0, breakables: 0, rides: 0, hazards: 1, items: 1 };
  const before = (list, at) => list.filter((one) => one[at] < cut.length);
  for (const [name, at] of Object.entries(lists)) cut[name] = before(level[name], at);
  return cut;
})
"""
"""The first sections of an endless level, won at their end."""


@pytest.fixture(scope="module")
def passable(runner_lab: Lab, make_gdd: Any) -> list[dict[str, Any]]:
    """The sections of a game that can be passed at each of their speeds."""
    drafted = FAMILY.sections(make_gdd(mechanics=EVERYTHING), random.Random(7))
    assert len(drafted) == 20
    return [
        section
        for section in drafted
        if all(runner_lab.solve(trial).won for trial in runner_lab.call("Rules.trials", section))
    ]


def test_nearly_all_sections_that_are_drafted_can_be_passed(passable: list[dict[str, Any]]) -> None:
    assert len(passable) >= 17
    assert {speed for section in passable for speed in section["speeds"]} == set(PACES)


def test_a_section_is_tried_alone_at_each_of_its_speeds(
    runner_lab: Lab, passable: list[dict[str, Any]]
) -> None:
    for section in passable:
        trials = runner_lab.call("Rules.trials", section)
        assert [trial["speed"] for trial in trials] == section["speeds"]
        for trial in trials:
            assert len(trial["hazards"]) == len(section["hazards"])
            assert runner_lab.idle(trial, 1).outcome == 0


def test_sections_end_on_bare_ground(passable: list[dict[str, Any]]) -> None:
    for section in passable:
        ends = [
            *(x + width for name in ("gaps", "crates", "ledges", "rides") for x, width, *_ in section[name]),
            *(x + 48 for name in ("springs", "breakables") for x, *_ in section[name]),
            *(hazard[1] + 56 for hazard in section["hazards"]),
        ]
        assert section["length"] - max(ends) >= 60 * section["speeds"][1] // 16


def test_an_endless_run_gets_faster_and_is_another_with_another_seed(
    runner_lab: Lab, passable: list[dict[str, Any]]
) -> None:
    run = runner_lab.call("Rules.endless", passable, 11)
    assert run == runner_lab.call("Rules.endless", passable, 11)
    assert run["hazards"] != runner_lab.call("Rules.endless", passable, 12)["hazards"]
    assert len(run["marks"]) == 120
    speeds = [speed for _, _, speed in run["paces"]]
    assert speeds == sorted(speeds) == list(PACES)
    assert run["endless"] == 1
    for name, at in (("gaps", 0), ("hazards", 1), ("items", 1), ("rides", 0)):
        xs = [one[at] for one in run[name]]
        assert xs == sorted(xs)


def test_the_hero_is_where_the_paces_say(runner_lab: Lab, passable: list[dict[str, Any]]) -> None:
    run = runner_lab.call("Rules.endless", passable, 11)
    count = run["paces"][-1][0] + 200
    walk = "((level, count) => Array.from({ length: count }, (_, t) => Rules.at(level, t)))"
    places = runner_lab.call(walk, run, count)
    for frame, place, speed in run["paces"]:
        assert places[frame : frame + 3] == [place, place + speed, place + 2 * speed]
    begun = [mark * 16 for mark in run["marks"] if mark * 16 <= places[-1]]
    assert len(begun) > 60
    assert set(begun) <= set(places), "each section begins where the hero is after a whole frame"


def part(level: Level, start: int, end: int) -> str:
    """What lies between two places of a level, as seen from the first."""
    return json.dumps(
        {
            name: [
                [*one[:at], one[at] - start, *one[at + 1 :]] for one in level[name] if start <= one[at] < end
            ]
            for name, at in LISTS.items()
        }
    )


def test_proofs_of_sections_in_a_row_pass_the_endless_level(
    runner_lab: Lab, passable: list[dict[str, Any]]
) -> None:
    proofs = {}
    for section in passable:
        for trial in runner_lab.call("Rules.trials", section):
            trace = runner_lab.solve(trial).trace
            inputs = [one for one, frames in trace for _ in range(frames)]
            key = part(trial, trial["marks"][0], trial["length"])
            proofs[trial["speed"], key] = inputs
    count = 40
    run = runner_lab.call(CUT, passable, 11, count)
    inputs, frame = [0] * LEAD, LEAD
    for start, end in itertools.pairwise(run["marks"][: count + 1]):
        speed = [speed for since, _, speed in run["paces"] if since <= frame][-1]
        frames = (end - start) * 16 // speed
        passed = proofs[speed, part(run, start, end)]
        inputs += [*passed, *[0] * (frames - len(passed))]
        frame += frames
    seen = runner_lab.call(STATES, run, [[one, 1] for one in inputs])
    assert seen[-1]["outcome"] == 1
    assert seen[-1]["hearts"] == run["hearts"]
    assert not any(state["stumble"] for state in seen)


def test_idling_loses_an_endless_run_but_not_at_once(runner_lab: Lab, passable: list[dict[str, Any]]) -> None:
    run = runner_lab.call("Rules.endless", passable, 3)
    end = runner_lab.idle(run, 60 * 240)
    assert end.outcome == 2
    assert end.frames > LATE


def test_dailies_are_short_small_winnable_and_unlike_each_other(runner_lab: Lab, make_gdd: Any) -> None:
    gdd = make_gdd(mechanics=EVERYTHING)
    drafts = [FAMILY.daily(gdd, number, random.Random(f"daily {number}")) for number in range(30)]
    assert len(json.dumps(drafts, separators=(",", ":"))) < 90_000
    assert len({repr(level["hazards"]) for level in drafts}) == 30
    for level in drafts[:8]:
        assert level["number"] == 0
        assert 14 * 60 <= level["length"] * 16 // level["speed"] <= 30 * 60
    assert sum(runner_lab.solve(level).won for level in drafts[:8]) >= 6


def test_an_endless_run_carries_on_what_its_game_is(runner_lab: Lab, make_gdd: Any) -> None:
    sections = FAMILY.sections(make_gdd(mechanics=EVERYTHING), random.Random(1))
    run = runner_lab.call("Rules.endless", sections, 1)
    assert (run["hearts"], run["duck"], run["hold"], run["need"], run["clock"]) == (3, 1, 0, 0, 0)
