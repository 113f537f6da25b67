"""The regression: right by other ways of computing it, and blind to order, names and repetition."""

import itertools
import math
import random
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamefactory_dagster.learning.choice import Weighted, choose
from gamefactory_dagster.learning.model import Sample, learn

MECHANICS = ("a", "b", "c", "d")
GENRES = ("runner", "puzzle")
PAIRS = list(itertools.product(MECHANICS, GENRES))

samples = st.lists(
    st.builds(
        Sample,
        st.sampled_from(GENRES),
        st.frozensets(st.sampled_from(MECHANICS), max_size=4),
        st.floats(0, 100, allow_nan=False),
    ),
    max_size=25,
)


def weights(games):
    effects = learn(games)
    return {pair: effects.weight(*pair) for pair in PAIRS}


def by_covariance(games, mean, spread):
    """The same estimates by another road: effects as the conditional mean of Gaussian variables."""
    ours = np.array([[_shared(one, other) for other in games] for one in games]) + 0.8 * np.eye(len(games))
    pull = np.linalg.inv(ours) @ np.array([(game.outcome - mean) / spread for game in games])

    def effect(mechanic, genre):
        having = np.array([mechanic in game.mechanics for game in games])
        here = np.array([game.genre == genre for game in games])
        return float((0.10 * having + 0.06 * (having & here)) @ pull)

    return effect


def _shared(one, other):
    both = len(one.mechanics & other.mechanics)
    return 0.10 * both + (one.genre == other.genre) * (0.5 + 0.06 * both)


def test_one_game_by_hand():
    """Its variance is 0.5 + 0.10 + 0.06 + 0.8 = 1.46, and 0.16 of it is the mechanic's."""
    effects = learn([Sample("runner", frozenset("a"), 37 + 8 * 1.46)])
    assert effects.effect("a", "runner") == pytest.approx(0.16)
    assert effects.effect("a", "puzzle") == pytest.approx(0.10)
    assert effects.effect("b", "runner") == 0
    assert effects.weight("a", "runner") == Decimal(str(round(math.exp(0.16 / 0.35), 4)))
    assert effects.weight("b", "runner") == Decimal("1.0000")


def test_two_games_in_exact_fractions():
    """Cramer's rule on the two games' covariance [[1.46, 0.5], [0.5, 1.46]]."""
    one, other = Fraction(53 - 37, 8), Fraction(29 - 37, 8)
    own, between = Fraction(146, 100), Fraction(1, 2)
    determinant = own**2 - between**2
    pull = (own * one - between * other) / determinant, (own * other - between * one) / determinant
    effects = learn([Sample("runner", frozenset("a"), 53), Sample("runner", frozenset("b"), 29)])
    for mechanic, pulled in zip("ab", pull, strict=True):
        assert effects.effect(mechanic, "runner") == pytest.approx(float(Fraction(16, 100) * pulled))


@pytest.mark.parametrize("count", [1, 4, 5, 6, 60])
def test_it_is_the_best_linear_unbiased_prediction(count):
    rng = random.Random(count)
    games = [
        Sample(rng.choice(GENRES), frozenset(rng.sample(MECHANICS, rng.randint(0, 4))), rng.uniform(0, 100))
        for _ in range(count)
    ]
    outcomes = np.array([game.outcome for game in games])
    mean, spread = (37, 8) if count < 5 else (outcomes.mean(), outcomes.std(ddof=1))
    effect, effects = by_covariance(games, mean, spread), learn(games)
    for pair in PAIRS:
        assert effects.effect(*pair) == pytest.approx(effect(*pair), abs=1e-9)


@settings(deadline=None)
@given(samples, st.randoms(use_true_random=False))
def test_the_order_of_games_does_not_matter_to_the_last_bit(games, rng):
    shuffled = list(games)
    rng.shuffle(shuffled)
    assert learn(shuffled) == learn(games)


@settings(deadline=None)
@given(samples, st.permutations(MECHANICS), st.permutations(GENRES))
def test_names_mean_nothing(games, mechanics, genres):
    to = dict(zip((*MECHANICS, *GENRES), (*mechanics, *genres), strict=True))
    renamed = [
        Sample(to[game.genre], frozenset(to[name] for name in game.mechanics), game.outcome) for game in games
    ]
    before, after = learn(games), learn(renamed)
    for mechanic, genre in PAIRS:
        found = after.effect(to[mechanic], to[genre])
        assert found == pytest.approx(before.effect(mechanic, genre), abs=1e-9)


@settings(deadline=None)
@given(samples)
def test_weights_stay_in_their_range_and_four_decimals(games):
    for weight in weights(games).values():
        assert Decimal("0.1") <= weight <= Decimal("9.9999")
        assert weight.as_tuple().exponent == -4


@settings(deadline=None)
@given(st.integers(3, 20), st.integers(1, 20), st.floats(1, 40))
def test_more_games_of_a_better_mechanic_raise_its_effect(few, more, better):
    def effect(count):
        having = [Sample("runner", frozenset("a"), 30 + better)] * count
        return learn([*having, *[Sample("runner", frozenset(), 30.0)] * count]).effect("a", "runner")

    assert 0 < effect(few) < effect(few + more)


def test_the_draw_of_a_much_tried_mechanic_is_its_effect():
    effects = learn([Sample("runner", frozenset("a"), 44.0), Sample("runner", frozenset("b"), 31.0)])
    tried = [Weighted(name, float(effects.weight(name, "runner")), 10**12) for name in "ab"]
    draws = choose(tried, 1, core=()).scores
    assert draws == pytest.approx({name: effects.effect(name, "runner") for name in "ab"}, abs=1e-4)


def test_a_good_mechanic_is_trusted_elsewhere_but_less():
    games = [Sample("runner", frozenset("a"), 60.0), Sample("runner", frozenset("b"), 20.0)] * 10
    found = weights(games)
    assert Decimal(1) < found["a", "puzzle"] < found["a", "runner"]
    assert Decimal(1) > found["b", "puzzle"] > found["b", "runner"]


def test_what_every_game_of_a_genre_has_takes_little_of_the_credit_for_the_genre():
    games = [Sample("runner", frozenset("ab"), 60.0)] * 10 + [Sample("puzzle", frozenset("cd"), 20.0)] * 10
    effects = learn(games)
    assert 0 < effects.effect("a", "runner") < 0.3


def test_games_that_do_all_the_same_say_nothing():
    games = [Sample("runner", frozenset(name), 41.7) for name in "abcdab"]
    assert set(weights(games).values()) == {Decimal("1.0000")}


def test_no_games_no_opinion():
    assert set(weights([]).values()) == {Decimal("1.0000")}


def test_extremes_are_cut():
    games = [Sample("runner", frozenset("a"), 100.0)] * 4
    assert weights(games)["a", "runner"] <= Decimal("9.9999")
    alone = [Sample("runner", frozenset("abcd"), 1000.0), Sample("puzzle", frozenset(), -900.0)]
    assert weights(alone)["a", "runner"] == Decimal("9.9999")
    assert weights([Sample("runner", frozenset("a"), -1000.0)])["a", "runner"] == Decimal("0.1000")
