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


def first_clearing(lab, rows, input_, **changes):
    start = lab.call("Rules.start", level(**changes), 5)
    start["board"] = board_of(*rows)
    return next(state for state in settle(lab, start, input_) if state["clearing"])


def test_four_in_line_clear_the_whole_line(lab):
    rows = ("abcdef", "bcdefa", "cdefab", "defabc", "efabcd", "aacaed")
    state = first_clearing(lab, rows, swap(26, down=True))
    assert state["clearing"] == [30, 31, 32, 33, 34, 35]


def test_five_in_line_clear_every_tile_of_the_kind(lab):
    rows = ("abcdef", "bcdefa", "cdefab", "defabc", "efabcd", "aacaad")
    state = first_clearing(lab, rows, swap(26, down=True))
    a_cells = [cell for cell, kind in enumerate(board_of(*rows)) if kind == 1]
    assert state["clearing"] == sorted({*a_cells, 32} - {26})


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


def test_without_a_clock_waiting_loses_moves_and_in_the_end_the_level(lab):
    idle = lab.idle(level(), 10_000)
    assert (idle.outcome, idle.frames) == (2, 300 + 19 * 120)
    assert idle.summary["cause"] == "moves"


def test_a_swap_gives_patience_back(lab):
    start = lab.call("Rules.start", level(), 5)
    start["board"] = board_of(*BOARD)
    tired = lab.call("Rules.leap", start, 250)
    assert tired["quiet"] == 50
    assert settle(lab, tired, SWAP)[-1]["quiet"] == 300


def test_won_and_lost_levels_do_not_move_on(lab):
    report = lab.solve(level())
    state = lab.call("Rules.start", level(), 5)
    for input_, frames in report.trace:
        for _ in range(frames):
            state = lab.call("Rules.step", state, input_)
    assert (state["outcome"], lab.call("Rules.cues", state)) == (1, state["cues"])
    assert "win" in state["cues"]
    assert lab.call("Rules.step", state, SWAP) == state
