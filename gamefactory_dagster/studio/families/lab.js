/* Lab: plays levels with a family's rules inside V8. Needs Core, Rules, Hand, Solver, Casual, Bot; never shipped. */
const Lab = (() => {
  const SAFE = 300; // frames of every level that nobody loses by doing nothing
  const LONGEST = 36000; // frames that no level lasts

  // The same thing when an equal one is asked about again: whoever knows it from before need not make it out anew.
  const KEPT = 8;
  let kept = [];
  const same = (value) => {
    const text = JSON.stringify(value);
    const found = kept.find((one) => one.text === text) || { text, value };
    kept = [found, ...kept.filter((one) => one !== found)].slice(0, KEPT);
    return found.value;
  };

  const report = (state, frames) => ({
    outcome: Rules.outcome(state),
    frames,
    hash: Core.hash(state),
    summary: Rules.summary(state),
  });

  // Plays until the level is over or the inputs are; `spare` more frames of nothing may follow. What is proven is played
  // by the very `step` that players have.
  const play = (level, inputs, spare, step = Rules.step) => {
    let state = Rules.start(level, level.seed);
    let frame = 0;
    const end = inputs.length + spare;
    while (frame < end && Rules.outcome(state) === 0) {
      state = step(state, frame < inputs.length ? inputs[frame] : 0);
      frame += 1;
    }
    return { state, frame };
  };

  const replay = (level, trace) => {
    const { state, frame } = play(same(level), Core.expand(trace), 0);
    return report(state, frame);
  };

  // Nobody plays for so many frames. `safe` is up to when that must not lose; `kept`: the summary is what it was.
  const idle = (level, frames) => {
    const { state, frame } = play(level, [], frames, Rules.advance);
    const before = Rules.summary(Rules.start(level, level.seed));
    const kept = Core.canonical(Rules.summary(state)) === Core.canonical(before);
    return { ...report(state, frame), timed: Rules.timed(level), kept, safe: SAFE };
  };

  const endless = (sections, seed, frames) => idle(Rules.endless(sections, seed), frames);

  const follow = Casual.follow || ((level, trace, inputs, most) =>
    play(level, inputs, most - inputs.length, Rules.advance).state);

  // Share of noisy replays that win, and the frames at which the others were lost. Stops once it cannot be `least`.
  const steadiness = (asked, way, runs, jitter, least) => {
    const [level, trace] = [same(asked), same(way)];
    const rng = { s: Core.Rng.seed(level.seed + 1) };
    const losses = [];
    const most = Math.round(1000 * runs * (1 - least)) / 1000; // 40 * (1 - 0.9) is a little under 4
    let run = 0;
    for (; run < runs && losses.length <= most; run += 1) {
      const inputs = Hand.noisy(trace, jitter, rng);
      const state = follow(level, trace, inputs, inputs.length + 600);
      if (Rules.outcome(state) !== 1) losses.push(Bot.frames(state));
    }
    return { share: (run - losses.length) / run, losses };
  };

  // Games of a casual player, who has luck 1, 2, ... instead of the level's: how many he wins, and how the others end.
  const ease = (asked, way, count) => {
    const [level, trace] = [same(asked), same(way)];
    const losses = [];
    for (let luck = 1; luck <= count; luck += 1) {
      const end = Casual.play(level, trace, luck);
      if (!end.won) losses.push(end);
    }
    return { share: (count - losses.length) / count, losses };
  };

  // Players of these skills, so many each: [skill, luck], where each has luck of its own.
  const players = (skills, first, count) =>
    skills.flatMap((skill) => Array.from({ length: count }, (_, i) => [skill, 1000 * skill + first + i]));

  // What `how` gives of their games.
  const games = (how, asked, way, ...told) => {
    const [level, trace] = [same(asked), same(way)];
    return players(...told).map(([skill, luck]) => how(level, trace, skill, luck, LONGEST));
  };

  const won = (state) => Rules.outcome(state) === 1;
  const wins = Bot.wins || ((...asked) => won(Bot.play(...asked)));

  // How many of those games are won.
  const completion = (...asked) => games(wins, ...asked).filter(Boolean).length;

  // What goes wrong in each of them.
  const mishaps = (...asked) => games(Bot.mishaps, ...asked);

  // What each of them used up of the level's `budget` to win, or -1 where it was lost. A bot that can tell by itself stops
  // where a share of `enough` is won by `least` or more, and `more` used up: who would have won later is told as lost.
  const spent = (budget, level, skills, first, count, enough, least, more) => {
    if (Bot.spent) return Bot.spent(same(level), players(skills, first, count), enough, least, more);
    const used = (state) => (won(state) ? level[budget] - state[budget] : -1);
    return games(Bot.play, level, [], skills, first, count).map(used);
  };

  const solve = (level, options) => Solver.solve(same(level), level.seed, options);

  return Object.freeze({ replay, idle, endless, steadiness, solve, ease, completion, spent, mishaps });
})();
