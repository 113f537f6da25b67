"""What one address brought counts with its share and no more, and nothing else is touched by that."""

import datetime as dt
import math
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamefactory_dagster.days import midnight
from gamefactory_dagster.learning.outcomes import Tally, read
from gamefactory_dagster.learning.trimming import Everybody, Over, cap, excess
from tests.factory_rows import add_game, insert, rows

DAY = dt.date(2024, 3, 1)
MANY = 300
SHARE = 0.01


def counted(values, whole, share):
    """What counts of everything, found by trying: nobody more than a share of what then counts."""
    share = max(share, 2 / (len(values) + len(whole)))
    least, most = 0.0, sum(values) + sum(whole) + 1.0
    for _ in range(100):
        middle = (least + most) / 2
        if share * (sum(min(value, middle) for value in values) + sum(whole)) > middle:
            least = middle
        else:
            most = middle
    return most


amounts = st.lists(st.integers(1, 1000), max_size=40)


@given(amounts, amounts, st.sampled_from([0.01, 0.05, 0.2]))
def test_nobody_counts_more_than_their_share_of_what_counts(values, whole, share):
    number = len(values) + len(whole)
    found = cap(values, Everybody(sum(values) + sum(whole), number), share)
    if number <= 2:
        assert found == math.inf
    else:
        assert found == pytest.approx(counted(values, whole, share), rel=1e-6)


def test_a_flood_counts_as_one_percent_of_what_the_others_brought():
    honest = [10.0] * 99
    for flood in (1_000, 1_000_000):
        most = cap([flood, *honest], Everybody(flood + 2000, 200), SHARE)
        assert most == pytest.approx(SHARE / (1 - SHARE) * 2000)


def test_a_lone_address_and_its_neighbours_are_not_held_to_what_none_of_them_can_keep():
    assert cap([500.0], Everybody(500, 1), SHARE) == math.inf
    assert cap([3.0] * 50, Everybody(150, 50), SHARE) >= 3


@pytest.fixture
def factory(engine):
    """A game with 300 players without an address, a day's play and a seventh day each, and its metrics."""
    game = add_game(engine, selected_mechanics=["tap_jump"])
    with engine.begin() as connection:
        for number in range(MANY):
            add_player(connection, game, f"p{number}", returned=number % 10 == 0, completed=6, failed=4,
                       prompts=2, ads=1)  # fmt: skip
        for day in (DAY, DAY + dt.timedelta(days=7)):
            now = dt.datetime.now(dt.UTC)
            insert(connection, "rollup_days", date=day, game_metrics_at=now, player_days_at=now)
    return Factory(engine, game)


class Factory:
    def __init__(self, engine, game):
        self.engine, self.game = engine, game

    def brings(self, origin, players=1, prefix="s", since=DAY, **did):
        """An address brings players who all did the same; the factory's own are ``p0`` to ``p299``."""
        with self.engine.begin() as connection:
            for number in range(players):
                user = f"{prefix}{number}"
                if prefix != "p":
                    add_player(connection, self.game, user, **did)
                insert(
                    connection, "collector_players", game_id=self.game, user_id=user, origin=origin,
                    since=midnight(since), received_on=DAY, events=1, cents=0,
                )  # fmt: skip

    def learned(self, share=SHARE):
        """The one game as it is learned from, with metrics as the rollups make them."""
        with self.engine.begin() as connection:
            rows(connection, "DELETE FROM game_metrics")
            rows(connection, METRICS, day=DAY)
            return read(connection, share)


PLAYER_DAY = """
INSERT INTO player_days (
    date, game_id, user_id, events, sessions, session_micros, levels_completed, levels_failed, ad_prompts,
    ad_impressions, ad_revenue_micros, iap_revenue_cents
)
VALUES (:date, :game, :user, 1, 0, 0, :completed, :failed, :prompts, :ads, 0, 0)
"""

METRICS = """
INSERT INTO game_metrics (
    game_id, date, installs, cohort_d7, retained_d7, levels_completed, levels_failed, ad_prompts,
    ad_impressions
)
SELECT
    game_id, CAST(:day AS date) + 7, count(*) FILTER (WHERE date = :day AND user_id IS NOT NULL),
    count(*) FILTER (WHERE date = :day AND user_id IS NOT NULL), count(*) FILTER (WHERE date > :day),
    sum(levels_completed), sum(levels_failed), sum(ad_prompts), sum(ad_impressions)
FROM player_days GROUP BY game_id
"""


def add_player(connection, game, user, *, returned=False, completed=0, failed=0, prompts=0, ads=0):
    if user is not None:
        insert(connection, "players", game_id=game, user_id=user, first_date=DAY)
    day = {"game": game, "user": user, "date": DAY, "completed": completed, "failed": failed}
    rows(connection, PLAYER_DAY, **day, prompts=prompts, ads=ads)
    if returned:
        nothing = {"completed": 0, "failed": 0, "prompts": 0, "ads": 0}
        rows(connection, PLAYER_DAY, **day | nothing | {"date": DAY + dt.timedelta(days=7)})


def test_without_strangers_everything_counts(factory):
    [game] = factory.learned()
    assert (game.d7, game.completion, game.ad_opt_in) == (
        Tally(30, 300), Tally(1800, 3000), Tally(300, 600)
    )  # fmt: skip


def test_addresses_that_bring_what_everybody_does_count_whole(factory):
    for number in range(20):
        factory.brings(uuid4(), prefix=f"a{number}", completed=6, failed=4, prompts=2, ads=1, returned=True)
    [game] = factory.learned()
    assert (game.d7, game.completion, game.ad_opt_in) == (
        Tally(50, 320), Tally(1920, 3200), Tally(320, 640)
    )  # fmt: skip


ONE = UUID(int=7)


@pytest.mark.parametrize(
    ("did", "kind", "rate", "before"),
    [
        ({"completed": 50_000}, "completion", (1800 + 1800 / 99) / (3000 + 1800 / 99), 0.6),
        ({"failed": 50_000}, "completion", 1800 / (3000 * 100 / 99), 0.6),
        ({"prompts": 9_000}, "ad_opt_in", 300 / (600 * 100 / 99), 0.5),
        ({"ads": 9_000}, "ad_opt_in", 0.5, 0.5),
        ({"players": 250}, "d7", 30 / (300 * 100 / 99), 0.1),
        ({"players": 250, "returned": True}, "d7", None, 0.1),
    ],
)
def test_one_address_moves_a_rate_by_one_percent_of_the_whole(factory, did, kind, rate, before):
    factory.brings(ONE, **did)
    [whole] = factory.learned(share=1)
    [game] = factory.learned()
    found = getattr(game, kind).rate
    if rate is not None:
        assert found == pytest.approx(rate)
    assert found == pytest.approx(before, rel=0.08), "of thirty who returned, one is 3 %"
    assert abs(getattr(whole, kind).rate - before) > 0.04


def test_ads_nobody_was_asked_about_count_for_nothing(factory):
    factory.brings(ONE, ads=9_000)
    [whole] = factory.learned(share=1)
    assert whole.ad_opt_in.rate == 1
    [game] = factory.learned()
    assert game.ad_opt_in == Tally(300, 600)


def test_who_alone_claims_prompts_does_not_speak_for_the_game(factory):
    rows(factory.engine, "UPDATE player_days SET ad_prompts = 0, ad_impressions = 0")
    factory.brings(ONE, prompts=9_000)
    [game] = factory.learned()
    assert game.ad_opt_in == Tally(0, 0)
    rows(
        factory.engine,
        "UPDATE player_days SET ad_prompts = 4, ad_impressions = 1 WHERE user_id IN ('p1', 'p2')",
    )
    [game] = factory.learned()
    assert game.ad_opt_in == Tally(2, 8)


def test_what_files_brought_stays_theirs_when_a_stranger_takes_their_names(factory):
    """A playtest's players can be guessed; what is said in their names afterwards is the stranger's."""
    factory.brings(ONE, players=MANY, prefix="p", since=DAY + dt.timedelta(days=5))
    [game] = factory.learned()
    assert (game.d7.trials, game.completion, game.ad_opt_in) == (300, Tally(1800, 3000), Tally(300, 600))
    for number in range(300):
        back = {"completed": 0, "failed": 500, "prompts": 0, "ads": 0}
        rows(
            factory.engine, f"{PLAYER_DAY} ON CONFLICT DO NOTHING", game=factory.game, user=f"p{number}",
            date=DAY + dt.timedelta(days=7), **back,
        )  # fmt: skip
    [whole] = factory.learned(share=1)
    assert (whole.d7.rate, whole.completion.rate < 0.02) == (1, True)
    [game] = factory.learned()
    assert game.completion.rate == pytest.approx(0.6, rel=0.011)
    assert game.d7.successes < 4, "all who are said to have returned are one address's"


def test_events_of_nobody_are_one_addresss(factory):
    factory.brings(ONE, completed=6, failed=4)
    with factory.engine.begin() as connection:
        add_player(connection, factory.game, None, failed=50_000)
    [game] = factory.learned()
    assert game.completion.rate == pytest.approx(0.594, abs=0.001)


def test_one_address_cannot_make_a_game_count(engine, factory):
    for table in ("players", "player_days"):
        rows(engine, f"DELETE FROM {table} WHERE length(user_id) > 2")  # leaves ten
    factory.brings(ONE, players=200)
    assert len(factory.learned(share=1)) == 1
    assert factory.learned() == []


def test_nothing_is_over_where_nobody_is_held_to_anything(factory, connection):
    factory.brings(ONE, completed=50_000)
    assert excess(connection, 1.0) == {}
    over = excess(connection, SHARE)
    assert {kind for _, kind in over} == {"levels"}
    assert over[factory.game, "levels"].trials == pytest.approx(50_000 - 1800 / 99)


def test_metrics_that_are_behind_never_make_less_than_nothing():
    assert Tally(3, 10).without(Over(5, 50)) == Tally(0, 0)
