// Tile swap, turns: many games of one level, which begin alike. Runs in V8 only; for games of which only is asked whether
// they are won. Here: what came of a board's swaps, remembered while many games still come by. Not here: which swap a
// player takes (casual.js, bot.js). Needs Rules, Solver.
const Turns = (() => {
  "use strict";

  const DEEP = 6; // turns that are remembered: after more, games are apart

  /** A board that lies still: its swaps, what they are worth at sight, and the boards that came of them. */
  const still = (s, deep) => ({ s, deep, all: null, worth: [], after: [] });

  let known = { level: null };

  /** A game of its own: {board, late}, where `late` is the frames it has waited longer than whoever came there first. */
  function begin(level) {
    if (known.level !== level) known = { level, first: still(Rules.start(level, level.seed), 0) };
    return { board: known.first, late: 0 };
  }

  /** Every swap there is. */
  function swaps({ board }) {
    const { level } = board.s;
    if (!board.all) board.all = Rules.swaps(board.s.board, level.columns, level.rows);
    return board.all;
  }

  /** What a swap is worth at sight, which `glance` (casual.js) says of a board that nobody has asked about before. */
  const worth = ({ board }, input, glance) => board.worth[input] ?? (board.worth[input] = glance(board.s, input));

  const state = ({ board, late }) => (late ? { ...board.s, frame: board.s.frame + late } : board.s);

  /** Goes on by a swap after a pause; waiting changes nothing but the frame where time is no part of the level. */
  function swap(game, input, pause) {
    const { board } = game;
    if (Rules.timed(board.s.level) || board.deep === DEEP) {
      game.board = still(Solver.play(state(game), input, pause, true), DEEP);
      game.late = 0;
      return;
    }
    if (!board.after[input]) board.after[input] = still(Solver.play(board.s, input, 0, true), board.deep + 1);
    game.board = board.after[input];
    game.late += pause;
  }

  const over = ({ board }) => Solver.sure(board.s) || Rules.outcome(board.s) > 0;
  const won = ({ board }) => Solver.sure(board.s);

  return Object.freeze({ begin, swaps, worth, swap, state, over, won });
})();
