/* Wits: what a player does who is not where the certificate would have it: fell off a ledge, was thrown out of a gap.
 * Looks a few frames ahead and tries what hands can do. V8 only; needs Course, Rules, Ways.
 */
const Wits = (() => {
  const FLIGHT = 48; // frames a try is followed
  const DUCKED = 20; // frames a duck is held
  const LAST = 5; // frames before harm at which even a bad jump is better than none

  const harmed = (before, after) => after.outcome === 2 || after.hearts < before.hearts || after.stumble > before.stumble;

  // Frames until holding `input` for `held` frames, and nothing after, does harm; `most` if it does not.
  const lasts = (state, input, held, most) => {
    let s = state;
    for (let f = 0; f < most && s.outcome === 0; f += 1) {
      s = (f ? Rules.advance : Rules.step)(s, f < held ? input : 0);
      if (harmed(state, s)) return f;
    }
    return most;
  };

  // [input, frames] to press now, for somebody who sees `ahead` frames far.
  const act = (state, ahead) => {
    if (!state.ground || Course.quiet(state.level, state.x, 24 * Course.pace(state.level, state.t))) return [0, 1];
    const left = lasts(state, 0, 0, ahead);
    if (left === ahead) return [0, 1];
    const long = state.level.hold ? 12 : 8;
    if (lasts(state, 1, long, FLIGHT) === FLIGHT) return [1, long];
    if (state.level.duck && lasts(state, 2, DUCKED, DUCKED) === DUCKED) return [2, DUCKED];
    return left < LAST ? [1, long] : [0, 1];
  };

  // Plays the noisy `inputs` as long as the hero is where `plan` (heights of the certificate, frame by frame) has it, and
  // by wits where it is not; for at most `most` frames. `ahead` is how far it looks, 0 for not at all. `log`, where there is
  // one, is told of `hits`, the places where hearts were lost, and of the `least` time that was left.
  const play = (level, inputs, plan, ahead, most, log = null) => {
    const ways = Ways.of(level, plan);
    let state = Rules.start(level, level.seed);
    let doing = [0, 0];
    while (state.t < most && state.outcome === 0) {
      if (!doing[1] && state.t % Ways.BLOCK === 0) state = Ways.follow(ways, state, inputs, most, ahead > 0, log);
      if (state.t === most) break;
      const lost = ahead > 0 && state.ground && plan[state.t] !== undefined && plan[state.t] !== state.y;
      if (!doing[1] && lost) doing = act(state, ahead);
      const input = doing[1] ? doing[0] : inputs[state.t] || 0;
      if (doing[1]) doing = [doing[0], doing[1] - 1];
      const { hearts } = state;
      Rules.advance(state, input);
      if (log && state.hearts < hearts) log.hits.push(state.x);
      if (log) log.least = Math.min(log.least, state.clock);
    }
    return state;
  };

  // Heights at which the certificate runs, by frame; undefined while it is in the air.
  let known = { level: null, trace: null, plan: [] };
  const plan = (level, trace) => {
    if (known.level === level && known.trace === trace) return known.plan;
    const heights = [];
    const state = Rules.start(level, level.seed);
    for (const input of Core.expand(trace)) {
      if (state.ground) heights[state.t] = state.y;
      Rules.advance(state, input);
    }
    known = { level, trace, plan: heights };
    return heights;
  };

  return Object.freeze({ play, plan });
})();
