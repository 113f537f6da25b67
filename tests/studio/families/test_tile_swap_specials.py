"""Special tiles: which lines make them, what they clear, what two do together, and how a won level ends."""

from itertools import pairwise

import pytest

from tests.studio.families.tile_swap_support import (
    ALL,
    BIG,
    BLAST,
    CLEAR,
    COLOUR,
    COLUMN,
    CROSS,
    KIND,
    PRISM,
    ROW,
    STORM,
    TIME,
    WIDE,
    board_of,
    level,
    settle,
    special,
    swap,
)

PLAIN = ("abcdef", "bcdefa", "cdefab", "defabc", "efabcd", "fabcde")
"""A board without a line and without a swap."""


def first_clearing(lab, rows, input_, marks=(), **changes):
    """The state in which what `input_` does begins to clear; `marks` are added to cells before."""
    start = lab.call("Rules.start", level(**changes), 5)
    start["board"] = board_of(*rows)
    for cell, more in dict(marks).items():
        start["board"][cell] |= more
    return next(state for state in settle(lab, start, input_) if state["phase"] == CLEAR)


def swapped_column(rows, cell, letters):
    """The same rows with `letters` written downwards from `cell`."""
    cells = [list(row) for row in rows]
    for i, letter in enumerate(letters):
        cells[cell // 6 + i][cell % 6] = letter
    return ["".join(row) for row in cells]


def test_four_in_line_make_a_line_tile_that_clears_the_way_the_swap_went(lab):
    flat = ("abcdef", "bcdefa", "cdefab", "defabc", "efabcd", "aacaed")
    state = first_clearing(lab, flat, swap(26, down=True))
    assert (state["clearing"], state["made"]) == ([30, 31, 33], [[32, COLUMN, 30, 31, 33]])
    assert state["board"][32] == 1 | special(COLUMN)
    upright = swapped_column(PLAIN, 1, "aaca")
    upright = swapped_column(upright, 14, "a")
    state = first_clearing(lab, upright, swap(13))
    assert state["made"] == [[13, ROW, 1, 7, 19]]
    assert state["need"] == [26], "the tile that turns special counts like those that go"


def test_five_in_line_make_a_colour_tile(lab):
    rows = ("abcdef", "bcdefa", "cdefab", "defabc", "efabcd", "aacaad")
    state = first_clearing(lab, rows, swap(26, down=True))
    assert (state["clearing"], state["made"]) == ([30, 31, 33, 34], [[32, COLOUR, 30, 31, 33, 34]])
    assert state["board"][32] == PRISM


@pytest.mark.parametrize(("column", "row"), [(14, 18), (8, 20), (20, 19)], ids=["L", "T", "cross below"])
def test_lines_that_cross_make_a_bomb_tile_where_they_were_swapped_to(lab, column, row):
    found = [[column, 6, 3], [row, 1, 3]]
    cells = {column, column + 6, column + 12} & {row, row + 1, row + 2}
    assert len(cells) == 1
    (corner,) = cells
    made = lab.call("Specials.makes", found, [])
    assert [one[:2] for one in made] == [[corner, BLAST]]
    assert sorted(made[0][2:]) == sorted({column, column + 6, column + 12, row, row + 1, row + 2} - {corner})
    assert lab.call("Specials.makes", found, [column, 99])[0][0] == column


def test_an_l_on_the_board_makes_one_bomb_tile_and_no_line_tile(lab):
    rows = (*PLAIN[:2], "caefab", "dafabc", "efaacd", PLAIN[5])
    state = first_clearing(lab, rows, swap(25, down=True))
    assert (state["clearing"], [one[:2] for one in state["made"]]) == ([13, 19, 26, 27], [[25, BLAST]])
    assert state["board"][25] == 1 | special(BLAST)


def test_what_is_made_what_goes_off_and_a_goal_that_is_met_sound(lab):
    rows = (*PLAIN[:2], "caefab", "dafabc", "efaacd", PLAIN[5])
    assert "make" in first_clearing(lab, rows, swap(25, down=True))["cues"]
    loud = first_clearing(lab, LINE, swap(32), {30: special(ROW)})["cues"]
    assert "blast" in loud
    assert "break" not in loud, "nothing that is hard broke"
    met = [{"type": "collect", "kind": 1, "count": 3}]
    assert "goal" in first_clearing(lab, LINE, swap(32), goals=met)["cues"]
    assert "goal" not in first_clearing(lab, LINE, swap(32))["cues"]


def test_lines_that_fell_together_make_specials_too(lab):
    assert lab.call("Specials.makes", [[12, 1, 4]], []) == [[14, COLUMN, 12, 13, 15]]
    assert lab.call("Specials.makes", [[2, 6, 4]], []) == [[14, ROW, 2, 8, 20]]
    assert lab.call("Specials.makes", [[6, 1, 3], [20, 1, 3]], []) == []


LINE = ("abcdef", "bcdefa", "cdefab", "defabc", "efabcd", "aabacd")
"""Swapping the last row's third and fourth tile lines up three a's."""


@pytest.mark.parametrize(
    ("what", "more"),
    [
        (ROW, {30, 31, 32, 33, 34, 35}),
        (COLUMN, {30, 31, 32, 0, 6, 12, 18, 24}),
        (BLAST, {30, 31, 32, 24, 25}),
    ],
)
def test_a_special_that_is_cleared_clears_its_own(lab, what, more):
    state = first_clearing(lab, LINE, swap(32), {30: special(what)})
    assert set(state["clearing"]) == more
    assert state["blasts"] == [[30, what]]
    assert state["score"] == 10 * len(more)
    plain = first_clearing(lab, LINE, swap(32))
    assert state["span"] > plain["span"], "there is time to see it"


def test_specials_set_each_other_off(lab):
    marks = {30: special(COLUMN), 12: special(ROW), 16: special(BLAST)}
    state = first_clearing(lab, LINE, swap(32), marks)
    assert sorted(state["blasts"]) == [[12, ROW], [16, BLAST], [30, COLUMN]]
    assert {0, 6, 18, 24, 13, 14, 15, 17, 9, 10, 11, 21, 22, 23} <= set(state["clearing"])


def test_a_colour_tile_that_is_hit_takes_the_commonest_kind(lab):
    rows = (*LINE[:4], "*fabcd", LINE[5])
    state = first_clearing(lab, rows, swap(32), {30: special(BLAST)})
    counts = [sum(cell & KIND == kind for cell in board_of(*rows)) for kind in range(1, 7)]
    most = 1 + counts.index(max(counts))
    assert [24, COLOUR] in state["blasts"]
    assert {i for i, cell in enumerate(board_of(*rows)) if cell == most and i not in (32, 33)} <= set(
        state["clearing"]
    )


def row_of(cell):
    return {cell - cell % 6 + x for x in range(6)}


def column_of(cell):
    return {cell % 6 + 6 * y for y in range(6)}


def square(cell, reach):
    x, y = cell % 6, cell // 6
    return {v * 6 + u for u in range(6) for v in range(6) if abs(u - x) <= reach and abs(v - y) <= reach}


@pytest.mark.parametrize(
    ("one", "two", "what", "cells"),
    [
        (ROW, COLUMN, CROSS, row_of(15) | column_of(15)),
        (ROW, ROW, CROSS, row_of(15) | column_of(15)),
        (
            COLUMN,
            BLAST,
            WIDE,
            row_of(9) | row_of(15) | row_of(21) | column_of(14) | column_of(15) | column_of(16),
        ),
        (BLAST, BLAST, BIG, square(15, 2)),
    ],
)
def test_two_that_are_swapped_do_more_together(lab, one, two, what, cells):
    state = first_clearing(lab, PLAIN, swap(14), {14: special(one), 15: special(two)})
    assert state["blasts"] == [[15, what]]
    assert set(state["clearing"]) == cells


def test_a_colour_tile_takes_every_tile_of_the_kind_it_is_swapped_with(lab):
    rows = (*PLAIN[:2], "cd*fab", *PLAIN[3:])
    kind = board_of(*rows)[15]
    state = first_clearing(lab, rows, swap(14))
    cells = {i for i, cell in enumerate(board_of(*rows)) if cell == kind} - {15} | {14, 15}
    assert set(state["clearing"]) == cells
    assert state["blasts"] == [[15, COLOUR]]


def test_a_colour_tile_gives_its_kind_the_others_power(lab):
    rows = (*PLAIN[:2], "cd*fab", *PLAIN[3:])
    kind = board_of(*rows)[15]
    state = first_clearing(lab, rows, swap(14), {15: special(BLAST)})
    assert state["blasts"][0] == [15, STORM]
    others = [i for i, cell in enumerate(board_of(*rows)) if cell == kind and i != 15]
    assert {cell for other in others for cell in square(other, 1)} <= set(state["clearing"])


def test_two_colour_tiles_take_the_board(lab):
    rows = (*PLAIN[:2], "cd**ab", *PLAIN[3:])
    state = first_clearing(lab, rows, swap(14))
    assert state["blasts"] == [[14, ALL]]
    assert state["clearing"] == list(range(36))


def test_a_swap_of_two_specials_needs_no_line_and_one_alone_does(lab):
    board = board_of(*PLAIN)
    assert not lab.call("Board.swaps", board, 6, 6)
    board[14] |= special(ROW)
    assert not lab.call("Board.swaps", board, 6, 6)
    board[15] |= special(BLAST)
    assert lab.call("Board.swaps", board, 6, 6) == [swap(14)]
    board[14] = PRISM
    assert sorted(lab.call("Board.swaps", board, 6, 6)) == sorted(
        [swap(13), swap(14), swap(8, down=True), swap(14, down=True)]
    )


def test_stones_are_cracked_and_covers_turned_by_what_goes_off(lab):
    rows = (*LINE[:2], "#defab", *LINE[3:])
    state = first_clearing(lab, rows, swap(32), {30: special(COLUMN), 18: 16})
    assert 12 in state["clearing"] and 18 not in state["clearing"]
    assert not state["board"][18] & 16


def test_clock_tiles_that_a_special_takes_count(lab):
    state = first_clearing(lab, LINE, swap(32), {30: special(ROW), 35: TIME}, clock=900, time_bonus=60)
    assert state["clock"] == 960


def test_when_the_goals_are_met_spare_moves_and_specials_go_off_before_the_win(lab):
    goals = [{"type": "collect", "kind": 1, "count": 3}]
    start = lab.call("Rules.start", level(goals=goals, moves=9), 5)
    start["board"] = board_of(*LINE)
    start["board"][0] |= special(COLUMN)
    states = settle(lab, start, swap(32))
    last = [state for state in states if state["last"]]
    assert len(last[0]["made"]) == 3, "three spare moves become line tiles"
    assert states[-1]["outcome"] == 1 and states[-1]["cause"] == ""
    fired = [
        cell
        for before, state in pairwise(last)
        if before["blasts"] != state["blasts"]
        for cell in state["blasts"]
    ]
    assert len(fired) == 4
    assert not [cell for cell in states[-1]["board"] if lab.call("Specials.power", cell)]
    assert states[-1]["score"] > last[0]["score"]
    assert len(last) <= 180, "it is short"
    assert states[-1]["moves"] == 8, "and costs no star"


def test_a_clock_stands_still_once_the_goals_are_met(lab):
    goals = [{"type": "collect", "kind": 1, "count": 3}]
    start = lab.call("Rules.start", level(goals=goals, clock=2), 5)
    start["board"], start["frame"], start["clock"] = board_of(*LINE), 400, 60
    states = settle(lab, start, swap(32))
    assert states[-1]["outcome"] == 1
    last = [state["clock"] for state in states if state["last"]]
    assert len(set(last)) == 1 and last[0] > 0


def test_the_casual_player_prefers_what_goes_off(lab):
    start = lab.call("Rules.start", level(goals=[{"type": "score", "kind": 0, "count": 900}]), 5)
    start["board"] = board_of(*LINE)
    plain = lab.call("Casual.glance", start, swap(32))
    start["board"][30] |= special(ROW)
    assert lab.call("Casual.glance", start, swap(32)) > plain
    start["board"] = board_of(*(*LINE[:2], "cd**ab", *LINE[3:]))
    assert lab.call("Casual.glance", start, swap(14)) > plain


def test_certificates_make_specials_and_set_them_off(lab):
    fired = 0
    for seed in range(4):
        drawn = level(seed=seed, goals=[{"type": "collect", "kind": kind, "count": 18} for kind in (1, 2, 3)])
        state = lab.call("Rules.start", drawn, seed)
        for input_, frames in lab.solve(drawn).trace:
            for _ in range(frames):
                state = lab.call("Rules.step", state, input_)
                fired += bool(state["blasts"]) and not state["last"]
    assert fired
