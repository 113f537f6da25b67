"""What is remembered of a runner's games: any game ends as it does when all its frames are played."""

import random
from typing import Any

import pytest

from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.runner import FAMILY

GAMES = """
((level, trace, games) => {
  const told = (state) => {
    const { t, x, y, vy, input, hearts, clock, mask, outcome } = state;
    return [t, x, y, vy, input, hearts, clock, mask, outcome, Rules.summary(state)];
  };
  return Array.from({ length: games }, (_, luck) => {
    const inputs = Hand.noisy(trace, 4 + luck % 13, { s: Core.Rng.seed(luck) });
    const most = luck % 5 ? inputs.length + 600 : 37 * luck;
    const log = { hits: [], least: level.clock };
    const remembered = Wits.play(level, inputs, Wits.plan(level, trace), 0, most, log);
    const hits = [];
    let least = level.clock;
    let state = Rules.start(level, level.seed);
    for (let f = 0; f < most && Rules.outcome(state) === 0; f += 1) {
      const after = Rules.step(state, inputs[f] || 0);
      if (after.hearts < state.hearts) hits.push(after.x);
      least = Math.min(least, after.clock);
      state = after;
    }
    return [[told(remembered), log], [told(state), { hits, least }]];
  });
})
"""

MECHANICS = [
    ("tap_jump",),
    ("tap_jump", "physics_gravity", "health_system", "score_system"),
    ("tap_jump", "timer_countdown", "multi_touch", "spawner"),
    ("tap_jump", "collision_detection", "health_system", "timer_countdown", "physics_gravity"),
]


@pytest.mark.parametrize("mechanics", MECHANICS, ids="+".join)
def test_remembered_games_end_as_played_ones(
    runner_lab: Lab, make_gdd: Any, mechanics: tuple[str, ...]
) -> None:
    ends: set[int] = set()
    for number in (5, 10):
        level = FAMILY.generate(make_gdd(mechanics=mechanics), number, random.Random(3))
        solved = runner_lab.solve(level)
        trace = solved.trace or [[0, 300], [1, 8], [0, 200], [1, 30], [0, 2000]]
        for remembered, played in runner_lab.call(GAMES, level, trace, 60):
            assert remembered == played
            ends.add(played[0][8])
    assert ends == {0, 1, 2} or not solved.won, "some left, some won, some lost"
