// Tile swap, the board: what a cell is, which lines and swaps a board has, and how tiles are dealt.
// Here: looking at a board and laying tiles out. Not here: turns, goals, time (rules.js). Needs Core.
// Integers only. Whatever draws takes its chance from `s.rng`, the state's own.
//
// A cell is one integer, so a fall moves everything a tile carries at once:
//   bits 0-3 kind (0 empty, 1..6 a tile, 7 a stone, 8 an item, 9 a colour tile, 10 a hole in the board),
//   bit 4 face down, bit 5 adds time, bits 8-15 a fuse in turns | a stone's hits left | an item's path,
//   bits 16-18 what a tile clears besides itself (specials.js).
const Board = (() => {
  "use strict";

  const KIND = 15, HIDDEN = 16, TIME = 32, EXTRA = 8, SPECIAL = 16;
  const STONE = 7, ITEM = 8, PRISM = 9, HOLE = 10, TILES = 6;
  const TRIES = 60; // deals tried before a board is given up

  const kindOf = (cell) => cell & KIND;
  const isTile = (cell) => ((cell & KIND) >= 1 && (cell & KIND) <= TILES) || (cell & KIND) === PRISM;
  const face = (cell) => ((cell & KIND) <= TILES && !(cell & HIDDEN) ? cell & KIND : 0);
  const extra = (cell) => (cell >> EXTRA) & 255;
  const special = (cell) => (cell >> SPECIAL) & 7;

  /** Can it be swapped, and be cleared at once? */
  const bare = (cell) => face(cell) > 0 || (cell & KIND) === PRISM;

  /** Do two that are swapped go off together, whatever lines they make? */
  const mixes = (one, two) => (one & KIND) === PRISM || (two & KIND) === PRISM || (special(one) > 0 && special(two) > 0);

  // ---- looking at a board ---------------------------------------------------------------------------------

  /** Lines of three and more: [[first cell, stride, length], ...]. */
  function runs(board, columns, rows) {
    const found = [];
    const scan = (first, stride, length) => {
      let from = 0;
      for (let i = 1; i <= length; i++) {
        const kind = face(board[first + from * stride]);
        if (i < length && face(board[first + i * stride]) === kind) continue;
        if (kind && i - from >= 3) found.push([first + from * stride, stride, i - from]);
        from = i;
      }
    };
    for (let y = 0; y < rows; y++) scan(y * columns, 1, columns);
    for (let x = 0; x < columns; x++) scan(x, columns, rows);
    return found;
  }

  /** Does the tile at `cell` stand in a line of three or more? */
  function lines(board, columns, rows, cell) {
    const kind = face(board[cell]);
    if (!kind) return false;
    const x = cell % columns, y = (cell / columns) | 0;
    let from = x, to = x;
    while (from > 0 && face(board[y * columns + from - 1]) === kind) from--;
    while (to < columns - 1 && face(board[y * columns + to + 1]) === kind) to++;
    if (to - from >= 2) return true;
    from = to = y;
    while (from > 0 && face(board[(from - 1) * columns + x]) === kind) from--;
    while (to < rows - 1 && face(board[(to + 1) * columns + x]) === kind) to++;
    return to - from >= 2;
  }

  /** The cells beside one, not those at its corners. */
  function neighbours(cell, columns, rows) {
    const x = cell % columns, list = [];
    if (x > 0) list.push(cell - 1);
    if (x < columns - 1) list.push(cell + 1);
    if (cell >= columns) list.push(cell - columns);
    if (cell + columns < columns * rows) list.push(cell + columns);
    return list;
  }

  /** The two cells a swap input names, or null where it names none. */
  function pair(input, columns, rows) {
    const first = (input - 1) >> 1, down = (input - 1) & 1;
    if (input < 1 || first >= columns * rows) return null;
    if (down) return first + columns < columns * rows ? [first, first + columns] : null;
    return first % columns < columns - 1 ? [first, first + 1] : null;
  }

  /** Would swapping a and b do anything? `board` is used as scratch space and left as it was. */
  function legal(board, columns, rows, a, b) {
    if (!bare(board[a]) || !bare(board[b])) return false;
    if (mixes(board[a], board[b])) return true;
    if (face(board[a]) === face(board[b])) return false;
    const was = board[a];
    board[a] = board[b];
    board[b] = was;
    const makes = lines(board, columns, rows, a) || lines(board, columns, rows, b);
    board[b] = board[a];
    board[a] = was;
    return makes;
  }

  /** Every legal swap of a board, as inputs. */
  function swaps(board, columns, rows, most = 1000) {
    const scratch = board.slice(), found = [];
    for (let cell = 0; cell < columns * rows && found.length < most; cell++) {
      if (cell % columns < columns - 1 && legal(scratch, columns, rows, cell, cell + 1)) found.push(1 + cell * 2);
      if (cell + columns < columns * rows && legal(scratch, columns, rows, cell, cell + columns)) found.push(2 + cell * 2);
    }
    return found;
  }

  // ---- dealing --------------------------------------------------------------------------------------------

  function draw(s, below) {
    s.rng = Core.Rng.next(s.rng);
    return Core.Rng.below(s.rng, below);
  }

  /** May `kind` be put at `cell` without making a line with what lies left of it and above it? */
  function fits(board, columns, cell, kind) {
    const x = cell % columns;
    if (x > 1 && face(board[cell - 1]) === kind && face(board[cell - 2]) === kind) return false;
    return !(cell >= 2 * columns && face(board[cell - columns]) === kind && face(board[cell - 2 * columns]) === kind);
  }

  function freshTile(s) {
    const { kinds, time_one_in } = s.level;
    const kind = 1 + draw(s, kinds);
    return time_one_in && draw(s, time_one_in) === 0 ? kind | TIME : kind;
  }

  /** New kinds for every tile that shows its face; null when the last cells cannot be filled without a line. */
  function redrawn(s) {
    const { columns, kinds } = s.level, board = s.board.slice();
    for (let cell = 0; cell < board.length; cell++) if (face(board[cell])) board[cell] &= ~KIND;
    for (let cell = 0; cell < board.length; cell++) {
      if (!face(s.board[cell])) continue;
      const start = draw(s, kinds);
      let turn = 0;
      while (turn < kinds && !fits(board, columns, cell, 1 + ((start + turn) % kinds))) turn++;
      if (turn === kinds) return null;
      board[cell] |= 1 + ((start + turn) % kinds);
    }
    return board;
  }

  /** The same tiles in another order, or null likewise. */
  function shuffled(s) {
    const { columns } = s.level, board = s.board.slice();
    const places = [];
    for (let cell = 0; cell < board.length; cell++) if (face(board[cell])) places.push(cell);
    const bag = places.map((cell) => s.board[cell]);
    for (const cell of places) board[cell] = 0;
    for (const cell of places) {
      const start = draw(s, bag.length);
      let turn = 0;
      while (turn < bag.length && !fits(board, columns, cell, face(bag[(start + turn) % bag.length]))) turn++;
      if (turn === bag.length) return null;
      board[cell] = bag.splice((start + turn) % bag.length, 1)[0];
    }
    return board;
  }

  /** Lay the tiles out anew, by `way`, so that nothing is in line and something can be swapped. */
  function arrange(s, way) {
    const { columns, rows } = s.level;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const board = way(s);
      if (board && !runs(board, columns, rows).length && swaps(board, columns, rows, 1).length) {
        s.board = board;
        return true;
      }
    }
    return false;
  }

  return Object.freeze({
    kindOf, isTile, face, extra, special, bare, mixes, runs, neighbours, pair, legal, swaps,
    draw, freshTile, redrawn, shuffled, arrange, KIND, HIDDEN, TIME, EXTRA, SPECIAL, STONE, ITEM, PRISM, HOLE,
  });
})();
