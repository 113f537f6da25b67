/* Runner solver: every reachable state, frame by frame. The hero's x is a function of the frame, so states of one
 * frame form a layer; equal ones are merged, and of two that differ only in something that is never worse to have
 * more of, the better one stays. V8 only.
 *
 * Left out without loss: pressing jump where nothing can come of it, and ducking in the air. A press that waits in
 * the buffer does what a press at landing does, so an exhausted search that decides every frame is a proof.
 */
const Solver = (() => {
  const LIMIT = 4000000; // states; beyond that a level is given up, not called unwinnable
  const MANY = 4096; // presses in a level, at most

  // What the future depends on, as one integer below 2^53. With `exact`, hearts and safety are part of it.
  const pack = (s, exact) => {
    let key = s.y + 1200;
    key = key * 1024 + (s.vy + 640);
    key = key * 2 + s.ground;
    key = key * 32 + s.hold;
    key = key * 8 + s.coyote;
    if (s.level.clock || s.level.need) key = (key * 256 + (s.mask & 255)) * 8 + (s.clocks & 7);
    return exact ? (key * 4 + s.hearts) * 128 + s.safe : key;
  };

  const worth = (s, presses, exact) => {
    if (s.level.need) return s.pickups * MANY - presses;
    return (exact ? 0 : s.hearts * 128 + s.safe) * MANY - presses;
  };

  const options = (s) => {
    if (s.hold) return [0, 1];
    const list = s.level.duck && s.ground ? [0, 2] : [0];
    if ((s.ground || s.coyote) && !(s.input & 1)) list.push(1);
    return list;
  };

  const run = (state, input, stride) => {
    let s = state;
    for (let i = 0; i < stride && s.outcome === 0; i += 1) s = Rules.step(s, input);
    return s;
  };

  const inputs = (node, stride, frames) => {
    const decisions = [];
    for (let n = node; n.parent; n = n.parent) decisions.push(n.input);
    const all = decisions.reverse().flatMap((input) => new Array(stride).fill(input));
    return all.slice(0, frames);
  };

  // One exhaustive search. `careful` throws away every state that was hit.
  const search = (level, stride, careful) => {
    const exact = !careful && level.need > 0 && level.hearts > 1;
    const first = Rules.start(level, level.seed);
    let layer = [{ state: first, parent: null, input: 0, presses: 0 }];
    let explored = 0;
    let lost = first;
    while (layer.length && explored < LIMIT) {
      const next = new Map();
      const wins = [];
      for (const node of layer) {
        for (const input of options(node.state)) {
          const state = run(node.state, input, stride);
          explored += 1;
          if (state.outcome === 2 || (careful && state.hearts < level.hearts)) {
            lost = state;
            continue;
          }
          const presses = node.presses + (input && input !== node.input ? 1 : 0);
          const child = { state, parent: node, input, presses };
          if (state.outcome === 1) wins.push(child);
          else keep(next, child, exact);
        }
        node.state = null;
      }
      if (wins.length) return { wins, explored, blocked: null };
      layer = [...next.values()];
    }
    return { wins: [], explored, blocked: lost, exhausted: layer.length === 0 };
  };

  const keep = (next, child, exact) => {
    const key = pack(child.state, exact);
    const other = next.get(key);
    if (!other || worth(child.state, child.presses, exact) > worth(other.state, other.presses, exact)) {
      next.set(key, child);
    }
  };

  // All wins are of one frame, since the hero's speed is fixed.
  const best = (wins) => {
    const value = (node) => (node.state.clock + node.state.pickups) * MANY - node.presses;
    return wins.reduce((a, b) => (value(b) > value(a) ? b : a));
  };

  // Every second frame first, then every frame; unhurt first, then at the price of hearts.
  const solve = (level) => {
    const passes = [[2, true], [1, true]];
    if (level.hearts > 1) passes.push([1, false]);
    let explored = 0;
    let found = null;
    for (const [stride, careful] of passes) {
      found = search(level, stride, careful);
      explored += found.explored;
      if (!found.wins.length) continue;
      const node = best(found.wins);
      const trace = Comfort.refine(level, inputs(node, stride, node.state.t), pack);
      return { won: true, complete: true, trace, frames: node.state.t, explored, blocked_at: -1, cause: "" };
    }
    return {
      won: false, complete: found.exhausted, trace: [], frames: 0, explored,
      blocked_at: found.blocked.t, cause: Rules.summary(found.blocked).cause || "hit",
    };
  };

  return Object.freeze({ solve });
})();
