/* Runner, the playtest bot: the certificate played by a hand of any skill, from one that hardly ever errs by more
 * than a few frames to one that presses almost a third of a second off. casual.js says why it does not look for jumps
 * of its own; at skill 50 it is that casual player. V8 only; needs Core, Rules, Hand, Wits.
 */
const Bot = (() => {
  const WORST = 16; // frames a press is off at skill 0, at most
  const BEST = 4; // and at skill 100
  const AHEAD = [10, 22]; // frames it looks ahead at skill 0 and at 100
  const SPARE = 600; // frames until even a slow fall is over

  const between = (low, high, skill) => low + Math.round(((high - low) * skill) / 100);

  // Plays for at most `most` frames; the state it ends in.
  const play = (level, trace, skill, luck, most) => {
    const inputs = Hand.noisy(trace, between(WORST, BEST, skill), { s: Core.Rng.seed(luck) });
    const end = Math.min(most, inputs.length + SPARE);
    return Wits.play(level, inputs, Wits.plan(level, trace), between(AHEAD[0], AHEAD[1], skill), end);
  };

  return Object.freeze({ play, frames: (state) => state.t });
})();
