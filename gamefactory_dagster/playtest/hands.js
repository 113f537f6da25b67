/* Hands: what a playtest asks of a game in V8 beside a try at a level. V8 only; needs Core, Rules, Bot. Read by `eval`
 * after a family's scripts, hence no const.
 * A lost try that goes on: a family's bot begins where Rules.start puts it, so its scripts are read once more here,
 * with rules that start where Rules.revive leaves off. The try before is played again: equal tries end alike.
 */
globalThis.Hands = (() => {
  let levels = []; // [level, trace] by their place, from 1
  let second = null; // the family's bot, as it goes on
  let starts = 0; // times it asked for a start since it was last told to play
  let from = null; // {at, state}: what the start of that number gives instead

  const rules = Object.freeze({
    ...Rules,
    start(level, seed) {
      starts += 1;
      return from && starts === from.at ? from.state : Rules.start(level, seed);
    },
  });

  const told = (state) => {
    const { score, stars, cause, progress, pickups } = Rules.summary(state);
    return [Rules.outcome(state), Bot.frames(state), score, stars, cause, progress, pickups];
  };

  // Its last start is that of play: the others, of what it thinks out beforehand, it may keep from a play of no frames.
  const play = (level, trace, skill, luck, most, state) => {
    from = null;
    second.play(level, trace, skill, luck, 0);
    starts = 0;
    second.play(level, trace, skill, luck, 0);
    from = { at: starts, state };
    starts = 0;
    return second.play(level, trace, skill, luck, most);
  };

  // `scripts` define the family's Bot. Whether a lost level may go on; an error where the bot does not go on as told.
  const open = (scripts, pairs) => {
    levels = pairs;
    if (!Rules.revive) return false;
    second = new Function("Rules", scripts + "\nreturn Bot;")(rules);
    const [level, trace] = levels[0];
    const state = Rules.step(Rules.start(level, level.seed), 0);
    if (play(level, trace, 50, 1, 0, state) !== state) throw new Error("a bot does not go on from where it is put");
    return true;
  };

  const attempt = ([number, skill, luck, most]) => Bot.play(...levels[number - 1], skill, luck, most);

  const goOn = ([number, skill, luck, most]) => {
    const lost = attempt([number, skill, luck, most]);
    return play(...levels[number - 1], skill, luck, most, Rules.revive(lost));
  };

  // A try is [level, skill, luck, most]; [try] is that try, lost, going on.
  const each = (wanted) => told(Array.isArray(wanted[0]) ? goOn(wanted[0]) : attempt(wanted));

  // How often each thing happens, by its sound, on the way that wins each of the first `count` levels.
  const happenings = (count) => levels.slice(0, count).map(([level, trace]) => {
    const heard = {};
    let state = Rules.start(level, level.seed);
    for (const input of Core.expand(trace)) {
      if (Rules.outcome(state)) break;
      state = Rules.step(state, input);
      for (const cue of Rules.cues(state)) {
        const name = cue.split("+")[0];
        heard[name] = (heard[name] || 0) + 1;
      }
    }
    return heard;
  });

  return Object.freeze({ open, play: (tries) => tries.map(each), happenings });
})();
