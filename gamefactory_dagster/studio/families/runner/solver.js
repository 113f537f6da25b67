/* Runner solver: every reachable state, as far as it must. The hero's x is a function of the frame, so states of one
 * frame form a layer, and two whose `pack` is equal have the same future. V8 only; needs Course, Rules, Comfort.
 *
 * A dive follows one line, pressing nothing as long as that goes well, and goes back where it is hurt. Where nothing
 * is near for longer than any flight lasts, whoever runs there can be wherever anybody else can, so a dive never goes back
 * behind such a place. A dive that decides every frame and finds nothing is a proof.
 * Where coins or time are asked for, a search goes through layer after layer instead: of equal states the better stays.
 *
 * Left out without loss: pressing jump where nothing can come of it, and ducking in the air. A press that waits in
 * the buffer does what a press at landing does.
 */
const Solver = (() => {
  const LIMIT = 3000000; // states; beyond that a level is given up, not called unwinnable
  const MANY = 4096; // presses in a level, at most
  const FLIGHT = 70; // frames that no flight lasts, not even off a spring on a high ledge
  const STRIDE = 3; // frames between decisions in a first dive

  // Airborne states of one height and speed differ in how long a jump can still be held, or may still begin.
  const phase = (s) => (s.ground ? 0 : s.hold ? 6 + s.hold : s.coyote);

  // Which of the breakables near the hero are broken.
  const gone = (s) => {
    const { breakables } = Course.near(s.level, s.x);
    let bits = 0;
    for (let i = 0; i < breakables.length && i < 3; i += 1) {
      if (s.broken.includes(breakables[i])) bits |= 1 << i;
    }
    return bits;
  };

  // What the future depends on, as one integer below 2^53. With `exact`, hearts and safety are part of it.
  const pack = (s, exact) => {
    let key = s.y + 1200;
    key = key * 1024 + (s.vy + 640);
    key = key * 32 + phase(s);
    key = key * 2 + (s.ride >= 0 ? 1 : 0);
    key = key * 8 + (s.broken.length ? gone(s) : 0);
    if (s.level.clock || s.level.need) key = (key * 256 + (s.mask & 255)) * 8 + (s.clocks & 7);
    return exact ? (key * 4 + s.hearts) * 128 + s.safe : key;
  };

  const worth = (s, presses, exact) => {
    if (s.level.need || s.level.clock) return (s.pickups + 100 * s.clocks) * MANY - presses;
    return (exact ? 0 : s.hearts * 128 + s.safe) * MANY - presses;
  };

  const unhurt = (s) => s.hearts === s.level.hearts && s.stumble === 0;

  const options = (s) => {
    if (s.hold) return [0, 1];
    const list = s.level.duck && s.ground ? [0, 2] : [0];
    if ((s.ground || s.coyote) && !(s.input & 1)) list.push(1);
    return list;
  };

  const run = (state, input, stride) => {
    const s = Rules.step(state, input);
    for (let i = 1; i < stride; i += 1) Rules.advance(s, input);
    return s;
  };

  const inputs = (node, stride, frames) => {
    const decisions = [];
    for (let n = node; n.parent; n = n.parent) decisions.push(n.input);
    const all = decisions.reverse().flatMap((input) => new Array(stride).fill(input));
    return all.slice(0, frames);
  };

  // Running on bare ground with nothing near: nobody who is in the air here has an advantage.
  const free = (s) => s.ground && s.y === 0 && s.ride < 0
    && Course.quiet(s.level, s.x, FLIGHT * Course.pace(s.level, s.t));

  const dive = (level, stride) => {
    const first = Rules.start(level, level.seed);
    let node = { state: first, parent: null, input: 0, left: options(first), floor: true };
    let seen = new Set();
    let explored = 0;
    let blocked = first;
    while (explored < LIMIT) {
      if (!node.left.length) {
        if (node.floor) return { won: false, explored, blocked, complete: true };
        node = node.parent;
        continue;
      }
      const input = node.left.shift();
      const state = run(node.state, input, stride);
      explored += 1;
      if (state.outcome === 2 || !unhurt(state)) {
        if (state.t > blocked.t) blocked = state;
        continue;
      }
      const child = { state, parent: node, input, left: options(state), floor: free(state) };
      if (state.outcome === 1) return { won: true, explored, inputs: inputs(child, stride, state.t), state };
      const key = pack(state, false) * 8192 + (state.t & 8191);
      if (seen.has(key)) continue;
      if (child.floor) seen = new Set();
      seen.add(key);
      node = child;
    }
    return { won: false, explored, blocked, complete: false };
  };

  // One search through all layers. `careful` throws away every state that was hurt; a loose one forgets which coins are
  // taken where two states are otherwise equal, so that it finds a way and proves nothing.
  const search = (level, stride, careful, loose) => {
    const exact = !careful && level.need > 0 && level.hearts > 1;
    const first = Rules.start(level, level.seed);
    let layer = [{ state: first, parent: null, input: 0, presses: 0 }];
    let explored = 0;
    let blocked = first;
    while (layer.length && explored < LIMIT) {
      const next = new Map();
      const wins = [];
      for (const node of layer) {
        for (const input of options(node.state)) {
          const state = run(node.state, input, stride);
          explored += 1;
          if (state.outcome === 2 || (careful && !unhurt(state))) {
            blocked = state;
            continue;
          }
          const presses = node.presses + (input && input !== node.input ? 1 : 0);
          const child = { state, parent: node, input, presses };
          if (state.outcome === 1) wins.push(child);
          else keep(next, child, exact, loose);
        }
        node.state = null;
      }
      if (wins.length) {
        const node = best(wins);
        return { won: true, explored, inputs: inputs(node, stride, node.state.t), state: node.state };
      }
      layer = [...next.values()];
    }
    return { won: false, explored, blocked, complete: layer.length === 0 && !loose };
  };

  const keep = (next, child, exact, loose) => {
    const whole = pack(child.state, exact);
    const key = loose ? Math.floor(whole / 2048) : whole;
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

  // Few decisions first, then every frame; unhurt first, then at the price of hearts, but not where a section is proven.
  const passes = (level) => {
    const plain = !level.need && !level.clock;
    const list = plain
      ? [() => dive(level, STRIDE), () => dive(level, 1)]
      : [() => search(level, 4, true, true), () => search(level, 2, true, false), () => search(level, 1, true, false)];
    if (level.hearts > 1 && !level.endless) list.push(() => search(level, 1, false, false));
    return list;
  };

  const solve = (level) => {
    let explored = 0;
    let found = null;
    for (const pass of passes(level)) {
      found = pass();
      explored += found.explored;
      if (!found.won) continue;
      const trace = Comfort.refine(level, found.inputs, pack);
      return { won: true, complete: true, trace, frames: found.state.t, explored, blocked_at: -1, cause: "" };
    }
    return {
      won: false, complete: found.complete, trace: [], frames: 0, explored,
      blocked_at: found.blocked.t, cause: Rules.summary(found.blocked).cause || "hit",
    };
  };

  return Object.freeze({ solve, pack });
})();
