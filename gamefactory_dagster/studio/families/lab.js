/* Lab: plays levels with a family's rules inside V8. Needs Core, Rules, Hand, Solver, Casual; never shipped. */
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

  // Share of noisy replays that win, and the frames at which the others were lost.
  const steadiness = (level, trace, runs, jitter) => {
    const rng = { s: Core.Rng.seed(level.seed + 1) };
    const losses = [];
    for (let run = 0; run < runs; run += 1) {
      const { state, frame } = play(level, Hand.noisy(trace, jitter, rng), 600);
      if (Rules.outcome(state) !== 1) losses.push(frame);
    }
    return { share: (runs - losses.length) / runs, losses };
  };

  // Games of a casual player, who has luck 1, 2, ... instead of the level's: how many he wins, and how the others end.
  const ease = (level, trace, games) => {
    const losses = [];
    for (let luck = 1; luck <= games; luck += 1) {
      const end = Casual.play(level, trace, luck);
      if (!end.won) losses.push(end);
    }
    return { share: (games - losses.length) / games, losses };
  };

  const solve = (level, options) => Solver.solve(level, level.seed, options);

  return Object.freeze({ replay, idle, steadiness, solve, ease });
})();
