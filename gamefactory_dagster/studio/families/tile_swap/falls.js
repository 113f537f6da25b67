// Tile swap, falls: how loose tiles come down and what fills the cells they leave.
// Here: moving cells. Not here: when that happens, and goals (rules.js). Needs Board. Integers only.
const Falls = (() => {
  "use strict";

  const { kindOf, isTile, freshTile, draw, HIDDEN, EXTRA, HOLE } = Board;
  const PULL = 9; // frames of the first cell; a fall gets faster, so n cells take PULL times the root of n

  /** Frames of a fall by so many cells. */
  function frames(cells) {
    let n = 1;
    while (n * n < PULL * PULL * cells) n++;
    return n;
  }

  /** Cell `step` cells above the floor in line `line`, where the floor is the side tiles fall to. */
  function along(s, line, step) {
    const { columns, rows } = s.level;
    if (s.gravity === 0) return (rows - 1 - step) * columns + line;
    if (s.gravity === 1) return line * columns + step;
    if (s.gravity === 2) return step * columns + line;
    return line * columns + columns - 1 - step;
  }

  function refill(s) {
    const { cover_rate, fuse_every, fuse_turns } = s.level;
    let cell = freshTile(s);
    if (cover_rate && draw(s, 100) < cover_rate) return cell | HIDDEN;
    if (fuse_every && s.fuse_in <= 0) {
      s.fuse_in = fuse_every;
      cell |= fuse_turns << EXTRA;
    }
    return cell;
  }

  /** The tiles of one line fall, past holes; stones and items hold, and hold up what lies on them. */
  function pour(s, line, length, drop) {
    const at = (step) => along(s, line, step), steps = [];
    for (let step = 0; step < length; step++) if (kindOf(s.board[at(step)]) !== HOLE) steps.push(step);
    let to = 0;
    steps.forEach((step, from) => {
      const cell = s.board[at(step)];
      if (cell && !isTile(cell)) to = from + 1;
      if (!isTile(cell)) return;
      s.board[at(step)] = 0;
      s.board[at(steps[to])] = cell;
      drop[at(steps[to])] = step - steps[to];
      to++;
    });
    for (let above = steps[steps.length - 1] + 1; to < steps.length; to++, above++) {
      s.board[at(steps[to])] = refill(s);
      drop[at(steps[to])] = above - steps[to];
    }
  }

  /** Everything loose falls, and lines that are open above refill; by how many cells each fell. Changes `s.board`. */
  function fall(s) {
    const { columns, rows } = s.level, upright = s.gravity % 2 === 0, drop = new Array(s.board.length).fill(0);
    for (let line = 0; line < (upright ? columns : rows); line++) pour(s, line, upright ? rows : columns, drop);
    return drop;
  }

  return Object.freeze({ fall, frames, PULL });
})();
