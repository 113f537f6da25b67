"""What each mechanic changes in tile swap."""

from itertools import pairwise

from tests.studio.families.tile_swap_support import (
    BOARD,
    HIDDEN,
    ITEM,
    KIND,
    STONE,
    SWAP,
    TIME,
    board_of,
    level,
    settle,
)


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
    for seed in range(30):
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
    assert (idle.outcome, idle.frames, idle.summary["cause"]) == (2, 300 + 900, "time")
    assert idle.summary["moves"] == 20

    start = lab.call("Rules.start", level(**timed), 5)
    start["board"] = board_of(*BOARD)
    start["frame"] = 400
    without = settle(lab, start, SWAP)[-1]
    start["board"][30] |= TIME
    assert settle(lab, start, SWAP)[-1]["clock"] == without["clock"] + 180
    assert lab.call("Rules.summary", start)["time_left"] == 15


def test_a_clock_that_runs_out_in_a_cascade_waits_for_it(lab):
    start = lab.call("Rules.start", level(clock=900, goals=[{"type": "collect", "kind": 1, "count": 3}]), 5)
    start["board"] = board_of(*BOARD)
    start["clock"], start["frame"] = 4, 400
    assert settle(lab, start, SWAP)[-1]["outcome"] == 1


def test_health_system_fuses_burn_down_and_cost_hearts(lab):
    start = lab.call("Rules.start", level(hearts=3), 5)
    start["board"] = board_of(*BOARD)
    start["board"][0] |= 2 << 8
    burnt = settle(lab, start, SWAP)[-1]
    assert [cell >> 8 & 255 for cell in burnt["board"] if cell >> 8 & 255] == [1]
    assert burnt["hearts"] == 3

    start["board"][0] = 1 | 1 << 8
    states = settle(lab, start, SWAP)
    assert "hit" in {cue for state in states for cue in state["cues"]}
    assert states[-1]["hearts"] == 2
    assert not [cell for cell in states[-1]["board"] if cell >> 8 & 255]

    start["hearts"] = 1
    last = settle(lab, start, SWAP)[-1]
    assert (last["outcome"], last["cause"]) == (2, "hearts")


def test_health_system_clearing_a_fuse_puts_it_out(lab):
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
