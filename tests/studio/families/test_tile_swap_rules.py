"""The rules: invariants on any game, and what each mechanic changes."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gamefactory_dagster import studio
from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.tile_swap import FAMILY
from tests.studio.families.tile_swap_support import (
    EVERYTHING,
    HIDDEN,
    ITEM,
    KIND,
    STONE,
    TIME,
    board_of,
    level,
    settle,
    swap,
)

CHECK = """
const Check = (() => {
  const freeze = (value) => {
    if (value && typeof value === "object" && !Object.isFrozen(value)) {
      Object.freeze(value);
      Object.values(value).forEach(freeze);
    }
    return value;
  };
  const whole = (value) => typeof value === "string" || (typeof value === "object"
    ? Object.values(value).every(whole) : Number.isSafeInteger(value) && !Object.is(value, -0));
  // Plays a game of choices: n >= 0 takes the n-th legal swap, n < 0 gives the raw input -n. All states are
  // frozen, so a step that changed its argument would throw. Returns the states in which the board lay still.
  const game = (level, choices) => {
    let state = freeze(Rules.start(level, level.seed)), cleared = 0;
    const still = [state];
    for (const choice of choices) {
      const all = Rules.swaps(state.board, level.columns, level.rows);
      let input = choice < 0 ? -choice : all[choice % all.length];
      do {
        const next = freeze(Rules.step(state, input));
        if (!whole(next)) throw new Error("not whole: " + JSON.stringify(next));
        if (next.clearing !== state.clearing && next.score > state.score) {
          cleared += next.clearing.filter((cell) => Rules.face(state.board[cell])).length;
        }
        state = next;
        input = 0;
      } while (state.phase !== Rules.READY && !Rules.outcome(state));
      if (Rules.outcome(state)) return { still, end: state, cleared };
      still.push(state);
    }
    return { still, end: state, cleared };
  };
  const stepped = (state, frames) => {
    for (let i = 0; i < frames; i++) state = Rules.step(state, 0);
    return state;
  };
  // After `choices`, is one leap the same as so many quiet steps?
  const leaps = (level, choices, input, frames) => {
    const from = Rules.step(game(level, choices).end, input);
    return [Core.canonical(Rules.leap(from, frames)), Core.canonical(stepped(from, frames))];
  };
  return { game, leaps };
})();
"""


@pytest.fixture(scope="module")
def lab():
    with Lab(FAMILY) as opened:
        yield opened


@pytest.fixture(scope="module")
def engine():
    from py_mini_racer import MiniRacer

    with MiniRacer() as context:
        context.eval((Path(studio.__file__).parent / "player" / "core.js").read_text())
        for name in FAMILY.rules:
            context.eval((FAMILY.folder / name).read_text())
        context.eval(CHECK)
        yield context


LEVELS = st.builds(
    lambda seed, kinds, chosen: level(
        seed=seed, kinds=kinds, goals=[{"type": "score", "kind": 0, "count": 99999}], **chosen
    ),
    st.integers(0, 2**31 - 1),
    st.integers(3, 6),
    st.fixed_dictionaries(
        {},
        optional={
            "combos": st.just(1),
            "turning": st.just(1),
            "covers": st.lists(st.integers(20, 35), unique=True, max_size=8),
            "cover_rate": st.just(25),
            "stones": st.sampled_from([[[14, 1], [15, 2]], [[6, 1], [11, 1], [24, 2]]]),
            "spawn_every": st.just(1),
            "spawn_limit": st.just(6),
            "hearts": st.just(3),
            "bomb_every": st.just(2),
            "bomb_fuse": st.just(5),
            "paths": st.sampled_from([[[2, 8, 9, 16]], [[0, 6, 12], [5, 4, 10, 17]]]),
            "clock": st.just(5000),
            "time_bonus": st.just(60),
            "time_one_in": st.just(5),
        },
    ),
)
GAMES = st.lists(st.integers(-80, 40), max_size=14)
relaxed = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def above(state, cell):
    """Cells from ``cell`` towards the side tiles come from, nearest first."""
    columns, rows = state["level"]["columns"], state["level"]["rows"]
    dx, dy = [(0, -1), (1, 0), (0, 1), (-1, 0)][state["gravity"]]
    x, y = cell % columns + dx, cell // columns + dy
    while 0 <= x < columns and 0 <= y < rows:
        yield y * columns + x
        x, y = x + dx, y + dy


@relaxed
@given(LEVELS, GAMES)
def test_a_still_board_has_no_line_and_always_a_legal_swap(engine, drawn, choices):
    played = engine.call("Check.game", drawn, choices)
    for state in played["still"]:
        assert engine.call("Rules.runs", state["board"], 6, 6) == []
        assert engine.call("Rules.swaps", state["board"], 6, 6) != []


@relaxed
@given(LEVELS, GAMES)
def test_cells_are_conserved_and_gaps_are_only_under_what_holds_tiles_up(engine, drawn, choices):
    played = engine.call("Check.game", drawn, choices)
    for state in played["still"]:
        board = state["board"]
        kinds = [cell & KIND for cell in board]
        waiting = sum(at < len(path) - 1 for at, path in zip(state["paths"], drawn["paths"], strict=True))
        assert kinds.count(ITEM) == waiting
        for cell, kind in enumerate(kinds):
            if kind == 0:
                over = [kinds[other] for other in above(state, cell) if kinds[other]]
                assert over, "a gap that is open above must have been refilled"
                assert over[0] in (STONE, ITEM), "a loose tile must have fallen into the gap"
    if not drawn.get("hearts"):
        assert played["end"]["cleared"] == played["cleared"]


@relaxed
@given(LEVELS, GAMES)
def test_equal_games_are_equal_to_the_byte(engine, drawn, choices):
    first = json.dumps(engine.call("Check.game", drawn, choices))
    assert json.dumps(engine.call("Check.game", drawn, choices)) == first


@relaxed
@given(LEVELS, GAMES, st.integers(0, 72), st.integers(0, 900))
def test_a_leap_is_so_many_quiet_steps(engine, drawn, choices, input_, frames):
    leapt, stepped = engine.call("Check.leaps", drawn, choices, input_, frames)
    assert leapt == stepped


def test_the_state_of_a_level_with_everything_stays_whole(engine):
    played = engine.call("Check.game", level(**EVERYTHING), [0, 3, 5, -17, 2, 9, 1, 4])
    assert played["end"]["turn"] >= 3


def test_a_swap_that_makes_no_line_costs_frames_and_nothing_else(lab):
    start = lab.call("Rules.start", level(), 5)
    start["board"] = board_of("abcdef", "bcdefa", "cdefab", "defabc", "efabcd", "aabacd")
    states = settle(lab, start, swap(0))
    assert states[0]["cues"] == ["click"]
    assert len(states) > 10
    assert states[-1]["board"] == start["board"]
    assert (states[-1]["moves"], states[-1]["score"], states[-1]["turn"]) == (20, 0, 0)


BOARD = ("abcdef", "bcdefa", "cdefab", "defabc", "efabcd", "aabacd")
"""Swapping the last row's third and fourth tile lines up three a's, and is the only line there."""

SWAP = swap(32)


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


# ---- one mechanic each ------------------------------------------------------------------------------------


def cascade(lab, **changes):
    """Play the one swap of BOARD under some changed rules until the board lies still."""
    start = lab.call("Rules.start", level(**changes), 5)
    start["board"] = board_of(*BOARD)
    return settle(lab, start, SWAP)


def waves(lab, drawn):
    """Of a level's first legal swap: (cascade number, tiles cleared, points, longest line) of every wave."""
    state = lab.call("Rules.start", drawn, drawn["seed"])
    states = [state, *settle(lab, state, lab.call("Rules.swaps", state["board"], 6, 6)[0])]
    for before, after in pairwise(states):
        if after["cleared"] > before["cleared"] and after["chain"] > 1:
            longest = max(run[2] for run in lab.call("Rules.runs", before["board"], 6, 6))
            tiles = after["cleared"] - before["cleared"]
            yield after["chain"], tiles, after["score"] - before["score"], longest


def test_score_system_multiplies_cascades_and_asks_for_points(lab):
    goals = [{"type": "score", "kind": 0, "count": 500000}]
    seen = set()
    for seed in range(10):
        drawn = level(seed=seed, kinds=4)
        flat, paying = list(waves(lab, drawn)), list(waves(lab, {**drawn, "combos": 1, "goals": goals}))
        assert [wave[2] for wave in flat] == [10 * wave[1] for wave in flat]
        for chain, tiles, points, longest in paying:
            bonus = {3: 0, 4: 40, 5: 100}
            seen.add(longest)
            assert points >= (10 * tiles + bonus[min(longest, 5)]) * chain
            assert longest > 3 or points == 10 * tiles * chain
    assert {3, 4} <= seen
    start = lab.call("Rules.start", level(combos=1, goals=goals), 5)
    start["board"] = board_of(*BOARD)
    after = settle(lab, start, SWAP)[-1]
    assert after["need"] == [500000 - after["score"]]
    assert lab.call("Rules.summary", after)["goals"][0]["left"] == after["need"][0]


def test_timer_countdown_ends_the_level_and_clock_tiles_add_time(lab):
    timed = {"clock": 900, "time_bonus": 180, "time_one_in": 1000000}
    idle = lab.idle(level(**timed), 5000)
    assert (idle.outcome, idle.frames, idle.summary["cause"]) == (2, 900, "time")
    assert idle.summary["moves"] == 20

    start = lab.call("Rules.start", level(**timed), 5)
    start["board"] = board_of(*BOARD)
    without = settle(lab, start, SWAP)[-1]
    start["board"][30] |= TIME
    assert settle(lab, start, SWAP)[-1]["clock"] == without["clock"] + 180
    assert lab.call("Rules.summary", start)["time_left"] == 15


def test_a_clock_that_runs_out_in_a_cascade_waits_for_it(lab):
    start = lab.call("Rules.start", level(clock=900, goals=[{"type": "collect", "kind": 1, "count": 3}]), 5)
    start["board"] = board_of(*BOARD)
    start["clock"] = 4
    assert settle(lab, start, SWAP)[-1]["outcome"] == 1


def test_health_system_bombs_burn_down_and_cost_hearts(lab):
    start = lab.call("Rules.start", level(hearts=3), 5)
    start["board"] = board_of(*BOARD)
    start["board"][0] |= 2 << 8
    burnt = settle(lab, start, SWAP)[-1]
    assert [cell >> 8 for cell in burnt["board"] if cell >> 8] == [1]
    assert burnt["hearts"] == 3

    start["board"][0] = 1 | 1 << 8
    states = settle(lab, start, SWAP)
    assert "hit" in {cue for state in states for cue in state["cues"]}
    assert states[-1]["hearts"] == 2
    assert not [cell for cell in states[-1]["board"] if cell >> 8]

    start["hearts"] = 1
    last = settle(lab, start, SWAP)[-1]
    assert (last["outcome"], last["cause"]) == (2, "hearts")


def test_health_system_clearing_a_bomb_defuses_it(lab):
    start = lab.call("Rules.start", level(hearts=3), 5)
    start["board"] = board_of(*BOARD)
    start["board"][30] |= 1 << 8
    assert settle(lab, start, SWAP)[-1]["hearts"] == 3


def test_card_flip_covered_tiles_hold_still_until_a_match_beside_them(lab):
    start = lab.call("Rules.start", level(), 5)
    start["board"] = board_of(*BOARD)
    start["board"][33] |= HIDDEN
    assert settle(lab, start, SWAP)[-1]["moves"] == 20, "a covered tile cannot be swapped"

    start["board"] = board_of(*BOARD)
    start["board"][26] |= HIDDEN
    start["board"][3] |= HIDDEN
    states = settle(lab, start, SWAP)
    opened = next(state for state in states if state["clearing"])
    assert not opened["board"][26] & HIDDEN, "a match beside it turns it over"
    assert opened["board"][3] & HIDDEN, "one far away stays covered"


def test_card_flip_new_tiles_may_come_face_down(lab):
    assert not any(cell & HIDDEN for cell in cascade(lab)[-1]["board"])
    assert any(cell & HIDDEN for cell in cascade(lab, cover_rate=100)[-1]["board"])


def test_path_following_a_match_beside_the_item_pushes_it_to_its_exit(lab):
    goals = [{"type": "item", "kind": 0, "count": 1}]
    start = lab.call("Rules.start", level(paths=[[25, 19, 13]], goals=goals), 5)
    start["board"] = board_of(*BOARD)
    start["board"][25] = ITEM
    pushed = settle(lab, start, SWAP)[-1]
    assert pushed["paths"] == [1]
    assert (pushed["board"][19] & KIND, pushed["outcome"]) == (ITEM, 0)

    start = lab.call("Rules.start", level(paths=[[25, 19]], goals=goals), 5)
    start["board"] = board_of(*BOARD)
    start["board"][25] = ITEM
    home = settle(lab, start, SWAP)[-1]
    assert (home["need"], home["outcome"]) == ([0], 1)


def test_path_following_an_item_rolls_on_through_all_that_opens_ahead_of_it(lab):
    goals = [{"type": "item", "kind": 0, "count": 1}]
    start = lab.call("Rules.start", level(paths=[[24, 30, 31, 32, 33, 27]], goals=goals), 5)
    start["board"] = board_of(*BOARD)
    start["board"][24] = ITEM
    falling = next(state for state in settle(lab, start, SWAP) if state["phase"] == 4)
    assert (falling["trail"], falling["paths"]) == ([0], [3])
    assert falling["board"][32] & KIND == ITEM


def test_path_following_an_item_rolls_into_a_gap_that_a_fall_leaves_ahead_of_it(lab):
    goals = [{"type": "item", "kind": 0, "count": 1}]
    start = lab.call("Rules.start", level(paths=[[13, 19, 20, 21]], goals=goals), 5)
    start["board"] = board_of(*BOARD)
    start["board"][13] = ITEM
    states = settle(lab, start, SWAP)
    assert next(state for state in states if state["phase"] == 4)["paths"] == [0]
    assert states[-1]["paths"][0] >= 1


def test_spawner_turns_tiles_to_stone_every_few_swaps_up_to_a_limit(lab):
    spawning = level(spawn_every=1, spawn_limit=2, goals=[{"type": "score", "kind": 0, "count": 99999}])
    state = lab.call("Rules.start", spawning, 5)
    stones = []
    for _ in range(6):
        state = settle(lab, state, lab.call("Rules.swaps", state["board"], 6, 6)[0])[-1]
        stones.append(sum(cell & KIND == STONE for cell in state["board"]))
    assert stones[0] == 1 and max(stones) == 2
    assert all(cell & KIND != STONE for cell in cascade(lab)[-1]["board"])


def test_collision_detection_stones_hold_tiles_up_until_broken(lab):
    start = lab.call("Rules.start", level(), 5)
    start["board"] = board_of(*BOARD)
    start["board"][13] = STONE | 2 << 8  # second column, three cells over the line that clears
    held = settle(lab, start, SWAP)
    landed = next(state for state in held if state["phase"] == 4)
    assert landed["board"][13] == STONE | 2 << 8
    assert landed["board"][19] == 0, "nothing falls through a stone"
    assert landed["board"][7] == start["board"][7], "what lies on it stays"

    start["board"] = board_of(*BOARD)
    start["board"][25] = STONE | 2 << 8  # right above the line
    cracked = next(state for state in settle(lab, start, SWAP) if state["clearing"])
    assert cracked["board"][25] == STONE | 1 << 8
    assert 25 not in cracked["clearing"]
    start["board"][25] = STONE | 1 << 8
    assert 25 in next(state for state in settle(lab, start, SWAP) if state["clearing"])["clearing"]


def test_stones_cannot_be_swapped(lab):
    start = lab.call("Rules.start", level(), 5)
    start["board"] = board_of(*BOARD)
    start["board"][33] = STONE | 1 << 8
    assert settle(lab, start, SWAP)[-1]["moves"] == 20


def test_physics_gravity_turns_with_every_swap(lab):
    upright = next(state for state in cascade(lab) if state["phase"] == 4)
    turned = next(state for state in cascade(lab, turning=1) if state["phase"] == 4)
    assert (upright["gravity"], turned["gravity"]) == (0, 1)
    board = board_of(*BOARD)
    assert [upright["board"][cell] for cell in (24, 18)] == [board[18], board[12]]
    assert upright["drop"][33] == 0
    assert [turned["board"][cell] for cell in (30, 31)] == [board[32], board[34]], "tiles slide to the left"
    assert turned["drop"][:30] == [0] * 30
