/* Comfort: moves every press of a winning trace to the middle of the time in which it works, as a good player would,
 * so that the steadiness of the certificate measures the level and not the luck of the search. V8 only; needs Core and Rules.
 */
const Comfort = (() => {
  const FAR = 24; // frames tried to either side
  const STEP = 2; // frames to which a window is known
  const TAP = 12; // frames a press is held where holding means nothing

  const events = (level, inputs) => {
    const list = [];
    inputs.forEach((input, f) => {
      const last = list[list.length - 1];
      if (last && last.input === input && last.to === f) last.to = f + 1;
      else if (input) list.push({ input, from: f, to: f + 1 });
    });
    list.forEach((event, i) => {
      const limit = i + 1 < list.length ? list[i + 1].from - 2 : inputs.length;
      if (event.input === 1 && !level.hold) event.to = Math.max(event.to, Math.min(event.from + TAP, limit));
    });
    return list;
  };

  const paint = (inputs, event, value) => inputs.fill(value, event.from, event.to);

  // What any frame to come may depend on, beside what `pack` tells.
  const LASTING = ["item", "mask", "pickups", "clocks", "clock", "hearts", "safe", "stumble", "buffer", "coyote", "input"];

  // States after each frame; states[0] is the start. Fills from frame `from` on, up to where, after frame `settled`, all
  // is again what it was: only points, which no window depends on, may differ from there.
  const simulate = (inputs, states, pack, from, settled) => {
    for (let f = from; f < inputs.length; f += 1) {
      const was = states[f + 1];
      const s = Rules.step(states[f], inputs[f]);
      states[f + 1] = s;
      if (f >= settled && was && pack(s) === pack(was) && LASTING.every((name) => s[name] === was[name])) return;
    }
  };

  // Does the trace still win, with as many hearts and clocks, when `event` becomes `other`? Stops where both runs
  // meet again.
  const works = (inputs, states, pack, event, other) => {
    const from = Math.min(event.from, other.from);
    const settled = Math.max(event.to, other.to);
    const end = states[states.length - 1];
    const spare = end.level.need ? end.pickups - end.level.need : end.pickups;
    paint(inputs, event, 0);
    paint(inputs, other, event.input);
    let s = states[from];
    let f = from;
    let met = false;
    while (f < inputs.length && s.outcome === 0 && !met) {
      s = (f === from ? Rules.step : Rules.advance)(s, inputs[f]);
      f += 1;
      if (s.hearts < states[f].hearts || s.stumble > states[f].stumble) break;
      met = f >= settled && pack(s) === pack(states[f]) && s.pickups >= states[f].pickups - spare;
    }
    paint(inputs, other, 0);
    paint(inputs, event, event.input);
    return met || (s.outcome === 1 && s.clocks >= end.clocks);
  };

  const shifted = (event, edges, by) => ({
    input: event.input,
    from: event.from + (edges & 1 ? by : 0),
    to: event.to + (edges & 2 ? by : 0),
  });

  const fits = (event, before, after, frames) =>
    event.from > (before ? before.to : 0) && event.to < (after ? after.from : frames) && event.to > event.from;

  // Does event number i still work with these edges (1: start, 2: end, 3: both) moved `by` frames?
  const may = (inputs, states, pack, list, i, edges, by) => {
    const other = shifted(list[i], edges, by);
    return fits(other, list[i - 1], list[i + 1], inputs.length) && works(inputs, states, pack, list[i], other);
  };

  // How far edges may be moved to one side: the whole way first, as most windows are wide, else by halves.
  const reach = (test, sign) => {
    if (test(sign * FAR)) return FAR;
    let most = 0;
    for (let by = FAR >> 1; by >= STEP; by >>= 1) {
      if (test(sign * (most + by))) most += by;
    }
    return most;
  };

  // Put the edges of event number i in the middle of their window; was it moved? A window with a hole in it is left.
  const centre = (inputs, states, pack, list, i, edges) => {
    const test = (by) => may(inputs, states, pack, list, i, edges, by);
    const by = Math.trunc((reach(test, 1) - reach(test, -1)) / 2);
    if (by === 0 || !test(by)) return false;
    const other = shifted(list[i], edges, by);
    paint(inputs, list[i], 0);
    paint(inputs, other, other.input);
    simulate(inputs, states, pack, Math.min(list[i].from, other.from), Math.max(list[i].to, other.to));
    list[i] = other;
    return true;
  };

  // Every press once; then once more those that moved or stand beside one that did.
  const pass = (level, inputs, states, pack, list, moved) => list.map((event, i) => {
    if (moved && !moved[i] && !moved[i - 1] && !moved[i + 1]) return false;
    let any = false;
    for (const edges of event.input === 2 ? [1, 2] : level.hold ? [3, 2] : [3]) {
      if (centre(inputs, states, pack, list, i, edges)) any = true;
    }
    return any;
  });

  // `pack` tells what a state's future depends on: two states with equal packs are the same for the rest.
  const refine = (level, found, pack) => {
    const list = events(level, found);
    const inputs = new Array(found.length).fill(0);
    for (const event of list) paint(inputs, event, event.input);
    const states = [Rules.start(level, level.seed)];
    simulate(inputs, states, pack, 0, 0);
    const moved = pass(level, inputs, states, pack, list, null);
    pass(level, inputs, states, pack, list, moved);
    // Coins that one press spared another may have spent: then the way stays as it was found.
    return Core.compress(states[inputs.length].outcome === 1 ? inputs : found);
  };

  return Object.freeze({ refine });
})();
