/* Bots: many tries at a game's levels in one call, since crossing into V8 costs more than a whole try. V8 only;
 * needs Rules and Bot.
 */
const Bots = (() => {
  let levels = []; // [level, trace] by their place, from 1

  const open = (list) => {
    levels = list;
    return levels.length;
  };

  const attempt = ([number, skill, luck, most]) => {
    const [level, trace] = levels[number - 1];
    const state = Bot.play(level, trace, skill, luck, most);
    const { score, stars, cause, progress, pickups } = Rules.summary(state);
    return [Rules.outcome(state), Bot.frames(state), score, stars, cause, progress, pickups];
  };

  return Object.freeze({ open, play: (tries) => tries.map(attempt) });
})();
