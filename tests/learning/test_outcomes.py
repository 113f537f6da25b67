"""What a game came to: the formula by hand, what is missing, and which games count."""

import datetime as dt

import pytest
import sqlalchemy as sa

from gamefactory_dagster.learning.outcomes import Played, Tally, outcomes, read
from gamefactory_dagster.score import Shares
from gamefactory_dagster.settings import Settings
from tests.learning.conftest import did

USUAL = Shares.of(Settings(database_url=None))


def played(genre="runner", d7=(20, 200), levels=(300, 500), ads=(30, 100)):
    return Played(genre, frozenset("a"), Tally(*d7), Tally(*levels), Tally(*ads))


def test_the_product_weighs_retention_40_completion_30_and_ads_30():
    """D7 of 10 % is half of world class: 40 * 0.5 + 30 * 0.6 + 30 * 0.3."""
    assert outcomes([played()], USUAL) == [pytest.approx(20 + 18 + 9)]


def test_retention_earns_no_more_than_world_class():
    assert outcomes([played(d7=(40, 200))], USUAL) == outcomes([played(d7=(190, 200))], USUAL)
    assert outcomes([played(d7=(200, 200), levels=(9, 9), ads=(5, 4))], USUAL) == [pytest.approx(100)]


def test_an_outcome_is_made_of_what_the_shares_say():
    assert outcomes([played()], Shares(0.0, 0.0, 1.0)) == [pytest.approx(30)]


def test_what_a_game_has_no_trials_of_is_as_usual_in_its_genre():
    """The genre's pooled rate, (10 + 60) / (100 + 100), not the mean of its games' rates."""
    games = [
        played(ads=(10, 100)),
        played(ads=(60, 100)),
        played(ads=(0, 0)),
        played("puzzle", ads=(1, 1000)),
    ]
    assert outcomes(games, USUAL)[2] == pytest.approx(20 + 18 + 30 * 0.35)


def test_what_a_genre_has_no_trials_of_is_as_usual_in_the_factory():
    games = [played(levels=(0, 0)), played("puzzle", levels=(30, 100)), played("arcade", levels=(70, 100))]
    assert outcomes(games, USUAL)[0] == pytest.approx(20 + 30 * 0.5 + 9)


def test_what_nobody_has_trials_of_earns_nothing():
    assert outcomes([played(ads=(0, 0))], USUAL) == [pytest.approx(38)]


def test_ads_nobody_was_asked_about_say_nothing_of_the_genre():
    games = [played(ads=(500, 0)), played(ads=(20, 100))]
    assert outcomes(games, USUAL)[0] == pytest.approx(20 + 18 + 30 * 0.2)


def test_a_game_is_read_over_its_whole_life(add_played, connection):
    add_played(
        "puzzle",
        ("tile_swap", "spawner", "spawner"),
        [
            did(d7=(1, 60), levels=(5, 1), ads=(1, 2)),
            did(d7=(0, 0), levels=(0, 0), ads=(0, 0)),
            did(d7=(9, 40), levels=(2, 2), ads=(3, 4)),
        ],
    )
    expected = Played(
        "puzzle", frozenset({"tile_swap", "spawner"}), Tally(10, 100), Tally(7, 10), Tally(4, 6)
    )
    assert read(connection, 0.01) == [expected]


def test_a_game_counts_from_100_installs_on_once_it_has_a_day_7(add_played, connection):
    add_played(d7=(50, 99))
    add_played(d7=(0, 0), installs=5000)
    assert read(connection, 0.01) == []
    add_played(days=[did(d7=(7, 40)), did(d7=(0, 0), installs=60)])
    assert [game.d7 for game in read(connection, 0.01)] == [Tally(7, 40)]


def test_a_day_that_is_not_over_does_not_count_yet(add_played, engine, connection):
    today = connection.scalar(sa.text("SELECT (now() AT TIME ZONE 'UTC')::date"))
    add_played(days=[did(d7=(10, 100), date=today - dt.timedelta(days=1)), did(d7=(0, 300), date=today)])
    add_played(days=[did(date=today)])
    with engine.connect() as now:
        assert [game.d7 for game in read(now, 0.01)] == [Tally(10, 100)]


def test_games_from_elsewhere_teach_nothing(add_played, connection):
    add_played(external=True)
    assert read(connection, 0.01) == []


@pytest.mark.parametrize("mechanics", [sa.null(), sa.JSON.NULL, []])
def test_gaps_in_the_data_are_no_error(add_played, connection, mechanics):
    add_played(mechanics=mechanics, levels_completed=None, levels_failed=None, ad_impressions=None)
    assert read(connection, 0.01) == [
        Played("runner", frozenset(), Tally(20, 200), Tally(0, 0), Tally(0, 100))
    ]
