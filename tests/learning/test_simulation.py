"""The factory learns: in worlds with hidden effects our choices come near the best."""

import random
import statistics

import pytest

from gamefactory_dagster.learning.choice import COUNT
from gamefactory_dagster.learning.simulation import GENRES, MECHANICS, make_world, our_rule, share, simulate


def by_lot(games):
    return lambda genre, seed: random.Random(seed).sample(MECHANICS, COUNT)


def test_ours_goes_most_of_the_way_and_a_lot_goes_nowhere():
    ours = [simulate(our_rule, seed, 50) for seed in range(4)]
    lots = [simulate(by_lot, seed, 50) for seed in range(4)]
    assert statistics.fmean(map(share, ours)) > 0.6
    assert statistics.fmean(share(gains[-10:]) for gains in ours) > 0.7
    assert abs(statistics.fmean(map(share, lots))) < 0.1


def test_always_choosing_best_is_all_of_the_way():
    world = make_world(3)

    def best(games):
        return lambda genre, seed: sorted(MECHANICS, key=lambda name: -world.mechanics[name, genre])[:COUNT]

    assert share(simulate(best, 3, 5)) == pytest.approx(1.0)
    assert all(world.best(genre) > world.uniform(genre) for genre in GENRES)


def test_a_seed_is_a_world():
    assert simulate(our_rule, 1, 3) == simulate(our_rule, 1, 3) != simulate(our_rule, 2, 3)
