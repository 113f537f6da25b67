import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamefactory_dagster.analytics.trends import interval_of, share_of


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    # Brown, Cai and DasGupta, Interval Estimation for a Binomial Proportion (2001), and R's prop.test
    [(10, 100, 0.0552, 0.1744), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 2, 0.0945, 0.9055)],
)
def test_an_interval_is_wilson_s(part, whole, low, high):
    assert interval_of(part, whole) == pytest.approx((low, high), abs=5e-5)


def test_nothing_is_known_of_nothing():
    assert interval_of(0, 0) is None


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_an_interval_holds_the_share_and_narrows(part, whole):
    part = min(part, whole)
    low, high = interval_of(part, whole)
    assert 0 <= low <= share_of(part, whole) + 1e-12 and share_of(part, whole) - 1e-12 <= high <= 1
    closer = interval_of(part * 4, whole * 4)
    assert closer[1] - closer[0] < high - low
