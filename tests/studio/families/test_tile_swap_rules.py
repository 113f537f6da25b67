"""A turn of tile swap: what a swap does, what waiting does, and when a level is over."""

import pytest

from tests.studio.families.tile_swap_support import BOARD, SWAP, board_of, level, settle, swap


def test_a_swap_that_makes_no_line_costs_frames_and_nothing_else(lab):
    start = lab.call("Rules.start", level(), 5)
    start["board"] = board_of("abcdef", "bcdefa", "cdefab", "defabc", "efabcd", "aabacd")
    states = settle(lab, start, swap(0))
    assert states[0]["cues"] == ["click"]
    assert len(states) > 10
    assert states[-1]["board"] == start["board"]
    assert (states[-1]["moves"], states[-1]["score"], states[-1]["turn"]) == (20, 0, 0)


def test_a_legal_swap_costs_a_move_and_clears_its_line(lab):
    start = lab.call("Rules.start", level(), 5)
    start["board"] = board_of(*BOARD)
    states = settle(lab, start, SWAP)
    assert states[0]["moves"] == 19
    clearing = next(state["clearing"] for state in states if state["clearing"])
    assert clearing == [30, 31, 32]
    assert states[-1]["need"][0] <= 27
    assert states[-1]["phase"] == 0


def test_inputs_are_ignored_until_the_board_lies_still(lab):
    start = lab.call("Rules.start", level(), 5)
    start["board"] = board_of(*BOARD)
    moving = lab.call("Rules.step", start, SWAP)
    assert lab.call("Rules.step", moving, SWAP) == lab.call("Rules.step", moving, 0)


@pytest.mark.parametrize("input_", [0, 11, 61 + 11, 62, 73, 74, 9999])
def test_inputs_that_name_no_pair_are_nothing(lab, input_):
    start = lab.call("Rules.start", level(), 5)
    assert lab.call("Rules.step", start, input_) == lab.call("Rules.step", start, 0)


def test_a_dead_board_is_shuffled_and_keeps_its_tiles(lab):
    start = lab.call("Rules.start", level(kinds=6, goals=[{"type": "score", "kind": 0, "count": 9999}]), 5)
    dead = board_of("abcdef", "defabc", "abcdef", "defabc", "abcdef", "defabc")
    assert lab.call("Rules.swaps", dead, 6, 6) == []
    start["board"] = dead
    states = settle(lab, start, swap(0))
    assert [state["phase"] for state in states if state["phase"]][-1] == 5
    after = states[-1]["board"]
    assert sorted(after) == sorted(dead) and after != dead
    assert lab.call("Rules.swaps", after, 6, 6) != []
    assert states[-1]["moves"] == 20


@pytest.mark.parametrize("changes", [{}, {"hearts": 3, "fuses": [[8, 1]], "fuse_every": 1, "fuse_turns": 2}])
def test_without_a_clock_whoever_thinks_loses_nothing(lab, changes):
    drawn = level(**changes)
    assert lab.call("Rules.timed", drawn) is False
    start = lab.call("Rules.start", drawn, 5)
    idle = lab.idle(drawn, 4 * 60 * 60)
    assert (idle.outcome, idle.summary) == (0, lab.call("Rules.summary", start))
    after = lab.call("Rules.leap", start, 4 * 60 * 60)
    assert {**after, "frame": 0} == {**start, "frame": 0}


def test_a_clock_stands_still_for_the_first_five_seconds(lab):
    drawn = level(clock=30)
    assert lab.call("Rules.timed", drawn) is True
    assert lab.idle(drawn, 300).summary["time_left"] == 1
    assert (lab.idle(drawn, 329).outcome, lab.idle(drawn, 330).outcome) == (0, 2)
    start = lab.call("Rules.start", drawn, 5)
    assert lab.call("Rules.leap", start, 310) == stepped(lab, start, 310)


def stepped(lab, state, frames):
    for _ in range(frames):
        state = lab.call("Rules.step", state, 0)
    return state


def test_a_wave_sounds_higher_than_the_one_before(lab):
    cues = []
    for seed in range(8):
        state = lab.call("Rules.start", level(seed=seed, kinds=4), seed)
        first = lab.call("Rules.swaps", state["board"], 6, 6)[0]
        cues.append(
            [cue for step in settle(lab, state, first) for cue in step["cues"] if cue[:3] in ("mat", "cas")]
        )
    longest = max(cues, key=len)
    assert longest[:3] == ["match", "cascade+2", "cascade+4"]


def test_a_lost_game_that_goes_on_has_moves_again(lab):
    drawn = level(moves=1, goals=[{"type": "collect", "kind": 1, "count": 90}])
    start = lab.call("Rules.start", drawn, 5)
    lost = settle(lab, start, lab.call("Rules.swaps", start["board"], 6, 6)[0])[-1]
    assert (lost["outcome"], lost["cause"]) == (2, "moves")
    again = lab.call("Rules.revive", lost)
    assert (again["outcome"], again["cause"], again["moves"]) == (0, "", 5)
    assert [again[name] for name in ("board", "score", "need", "rng")] == [
        lost[name] for name in ("board", "score", "need", "rng")
    ]
    choices = lab.call("Rules.swaps", again["board"], 6, 6)
    assert settle(lab, again, choices[0])[-1]["moves"] == 4


def test_a_lost_game_that_goes_on_has_time_hearts_and_a_swap_again(lab):
    late = lab.call("Rules.leap", lab.call("Rules.start", level(clock=30), 5), 400)
    assert late["cause"] == "time"
    again = lab.call("Rules.revive", late)
    assert (again["clock"], lab.call("Rules.leap", again, 899)["outcome"]) == (900, 0)
    hurt = {
        **lab.call("Rules.start", level(hearts=3, fuses=[[8, 1]]), 5),
        "hearts": 0,
        "outcome": 2,
        "cause": "hearts",
    }
    again = lab.call("Rules.revive", hurt)
    assert (again["hearts"], again["board"][8] >> 8) == (1, 3)
    dead = board_of("abcdef", "defabc", "abcdef", "defabc", "abcdef", "defabc")
    again = lab.call("Rules.revive", {**late, "board": dead, "moves": 0})
    assert lab.call("Rules.swaps", again["board"], 6, 6) != []


def test_won_and_lost_levels_do_not_move_on(lab):
    report = lab.solve(level())
    state = lab.call("Rules.start", level(), 5)
    for input_, frames in report.trace:
        for _ in range(frames):
            state = lab.call("Rules.step", state, input_)
    assert (state["outcome"], lab.call("Rules.cues", state)) == (1, state["cues"])
    assert "win" in state["cues"]
    assert lab.call("Rules.step", state, SWAP) == state
