// Tile swap, lessons: which swap to show a newcomer, and which to hint at. Browser only; decides nothing.
// Here: looking for a swap that shows something. Not here: how a lesson is drawn (the shell), what is told (telling.js).
// Needs Board, Specials, Rules.
const Lessons = (() => {
  "use strict";

  const AFTER = 20; // frames before the first is shown
  const PATIENT = 360; // frames a board lies still before a swap is hinted at
  const WAY = { "-1": "ArrowLeft", 1: "ArrowRight" };

  /** What a swap would clear at once: the board with the two swapped, the marked cells, the longest line, specials. */
  function outlook(state, input) {
    const { columns, rows } = state.level, [a, b] = Rules.pair(input, columns, rows), board = state.board.slice();
    [board[a], board[b]] = [board[b], board[a]];
    if (Rules.mixes(board[a], board[b])) {
      const { hit, off } = Specials.together(board, columns, rows, a, b);
      return { board, hit, off, longest: 6 };
    }
    const hit = new Uint8Array(board.length), found = Rules.runs(board, columns, rows);
    for (const [first, stride, length] of found) for (let i = 0; i < length; i++) hit[first + i * stride] = 1;
    const longest = Math.max(...found.map((run) => run[2])) + (found.length > 1 ? 1 : 0);
    return { board, hit, off: Specials.chain(board, columns, rows, hit), longest };
  }

  /** Of all that is cleared, how much has something of this sort beside it? */
  function beside(state, { board, hit }, sort) {
    const { columns, rows } = state.level;
    let count = 0;
    hit.forEach((marked, cell) => {
      if (marked && Rules.bare(board[cell])) count += Board.neighbours(cell, columns, rows).filter((near) => sort(board[near])).length;
    });
    return count;
  }

  const among = (sort) => (state, { board, hit }) => board.filter((cell, i) => hit[i] && sort(cell)).length;
  const wanted = (state, { board, hit }) => board.filter((cell, i) => hit[i] && state.level.goals.some((goal, g) =>
    goal.type === "collect" && goal.kind === Rules.face(cell) && state.need[g] > 0)).length;

  // lesson -> [words, how well a swap shows it; 0 not at all]
  const LESSONS = {
    swap: ["Swap these two!", (state, look) => 1 + wanted(state, look)],
    special: ["Set it off!", (state, look) => look.off.length * 4],
    stones: ["Match beside the stone!", (state, look) => beside(state, look, (cell) => Rules.kindOf(cell) === Rules.STONE)],
    covers: ["Match beside it!", (state, look) => beside(state, look, (cell) => cell & Rules.HIDDEN)],
    path: ["Match beside it!", (state, look) => beside(state, look, (cell) => Rules.kindOf(cell) === Rules.ITEM)],
    fuses: ["Clear the fuse!", among((cell) => Rules.isTile(cell) && Rules.extra(cell) > 0)],
    clock: ["Clocks give time!", among((cell) => (cell & Rules.TIME) > 0)],
    points: ["Longer lines, more points!", (state, look) => look.longest],
    turning: ["Falls turn each swap!", (state, look) => look.longest],
  };

  /** The swap that is worth most; 0 where none is worth anything. */
  function best(state, worth) {
    const { columns, rows } = state.level;
    let chosen = 0, most = 0;
    for (const input of Rules.swaps(state.board, columns, rows)) {
      const value = worth(state, outlook(state, input));
      if (value > most) { most = value; chosen = input; }
    }
    return chosen;
  }

  /** The key to press next, by who swaps with the cursor. */
  function keyFor([a, b], { cursor, picked, board }) {
    const from = picked >= 0 ? picked : cursor, to = from === a ? b : a;
    if (picked < 0 && (cursor === a || cursor === b)) return "Space";
    const across = (to % board.columns) - (from % board.columns);
    return across ? WAY[Math.sign(across)] : to > from ? "ArrowDown" : "ArrowUp";
  }

  /** A level's lessons: give the swap to show now, {input, words}, or null; each until a swap was made. */
  function teacher(level) {
    const since = {}; // lesson -> the turn in which it was first shown
    let board = null, shown = null;
    const look = (state) => {
      for (const name of level.teaches) {
        if (!LESSONS[name] || since[name] < state.turn) continue;
        const [words, worth] = LESSONS[name], input = best(state, worth);
        if (!input) continue;
        since[name] = since[name] ?? state.turn;
        return { input, words };
      }
      return null;
    };
    return (state) => {
      if (state.phase !== Rules.READY || state.outcome || state.frame < AFTER) return null;
      if (state.board !== board) {
        board = state.board;
        shown = look(state);
      }
      return shown;
    };
  }

  /** The two cells to point out on a board that has lain still for so many frames; else none. */
  function hints(level) {
    const none = [];
    let board = null, hint = none;
    return (state, still) => {
      if (state.phase !== Rules.READY || state.outcome || still < PATIENT) return none;
      if (state.board !== board) {
        board = state.board;
        hint = Rules.pair(best(state, (s, seen) => seen.longest * 2 + wanted(s, seen) + seen.off.length * 4), level.columns, level.rows);
      }
      return hint;
    };
  }

  return Object.freeze({ teacher, hints, keyFor });
})();
