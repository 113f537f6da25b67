/* Lab: plays levels with a family's rules inside V8. Needs Core, Rules and Solver; never shipped. */
const Lab = (() => {
  const report = (state, frames) => ({
    outcome: Rules.outcome(state),
    frames,
    hash: Core.hash(state),
    summary: Rules.summary(state),
  });

  // Plays until the level is over or the inputs are; `spare` more frames of nothing may follow.
  const play = (level, inputs, spare) => {
    let state = Rules.start(level, level.seed);
    let frame = 0;
    const end = inputs.length + spare;
    while (frame < end && Rules.outcome(state) === 0) {
      state = Rules.step(state, frame < inputs.length ? inputs[frame] : 0);
      frame += 1;
    }
    return { state, frame };
  };

  const replay = (level, trace) => {
    const { state, frame } = play(level, Core.expand(trace), 0);
    return report(state, frame);
  };

  const idle = (level, frames) => {
    const { state, frame } = play(level, [], frames);
    return report(state, frame);
  };

  // The trace as a person would play it: every start and end of an input off by up to `jitter` frames.
  // An input of one frame is a tap: it moves, but stays one frame long. No input is lost altogether.
  const noisy = (trace, jitter, rng) => {
    const edges = [];
    let at = 0;
    let tap = false;
    for (const [input, frames] of trace) {
      rng.s = Core.Rng.next(rng.s);
      const shift = Core.Rng.below(rng.s, 2 * jitter + 1) - jitter;
      const last = edges[edges.length - 1];
      const before = last ? last.at + (last.input ? 1 : 0) : 0;
      edges.push({ input, at: tap ? before : Math.max(before, at ? at + shift : 0) });
      at += frames;
      tap = input > 0 && frames === 1;
    }
    const inputs = [];
    edges.forEach((edge, i) => {
      const end = i + 1 < edges.length ? edges[i + 1].at : Math.max(at, edge.at + 1);
      while (inputs.length < end) inputs.push(edge.input);
    });
    return inputs;
  };

  // Share of noisy replays that win, and the frames at which the others were lost.
  const steadiness = (level, trace, runs, jitter) => {
    const rng = { s: Core.Rng.seed(level.seed + 1) };
    const losses = [];
    for (let run = 0; run < runs; run += 1) {
      const { state, frame } = play(level, noisy(trace, jitter, rng), 600);
      if (Rules.outcome(state) !== 1) losses.push(frame);
    }
    return { share: (runs - losses.length) / runs, losses };
  };

  const solve = (level, options) => Solver.solve(level, level.seed, options);

  return Object.freeze({ replay, idle, steadiness, solve, noisy });
})();
