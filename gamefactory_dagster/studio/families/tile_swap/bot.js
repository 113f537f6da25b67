// Tile swap, the playtest bot: casual.js with any skill. The better it is, the more swaps it considers and the sooner
// it moves; at skill 50 it is that casual player. Runs in V8 only. Needs Core, Rules, Solver, Casual, Turns.
const Bot = (() => {
  "use strict";

  const LOOK = 12; // swaps considered beside the first at skill 100; by the square of the skill, a share by chance
  const SLOW = 120, FAST = 30; // frames from a still board to the next swap, at skill 0 and 100

  /** Somebody of a skill and a luck: asked for the swap to take of `all`, by their worth, and for the pause before it. */
  function person(skill, luck) {
    const more = LOOK * skill * skill, pace = SLOW - Math.round(((SLOW - FAST) * skill) / 100);
    let rng = Core.Rng.seed(luck);
    const draw = (below) => { rng = Core.Rng.next(rng); return Core.Rng.below(rng, below); };
    const choose = (all, worth) => {
      const look = 1 + Math.floor((more + draw(10000)) / 10000);
      let chosen = 0, best = -1;
      for (let i = 0; i < look; i++) {
        const input = all[draw(all.length)], value = worth(input);
        if (value > best) { best = value; chosen = input; }
      }
      return chosen;
    };
    return { choose, pause: () => (pace >> 1) + draw(pace) };
  }

  /** Plays for about `most` frames, to the end of the turn under way; the state it ends in. */
  function play(level, trace, skill, luck, most) {
    const { choose, pause } = person(skill, luck);
    let s = Rules.start(level, level.seed);
    while (!Rules.outcome(s) && s.frame < most) {
      const chosen = choose(Rules.swaps(s.board, level.columns, level.rows), (input) => Casual.glance(s, input));
      s = Solver.play(s, chosen, pause());
    }
    return s;
  }

  function turn(game, { choose, pause }) {
    const chosen = choose(Turns.swaps(game), (input) => Turns.worth(game, input, Casual.glance));
    Turns.swap(game, chosen, pause());
  }

  /** Whether that game is won, as soon as that is certain. */
  function wins(level, trace, skill, luck, most) {
    const game = Turns.begin(level), somebody = person(skill, luck);
    while (!Turns.over(game) && Turns.state(game).frame < most) turn(game, somebody);
    return Turns.won(game);
  }

  /**
   * Moves that each of the games of these skills and lucks, [[skill, luck], ...], takes to win, or -1 where it is lost. They
   * go on turn by turn: until, after `least` turns, a share of `enough` is won, and `more` turns. Who would have won later
   * is told as lost.
   */
  function spent(level, players, enough, least, more) {
    const games = players.map(([skill, luck]) => ({ game: Turns.begin(level), somebody: person(skill, luck), moves: -1 }));
    let playing = games, left = Infinity;
    for (let moves = 1; playing.length && left > 0; moves++, left--) {
      for (const one of playing) {
        turn(one.game, one.somebody);
        if (Turns.won(one.game)) one.moves = moves;
      }
      playing = playing.filter(({ game }) => !Turns.over(game));
      const won = games.filter((one) => one.moves > 0).length;
      if (left === Infinity && moves >= least && won >= enough * games.length) left = more + 1;
    }
    return games.map((one) => one.moves);
  }

  return Object.freeze({ play, wins, spent, frames: (s) => s.frame });
})();
