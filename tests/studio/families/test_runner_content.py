"""What a runner climbs, bounces on, breaks and rides: what touching it does, and that the solver knows it."""

from collections.abc import Callable
from typing import Any

import pytest

from gamefactory_dagster.studio.families.base import Level
from gamefactory_dagster.studio.families.lab import Lab

from .conftest import LATE

MakeLevel = Callable[..., Level]
States = list[dict[str, Any]]

LOW, TALL, FLY = 0, 1, 2

STATES = """
((level, trace) => {
  const states = [Rules.start(level, level.seed)];
  for (const input of Core.expand(trace)) states.push(Rules.step(states[states.length - 1], input));
  return states.map(({ level: _, ...rest }) => ({ ...rest, cues: Rules.cues({ ...rest, level }) }));
})
"""


def states(lab: Lab, level: Level, trace: list[list[int]]) -> States:
    """The states from frame ``LATE`` on."""
    return lab.call(STATES, level, [[0, LATE], *trace])[LATE:]


def place(lab: Lab, level: Level, frame: int) -> dict[str, int]:
    return lab.call("Rules.ridePlace", level, 0, LATE + frame)


def test_a_ledge_is_passed_through_from_below_and_carries_from_above(
    runner_lab: Lab, flat: MakeLevel
) -> None:
    level = flat(ledges=[[600, 480, 96]])
    seen = states(runner_lab, level, [[0, 105], [1, 10], [0, 80]])
    rising = [state["y"] for state in seen[106:116]]
    assert rising == sorted(rising), "its underside stops nobody"
    assert seen[-20]["y"] == 96 * 16
    assert seen[-20]["ground"] == 1
    below = states(runner_lab, level, [[0, 250]])
    assert all(state["y"] == 0 and state["ground"] for state in below), "who does not jump runs on below"
    assert below[-1]["outcome"] == 0


def test_a_spring_throws_high_without_a_press(runner_lab: Lab, flat: MakeLevel) -> None:
    seen = states(runner_lab, flat(springs=[[600, 0]]), [[0, 170]])
    assert max(state["y"] for state in seen) in range(255 * 16, 267 * 16)
    bounced = next(state for state in seen if state["bounced"])
    assert bounced["bounced"] == bounced["t"]
    assert bounced["cues"] == ["bounce"]
    jumped_over = states(runner_lab, flat(springs=[[600, 0]]), [[0, 82], [1, 10], [0, 60]])
    assert jumped_over[-1]["bounced"] == 0


def test_what_bursts_does_so_underfoot_and_throws_up_and_hurts_who_runs_into_it(
    runner_lab: Lab, flat: MakeLevel
) -> None:
    level = flat(breakables=[[600, 0]], hearts=3)
    over = states(runner_lab, level, [[0, 68], [1, 10], [0, 80]])
    broke = next(i for i, state in enumerate(over) if state["broken"])
    assert "break" in over[broke]["cues"]
    assert max(state["y"] for state in over[broke:]) > over[broke]["y"] + 70 * 16, "it throws up"
    assert over[-1]["hearts"] == 3
    assert over[-1]["score"] == 10
    into = states(runner_lab, level, [[0, 140]])
    assert into[-1]["hearts"] == 2
    assert into[-1]["broken"] == [0]
    assert into[-1]["y"] == 0, "the way is free"


def test_a_box_overhead_bursts_without_harm(runner_lab: Lab, flat: MakeLevel) -> None:
    seen = states(runner_lab, flat(breakables=[[600, 120]]), [[0, 90], [1, 10], [0, 60]])
    assert seen[-1]["broken"] == [0]
    assert seen[-1]["outcome"] == 0


def test_a_ride_is_where_its_frame_says_and_carries_whoever_stands_on_it(
    runner_lab: Lab, flat: MakeLevel
) -> None:
    level = flat(rides=[[600, 240, 0, 0, 96, 160]], gaps=[[600, 400]])
    assert place(runner_lab, level, 100) == {"x": (600 + LATE * 6) * 16, "y": 0}, (
        "at home when the hero comes"
    )
    assert place(runner_lab, level, 140)["y"] == 96 * 16, "highest after a quarter"
    assert place(runner_lab, level, 220)["y"] == -96 * 16
    assert place(runner_lab, level, 100 + 160) == place(runner_lab, level, 100)
    seen = states(runner_lab, level, [[0, 138]])
    aboard = [state for state in seen if state["ride"] == 0]
    assert len(aboard) >= 36
    assert seen[101]["cues"] == ["ride"] or "ride" in seen[100]["cues"]
    for state in aboard:
        assert state["y"] == place(runner_lab, level, state["t"] - LATE)["y"]
        assert state["ground"] == 1
    off = states(runner_lab, level, [[0, 120], [1, 8], [0, 20]])
    assert off[-1]["ride"] == -1
    assert off[-1]["y"] > 150 * 16, "a jump starts from where the ride is"


def test_rides_change_what_the_same_inputs_do(runner_lab: Lab, flat: MakeLevel) -> None:
    gaps = [[600, 480]]
    trace = [[0, 160], [1, 10], [0, 200]]
    carried = states(runner_lab, flat(gaps=gaps, rides=[[600, 156, 0, 204, 0, 280]]), trace)
    assert carried[-1]["outcome"] == 1
    assert states(runner_lab, flat(gaps=gaps), trace)[-1]["outcome"] == 2


@pytest.mark.parametrize(
    ("only", "way"),
    [
        ({"rides": [[600, 160, 0, 204, 0, 280]]}, {"gaps": [[600, 480]]}),
        ({"springs": [[540, 0]]}, {"gaps": [[600, 252]]}),
        ({"ledges": [[480, 600, 72]]}, {"gaps": [[600, 360]]}),
        ({"breakables": [[660, 0], [840, 0]]}, {"gaps": [[560, 90], [712, 120], [894, 120]]}),
    ],
    ids=["ride", "spring", "ledge", "breakables"],
)
def test_the_solver_uses_each_of_them(
    runner_lab: Lab, flat: MakeLevel, only: dict[str, Any], way: dict[str, Any]
) -> None:
    report = runner_lab.solve(flat(**way, **only))
    assert report.won
    assert runner_lab.replay(flat(**way, **only), report.trace).outcome == 1


@pytest.mark.parametrize("hold", [0, 1])
def test_a_gap_that_only_a_ride_crosses_is_proven_impassable_without_it(
    runner_lab: Lab, flat: MakeLevel, hold: int
) -> None:
    ride = {"rides": [[600, 160, 0, 204, 0, 280]]}
    assert runner_lab.solve(flat(gaps=[[600, 480]], hold=hold, **ride)).won
    without = runner_lab.solve(flat(gaps=[[600, 480]], hold=hold))
    assert not without.won
    assert without.complete


def test_the_solver_lands_on_a_stack_to_be_thrown_over_a_gap(runner_lab: Lab, flat: MakeLevel) -> None:
    level = flat(breakables=[[600, 0], [600, 48]], gaps=[[648, 180]])
    report = runner_lab.solve(level)
    assert report.won
    end = states(runner_lab, level, [[0, report.trace[0][1] - LATE], *report.trace[1:]])
    assert end[-1]["broken"] == [1], "its top throws the hero over"
