"""The runner's first five seconds, second chances, near misses and runs of coins."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from gamefactory_dagster.studio.families.base import Level
from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.runner import FAMILY

from .conftest import LATE
from .test_runner_content import STATES, states

MakeLevel = Callable[..., Level]

LOW, FLY = 0, 2


def test_in_the_first_five_seconds_a_hit_is_a_stumble_and_a_gap_throws_back(
    runner_lab: Lab, flat: MakeLevel
) -> None:
    level = flat(
        late=0, hazards=[[LOW, 300 + 600 * i, 0, 0] for i in range(2)], gaps=[[1500, 200]], length=4000
    )
    seen = runner_lab.call(STATES, level, [[0, LATE]])
    assert seen[-1]["outcome"] == 0
    stumbles = [state for state in seen if "stumble" in state["cues"]]
    assert len(stumbles) == 3
    assert all(state["stumble"] == state["t"] for state in stumbles)
    assert not any("hit" in state["cues"] for state in seen)


@pytest.mark.parametrize("extra", [{"hazards": [[LOW, 60, 0, 0]]}, {"gaps": [[60, 200]]}])
def test_after_them_it_counts(runner_lab: Lab, flat: MakeLevel, extra: dict[str, Any]) -> None:
    assert runner_lab.idle(flat(**extra), LATE + 400).outcome == 2
    assert runner_lab.idle(flat(**extra, late=0), 400).outcome == 1


def test_the_solver_jumps_though_a_stumble_would_cost_nothing(runner_lab: Lab, flat: MakeLevel) -> None:
    level = flat(late=0, hazards=[[LOW, 600, 0, 0]])
    report = runner_lab.solve(level)
    assert report.won
    assert not any(state["stumble"] for state in runner_lab.call(STATES, level, report.trace))


def test_time_is_part_of_every_runner(runner_lab: Lab, flat: MakeLevel) -> None:
    assert runner_lab.call("Rules.timed", flat()) is True


REVIVED = """
((level, trace) => {
  let state = Rules.start(level, level.seed);
  const inputs = Core.expand(trace);
  for (let f = 0; Rules.outcome(state) === 0; f += 1) state = Rules.step(state, inputs[f] || 0);
  const frozen = Core.canonical(state);
  let again = Rules.revive(Object.freeze(state));
  const first = { ...again, level: 0 };
  if (Core.canonical(state) !== frozen) throw new Error("the argument was changed");
  for (let f = 0; f < 60 && Rules.outcome(again) === 0; f += 1) again = Rules.step(again, 0);
  return { lost: { ...state, level: 0 }, first, later: { ...again, level: 0 } };
})
"""


@pytest.mark.parametrize(
    ("cause", "extra"),
    [
        ("hit", {"hazards": [[LOW, 600 + 40 * i, 0, 0] for i in range(9)]}),
        ("hit", {"crates": [[600, 96, 96], [720, 96, 96]]}),
        ("fell", {"gaps": [[600, 200]]}),
        ("time", {"clock": 100}),
    ],
)
def test_a_lost_level_goes_on_where_it_was_safe_for_a_moment(
    runner_lab: Lab, flat: MakeLevel, cause: str, extra: dict[str, Any]
) -> None:
    level = flat(**extra)
    ran = runner_lab.call(REVIVED, level, [[0, 1]])
    assert ran["lost"]["outcome"] == 2
    assert runner_lab.call("Rules.summary", ran["lost"] | {"level": level})["cause"] == cause
    assert (ran["first"]["outcome"], ran["first"]["cause"], ran["first"]["t"]) == (0, 0, ran["lost"]["t"])
    assert ran["first"]["hearts"] >= 1
    assert ran["later"]["outcome"] == 0, "a second later it still runs"


def test_who_lacked_coins_is_given_them(runner_lab: Lab, flat: MakeLevel) -> None:
    ran = runner_lab.call(REVIVED, flat(need=3), [[0, 1]])
    assert (ran["lost"]["outcome"], ran["later"]["outcome"]) == (2, 1)


def test_a_close_shave_counts_once_and_is_worth_a_coin(runner_lab: Lab, flat: MakeLevel) -> None:
    level = flat(hazards=[[LOW, 600, 0, 0]])
    ends = {
        start: states(runner_lab, level, [[0, start], [1, 10], [0, 120 - start]]) for start in range(64, 100)
    }
    close = {start for start, seen in ends.items() if seen[-1]["near"]}
    safe = {start for start, seen in ends.items() if seen[-1]["outcome"] == 0}
    assert close
    assert close < safe, "who is hit was not near, who was far away neither"
    one = ends[min(close)]
    assert sum("near" in state["cues"] for state in one) == 1
    assert one[-1]["score"] == level["value"]


def test_each_coin_of_a_run_sounds_higher_until_there_was_a_pause(runner_lab: Lab, flat: MakeLevel) -> None:
    level = flat(items=[[0, 300 + 60 * i, 14] for i in range(15)] + [[0, 1600, 14]])
    seen = states(runner_lab, level, [[0, 280]])
    sounds = [cue for state in seen for cue in state["cues"] if cue.startswith("collect")]
    run = ["collect", *(f"collect+{min(12, n)}" for n in range(1, 15))]
    assert sounds == [*run, "collect"]
    assert max(state["combo"] for state in seen) == 15
    assert seen[-1]["combo"] == 1


@pytest.mark.parametrize("mechanics", [("tap_jump",), ("tap_jump", "health_system", "timer_countdown")])
def test_nobody_who_does_nothing_loses_within_five_seconds_or_wins(
    runner_lab: Lab, make_gdd: Any, mechanics: tuple[str, ...]
) -> None:
    for seed in range(3):
        gdd = make_gdd(mechanics=mechanics, seed=seed)
        for number in range(1, 11):
            level = FAMILY.generate(gdd, number, random.Random(f"{seed}:{number}"))
            assert runner_lab.idle(level, LATE).outcome == 0
            assert runner_lab.idle(level, 60 * 240).outcome == 2
