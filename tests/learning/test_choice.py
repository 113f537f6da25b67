"""The choice of mechanics: replayable, curious, and led by the weights."""

import json
import math
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.learning.choice import Weighted, choose

NAMES = ("spawner", "score_system", "health_system", "card_flip", "timer_countdown", "camera_follow")
CORE = ("tap_jump",)
EVEN = tuple(Weighted(name, 1.0, 0) for name in NAMES)

weighted = st.lists(
    st.builds(
        Weighted,
        st.sampled_from((*NAMES, *CORE)),
        st.floats(0, 10, allow_nan=False),
        st.integers(0, 10_000),
    ),
    unique_by=lambda candidate: candidate.name,
    max_size=7,
)
seeds = st.integers(0, 2**53 - 1)


@settings(deadline=None)
@given(weighted, seeds)
def test_a_choice_is_the_core_and_the_best_three_draws(candidates, seed):
    choice = choose(candidates, seed, CORE)
    others = {candidate.name for candidate in candidates} - set(CORE)
    assert choice.names[: len(CORE)] == CORE
    assert len(set(choice.names)) == len(choice.names) == 1 + min(3, len(others))
    assert set(choice.scores) == set(choice.ranks) == others
    chosen = choice.names[1:]
    for name in chosen:
        for left_out in others - set(chosen):
            assert choice.scores[name] >= choice.scores[left_out]
    assert [choice.ranks[name] for name in chosen] == list(range(1, len(chosen) + 1))


@settings(deadline=None)
@given(weighted, seeds, st.randoms(use_true_random=False))
def test_the_order_of_candidates_does_not_matter_and_the_same_seed_draws_the_same(candidates, seed, rng):
    shuffled = list(candidates)
    rng.shuffle(shuffled)
    assert choose(shuffled, seed, CORE) == choose(candidates, seed, CORE)


@settings(deadline=None)
@given(weighted, seeds)
def test_one_candidate_less_leaves_the_other_draws_alone(candidates, seed):
    all_scores = choose(candidates, seed, CORE).scores
    fewer = choose(candidates[1:], seed, CORE).scores
    assert all(all_scores[name] == score for name, score in fewer.items())


def test_draws_follow_the_rule():
    """With 0.35 * ln(w) the mean and 0.30 / sqrt(n + 4) the spread."""
    candidate = Weighted("spawner", 2.0, 12)
    draws = [choose([candidate], seed, CORE).scores["spawner"] for seed in range(4000)]
    assert statistics.mean(draws) == pytest.approx(0.35 * math.log(2.0), abs=0.006)
    assert statistics.stdev(draws) == pytest.approx(0.30 / math.sqrt(16), rel=0.05)


def test_a_higher_weight_is_chosen_more_often():
    def share(weight):
        candidates = [Weighted("spawner", weight, 6), *EVEN[1:]]
        return sum("spawner" in choose(candidates, seed, CORE).names for seed in range(400)) / 400

    low, even, high = share(0.6), share(1.0), share(1.6)
    assert low < even - 0.1
    assert high > even + 0.1


def test_seeds_differ():
    assert len({choose(EVEN, seed, CORE).names for seed in range(60)}) > 20


def test_much_tried_mechanics_are_drawn_by_their_weight_alone():
    candidates = [Weighted(name, 1.0 + index * 0.2, 10_000_000) for index, name in enumerate(NAMES)]
    best = tuple(reversed(NAMES))[:3]
    assert all(choose(candidates, seed, CORE).names == (*CORE, *best) for seed in range(30))


def test_required_ones_come_first_and_count():
    worst = [Weighted("spawner", 0.1, 1000), *EVEN[1:]]
    choice = choose(worst, 5, CORE, required=("spawner", "not_realised_here"))
    assert choice.names[1] == "spawner"
    assert len(choice.names) == 4
    assert choice.ranks["spawner"] == len(NAMES)


def test_a_weight_of_zero_is_last_and_no_error():
    choice = choose([Weighted("spawner", 0.0, 50), *EVEN[1:]], 1, CORE)
    assert choice.ranks["spawner"] == len(NAMES)


def test_a_stored_choice_can_be_explained_and_replayed():
    stored = json.loads(json.dumps(choose(EVEN, 77, CORE).as_json()))
    assert stored == choose(EVEN, stored["seed"], CORE).as_json()
    assert [row["rank"] for row in stored["ranking"]] == [1, 2, 3, 4, 5, 6]
    assert [row["mechanic"] for row in stored["ranking"] if row["chosen"]] == stored["names"][1:]


@pytest.mark.parametrize(
    "candidates",
    [
        [Weighted("spawner", 1.0, 1), Weighted("spawner", 2.0, 1)],
        [Weighted("spawner", math.nan, 1)],
        [Weighted("spawner", 10.1, 1)],
        [Weighted("spawner", -1.0, 1)],
        [Weighted("spawner", 1.0, -1)],
    ],
)
def test_impossible_candidates_are_refused(candidates):
    with pytest.raises(InputError):
        choose(candidates, 1, CORE)
