/* Balloon rules: pump often enough before the wind comes. A level: {number, seed, need, wind}, where a wind of 0
 * never comes; an input is 1 while the pump is down.
 */
const Rules = (() => {
  const CAUSES = ["", "wind"];

  const start = (level) => ({ level, t: 0, air: 0, down: 0, puffed: 0, outcome: 0, cause: 0 });

  const step = (state, input) => {
    if (state.outcome) return state;
    const puffed = input && !state.down ? 1 : 0;
    const next = { ...state, t: state.t + 1, air: state.air + puffed, down: input, puffed };
    if (next.air === state.level.need) next.outcome = 1;
    else if (next.t === state.level.wind) Object.assign(next, { outcome: 2, cause: 1 });
    return next;
  };

  const cues = (state) => {
    const heard = state.puffed ? ["puff"] : [];
    return state.outcome ? [...heard, state.outcome === 1 ? "win" : "lose"] : heard;
  };

  const summary = (state) => ({
    score: 10 * state.air, pickups: 0, need: 0, stars: state.outcome === 1 ? 3 : 0, hearts: -1,
    time_left: state.level.wind ? Math.floor((state.level.wind - state.t + 59) / 60) : -1,
    progress: Math.floor((1000 * state.air) / state.level.need), cause: CAUSES[state.cause],
  });

  const timed = (level) => level.wind > 0;

  // All sections one after the other, each with the wind a little sooner; a trial is one of them alone, at a speed.
  const trial = (need, pace) => ({ number: 0, seed: 1, need, wind: need * pace + 301 });
  const trials = ({ need }) => [60, 50].map((pace) => trial(need, pace));
  const endless = (sections, seed) => ({ ...trial(sections.reduce((sum, { need }) => sum + need, 0), 20), seed, endless: 1 });

  return Object.freeze({
    start, step, cues, summary, timed, trials, endless, outcome: (state) => state.outcome, CAUSES,
  });
})();
