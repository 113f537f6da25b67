// Tile swap, the casual player: somebody who cannot see the refills and looks at a few swaps only. Runs in V8 only.
// Here: how hard a level is for such a player. Not here: proof that it can be won (solver.js). Needs Core, Specials,
// Rules, Solver, Turns.
const Casual = (() => {
  "use strict";

  const LOOK = 4; // swaps considered at each turn
  const PACE = 75; // frames from a still board to the next swap

  /** How much each kind is asked for: 2 while a goal wants it, else 0. */
  function wants(s) {
    const wanted = [0, 0, 0, 0, 0, 0, 0];
    s.level.goals.forEach((goal, i) => { if (goal.type === "collect" && s.need[i]) wanted[goal.kind] = 2; });
    return wanted;
  }

  /** Lines of three and more through one cell. A still board has none, so a swap makes none but those of its two. */
  function runsAt(board, columns, rows, cell) {
    const kind = Rules.face(board[cell]), left = cell - (cell % columns), found = [];
    if (!kind) return found;
    const scan = (stride, first, last) => {
      let from = cell, to = cell;
      while (from > first && Rules.face(board[from - stride]) === kind) from -= stride;
      while (to < last && Rules.face(board[to + stride]) === kind) to += stride;
      if (to - from >= 2 * stride) found.push([from, stride, 1 + (to - from) / stride]);
    };
    scan(1, left, left + columns - 1);
    scan(columns, cell - left, cell - left + columns * (rows - 1));
    return found;
  }

  /** What a swap clears at sight, weighed by what is asked for; what specials sweep besides counts half. */
  function glance(s, input) {
    const { columns, rows } = s.level, board = s.board.slice(), [a, b] = Rules.pair(input, columns, rows);
    [board[a], board[b]] = [board[b], board[a]];
    const wanted = wants(s);
    if (Rules.mixes(board[a], board[b])) return swept(board, Specials.together(board, columns, rows, a, b).hit, wanted);
    const found = runsAt(board, columns, rows, a);
    found.push(...runsAt(board, columns, rows, b));
    let value = 0, fires = false;
    for (const [cell, stride, length] of found) {
      value += 1 + (length - 3) * 3 + length * wanted[Rules.face(board[cell])];
      for (let at = cell; at < cell + length * stride; at += stride) {
        value += near(s, at);
        if (Rules.power(board[at])) fires = true;
      }
    }
    return fires ? value + swept(board, fired(board, columns, rows, found), wanted) : value;
  }

  /** What lines clear whose specials go off. */
  function fired(board, columns, rows, found) {
    const hit = new Uint8Array(board.length);
    for (const [cell, stride, length] of found) for (let i = 0; i < length; i++) hit[cell + i * stride] = 1;
    Specials.chain(board, columns, rows, hit);
    return hit;
  }

  function swept(board, hit, wanted) {
    let value = 0;
    board.forEach((cell, i) => { if (hit[i] && Rules.bare(cell)) value += 1 + wanted[Rules.face(cell)]; });
    return value >> 1;
  }

  /** Does clearing this cell help an item on, or put out a fuse, or crack a stone? */
  function near(s, cell) {
    const { columns } = s.level;
    let value = Rules.isTile(s.board[cell]) && Rules.extra(s.board[cell]) ? 6 : 0;
    for (const side of [cell - 1, cell + 1, cell - columns, cell + columns]) {
      const kind = Rules.kindOf(s.board[side] ?? 0);
      value += kind === Rules.STONE ? 1 : kind === Rules.ITEM ? 12 : 0;
    }
    return value;
  }

  /** One game by a player who takes the best of the swaps he happens to see; `trace`, which wins, he does not know. */
  function play(level, trace, luck) {
    const game = Turns.begin(level);
    let rng = Core.Rng.seed(luck);
    while (!Turns.over(game)) {
      const all = Turns.swaps(game);
      let chosen = 0, most = -1;
      for (let i = 0; i < LOOK; i++) {
        rng = Core.Rng.next(rng);
        const input = all[Core.Rng.below(rng, all.length)], value = Turns.worth(game, input, glance);
        if (value > most) { most = value; chosen = input; }
      }
      Turns.swap(game, chosen, PACE);
    }
    const { frame, cause, need } = Turns.state(game);
    return { won: Turns.won(game), frames: frame, cause, short: need };
  }

  /** Where a trace's taps fall, the frames until the board is still again after each, and the state it ends in. */
  function rhythm(level, trace) {
    const s = Rules.start(level, level.seed), busy = [];
    Core.expand(trace).forEach((input) => {
      if (input) busy.push(0);
      Rules.advance(s, input);
      if (busy.length && s.phase !== Rules.READY) busy[busy.length - 1]++;
    });
    return { level, trace, busy, end: s };
  }

  let known = { level: null };

  /** Nothing but these inputs, to the end of the level or for `most` frames. */
  function follow(level, trace, inputs, most) {
    if (known.level !== level || known.trace !== trace) known = rhythm(level, trace);
    const taps = [];
    inputs.forEach((input, frame) => { if (input) taps.push(frame); });
    // Where each tap finds the board still, they are the trace's, and only the waiting between them is another.
    const { busy, end } = known, ends = (i) => (i + 1 < taps.length ? taps[i + 1] : most);
    const same = !Rules.timed(level) && taps.length === busy.length && taps.every((at, i) => at + busy[i] < ends(i));
    if (same && Rules.outcome(end) === 1) return end;
    const s = Rules.start(level, level.seed);
    for (const at of taps) Rules.advance(Rules.skip(s, at - s.frame), inputs[at]);
    return Rules.skip(s, most - s.frame);
  }

  return Object.freeze({ play, follow, glance });
})();
