// Tile swap, special tiles: which lines make one, what it clears when it goes off, and what two do together.
// Here: looking at boards and marking cells. Not here: turns, points, goals (rules.js). Needs Board. Integers only.
//
// A special is a number: 1 clears its row, 2 its column, 3 the eight around it; a colour tile (a kind of its own) is 4,
// and clears every tile of one kind. The rest is what two specials are together.
const Specials = (() => {
  "use strict";

  const { kindOf, face, special, HIDDEN, SPECIAL, PRISM } = Board;
  const ROW = 1, COLUMN = 2, BLAST = 3, COLOUR = 4, CROSS = 5, WIDE = 6, BIG = 7, STORM = 8, ALL = 9;

  /** What a cell does when it is hit; 0 where it is only a tile. */
  function power(cell) {
    if (cell & HIDDEN) return 0;
    return kindOf(cell) === PRISM ? COLOUR : special(cell);
  }

  /** A cell that holds special `what` of a kind. */
  const cellOf = (kind, what) => (what === COLOUR ? PRISM : kind | (what << SPECIAL));

  // ---- what lines make --------------------------------------------------------------------------------------

  /** Lines joined where they cross: [{cells, run: the longest line, cross: a cell of two lines, or -1}, ...]. */
  function groups(found) {
    let all = [];
    for (const run of found) {
      const cells = Array.from({ length: run[2] }, (_, i) => run[0] + i * run[1]);
      const one = { cells, run, cross: -1 };
      const met = all.filter((group) => group.cells.some((cell) => cells.includes(cell)));
      for (const group of met) {
        one.cross = group.cells.find((cell) => cells.includes(cell));
        if (group.run[2] > one.run[2]) one.run = group.run;
        one.cells = one.cells.concat(group.cells.filter((cell) => !one.cells.includes(cell)));
      }
      all = all.filter((group) => !met.includes(group)).concat(one);
    }
    return all;
  }

  /** A line of four becomes a line tile that clears the way the swap went; one that fell together, across itself. */
  function lineOf(pair, stride) {
    const flat = pair.length ? pair[1] - pair[0] === 1 : stride !== 1;
    return flat ? ROW : COLUMN;
  }

  /** What lines leave behind, where they were swapped to: [[cell, special, ...the other cells], ...]. */
  function makes(found, pair) {
    const made = [];
    if (found.length === 1 && found[0][2] === 3) return made; // most waves, and nothing to join
    for (const { cells, run: [first, stride, length], cross } of groups(found)) {
      const what = length > 4 ? COLOUR : cross >= 0 ? BLAST : length > 3 ? lineOf(pair, stride) : 0;
      if (!what) continue;
      const middle = what === BLAST ? cross : first + stride * (length >> 1);
      const place = pair.find((cell) => cells.includes(cell)) ?? middle;
      made.push([place, what, ...cells.filter((cell) => cell !== place)]);
    }
    return made;
  }

  // ---- what they clear --------------------------------------------------------------------------------------

  /** Marks what special `what` at `cell` clears, but for the colour tile's, which goes by kind. */
  function mark(hit, columns, rows, cell, what) {
    const x = cell % columns, y = (cell / columns) | 0;
    const box = (left, top, right, bottom) => {
      for (let v = Math.max(0, top); v <= Math.min(rows - 1, bottom); v++) {
        for (let u = Math.max(0, left); u <= Math.min(columns - 1, right); u++) hit[v * columns + u] = 1;
      }
    };
    const wide = what === WIDE ? 1 : 0, round = what === BIG ? 2 : 1;
    if (what === ROW || what === CROSS || what === WIDE) box(0, y - wide, columns, y + wide);
    if (what === COLUMN || what === CROSS || what === WIDE) box(x - wide, 0, x + wide, rows);
    if (what === BLAST || what === BIG) box(x - round, y - round, x + round, y + round);
    if (what === ALL) hit.fill(1);
  }

  /** The kind most tiles show, the lowest of equals. */
  function commonest(board) {
    const counts = [0, 0, 0, 0, 0, 0, 0];
    for (const cell of board) counts[face(cell)]++;
    counts[0] = 0;
    return counts.indexOf(Math.max(...counts));
  }

  function markKind(board, hit, kind) {
    for (let i = 0; i < board.length; i++) if (face(board[i]) === kind) hit[i] = 1;
  }

  /** Specials among the marked go off and mark more; every [cell, special] that did, in order. `spent` have already. */
  function chain(board, columns, rows, hit, spent = []) {
    const off = [], done = new Uint8Array(board.length);
    for (const cell of spent) done[cell] = 1;
    for (let more = true; more;) {
      more = false;
      for (let cell = 0; cell < board.length; cell++) {
        if (!hit[cell] || done[cell]) continue;
        done[cell] = 1;
        const what = power(board[cell]);
        if (!what) continue;
        if (what === COLOUR) markKind(board, hit, commonest(board));
        else mark(hit, columns, rows, cell, what);
        off.push([cell, what]);
        more = true;
      }
    }
    return off;
  }

  /** A colour tile at `prism` swapped with `other`: all of that kind, each with the other's special if it has one. */
  function recolour(board, columns, rows, hit, prism, other) {
    const what = power(board[other]), kind = face(board[other]);
    if (what === COLOUR) {
      hit.fill(1);
      return [[prism, ALL]];
    }
    markKind(board, hit, kind);
    if (!what) return [[prism, COLOUR]];
    const off = [[prism, STORM]];
    board.forEach((cell, i) => {
      if (face(cell) !== kind) return;
      const as = what === BLAST ? BLAST : i % 2 ? ROW : COLUMN;
      mark(hit, columns, rows, i, as);
      off.push([i, as]);
    });
    return off;
  }

  /** Two that were swapped go off together: which cells that hits, and [cell, special] of all that went off. */
  function together(board, columns, rows, a, b) {
    const hit = new Uint8Array(board.length), one = power(board[a]), two = power(board[b]);
    let off = [];
    if (one === COLOUR || two === COLOUR) {
      off = recolour(board, columns, rows, hit, one === COLOUR ? a : b, one === COLOUR ? b : a);
    } else {
      const blasts = (one === BLAST) + (two === BLAST), what = [CROSS, WIDE, BIG][blasts];
      mark(hit, columns, rows, b, what);
      off = [[b, what]];
    }
    hit[a] = hit[b] = 1;
    return { hit, off: off.concat(chain(board, columns, rows, hit, [a, b, ...off.map(([cell]) => cell)])) };
  }

  return Object.freeze({
    power, cellOf, makes, chain, together, ROW, COLUMN, BLAST, COLOUR, CROSS, WIDE, BIG, STORM, ALL,
  });
})();
