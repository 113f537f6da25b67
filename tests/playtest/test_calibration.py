"""The people are the market's: a median game keeps as many as a median game does, and a bad one hardly any.

Bots are left out: a game is how well it plays, its people's lives are the real ones.
"""

import datetime as dt
import random
import statistics
from dataclasses import dataclass

import pytest

from gamefactory_dagster.playtest.crowd import live_together
from gamefactory_dagster.playtest.lives import Life, Shell
from gamefactory_dagster.playtest.people import find_players
from gamefactory_dagster.studio.families.bots import Played
from tests.studio.conftest import design

FIRST = dt.date(2026, 3, 1)
DAYS = 45
SHELL = Shell(
    levels=10, free_levels=3, ad_seconds=5, ad_micros=0, pickup_value=5, par=150, price=750, dailies=30
)


@dataclass
class Playing:
    """Bots for whom a level is won by skill and luck: ``hard`` is what the last level asks for."""

    easy: float
    hard: float

    def play(self, tries):
        return [self._one(wanted) for wanted in tries]

    def _one(self, wanted):
        luck = random.Random(wanted.luck)
        level = 5 if wanted.level > 10 else wanted.level
        share = self.easy - (self.easy - self.hard) * (level - 1) / 9
        won = luck.random() < share + (wanted.skill - 55) / 120
        frames = luck.randint(1500, 2400) if won else luck.randint(400, 2000)
        if wanted.most < frames:
            return Played(0, wanted.most, 0, 0, "", 300, 2)
        stars = luck.choice((1, 2, 2, 3)) if won else 0
        return Played(1 if won else 2, frames, 100, stars, "hit", 1000 if won else luck.randint(100, 950), 12)


@dataclass
class Kept:
    """Shares of the people of a game who were there on a day, and of a day's players who began an ad."""

    days: dict[int, float]
    ads: float


def kept(name, easy, hard, people=700):
    from gamefactory_dagster.studio.design.event_spec import event_spec

    players = find_players("1:a:b", name, people, 10)
    lives = [Life(player, SHELL, event_spec(design()), FIRST, DAYS) for player in players]
    live_together(lives, Playing(easy, hard))
    shares = {
        day: statistics.fmean(life.active[0] + day in life.active for life in lives) for day in (1, 7, 30)
    }
    days, ads = set(), set()
    for life in lives:
        for event in life.client.events:
            seen = (event["user_id"], event["timestamp"][:10])
            days.add(seen)
            if event["event_type"] == "rewarded_ad_started":
                ads.add(seen)
    return Kept(shares, len(ads) / len(days))


@pytest.fixture(scope="module")
def market():
    """Sixteen games, from some that are lost too often to some that are won and lost as they should be."""
    rng = random.Random(7)
    return [kept(f"game-{n}", rng.uniform(0.85, 1.0), rng.uniform(0.3, 0.75)) for n in range(16)]


def median(games, day):
    return statistics.median(game.days[day] for game in games)


@pytest.mark.slow
def test_a_median_game_keeps_what_the_markets_median_does(market):
    assert 0.17 <= median(market, 1) <= 0.27
    assert 0.03 <= median(market, 7) <= 0.06
    assert 0.002 <= statistics.fmean(game.days[30] for game in market) <= 0.012, "too few each for a median"
    assert 0.12 <= median(market, 7) / median(market, 1) <= 0.25


@pytest.mark.slow
def test_a_third_of_a_days_players_take_an_ad_and_never_half(market):
    shares = [game.ads for game in market]
    assert 0.25 <= statistics.median(shares) <= 0.42
    assert max(shares) < 0.45


def test_games_differ_by_how_well_they_play():
    well, walls = kept("a", 0.97, 0.55, 500), kept("a", 0.25, 0.0, 500)
    assert well.days[1] > 2 * walls.days[1]
    assert well.days[7] > 2 * walls.days[7]
