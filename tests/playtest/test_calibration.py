"""The people are the market's: a median game keeps as many as a median game does, and a bad one hardly any.

Most leave bots out: a game is how well it plays, its people's lives are the real ones. The last has real
games.
"""

import datetime as dt
import random
import statistics
from dataclasses import dataclass, replace

import pytest

from gamefactory_dagster.playtest import moods
from gamefactory_dagster.playtest.crowd import live_together
from gamefactory_dagster.playtest.hands import Again
from gamefactory_dagster.playtest.lives import Life
from gamefactory_dagster.playtest.people import find_players
from gamefactory_dagster.playtest.shell import Shell
from gamefactory_dagster.studio.design.event_spec import event_spec
from gamefactory_dagster.studio.families.bots import Played
from tests.studio.conftest import design

from .conftest import MECHANICS

FIRST = dt.date(2026, 3, 1)
DAYS = 45
SHELL = Shell(
    levels=10,
    free_levels=3,
    ad_seconds=5,
    ad_micros=0,
    pickup_value=5,
    par=150,
    price=750,
    dailies=30,
    revives=True,
)


@dataclass
class Playing:
    """Bots for whom a level is won by skill and luck: ``hard`` is what the last level asks for."""

    easy: float
    hard: float

    def play(self, tries):
        return [self._one(wanted) for wanted in tries]

    def _one(self, wanted):
        if isinstance(wanted, Again):
            lost = self._one(wanted.lost)
            won = random.Random(-1 - wanted.lost.luck).random() < 0.6
            return lost._replace(outcome=1 if won else 2, frames=lost.frames + 400, stars=int(won))
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


def kept(lives, last=DAYS):
    shares = {}
    for day in (1, 7, 30):
        cohort = [life for life in lives if life.active[0] + day < last]
        shares[day] = (
            statistics.fmean(life.active[0] + day in life.active for life in cohort) if cohort else 0
        )
    days, ads = set(), set()
    for life in lives:
        for event in life.client.events:
            seen = (event["user_id"], event["timestamp"][:10])
            days.add(seen)
            if event["event_type"] == "rewarded_ad_started":
                ads.add(seen)
    return Kept(shares, len(ads) / len(days))


def thought_up(name, easy, hard, fresh=0.25, people=700):
    """A game of no family. How much happens grows over its first five levels to ``fresh``."""
    shell = replace(SHELL, freshness=tuple(fresh * min(1, number / 4) for number in range(10)))
    players = find_players("1:a:b", name, people, 10)
    lives = [Life(player, shell, event_spec(design()), FIRST, DAYS) for player in players]
    live_together(lives, Playing(easy, hard))
    return kept(lives)


def spread(games, day):
    return sorted(game.days[day] for game in games)


def test_games_differ_by_how_well_they_play():
    well, walls = thought_up("a", 0.97, 0.55, people=500), thought_up("a", 0.25, 0.0, people=500)
    assert well.days[1] > 2 * walls.days[1]
    assert well.days[7] > 2 * walls.days[7]


def test_games_differ_by_how_much_happens_in_them():
    rich, poor = (thought_up("a", 0.97, 0.5, fresh, people=500) for fresh in (0.8, 0.0))
    assert rich.days[1] > 1.5 * poor.days[1]
    assert rich.days[7] > 1.5 * poor.days[7]


def test_a_median_person_comes_back_tomorrow_as_the_market_does():
    """With the joy people have on average of games made here: who has an open level, and who has none."""
    keen = statistics.median(player.keen for player in find_players("1:a:b", "a", 3000, 10))

    def chance(age, away=0, content="open"):
        return moods.chance_to_return(keen, 0.62, content, 0.4, age, away)

    assert 0.11 <= chance(1, content="declined") <= 0.20
    assert 0.24 <= chance(1) <= 0.36
    assert chance(7, away=5) < 0.15 * chance(1)
    assert chance(30, away=10) < 0.05 * chance(1)


def test_a_median_person_watches_an_ad_for_a_level_oftener_than_to_go_on():
    openness = statistics.median(player.openness for player in find_players("1:a:b", "a", 3000, 10))
    assert 0.2 <= moods.chance_to_accept(openness, 0.62) <= 0.4
    assert 0.02 <= moods.chance_to_go_on(openness, 0.62, 700) <= 0.08


@pytest.mark.slow
def test_real_games_are_played_as_the_markets_are(made):
    """Two games of some 200 players each: by chance alone a share is off by three points."""
    found = []
    for family in MECHANICS:
        game = made[family, "easy"]
        hands, shell = game.opened()
        with hands:
            players = find_players("1:a:b", game.slug, 500, 14)
            lives = [Life(player, shell, game.spec, FIRST, 14) for player in players]
            live_together(lives, hands)
        found.append(kept(lives, 14))
    assert 0.15 <= statistics.median(spread(found, 1)) <= 0.29
    assert 0.02 <= statistics.median(spread(found, 7)) <= 0.08
    assert 0.25 <= statistics.median(game.ads for game in found) <= 0.45
    assert max(game.ads for game in found) < 0.5
