// Tile swap, the solver: finds swaps that win a level, or shows that none do. Runs in V8 only, never shipped.
// Needs Core and Rules. It plays the real rules, refills and all, so what it finds is a certificate.
const Solver = (() => {
  "use strict";

  const PACE = 36; // frames a person takes, at the very least, from a still board to the next swap
  const WIDTH = 6; // boards kept at each turn
  const PROOF = 20000; // boards looked at before an exhaustive search gives up
  const HOPE = 40; // times as many swap sequences may there be, since equal boards are looked at once
  const LONGEST = 3000; // frames no cascade lasts

  /** Is it won? With its goals met a level is, whatever still goes off. */
  const sure = (s) => s.last === 1 || Rules.outcome(s) === 1;

  /**
   * A swap on a still board, and all that follows until the board is still again or the level over; if it is `brief`,
   * only until that is certain.
   */
  function play(state, input, pace, brief = false) {
    const s = Rules.leap(state, pace);
    Rules.advance(s, input);
    for (let i = 0; i < LONGEST && s.phase !== Rules.READY && !Rules.outcome(s) && !(brief && sure(s)); i++) {
      Rules.skip(s, Math.max(1, s.wait));
    }
    return s;
  }

  function goalsLeft(s) {
    let left = 0;
    s.level.goals.forEach((goal, i) => { left += (s.need[i] * 1000 / goal.count) | 0; });
    return left;
  }

  const PROMISE = [0, 60, 60, 90, 160]; // what a special tile on the board is worth, by its power

  /** How promising a still board is, higher is better: goals met, items moved on, specials, hearts, stones, fuses. */
  function worth(s) {
    let value = -8 * goalsLeft(s) + 400 * s.hearts + 2 * s.cleared;
    s.level.paths.forEach((path, number) => { value += ((s.paths[number] * 4000) / path.length) | 0; });
    for (const cell of s.board) {
      if (Rules.kindOf(cell) === Rules.STONE) value -= 30 * Rules.extra(cell);
      else if (cell & Rules.HIDDEN) value -= 30;
      else if (Rules.power(cell)) value += PROMISE[Rules.power(cell)];
      else if (Rules.isTile(cell) && Rules.extra(cell)) value -= (600 / Rules.extra(cell)) | 0;
    }
    return value + (s.level.clock ? s.clock >> 3 : 0);
  }

  /** Two boards with equal keys have the same futures, but for the time left. */
  const key = (s) => [s.rng, s.board, s.gravity, s.moves, s.need, s.hearts, s.paths, s.fuse_in, s.spawn_in].join("|");

  /** All boards one swap after `nodes`, equal ones once; winners apart. */
  function next(nodes, pace, tally) {
    const seen = new Map(), won = [];
    for (const node of nodes) {
      const { columns, rows } = node.state.level;
      for (const input of Rules.swaps(node.state.board, columns, rows)) {
        const state = play(node.state, input, pace), child = { state, input, from: node };
        tally.explored++;
        if (Rules.outcome(state) === 1) { won.push(child); continue; }
        if (tally.best === null || worth(state) > worth(tally.best)) tally.best = state;
        if (Rules.outcome(state)) continue;
        const name = key(state), twin = seen.get(name);
        if (!twin || twin.state.clock < state.clock) seen.set(name, child);
      }
    }
    return { nodes: [...seen.values()], won };
  }

  /** Turn by turn, keeping the `width` best boards. Exhaustive as long as nothing had to be dropped. */
  function search(first, pace, width, limit) {
    const tally = { explored: 1, best: null };
    let nodes = Rules.outcome(first) ? [] : [{ state: first, input: 0, from: null }], complete = true;
    while (nodes.length) {
      const found = next(nodes, pace, tally);
      if (found.won.length) {
        found.won.sort((one, two) => one.state.frame - two.state.frame);
        return { ...tally, winner: found.won[0], complete: false };
      }
      nodes = found.nodes;
      if (nodes.length > width) {
        complete = false;
        nodes.forEach((node) => { node.worth = worth(node.state); });
        nodes.sort((one, two) => two.worth - one.worth);
        nodes.length = width;
      }
      if (tally.explored > limit) return { ...tally, winner: null, complete: false };
    }
    return { ...tally, winner: null, complete };
  }

  /** The inputs that led to `node`, with the pauses that were played. */
  function traceTo(node, pace) {
    const swaps = [];
    for (let at = node; at.from; at = at.from) swaps.push([at.from.state.frame + pace, at.input]);
    const trace = [];
    let frame = 0;
    for (const [at, input] of swaps.reverse()) {
      if (at > frame) trace.push([0, at - frame]);
      trace.push([input, 1]);
      frame = at + 1;
    }
    if (node.state.frame > frame) trace.push([0, node.state.frame - frame]);
    return trace;
  }

  /** Boards an exhaustive search may take: none where there are so many sequences that it could never end. */
  function proofFor(first) {
    const { columns, rows, moves } = first.level;
    return Rules.swaps(first.board, columns, rows).length ** moves <= HOPE * PROOF ? PROOF : 0;
  }

  /**
   * Options: `pace` frames before each swap, `width` of the beam, `proof` boards an exhaustive search may take.
   *
   * The proof plays without a pause: waiting costs time where there is a clock and changes nothing else, and a swap
   * that does nothing changes nothing at all, so if no sequence of legal swaps wins at once, nothing does.
   */
  function solve(level, seed, options = {}) {
    const first = Rules.start(level, seed), pace = options.pace ?? level.pace ?? PACE;
    let used = pace, found = search(first, pace, options.width ?? WIDTH, Infinity), explored = found.explored;
    const limit = options.proof ?? proofFor(first);
    if (!found.winner && limit > 0) {
      used = 0;
      const proof = search(first, 0, Infinity, limit);
      explored += proof.explored;
      found = { ...proof, best: found.best };
    }
    const best = found.best ?? first;
    const report = { explored, complete: found.complete && used === 0, pace: used, blocked_at: best.frame };
    if (!found.winner) return { ...report, won: false, trace: [], frames: 0, short: best.need, cause: best.cause, turns: best.turn };
    const { state } = found.winner;
    return { ...report, won: true, trace: traceTo(found.winner, used), frames: state.frame, moves_left: state.moves };
  }

  return Object.freeze({ solve, play, sure });
})();
