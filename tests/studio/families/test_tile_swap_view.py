"""What the view says of a step, without a browser: events, sentences, lessons, motion, hands."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.tile_swap import FAMILY
from tests.studio.families.tile_swap_support import (
    BOARD,
    BOUNCE,
    COLUMN,
    FALL,
    ITEM,
    STONE,
    SWAP,
    board_of,
    level,
    settle,
    special,
    swap,
)

SCENE = """
const Probe = (() => {
  const board = { ...Hands.geometry(Rules.start(%s, 5).level, false) };
  board.middle = (cell) => ({ x: board.x(cell), y: board.y(cell) });
  board.centre = { x: 1, y: 2 };
  const panel = { goals: [[10, 20], [30, 40]], middle: { x: 5, y: 6 } };
  return {
    // One input and all that follows until the board lies still: every step's events and sentences.
    play(first, input) {
      const passed = [], explained = new Set();
      let state = first;
      do {
        const next = Rules.step(state, state === first ? input : 0);
        const felt = Telling.happened(next, state, board, panel, explained);
        for (const one of felt) one.chain = next.chain;
        passed.push({ felt, told: Telling.told(next, state) });
        state = next;
      } while (state.phase !== Rules.READY && !state.outcome);
      return passed;
    },
    // The places a cell's content is drawn at, at four times in each of these steps.
    places(first, input, cell, still) {
      const states = [first];
      do states.push(Rules.step(states[states.length - 1], states.length > 1 ? 0 : input));
      while (states[states.length - 1].phase !== Rules.READY);
      for (let i = 0; i < 20; i++) states.push(Rules.step(states[states.length - 1], 0));
      const memo = Motion.memory(states[0].board.length), hand = { lead: -1, carried: 0 };
      return states.slice(1).map((state, i) => {
        const previous = states[i];
        if (i) Motion.note(memo, previous, states[i - 1], hand);
        const { phase } = previous, drop = previous.phase === Rules.FALL ? previous.drop[cell] : 0;
        return [0, 0.25, 0.5, 0.75, 1].map((share) =>
          ({ ...Motion.pose(previous, memo, cell, share, previous.frame + share, still), phase, drop }));
      });
    },
    lesson: (state, level) => Lessons.teacher(level)(state),
    drag(level, moves) {
      const where = Hands.geometry(level, true), hand = Hands.hands(where);
      const { left, top, size } = where;
      for (const [type, x, y] of moves) hand.pointer(type, left + x * size, top + y * size, 1);
      const { pull, picked, carried } = hand;
      return { pull, picked, carried, input: hand.take(Rules.start(level, 5)) };
    },
    size(level, room) {
      const { size, left, top, columns, rows, strip, foot } = Hands.geometry(level, true, room);
      return [left, size * columns, strip, top, top + size * rows, foot];
    },
    key: (pair, cursor, picked) => Lessons.keyFor(pair, { cursor, picked, board: { columns: 6 } }),
  };
})();
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory) -> Iterator[Lab]:
    import json

    probe = tmp_path_factory.mktemp("probe") / "probe.js"
    probe.write_text(SCENE % json.dumps(level()))
    views = [FAMILY.folder / name for name in FAMILY.views if name != "view.js"]
    with Lab(FAMILY, [*views, probe]) as opened:
        yield opened


def still(lab, rows=BOARD, marks=(), **changes):
    """A board that lies still, late enough for its clock to run."""
    start = lab.call("Rules.start", level(**changes), 5)
    start["board"] = board_of(*rows)
    start["frame"] = 400
    for cell, more in dict(marks).items():
        start["board"][cell] |= more
    return start


def events(lab, start, input_=SWAP):
    """All that is felt of one turn."""
    return [one for step in lab.call("Probe.play", start, input_) for one in step["felt"]]


def words(lab, start, input_=SWAP):
    """All that is said of it."""
    return " ".join(step["told"] for step in lab.call("Probe.play", start, input_) if step["told"])


def collecting(*counts):
    return [{"type": "collect", "kind": kind, "count": count} for kind, count in counts]


def test_a_cleared_tile_bursts_once_and_flies_to_the_goal_that_wants_it(lab):
    first = [one for one in events(lab, still(lab, goals=collecting((2, 9), (1, 2)))) if one["chain"] == 1]
    asked = [("goal:1", "tile_0"), ("goal:1", "tile_0"), (None, None)]
    cleared = [(one.get("to"), one.get("picture")) for one in first if one["what"] == "clear"]
    assert cleared == asked, "the goal asked for two"


def test_waves_are_praised_higher_and_higher(lab):
    seen = {}
    for seed in range(12):
        start = lab.call("Rules.start", level(seed=seed, kinds=4), seed)
        for one in events(lab, start, lab.call("Rules.swaps", start["board"], 6, 6)[0]):
            if one["what"] == "combo":
                seen[one["chain"]] = one["words"].split(" ")[0]
    assert seen[1].startswith("+")
    assert [seen[2], seen[3]] == ["Good!", "Great!"]


def test_what_is_made_and_what_goes_off_is_told_of(lab):
    four, down = (*BOARD[:5], "aacaed"), swap(26, down=True)
    made = [one["words"] for one in events(lab, still(lab, four), down) if one["what"] == "make"]
    assert made[0] == "Line tile!"
    first = events(lab, still(lab, four, teaches=["swap", "special"]), down)
    said = [one["words"] for one in first if one["what"] == "make"]
    assert said[0] == "Column tile: match it!", "the first that is made is explained"
    assert [one for one in events(lab, still(lab, marks={30: special(COLUMN)})) if one["what"] == "blast"]
    assert "Made: line tile." in words(lab, still(lab, four), down)
    assert "A special went off." in words(lab, still(lab, marks={30: special(COLUMN)}))


def test_the_goal_the_last_move_and_the_win_are_felt_once_each(lab):
    felt = [one["what"] for one in events(lab, still(lab, goals=collecting((1, 3))))]
    assert [felt.count(what) for what in ("goal", "last", "win", "lose")] == [1, 1, 1, 0]
    lost = events(lab, still(lab, moves=1, goals=collecting((1, 99))))
    assert [one["what"] for one in lost].count("lose") == 1


def test_fuses_that_burn_out_stones_that_come_and_items_that_arrive_are_felt(lab):
    burnt = still(lab, hearts=3, marks={0: 1 << 8})
    assert [one["what"] for one in events(lab, burnt)].count("hit") == 1
    assert "A fuse burnt out, 2 hearts left." in words(lab, burnt)
    spawned = still(lab, spawn_every=1, spawn_limit=3)
    assert [one["what"] for one in events(lab, spawned)].count("spawn") == 1
    home = still(lab, paths=[[25, 19]], goals=[{"type": "item", "kind": 0, "count": 1}])
    home["board"][25] = ITEM
    assert [one["to"] for one in events(lab, home) if one["what"] == "gather"] == ["goal:0"]
    assert "The item is home." in words(lab, home)


def test_a_turn_is_told_in_sentences(lab):
    start = still(lab, goals=collecting((1, 30)))
    said = words(lab, start)
    assert said.startswith("Swapped. Three red cleared, 27 left.")
    assert said.endswith("19 moves left.")
    assert words(lab, start, swap(0)) == "No match there."


def test_every_word_is_one_the_shell_knows(lab):
    known = {"gather", "bonus", "hit", "break", "clear", "make", "blast", "combo", "spawn", "shuffle", "goal"}
    known |= {"last", "win", "lose"}
    start = still(lab, hearts=3, marks={0: 1 << 8, 30: special(COLUMN)}, spawn_every=1, spawn_limit=3)
    assert {one["what"] for one in events(lab, start)} <= known


def test_what_falls_is_drawn_between_two_steps_and_never_jumps(lab):
    for cell in (24, 30, 31, 0):
        steps = lab.call("Probe.places", still(lab), SWAP, cell, False)
        falls = [shares for shares in steps if shares[0]["phase"] == FALL and shares[0]["drop"]]
        assert falls
        for shares, following in pairwise(falls):
            heights = [place["dy"] for place in shares]
            assert all(0 <= later - sooner < 0.3 for sooner, later in pairwise(heights) if sooner < -0.001)
            if following[0]["dy"] > -0.99 * following[0]["drop"]:
                assert shares[-1]["dy"] == pytest.approx(following[0]["dy"], abs=0.001)


def test_a_landed_tile_gives_unless_all_is_to_be_still(lab):
    def widest(quiet):
        steps = [
            shares for cell in range(36) for shares in lab.call("Probe.places", still(lab), SWAP, cell, quiet)
        ]
        return max(place["sx"] for shares in steps for place in shares if shares[0]["phase"] in (FALL, 0))

    assert widest(False) > 1.08
    assert widest(True) == 1


def test_a_swap_that_does_nothing_shakes_and_comes_back(lab):
    steps = lab.call("Probe.places", still(lab), swap(0), 0, False)
    along = [place["dx"] for shares in steps for place in shares if place["phase"] == BOUNCE]
    assert max(along) > 0.25 and min(along) < -0.03
    assert along[-1] == pytest.approx(0, abs=0.05)


def test_a_dragged_tile_follows_the_finger_and_swaps_past_two_fifths(lab):
    drawn = level()
    pulled = lab.call("Probe.drag", drawn, [["down", 1.5, 1.5], ["move", 1.8, 1.55]])
    assert pulled["pull"] == pytest.approx([0.3, 0]) and pulled["input"] == 0
    assert pulled["picked"] == 7
    dragged = lab.call("Probe.drag", drawn, [["down", 1.5, 1.5], ["move", 1.5, 1.95]])
    assert dragged["input"] == swap(7, down=True)
    assert dragged["carried"] == pytest.approx(0.45)
    dropped = lab.call("Probe.drag", drawn, [["down", 1.5, 1.5], ["move", 1.8, 1.5], ["up", 1.8, 1.5]])
    assert (dropped["pull"], dropped["input"], dropped["picked"]) == ([0, 0], 0, 7)


@pytest.mark.parametrize(("columns", "rows"), [(6, 6), (7, 7), (8, 7), (8, 6)])
def test_an_upright_phone_is_as_wide_as_the_board(lab, columns, rows):
    # Held upright a phone of 390x844, one of 320x568 and a tablet of 768x1024 leave this much.
    for top, bottom, words in ((-92, 820, 90), (-54, 720, 80), (30, 600, 0)):
        room = {"top": top, "bottom": bottom}
        left, wide, strip, first, last, foot = lab.call("Probe.size", level(columns=columns, rows=rows), room)
        assert wide >= 0.92 * 500 or rows * wide / columns > 440
        assert left >= 230 and left + wide <= 730
        assert top <= strip[1] and strip[1] + strip[3] <= first - 13, "the panel is above the board's rim"
        assert strip[3] >= (47 if bottom == 600 else 90), "and as large as there is room"
        assert last + 13 <= foot <= bottom - words, "a lesson's words have room below it"


def test_the_first_lesson_is_a_swap_that_makes_a_line(lab):
    drawn = level(teaches=["swap", "special"])
    start = {**lab.call("Rules.start", drawn, 5), "frame": 60}
    shown = lab.call("Probe.lesson", start, drawn)
    assert shown["input"] in lab.call("Rules.swaps", start["board"], 6, 6)
    assert len(shown["words"].split()) <= 4
    assert lab.call("Probe.lesson", {**start, "frame": 3}, drawn) is None


def test_a_lesson_shows_a_swap_of_its_own_kind(lab):
    drawn = level(teaches=["stones"])
    start = {**lab.call("Rules.start", drawn, 5), "frame": 60}
    start["board"] = board_of(*BOARD)
    start["board"][25] = STONE | 1 << 8
    shown = lab.call("Probe.lesson", start, drawn)
    after = settle(lab, start, shown["input"])
    assert 25 in next(state for state in after if state["clearing"])["clearing"], "the stone breaks"
    start["board"] = board_of(*BOARD)
    start["board"][2] = STONE | 1 << 8
    assert lab.call("Probe.lesson", start, drawn) is None, "no swap is beside that stone"


def test_who_plays_by_keyboard_is_shown_the_next_key(lab):
    keys = [lab.call("Probe.key", [14, 15], cursor, picked) for cursor, picked in
            [(12, -1), (20, -1), (2, -1), (14, -1), (14, 14), (15, 15)]]  # fmt: skip
    assert keys == ["ArrowRight", "ArrowUp", "ArrowDown", "Space", "ArrowRight", "ArrowLeft"]
