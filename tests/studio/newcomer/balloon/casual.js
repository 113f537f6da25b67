/* Balloon, the casual player: the certificate by an unpractised hand. V8 only; needs Core, Rules, Hand. */
const Casual = (() => {
  const play = (level, trace, luck) => {
    const inputs = Hand.noisy(trace, 10, { s: Core.Rng.seed(level.seed + 7919 * luck) });
    let state = Rules.start(level);
    for (let f = 0; f < inputs.length + 60 && state.outcome === 0; f += 1) state = Rules.step(state, inputs[f] || 0);
    return { won: state.outcome === 1, frames: state.t, cause: Rules.summary(state).cause };
  };

  return Object.freeze({ play });
})();
