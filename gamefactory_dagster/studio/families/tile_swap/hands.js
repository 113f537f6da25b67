// Tile swap, the hands: where cells lie on the screen, and keys and pointers turned into swaps. Browser only.
// Here: cursor and selection, which decide nothing. Not here: pictures (tiles.js, view.js). Needs Rules.
const Hands = (() => {
  "use strict";

  // Where the board may lie: beside its panel, or on an upright screen below it and as wide as can be.
  const BESIDE = { middle: 580, wide: 640, top: 66, bottom: 526, largest: 77 };
  const BELOW = { middle: 480, wide: 474, largest: 80 };
  const ROOM = { top: 4, bottom: 660 }; // for both, where nobody says
  const STRIP = { left: 236, wide: 488, least: 47, most: 150 }; // the panel above it
  const RIM = 13, GAP = 12;
  const WORDS = 96; // below the board, for a lesson's
  const PATIENT = 24; // frames a swap made too early is kept
  const ENOUGH = 0.4; // of a cell that a finger must go
  const NOWHERE = [0, 0];
  const LEFT = [-1, 0], RIGHT = [1, 0], UP = [0, -1], DOWN = [0, 1];
  const WAYS = {
    ArrowLeft: LEFT, ArrowRight: RIGHT, ArrowUp: UP, ArrowDown: DOWN,
    Numpad4: LEFT, Numpad6: RIGHT, Numpad8: UP, Numpad2: DOWN,
  };
  const PICKS = { Space: true, Enter: true, NumpadEnter: true };

  // ---- where things are -------------------------------------------------------------------------------------

  /** Panel and board above each other: the panel grows with the room, and a third of what is left over is above. */
  function standing({ columns, rows }, { top, bottom }) {
    const high = bottom - top - RIM * 2 - GAP;
    const size = Math.min(BELOW.largest, Math.floor((high - STRIP.least) / rows), Math.floor(BELOW.wide / columns));
    const spare = high - rows * size, tall = Math.max(STRIP.least, Math.min(STRIP.most, spare - WORDS));
    const first = top + Math.max(0, spare - tall - WORDS) / 3;
    return { size, top: first + tall + GAP + RIM, middle: BELOW.middle, strip: [STRIP.left, first, STRIP.wide, tall], foot: first + tall + GAP + RIM * 2 + rows * size };
  }

  function beside({ columns, rows }) {
    const { middle, wide, top, bottom, largest } = BESIDE;
    const size = Math.min(largest, Math.floor((bottom - top) / rows), Math.floor(wide / columns));
    return { size, top: top + (bottom - top - rows * size) / 2, middle, strip: null, foot: bottom };
  }

  function geometry(level, upright, room) {
    const { columns, rows } = level, { size, top, middle, strip, foot } = upright ? standing(level, room || ROOM) : beside(level);
    const left = middle - (columns * size) / 2;
    return {
      size, left, top, columns, rows, strip, foot,
      x: (cell) => left + (cell % columns) * size,
      y: (cell) => top + ((cell / columns) | 0) * size,
      at(x, y) {
        const u = Math.floor((x - left) / size), v = Math.floor((y - top) / size);
        const cell = u < 0 || v < 0 || u >= columns || v >= rows ? -1 : v * columns + u;
        return level.holes.includes(cell) ? -1 : cell;
      },
      beside(cell, dx, dy) {
        const u = (cell % columns) + dx, v = ((cell / columns) | 0) + dy;
        return u < 0 || v < 0 || u >= columns || v >= rows ? -1 : v * columns + u;
      },
    };
  }

  /** The input that swaps two neighbouring cells; 0 where they are not neighbours. */
  function swapOf(board, a, b) {
    const first = Math.min(a, b), second = Math.max(a, b);
    if (first < 0) return 0;
    if (second === first + board.columns) return 2 + first * 2;
    return second === first + 1 && second % board.columns ? 1 + first * 2 : 0;
  }

  // ---- hands: what the player points at and picks -----------------------------------------------------------

  /** Swap a with b; `carried` is how far, in cells, the finger has moved it already. */
  function want(hand, a, b, carried = 0) {
    hand.wanted = swapOf(hand.board, a, b);
    hand.age = 0;
    hand.lead = a;
    hand.carried = carried;
    hand.picked = -1;
    hand.press = null;
  }

  function letGo(hand) {
    hand.picked = -1;
    hand.press = null;
    hand.pull = NOWHERE;
  }

  function key(hand, code, down) {
    const pick = PICKS[code], way = WAYS[code];
    if (!pick && !way) return false;
    if (!down) return true;
    hand.keyboard = true;
    if (pick) hand.picked = hand.picked === hand.cursor ? -1 : hand.cursor;
    if (!way) return true;
    const to = hand.board.beside(hand.cursor, way[0], way[1]);
    if (to < 0) return true;
    if (hand.picked >= 0) want(hand, hand.cursor, to);
    hand.cursor = to;
    return true;
  }

  function down(hand, x, y, id) {
    if (hand.press) return;
    const cell = hand.board.at(x, y);
    hand.keyboard = false;
    if (cell < 0) hand.picked = -1;
    else if (hand.picked >= 0 && swapOf(hand.board, hand.picked, cell)) want(hand, hand.picked, cell);
    else {
      hand.press = { id, cell, x, y, again: hand.picked === cell };
      hand.picked = hand.cursor = cell;
    }
  }

  function move(hand, x, y, id) {
    const { press, board } = hand;
    if (!press || press.id !== id) return;
    const dx = (x - press.x) / board.size, dy = (y - press.y) / board.size, across = Math.abs(dx) > Math.abs(dy);
    const far = Math.abs(across ? dx : dy), way = [across ? Math.sign(dx) : 0, across ? 0 : Math.sign(dy)];
    const to = board.beside(press.cell, way[0], way[1]);
    const pulled = Math.min(far, 0.5);
    hand.pull = to < 0 ? NOWHERE : [way[0] * pulled, way[1] * pulled];
    if (far < ENOUGH) return;
    if (to >= 0) want(hand, press.cell, to, pulled);
    else letGo(hand);
  }

  function up(hand, id) {
    if (!hand.press || hand.press.id !== id) return;
    if (hand.press.again) hand.picked = -1;
    hand.press = null;
    hand.pull = NOWHERE;
  }

  function take(hand, state) {
    const input = hand.wanted;
    if (!input) return 0;
    if (state.phase !== Rules.READY && hand.age++ < PATIENT) return 0;
    hand.wanted = 0;
    hand.pull = NOWHERE;
    return state.phase === Rules.READY ? input : 0;
  }

  function release(hand) {
    letGo(hand);
    hand.wanted = 0;
  }

  /**
   * One player's hands over a board. `take` gives the coming input; the rest is for drawing: `cursor`, `picked`, how far
   * a finger has pulled a tile, and of the swap that is wanted the tile that leads, and how far it has been carried.
   */
  function hands(board) {
    const hand = {
      board, cursor: ((board.rows >> 1) * board.columns) + (board.columns >> 1), keyboard: false,
      picked: -1, press: null, pull: NOWHERE, wanted: 0, age: 0, lead: -1, carried: 0,
    };
    const POINTER = { down: (x, y, id) => down(hand, x, y, id), move: (x, y, id) => move(hand, x, y, id), up: (x, y, id) => up(hand, id) };
    return Object.assign(hand, {
      key: (code, pressed) => key(hand, code, pressed),
      pointer: (type, x, y, id) => POINTER[type](x, y, id),
      take: (state) => take(hand, state),
      release: () => release(hand),
    });
  }

  /** The pointer's way to make `input`, in logical pixels. */
  function gestures(board, input) {
    const pair = Rules.pair(input, board.columns, board.rows);
    if (!pair) return [];
    const [a, b] = pair.map((cell) => ({ x: board.x(cell) + board.size / 2, y: board.y(cell) + board.size / 2 }));
    return [{ type: "pointerdown", ...a }, { type: "pointermove", ...b }, { type: "pointerup", ...b }];
  }

  return Object.freeze({ geometry, hands, gestures });
})();
