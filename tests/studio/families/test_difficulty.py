"""What levels aim for: always downwards, whatever the curve; and how ten levels are judged."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamefactory_dagster.studio.design.curves import HIGHEST, LOWEST, SHAPES, curve
from gamefactory_dagster.studio.families.difficulty import (
    DIP,
    FALLING,
    SKILLS,
    aim,
    between,
    dips,
    faults,
    spearman,
)

shares = st.lists(st.floats(0, 1), min_size=10, max_size=10)


@pytest.mark.parametrize("high", [30, *HIGHEST, 100])
@pytest.mark.parametrize("shape", SHAPES)
def test_aims_fall_from_nearly_everybody_to_a_good_part_of_them(shape, high):
    targets = [aim(curve(shape, min(LOWEST), high), number).target for number in range(1, 11)]
    assert spearman(targets) <= FALLING
    assert dips(targets, DIP) == []
    assert targets[0] > 0.95
    assert 0.35 < targets[-1] < 0.75
    assert max(later - earlier for earlier, later in pairwise(targets)) < 0.05, "hardly easier again"


def test_a_harder_design_aims_lower():
    gentle, harsh = (curve("steady", 4, high) for high in (60, 96))
    assert aim(harsh, 10).target < aim(gentle, 10).target - 0.1


def test_a_level_may_lie_a_little_beside_its_aim_and_the_first_may_be_as_easy_as_it_likes():
    wanted = aim(curve("steady", 4, 80), 6)
    assert wanted.miss(wanted.target) == wanted.miss(wanted.most) == wanted.miss(wanted.least) == 0
    assert wanted.miss(wanted.most + 0.1) == pytest.approx(0.1)
    assert wanted.miss(wanted.least - 0.1) == pytest.approx(-0.1)
    assert aim(curve("steady", 4, 80), 1).miss(1.0) == 0


def test_rank_correlation_by_hand():
    """Spearman's rho of 1..5 with 5, 6, 7, 8, 7: the textbook's 0.8208."""
    assert spearman([5, 6, 7, 8, 7]) == pytest.approx(0.8208, abs=1e-4)
    assert spearman([0.9, 0.8, 0.7]) == pytest.approx(-1)
    assert spearman([0.5] * 10) == 0


@given(shares)
def test_it_is_a_correlation(values):
    assert -1.000001 <= spearman(values) <= 1.000001
    assert spearman(values) == pytest.approx(-spearman([-value for value in values]))


def test_a_level_far_harder_than_both_its_neighbours_is_named():
    falling = [0.95, 0.9, 0.6, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5]
    assert dips(falling) == [3]
    assert faults(falling) == ["level 3 is far harder than both its neighbours"]
    assert dips([0.95, 0.7, 0.9, 0.5, 0.8, *falling[5:]]) == [4, 2], "the deepest first"
    assert dips([0.95, 0.9, 0.76, 0.8, *falling[4:]]) == []
    assert dips([0.2, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.2]) == [], "an end has one neighbour"


def test_levels_in_no_order_are_named():
    [fault] = faults([0.7, 0.71, 0.72, 0.73, 0.74, 0.75, 0.74, 0.73, 0.72, 0.71])
    assert fault.startswith("levels do not get harder in order: Spearman 0.")


@given(shares, st.integers(2, 9))
def test_between_its_neighbours_no_level_dips(values, number):
    wanted = between(values, number)
    assert wanted.least <= wanted.target <= wanted.most
    for share in (wanted.least, wanted.target, wanted.most):
        assert number not in dips([*values[: number - 1], share, *values[number:]], 0)


def test_the_skills_are_those_of_the_people():
    assert sorted(SKILLS) == list(SKILLS)
    assert sum(SKILLS) / len(SKILLS) == pytest.approx(55, abs=0.5)
