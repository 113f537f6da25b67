"""The runner's solver: what it says it can win it can, and what it says it cannot is impossible."""

import random
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gamefactory_dagster.studio.families.base import Level
from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.runner import FAMILY

from .conftest import LATE

MakeLevel = Callable[..., Level]

LOW, TALL, FLY = 0, 1, 2


def test_the_trace_replays_to_a_win_and_waits_for_the_hazard(runner_lab: Lab, flat: MakeLevel) -> None:
    level = flat(hazards=[[TALL, 600, 0, 0], [LOW, 1000, 0, 0]], gaps=[[1300, 180]])
    report = runner_lab.solve(level)
    assert report.won
    first = runner_lab.replay(level, report.trace)
    assert (first.outcome, first.frames) == (1, report.frames)
    assert runner_lab.replay(level, report.trace).hash == first.hash
    assert sum(1 for step, _ in report.trace if step == 1) == 3, "one jump for each obstacle and no more"


def test_a_wall_too_high_is_proven_unwinnable(runner_lab: Lab, flat: MakeLevel) -> None:
    report = runner_lab.solve(flat(crates=[[900, 480, 192]]))
    assert not report.won
    assert report.complete
    assert report.raw["cause"] == "hit"
    assert abs((report.raw["blocked_at"] - LATE) * 6 - 900) < 60, "it must say where"


def test_a_gap_too_wide_is_proven_unwinnable_and_one_frame_less_is_not(
    runner_lab: Lab, flat: MakeLevel
) -> None:
    widths = range(240, 400, 6)
    won = [runner_lab.solve(flat(gaps=[[600, width]])).won for width in widths]
    assert won[0]
    assert not won[-1]
    assert won == sorted(won, reverse=True), "a wider gap is never easier"


def test_it_agrees_with_trying_every_single_jump(runner_lab: Lab, flat: MakeLevel) -> None:
    windows = []
    for width, shift in ((width, shift) for width in range(160, 200, 3) for shift in (0, 6)):
        row = [[LOW, x + shift, 0, 0] for x in sorted({*range(600, 560 + width, 40), 560 + width})]
        level = flat(hazards=row, length=1100)
        tries = {
            frame: runner_lab.replay(level, [[0, LATE + frame], [1, 9], [0, 150]]) for frame in range(70, 104)
        }
        starts = [frame for frame, replay in tries.items() if replay.outcome == 1]
        report = runner_lab.solve(level)
        assert report.won == bool(starts), width
        assert report.won or report.complete
        windows.append(starts)
    assert [] in windows
    assert any(starts and all(frame % 2 for frame in starts) for starts in windows), (
        "one case must be out of reach of the search that decides every second frame"
    )


@settings(max_examples=25, deadline=None)
@given(
    xs=st.lists(st.integers(10, 40), min_size=1, max_size=5),
    kinds=st.lists(st.sampled_from([LOW, TALL, FLY]), min_size=5, max_size=5),
    presses=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 14)), min_size=40, max_size=40),
)
def test_nothing_beats_what_the_solver_calls_unwinnable(
    runner_lab: Lab, flat: MakeLevel, xs: list[int], kinds: list[int], presses: list[tuple[int, int]]
) -> None:
    hazards = sorted([kind, x * 40, 20 if kind == FLY else 0, 0] for kind, x in zip(kinds, xs, strict=False))
    level = flat(hazards=sorted(hazards, key=lambda hazard: hazard[1]))
    report = runner_lab.solve(level)
    if report.won:
        assert runner_lab.replay(level, report.trace).outcome == 1
        return
    assert report.complete
    moves = [run for wait, press in presses for run in ([0, wait], [1, press]) if run[1]]
    trace = [[0, LATE], *moves]
    assert runner_lab.replay(level, trace).outcome != 1


def test_hearts_are_spent_only_when_nothing_else_wins(runner_lab: Lab, flat: MakeLevel) -> None:
    easy = flat(hearts=3, hazards=[[LOW, 600, 0, 0]])
    assert runner_lab.replay(easy, runner_lab.solve(easy).trace).summary["hearts"] == 3
    wall = flat(hearts=3, crates=[[600, 480, 192]])
    forced = runner_lab.solve(wall)
    assert forced.won
    assert runner_lab.replay(wall, forced.trace).summary["hearts"] == 2


def test_presses_are_put_in_the_middle_of_their_window(runner_lab: Lab, flat: MakeLevel) -> None:
    level = flat(hazards=[[TALL, 600, 0, 0]])
    report = runner_lab.solve(level)
    start = report.trace[0][1] - LATE
    wins = [
        frame
        for frame in range(60, 110)
        if runner_lab.replay(level, [[0, LATE + frame], [1, 9], [0, 300]]).outcome == 1
    ]
    assert abs(start - (wins[0] + wins[-1]) / 2) <= 1.5
    assert runner_lab.steadiness(level, report.trace) == 1.0


def test_steadiness_falls_with_the_window(runner_lab: Lab, flat: MakeLevel) -> None:
    def share(width: int) -> float:
        level = flat(gaps=[[600, width]])
        return runner_lab.steadiness(level, runner_lab.solve(level).trace)

    assert share(120) == 1.0
    assert 0 < share(270) < 1.0


def test_required_coins_are_gathered(runner_lab: Lab, flat: MakeLevel) -> None:
    items = [[0, 500, 14], [0, 800, 150], [0, 1100, 14]]
    report = runner_lab.solve(flat(items=items, need=3))
    assert report.won
    assert any(step == 1 for step, _ in report.trace)
    impossible = runner_lab.solve(flat(items=[[0, 500, 300]], need=1))
    assert not impossible.won
    assert impossible.complete
    assert impossible.raw["cause"] == "short"


def test_ducking_is_found_and_is_the_only_way(runner_lab: Lab, flat: MakeLevel) -> None:
    column = [[FLY, 700, 40 + 40 * row, 0] for row in range(4)]
    ducked = runner_lab.solve(flat(hazards=column, duck=1))
    assert ducked.won
    assert any(step == 2 for step, _ in ducked.trace)
    blocked = runner_lab.solve(flat(hazards=column))
    assert not blocked.won
    assert blocked.complete


KEYS = """
((level, changes) => changes.map((change) =>
  Solver.pack({ ...Rules.start(level, level.seed), x: 600 * 16, ...change }, false)))
"""


def test_states_are_one_only_if_what_carries_them_and_what_still_stands_are(
    runner_lab: Lab, flat: MakeLevel
) -> None:
    level = flat(late=0, length=4000, breakables=[[620, 0], [3000, 0]], rides=[[600, 96, 0, 0, 0, 120]])
    plain, burst, far, riding = runner_lab.call(
        KEYS, level, [{}, {"broken": [0]}, {"broken": [1]}, {"ride": 0}]
    )
    assert len({plain, burst, riding}) == 3
    assert far == plain, "what lies far away is no part of what comes next"


def test_a_trace_made_comfortable_still_gathers_the_coins_that_are_asked_for(
    runner_lab: Lab, make_gdd: Any
) -> None:
    for seed in (2, 4):
        gdd = make_gdd(seed=seed, mechanics=("tap_jump", "physics_gravity", "score_system"))
        for number in (7, 9):
            level = FAMILY.generate(gdd, number, random.Random(str(number)))
            solved = runner_lab.solve(level)
            assert solved.won
            assert runner_lab.replay(level, solved.trace).outcome == 1, (seed, number)
