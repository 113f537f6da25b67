/* Balloon, the playtest bot: the less skill, the slower the strokes. V8 only; needs Rules. */
const Bot = (() => {
  const play = (level, trace, skill, luck, most) => {
    const pause = 20 + (100 - skill);
    let state = Rules.start(level);
    while (state.t < most && state.outcome === 0) state = Rules.step(state, state.t % pause < 10 ? 1 : 0);
    return state;
  };

  return Object.freeze({ play, frames: (state) => state.t });
})();
