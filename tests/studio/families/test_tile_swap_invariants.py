"""What holds in any game of tile swap, whatever its level and whoever plays it."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gamefactory_dagster import studio
from gamefactory_dagster.studio.families.tile_swap import FAMILY
from tests.studio.families.tile_swap_support import EVERYTHING, HOLE, ITEM, KIND, STONE, level

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
    const still = [state], own = Rules.start(level, level.seed);
    for (const choice of choices) {
      const all = Rules.swaps(state.board, level.columns, level.rows);
      let input = choice < 0 ? -choice : all[choice % all.length];
      do {
        const next = freeze(Rules.step(state, input));
        if (!whole(next)) throw new Error("not whole: " + JSON.stringify(next));
        Rules.advance(own, input);
        if (Core.canonical(own) !== Core.canonical(next)) throw new Error("advance is no step");
        if (next.clearing !== state.clearing && next.score > state.score) {
          cleared += next.clearing.filter((cell) => Rules.bare(next.board[cell])).length;
          cleared += next.made.filter((made) => made.length > 2).length;
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
            "fuse_every": st.just(2),
            "fuse_turns": st.just(5),
            "holes": st.sampled_from([[1, 3], [7], [13, 19], [18, 3]]),
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
        missing = {cell for cell, kind in enumerate(kinds) if kind == HOLE}
        assert missing == set(played["still"][0]["level"]["holes"])
        waiting = sum(at < len(path) - 1 for at, path in zip(state["paths"], drawn["paths"], strict=True))
        assert kinds.count(ITEM) == waiting
        for cell, kind in enumerate(kinds):
            if kind == 0:
                over = [kinds[other] for other in above(state, cell) if kinds[other] not in (0, HOLE)]
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
