// Tile swap, the playtest bot: casual.js with any skill. The better it is, the more swaps it considers and the sooner
// it moves; at skill 50 it is that casual player. Runs in V8 only. Needs Core, Rules, Solver, Casual.
const Bot = (() => {
  "use strict";

  const LOOK = 12; // swaps considered beside the first at skill 100; by the square of the skill, a share by chance
  const SLOW = 120, FAST = 30; // frames from a still board to the next swap, at skill 0 and 100

  /** Plays for about `most` frames, to the end of the turn under way; the state it ends in. */
  function play(level, trace, skill, luck, most) {
    const more = LOOK * skill * skill, pace = SLOW - Math.round(((SLOW - FAST) * skill) / 100);
    let s = Rules.start(level, level.seed), rng = Core.Rng.seed(luck);
    const draw = (below) => { rng = Core.Rng.next(rng); return Core.Rng.below(rng, below); };
    while (!Rules.outcome(s) && s.frame < most) {
      const all = Rules.swaps(s.board, level.columns, level.rows);
      const look = 1 + Math.floor((more + draw(10000)) / 10000);
      let chosen = 0, best = -1;
      for (let i = 0; i < look; i++) {
        const input = all[draw(all.length)], value = Casual.glance(s, input);
        if (value > best) { best = value; chosen = input; }
      }
      s = Solver.play(s, chosen, (pace >> 1) + draw(pace));
    }
    return s;
  }

  return Object.freeze({ play, frames: (s) => s.frame });
})();
