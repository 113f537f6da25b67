/* Runner, the playtest bot: the certificate played by a hand of any skill, from one that hardly ever errs by more
 * than a few frames to one that presses almost a third of a second off. casual.js says why it does not look for jumps
 * of its own; at skill 50 it is that casual player. V8 only; needs Core, Rules, Hand, Wits.
 */
const Bot = (() => {
  const WORST = 16; // frames a press is off at skill 0, at most
  const BEST = 4; // and at skill 100
  const AHEAD = [10, 22]; // frames it looks ahead at skill 0 and at 100
  const SPARE = 600; // frames until even a slow fall is over
  const ENOUGH = 99; // hearts that no level takes
  const AGES = 100000; // frames that none lasts

  const between = (low, high, skill) => low + Math.round(((high - low) * skill) / 100);

  // Plays for at most `most` frames; the state it ends in.
  const play = (level, trace, skill, luck, most, log) => {
    const inputs = Hand.noisy(trace, between(WORST, BEST, skill), { s: Core.Rng.seed(luck) });
    const end = Math.min(most, inputs.length + SPARE);
    return Wits.play(level, inputs, Wits.plan(level, trace), between(AHEAD[0], AHEAD[1], skill), end, log);
  };

  // The level with hearts and time for everything; one object for all its games, since Course looks a level up by that.
  let known = { level: null };
  const forgiving = (level) => {
    if (known.level !== level) known = { level, easy: { ...level, hearts: ENOUGH, clock: level.clock && AGES } };
    return known.easy;
  };

  // The same game with hearts and time for everything: pixels at which a heart was `lost`, and the least `time` to begin
  // with that would have been enough; null if the game is lost for all that.
  const mishaps = (level, trace, skill, luck, most) => {
    const log = { hits: [], least: AGES };
    const end = play(forgiving(level), trace, skill, luck, most, log);
    const lost = log.hits.map((x) => Math.round(x / Course.UNIT));
    return end.outcome === 1 ? { lost, time: level.clock ? AGES + 1 - log.least : 0 } : null;
  };

  return Object.freeze({ play, mishaps, frames: (state) => state.t });
})();
