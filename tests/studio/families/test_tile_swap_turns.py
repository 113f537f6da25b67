"""Games of which only is asked whether they are won: stopped early and shared, they end as whole ones do."""

import random

import pytest

from gamefactory_dagster.studio.families.tile_swap import FAMILY

from .test_tile_swap_levels import COMBINATIONS, design

SKILLS = (20, 50, 80)

WHOLE = """
((level, skills, games) => skills.flatMap((skill) => Array.from({ length: games }, (_, i) => {
  const end = Bot.play(level, [], skill, 1000 * skill + 1 + i, 36000);
  return Rules.outcome(end) === 1 ? level.moves - end.moves : -1;
})))
"""

CASUAL = """
((level, games) => Array.from({ length: games }, (_, i) => {
  let s = Rules.start(level, level.seed), rng = Core.Rng.seed(i + 1);
  while (!Rules.outcome(s)) {
    const all = Rules.swaps(s.board, level.columns, level.rows);
    let chosen = 0, most = -1;
    for (let look = 0; look < 4; look++) {
      rng = Core.Rng.next(rng);
      const input = all[Core.Rng.below(rng, all.length)], value = Casual.glance(s, input);
      if (value > most) { most = value; chosen = input; }
    }
    s = Solver.play(s, chosen, 75);
  }
  return { won: Rules.outcome(s) === 1, frames: s.frame, cause: s.cause, short: s.need };
}).filter((end) => !end.won))
"""

SHAKEN = """
((level, trace) => [2, 5, 9, 40].map((jitter) => {
  const inputs = Hand.noisy(trace, jitter, { s: Core.Rng.seed(jitter) }), most = inputs.length + 600;
  const quick = Casual.follow(level, trace, inputs, most);
  let s = Rules.start(level, level.seed);
  for (let f = 0; f < most && !Rules.outcome(s); f++) s = Rules.step(s, inputs[f] || 0);
  const told = (end) => [Rules.outcome(end), Rules.outcome(end) === 1 ? end.score : end.frame, end.need];
  return [told(quick), told(s)];
}))
"""


@pytest.mark.parametrize("mechanics", COMBINATIONS, ids=lambda names: "+".join(names) or "core")
def test_shared_games_end_as_whole_ones(lab, mechanics):
    one = FAMILY.generate(design(*mechanics), 7, random.Random(5))
    whole = lab.call(WHOLE, one, SKILLS, 8)
    assert lab.spent("moves", one, SKILLS, 1, 8) == whole
    assert lab.completion(one, [], SKILLS, 1, 8) == sum(moves > 0 for moves in whole)
    losses = lab.call(CASUAL, one, 12)
    assert [{**loss, "won": False} for loss in lab.ease(one, [], 12).losses] == losses


@pytest.mark.parametrize("mechanics", COMBINATIONS, ids=lambda names: "+".join(names) or "core")
def test_a_shaken_trace_ends_as_frame_by_frame(lab, mechanics):
    one = {**FAMILY.generate(design(*mechanics), 3, random.Random(2)), "moves": 30}
    solved = lab.solve(one)
    trace = solved.trace or [[0, 40], [1, 1], [0, 60], [2, 1], [0, 600]]
    for quick, played in lab.call(SHAKEN, one, trace):
        assert quick == played


def test_games_go_on_until_enough_are_won_and_a_little_longer(lab):
    one = {**FAMILY.generate(design(), 7, random.Random(5)), "moves": 30}
    everybody = lab.spent("moves", one, SKILLS, 1, 8)
    half = sorted(moves for moves in everybody if moves > 0)[11]
    some = lab.spent("moves", one, SKILLS, 1, 8, 0.5, 7, 2)
    assert some == [moves if moves <= max(half, 7) + 2 else -1 for moves in everybody]
