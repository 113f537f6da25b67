"""The runner's rules: pure, integer, bounded; every mechanic changes what happens."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamefactory_dagster.studio.families.base import Level
from gamefactory_dagster.studio.families.lab import Lab, Replay

from .conftest import LATE

MakeLevel = Callable[..., Level]

LOW, TALL, FLY = 0, 1, 2
SAFE_INTEGER = 2**53 - 1

PROBE = """
((level, trace) => {
  const freeze = (value) => {
    if (value && typeof value === "object") Object.values(Object.freeze(value)).forEach(freeze);
    return value;
  };
  let state = freeze(Rules.start(freeze(level), level.seed));
  const states = [state];
  const own = Rules.start(level, level.seed);
  for (const input of Core.expand(trace)) {
    const before = Core.canonical(state);
    const next = Rules.step(state, input);
    const again = Rules.step(state, input);
    if (Core.canonical(again) !== Core.canonical(next)) throw new Error("not deterministic");
    if (Core.canonical(state) !== before) throw new Error("the argument was changed");
    Rules.advance(own, input);
    if (Core.canonical(own) !== Core.canonical(next)) throw new Error("advance is no step");
    state = freeze(next);
    states.push(state);
  }
  return states.map(({level: _, ...rest}) => rest);
})
"""

BUSY = {
    "hearts": 3, "hold": 1, "duck": 1, "clock": 400, "bonus": 60,
    "gaps": [[700, 120], [1560, 400]], "crates": [[300, 96, 48], [396, 96, 96]],
    "hazards": [[LOW, 560, 0, 0, 0], [FLY, 900, 40, 48, 1], [TALL, 1200, 0, 0, 2]],
    "items": [[0, 330, 70], [1, 500, 20], [0, 620, 14], [0, 640, 90]],
    "ledges": [[840, 300, 72]], "springs": [[1300, 0]], "breakables": [[140, 0], [140, 48]],
    "rides": [[1560, 160, 0, 120, 40, 200]], "length": 2200,
}  # fmt: skip

traces = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 30)).map(list), max_size=25)


def states(lab: Lab, level: Level, trace: list[list[int]]) -> list[dict[str, Any]]:
    """The states of a level that ``flat`` made, from frame ``LATE`` on."""
    return lab.call(PROBE, level, [[0, LATE], *trace])[LATE:]


def replay(lab: Lab, level: Level, trace: list[list[int]]) -> Replay:
    return lab.replay(level, [[0, LATE], *trace])


def idle(lab: Lab, level: Level, frames: int) -> Replay:
    return lab.idle(level, LATE + frames)


@settings(max_examples=60, deadline=None)
@given(trace=traces, late=st.sampled_from((0, LATE)))
def test_steps_are_pure_and_integer_and_stay_small(
    runner_lab: Lab, flat: MakeLevel, trace: list[list[int]], late: int
) -> None:
    # A frozen argument makes any change to it throw; the probe also compares two steps from one state.
    seen = runner_lab.call(PROBE, flat(late, **BUSY), [[0, late], *trace])
    for state in seen:
        assert state.keys() == seen[0].keys(), "a step copies every field"
        for name, value in state.items():
            for number in value if name == "broken" else [value]:
                assert isinstance(number, int), (name, value)
                assert abs(number) <= SAFE_INTEGER
        assert len(json.dumps(state)) < 600
        assert 0 <= state["hearts"] <= 3


@settings(max_examples=40, deadline=None)
@given(trace=traces)
def test_a_finished_level_stays_as_it_is(runner_lab: Lab, flat: MakeLevel, trace: list[list[int]]) -> None:
    level = flat(hazards=[[TALL, 300, 0, 0]], length=500)
    over = replay(runner_lab, level, [*trace, [0, 200]])
    assert over.outcome in (1, 2)
    later = replay(runner_lab, level, [*trace, [0, 260]])
    assert (later.hash, later.frames) == (over.hash, over.frames)


def test_a_jump_rises_150_pixels_and_lasts_40_frames(runner_lab: Lab, flat: MakeLevel) -> None:
    seen = states(runner_lab, flat(), [[1, 60]])
    assert max(state["y"] for state in seen) in range(140 * 16, 151 * 16)
    landed = next(i for i, state in enumerate(seen) if i > 1 and state["ground"])
    assert landed in range(38, 42)
    assert all(state["ground"] for state in seen[landed:]), "holding the key must not jump again"


def test_a_press_just_before_landing_jumps_at_landing(runner_lab: Lab, flat: MakeLevel) -> None:
    early = states(runner_lab, flat(), [[1, 5], [0, 29], [1, 3], [0, 20]])
    too_early = states(runner_lab, flat(), [[1, 5], [0, 15], [1, 3], [0, 34]])
    assert early[-1]["ground"] == 0
    assert too_early[-1]["ground"] == 1


def test_a_press_just_after_an_edge_still_jumps(runner_lab: Lab, flat: MakeLevel) -> None:
    level = flat(gaps=[[300, 180]])
    assert replay(runner_lab, level, [[0, 52], [1, 10], [0, 300]]).outcome == 1
    assert replay(runner_lab, level, [[0, 62], [1, 10], [0, 300]]).summary["cause"] == "fell"


@pytest.mark.parametrize(
    ("name", "plain", "special", "trace"),
    [
        ("physics_gravity", {}, {"hold": 1}, [[1, 20], [0, 5]]),
        ("multi_touch", {"hazards": [[FLY, 600, 40, 0]]}, {"hazards": [[FLY, 600, 40, 0]], "duck": 1},
         [[0, 80], [2, 60], [0, 300]]),
        ("health_system", {"hazards": [[LOW, 600, 0, 0]]}, {"hazards": [[LOW, 600, 0, 0]], "hearts": 3},
         [[0, 400]]),
        ("score_system", {}, {"need": 1, "items": [[0, 600, 200]]}, [[0, 400]]),
        ("timer_countdown", {}, {"clock": 100, "bonus": 50}, [[0, 400]]),
        ("spawner", {"hazards": [[LOW, 600, 0, 0]]}, {"hazards": [[LOW, 600, 0, 64]]},
         [[0, 75], [1, 10], [0, 300]]),
        ("collision_detection", {}, {"crates": [[600, 96, 48]]}, [[0, 400]]),
    ],
)  # fmt: skip
def test_every_mechanic_changes_what_the_same_inputs_do(
    runner_lab: Lab, flat: MakeLevel, name: str, plain: Any, special: Any, trace: list[list[int]]
) -> None:
    without = states(runner_lab, flat(**plain), trace)
    having = states(runner_lab, flat(**special), trace)
    paths = [
        [(s["y"], s["hearts"], s["outcome"], s["cause"]) for s in run if s["t"] > 0]
        for run in (without, having)
    ]
    if name != "spawner":
        assert paths[0] != paths[1], name
    else:
        ends = [runner_lab.call("Rules.place", flat(**level), 0, LATE + 20) for level in (plain, special)]
        assert ends[0] != ends[1], "a moving hazard must be elsewhere before the hero meets it"


def test_tap_jump_is_what_gets_over_a_hazard(runner_lab: Lab, flat: MakeLevel) -> None:
    level = flat(hazards=[[LOW, 600, 0, 0]])
    assert replay(runner_lab, level, [[0, 86], [1, 10], [0, 300]]).outcome == 1
    assert idle(runner_lab, level, 400).summary["cause"] == "hit"


def test_holding_carries_higher_only_where_holding_counts(runner_lab: Lab, flat: MakeLevel) -> None:
    def peak(frames: int, hold: int) -> int:
        return max(s["y"] for s in states(runner_lab, flat(hold=hold), [[1, frames], [0, 40]])) // 16

    assert peak(1, 1) < 110
    assert peak(20, 1) > 180
    assert peak(1, 0) == peak(20, 0)


def test_crates_carry_the_hero_and_stop_it_from_the_side(runner_lab: Lab, flat: MakeLevel) -> None:
    level = flat(crates=[[600, 480, 96]])
    assert idle(runner_lab, level, 400).outcome == 2
    seen = states(runner_lab, level, [[0, 80], [1, 10], [0, 60]])
    assert seen[-1]["y"] == 96 * 16
    assert seen[-1]["ground"] == 1


def test_three_hearts_survive_two_hits_and_not_a_third(runner_lab: Lab, flat: MakeLevel) -> None:
    hazards = [[LOW, 400 + 700 * i, 0, 0] for i in range(3)]
    two = idle(runner_lab, flat(hearts=3, hazards=hazards[:2], length=2400), 800)
    three = idle(runner_lab, flat(hearts=3, hazards=hazards, length=2400), 800)
    assert (two.outcome, two.summary["hearts"]) == (1, 1)
    assert (three.outcome, three.summary["hearts"]) == (2, 0)


def test_a_gap_costs_a_heart_and_throws_back(runner_lab: Lab, flat: MakeLevel) -> None:
    level = flat(gaps=[[400, 150]])
    assert idle(runner_lab, level, 500).summary["cause"] == "fell"
    rescued = idle(runner_lab, level | {"hearts": 3}, 500)
    assert (rescued.outcome, rescued.summary["hearts"]) == (1, 2)


def test_a_clock_adds_time(runner_lab: Lab, flat: MakeLevel) -> None:
    level = flat(clock=200, bonus=150)
    assert idle(runner_lab, level, 400).summary["cause"] == "time"
    assert idle(runner_lab, level | {"items": [[1, 500, 20]]}, 400).outcome == 1


def test_coins_count_for_score_target_and_stars(runner_lab: Lab, flat: MakeLevel) -> None:
    row = [[0, 500 + 50 * i, 14] for i in range(10)]
    won = idle(runner_lab, flat(items=row, need=10), 400)
    assert won.summary["pickups"] == 10
    assert won.summary["score"] == 10 * 5 + 50
    assert won.summary["stars"] == 3
    short = idle(runner_lab, flat(items=row[:9], need=10), 400)
    assert (short.outcome, short.summary["cause"], short.summary["stars"]) == (2, "short", 0)
