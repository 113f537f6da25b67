"""What a score is made of: shares from the settings, and points from rates."""

import pytest

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.score import Shares
from gamefactory_dagster.settings import Settings


def shares(retention: float, completion: float, ad_opt_in: float) -> Shares:
    weights = {"retention_weight": retention, "completion_weight": completion, "ad_opt_in_weight": ad_opt_in}
    return Shares.of(Settings(database_url=None, **weights))


def test_the_product_weighs_retention_40_completion_30_and_ads_30():
    assert Shares.of(Settings(database_url=None)) == Shares(0.4, 0.3, 0.3)


def test_only_the_proportions_of_the_settings_count():
    assert shares(3, 1, 0) == shares(0.75, 0.25, 0) == Shares(0.75, 0.25, 0)


def test_weights_that_are_all_nothing_are_refused():
    with pytest.raises(InputError, match="at least one above 0"):
        shares(0, 0, 0)


@pytest.mark.parametrize(("d7", "points"), [(0.0, 0), (0.05, 10), (0.2, 40), (0.9, 40)])
def test_retention_earns_its_points_by_a_d7_of_20_percent_and_no_more_beyond(d7, points):
    assert shares(4, 3, 3).points(d7, 0, 0) == pytest.approx(points)


def test_the_best_in_all_has_a_hundred():
    assert shares(4, 3, 3).points(0.2, 1, 1) == pytest.approx(100)
