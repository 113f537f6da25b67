/* Walker rules: somebody walks to the right, and the level says at which frame what happens to him. A level: {number, seed,
 * length, hearts, clock, teaches, happens: {frame: [word, more]}, lost}; an input is 1 while Space is down.
 */
const Rules = (() => {
  const CAUSES = ["", "lost"];

  const start = (level) => ({ level, t: 0, x: 0, score: 0, pickups: 0, pressed: 0, hearts: level.hearts, outcome: 0 });

  const step = (state, input) => {
    if (state.outcome) return state;
    const next = { ...state, t: state.t + 1, x: state.x + 5, pressed: input || state.pressed };
    const [what] = next.level.happens[next.t] || [];
    if (what === "gather") Object.assign(next, { pickups: next.pickups + 1, score: next.score + 5 });
    if (what === "hit") next.hearts -= 1;
    if (next.t === next.level.lost) next.outcome = 2;
    else if (next.t === next.level.length) next.outcome = 1;
    return next;
  };

  const summary = (state) => ({
    score: state.score, pickups: state.pickups, need: 3, stars: state.outcome === 1 ? 3 : 0, hearts: state.hearts,
    time_left: state.level.clock ? Math.max(0, state.level.clock - Math.floor(state.t / 60)) : -1,
    progress: Math.floor((1000 * state.t) / state.level.length), cause: CAUSES[state.outcome === 2 ? 1 : 0],
  });

  return Object.freeze({ start, step, summary, cues: () => [], outcome: (state) => state.outcome, CAUSES });
})();
