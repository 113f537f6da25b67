/* Runner, the casual player: somebody who has understood the course and presses everything up to a sixth of a second
 * early or late. This is steadiness with twice the noise, the certificate played by an unpractised hand, and not a
 * player who decides everything anew: that one would have to search for its jumps in every game, and searching is what
 * costs. Only who has left the certificate's way, and runs below its ledge, goes by its wits (wits.js). Where the hero
 * runs is a function of the frame, so what is left to such a player is when to press.
 * V8 only; needs Core, Rules, Hand, Wits.
 */
const Casual = (() => {
  const LATE = 10; // frames a press is off, at most
  const AHEAD = 16; // frames an ordinary player looks ahead
  const SPARE = 600; // frames until even a slow fall is over

  const play = (level, trace, luck) => {
    const inputs = Hand.noisy(trace, LATE, { s: Core.Rng.seed(level.seed + 7919 * luck) });
    const state = Wits.play(level, inputs, Wits.plan(level, trace), AHEAD, inputs.length + SPARE);
    return { won: state.outcome === 1, frames: state.t, cause: Rules.summary(state).cause };
  };

  // Nothing but these inputs, to the end of the level or for `most` frames.
  const follow = (level, trace, inputs, most) => Wits.play(level, inputs, Wits.plan(level, trace), 0, most);

  return Object.freeze({ play, follow });
})();
