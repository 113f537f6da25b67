// Tile swap, motion: where each cell's content is at a time between two steps, and how it is squeezed. Browser only.
// Everything here is a function of state and time. Here: places and sizes. Not here: pictures (tiles.js). Needs Rules.
const Motion = (() => {
  "use strict";

  const DOWN = [[0, 1], [-1, 0], [0, -1], [1, 0]]; // the way tiles fall, by gravity
  const SOFT = 16; // frames a landed tile gives
  const LONG_AGO = -1000;
  const FIRST = 0.07; // how much later in the phase each cell further away from a blast goes

  const ease = (t) => t * t * (3 - 2 * t);
  const back = (t) => 1 + 2.4 * (t - 1) ** 3 + 1.4 * (t - 1) ** 2; // past the end and back to it

  /** How far through its phase a state is, `share` of a frame later. */
  const part = (state, share) => (state.span ? Math.min(1, 1 - (state.wait - share) / state.span) : 1);

  /** What is remembered from step to step: when each cell's tile lands, what a hand had moved before it let go. */
  const memory = (cells) => ({ landed: new Array(cells).fill(LONG_AGO), carried: 0, lead: -1 });

  /** Asked once a step. */
  function note(memo, state, previous, hand) {
    if (state.phase === previous.phase && state.drop === previous.drop) return;
    if (state.phase === Rules.FALL) {
      state.drop.forEach((cells, cell) => {
        memo.landed[cell] = cells ? state.frame + Math.sqrt(cells) * Rules.FRAMES[Rules.FALL] : LONG_AGO;
      });
    }
    if (previous.phase !== Rules.READY || !state.pair.length) return;
    memo.lead = hand.lead;
    memo.carried = hand.carried;
    hand.carried = 0;
  }

  function swapping(at, state, memo, cell, t, still) {
    const { columns } = state.level, other = state.pair[0] === cell ? state.pair[1] : state.pair[0], from = memo.carried;
    let share = from + (1 - from) * (still ? ease(t) : back(t));
    if (state.phase === Rules.BOUNCE) {
      const far = Math.max(from, 0.3), on = t < 0.3 ? 0 : (t - 0.3) / 0.7;
      share = t < 0.3 ? from + (far - from) * ease(t / 0.3) : far * Math.cos(on * (still ? 1.57 : 7.85)) * (1 - on);
    }
    at.dx = ((other % columns) - (cell % columns)) * share;
    at.dy = (((other / columns) | 0) - ((cell / columns) | 0)) * share;
    if (cell === memo.lead && !still) at.sx = at.sy = 1 + 0.12 * Math.sin(t * Math.PI);
  }

  /** Into the special tile it becomes part of; or away, the later the further from what went off. */
  function clearing(at, state, cell, t) {
    const { columns } = state.level, x = cell % columns, y = (cell / columns) | 0;
    for (const made of state.made) {
      if (made.indexOf(cell, 2) < 0) continue;
      at.dx = ((made[0] % columns) - x) * ease(t);
      at.dy = (((made[0] / columns) | 0) - y) * ease(t);
      at.sx = at.sy = 1 - 0.55 * t;
      return;
    }
    let wait = 0;
    if (state.blasts.length) {
      wait = 9;
      for (const [from] of state.blasts) {
        wait = Math.min(wait, Math.max(Math.abs((from % columns) - x), Math.abs(((from / columns) | 0) - y)));
      }
    }
    const late = Math.min(0.55, wait * FIRST), on = Math.max(0, (t - late) / (1 - late));
    at.sx = at.sy = on < 0.3 ? 1 + on * 0.6 : Math.max(0, 1.18 - (on - 0.3) * 1.7);
    at.alpha = 1 - on * on;
  }

  function falling(at, state, cell, share, still) {
    const passed = (state.span - state.wait + share) / Rules.FRAMES[Rules.FALL], [dx, dy] = DOWN[state.gravity];
    const left = Math.max(0, state.drop[cell] - passed * passed);
    at.dx = -dx * left;
    at.dy = -dy * left;
    if (still || !left) return;
    const stretch = Math.min(0.16, passed * 0.07);
    at.sx = dy ? 1 - stretch : 1 + stretch;
    at.sy = dy ? 1 + stretch : 1 - stretch;
  }

  /** A tile that has landed gives, and keeps its foot on the ground. */
  function squash(at, gravity, age) {
    const give = 0.2 * Math.sin((age / SOFT) * 6.28) * (1 - age / SOFT), [dx, dy] = DOWN[gravity];
    at.sx = dy ? 1 + give : 1 - give;
    at.sy = dy ? 1 - give : 1 + give;
    at.dx += (dx * (1 - at.sx)) / 2;
    at.dy += (dy * (1 - at.sy)) / 2;
  }

  const at = { dx: 0, dy: 0, sx: 1, sy: 1, alpha: 1 }; // one for all: nothing is made while a picture is drawn

  /** How a cell's content is moved and scaled, in cells: {dx, dy, sx, sy, alpha}. `time` is in frames. */
  function pose(state, memo, cell, share, time, still) {
    const { phase } = state, age = time - memo.landed[cell], loose = Rules.isTile(state.board[cell]);
    at.dx = at.dy = 0;
    at.sx = at.sy = at.alpha = 1;
    if (phase === Rules.CLEAR && state.made.some(([place]) => place === cell)) {
      at.sx = at.sy = still ? 1 : 1 + 0.35 * Math.sin(part(state, share) * Math.PI);
    } else if (phase === Rules.CLEAR && state.clearing.includes(cell)) clearing(at, state, cell, part(state, share));
    else if (phase === Rules.SHUFFLE && loose) at.sx = Math.abs(Math.cos(part(state, share) * Math.PI));
    else if (phase === Rules.FALL && state.drop[cell] && age < 0) falling(at, state, cell, share, still);
    else if (state.pair.includes(cell) && phase !== Rules.READY) swapping(at, state, memo, cell, part(state, share), still);
    else if (!still && loose && age >= 0 && age < SOFT) squash(at, state.gravity, age);
    else if (!still && loose) {
      at.sy = 1 + 0.025 * Math.sin(time / 24 + (cell % state.level.columns) * 0.8 + cell * 0.11);
      at.sx = 2 - at.sy;
    }
    return at;
  }

  return Object.freeze({ memory, note, pose, part, ease });
})();
