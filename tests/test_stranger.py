"""A stranger with a write key, one address and an hour: what the factory learned does not move.

Ten published games with two weeks of ordinary play; then the cheapest ways to push or pull them, through the
collector's own ``store``. Nine days later, when a seventh day has passed, the weights are learned again.
"""

import datetime as dt
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from gamefactory_dagster.analytics.ingest import store_events
from gamefactory_dagster.analytics.plausible import Bounds
from gamefactory_dagster.analytics.rollup import refresh
from gamefactory_dagster.analytics.scoring import Scoring
from gamefactory_dagster.arcade.collector import Sent, store
from gamefactory_dagster.days import day_range, today, yesterday
from gamefactory_dagster.learning import frozen
from gamefactory_dagster.learning.weights import recompute, stored
from tests.conftest import Database
from tests.factory_rows import add_game, rows, scalar

KEY = "everybody knows it"
ADDRESS = "203.0.113.7"
PLAYERS = 250
BATCH = 500
LATER = dt.timedelta(days=9)
FIRST, LAST = today() - dt.timedelta(days=33), today() - dt.timedelta(days=12)
"""Of ordinary play. The last fortnight is left to strangers, whose doings are moved back into it."""

OPTIONAL = ("spawner", "score_system", "health_system", "timer_countdown", "particle_effects")
Weights = dict[tuple[str, str], float]


@dataclass
class Arcade:
    """The factory as a stranger meets it; ``games`` are ids, the first half runners, then puzzles."""

    database: Database
    games: list[str]
    random: random.Random

    def send(self, game: str, events: list[dict[str, Any]]) -> int:
        """Send events from the stranger's one address; gives how many were stored."""
        bounds, engine = Bounds.of(self.database.settings), self.database.engine
        total = 0
        for start in range(0, len(events), BATCH):
            request = Sent(game, KEY, list(events[start : start + BATCH]), ADDRESS)
            [counts] = store(engine, [request], bounds)
            assert not isinstance(counts, Exception), counts
            total += counts.stored
        return total

    def event(self, event_type: str, user: str | None = "stranger", **changes: Any) -> dict[str, Any]:
        """What a client would send now."""
        return {
            "event_id": str(UUID(int=self.random.getrandbits(128))),
            "event_type": event_type,
            "user_id": user,
            "session_id": "s",
            "timestamp": dt.datetime.now(dt.UTC).isoformat(),
        } | changes

    def flood(self, game: str, event_type: str, number: int = 9_000, user: str | None = "stranger") -> None:
        """One thing over and over; the half of it is stored at least."""
        assert self.send(game, [self.event(event_type, user) for _ in range(number)]) * 2 > number

    def weights(self) -> Weights:
        """Compute all days and learn from them."""
        engine, settings = self.database.engine, self.database.settings
        rows(engine, "TRUNCATE player_days, players, rollup_days, game_metrics")
        refresh(engine, day_range(FIRST, yesterday()), Scoring.of(settings))
        recompute(engine, settings)
        with engine.connect() as connection:
            return {(row.mechanic, row.genre): float(row.weight or 0) for row in stored(connection)}

    def time_passes(self) -> None:
        """Let everything strangers did have been nine days earlier."""
        statements = (
            "UPDATE analytics_events SET timestamp = timestamp - :later, received_at = received_at - :later "
            "WHERE session_id = 's'",
            "UPDATE collector_claims SET received_on = CAST(received_on - :later AS date)",
            "UPDATE collector_players SET since = since - :later WHERE origin IN "
            "(SELECT origin FROM collector_claims)",
        )
        for statement in statements:
            rows(self.database.engine, statement, later=LATER)

    def forget_strangers(self) -> None:
        """Make everything what it was before they came."""
        for statement in (
            "DELETE FROM analytics_events WHERE session_id LIKE 's%'",
            "DELETE FROM collector_players WHERE origin IN (SELECT origin FROM collector_claims)",
            "TRUNCATE collector_claims, quarantined_events",
            "DELETE FROM games WHERE slug = 'newcomer'",
        ):
            rows(self.database.engine, statement)


def ordinary_play(game: str, chance: random.Random, prompts: bool) -> Iterator[dict[str, Any]]:
    """Two hundred and fifty people: a first day within two weeks, and some of them come back."""
    returns, wins, watches = chance.uniform(0.04, 0.2), chance.uniform(0.4, 0.8), chance.uniform(0.1, 0.6)
    for number in range(PLAYERS):
        first = dt.datetime.combine(FIRST, dt.time(9), dt.UTC) + dt.timedelta(days=chance.randrange(14))
        days = [0, *(age for age, share in ((1, 2 * returns), (7, returns)) if chance.random() < share)]
        for age in days:
            what = ["game_start"]
            for _ in range(chance.randint(3, 9)):
                what.append("level_complete" if chance.random() < wins else "level_fail")
            if prompts:
                what.append("unlock_prompt_shown")
                what += ["rewarded_ad_started"] if chance.random() < watches else []
            for minute, event_type in enumerate(what):
                yield {
                    "event_id": str(UUID(int=chance.getrandbits(128))),
                    "game_id": game,
                    "event_type": event_type,
                    "user_id": f"{game[:4]} {number}",
                    "session_id": str(age),
                    "timestamp": (first + dt.timedelta(days=age, minutes=minute)).isoformat(),
                }


@pytest.fixture
def arcade(database: Database) -> Arcade:
    """Half of its players came through the collector, each from an address of their own."""
    chance, games = random.Random(8), []
    published = dt.datetime.now(dt.UTC) - dt.timedelta(days=60)
    for number in range(10):
        genre, core = ("runner", "tap_jump") if number < 5 else ("puzzle", "tile_swap")
        mechanics = [core, *chance.sample(OPTIONAL, 3)]
        game = add_game(
            database.engine, f"game-{number}", id=UUID(int=chance.getrandbits(128)), genre=genre,
            status="published", published_at=published, write_key=KEY, selected_mechanics=mechanics,
        )  # fmt: skip
        games.append(str(game))
        play = ordinary_play(str(game), chance, prompts=number < 9)
        lines = [json.dumps(event).encode() for event in play]
        with database.engine.begin() as connection:
            store_events(connection, lines, source="playtest")
    rows(
        database.engine,
        "INSERT INTO collector_players (game_id, user_id, since, origin, received_on, events, cents) "
        "SELECT game_id, user_id, min(timestamp), gen_random_uuid(), CURRENT_DATE - 30, 1, 0 "
        "FROM analytics_events WHERE user_id LIKE '%2' OR user_id LIKE '%5' GROUP BY 1, 2",
    )
    return Arcade(database, games, random.Random(9))


def back_dated_cohorts(arcade: Arcade) -> None:
    """Players who began three weeks ago and came back on their seventh day, some after saying hello today."""
    events = []
    for number in range(600):
        user = f"stranger {number}"
        past = [
            arcade.event("game_start", user, timestamp=(dt.datetime.now(dt.UTC) - age).isoformat())
            for age in (dt.timedelta(days=20), dt.timedelta(days=13))
        ]
        events += [arcade.event("game_start", user), *past][number % 2 :]
    arcade.send(arcade.games[0], events)
    first = scalar(
        arcade.database.engine, "SELECT min(timestamp) FROM analytics_events WHERE session_id = 's'"
    )
    assert first > dt.datetime.now(dt.UTC) - dt.timedelta(days=2, minutes=5)


def levels_completed(arcade: Arcade) -> None:
    arcade.flood(arcade.games[0], "level_complete")


def levels_failed(arcade: Arcade) -> None:
    arcade.flood(arcade.games[0], "level_fail")


def levels_failed_by_nobody(arcade: Arcade) -> None:
    arcade.flood(arcade.games[0], "level_fail", user=None)


def ads_without_prompts(arcade: Arcade) -> None:
    arcade.flood(arcade.games[0], "rewarded_ad_started")


def prompts_without_ads(arcade: Arcade) -> None:
    arcade.flood(arcade.games[0], "unlock_prompt_shown")


def prompts_where_there_are_none(arcade: Arcade) -> None:
    """The last game shows no prompts."""
    arcade.flood(arcade.games[-1], "unlock_prompt_shown")


def prompts_with_ads(arcade: Arcade) -> None:
    arcade.flood(arcade.games[0], "unlock_prompt_shown", 4_500)
    arcade.flood(arcade.games[0], "rewarded_ad_started", 4_500)


def installs_that_never_return(arcade: Arcade) -> None:
    arcade.send(arcade.games[0], [arcade.event("game_start", f"stranger {number}") for number in range(1000)])


def installs_from_yesterday_that_return_today(arcade: Arcade) -> None:
    for age in (dt.timedelta(days=1, hours=23), dt.timedelta()):
        time = (dt.datetime.now(dt.UTC) - age).isoformat()
        arcade.send(
            arcade.games[0],
            [arcade.event("game_start", f"stranger {number}", timestamp=time) for number in range(500)],
        )


def returns_in_the_names_of_playtesters(arcade: Arcade) -> None:
    """Whoever guesses the seed of a playtest knows its players."""
    playtesters = rows(
        arcade.database.engine,
        "SELECT user_id, first_date FROM players LEFT JOIN collector_players USING (game_id, user_id) "
        "WHERE game_id = :game AND origin IS NULL AND user_id NOT LIKE 'stranger%'",
        game=arcade.games[0],
    )
    back = [
        arcade.event(type, user, session_id="soon", timestamp=f"{first + dt.timedelta(days=7)}T12:00:00Z")
        for user, first in playtesters
        for type in ("game_start", *["level_fail"] * 20)
    ]
    assert arcade.send(arcade.games[0], back) == 0 < len(back)
    failed = [arcade.event("level_fail", user) for user, _ in playtesters for _ in range(30)]
    assert arcade.send(arcade.games[0], failed) == len(failed) > 3_000


def purchases_of_millions(arcade: Arcade) -> None:
    prices = [2_100_000_000, *range(0, 30_000, 100)]
    arcade.send(
        arcade.games[0],
        [arcade.event("iap_completed", properties={"revenue_cents": cents}) for cents in prices],
    )
    arcade.weights()
    earned = "SELECT coalesce(sum((properties ->> 'revenue_cents')::bigint), 0) FROM analytics_events"
    assert scalar(arcade.database.engine, earned) <= arcade.database.settings.player_purchase_cents


def a_rival_flooded_with_nonsense(arcade: Arcade) -> None:
    old = (dt.datetime.now(dt.UTC) - dt.timedelta(days=20)).isoformat()
    rival = arcade.games[1]
    nonsense = [arcade.event("level_fail", f"stranger {number}", timestamp=old) for number in range(3000)]
    assert arcade.send(rival, nonsense) == 0
    with arcade.database.engine.connect() as connection:
        assert [one.slug for one in frozen.frozen(connection)] == ["game-1"]


def a_new_game_made_to_count(arcade: Arcade) -> None:
    """Thirty people know it; the stranger brings a hundred more and lets them fail."""
    game = add_game(
        arcade.database.engine, "newcomer", genre="runner", status="published", write_key=KEY,
        published_at=dt.datetime.now(dt.UTC), selected_mechanics=["tap_jump", "spawner"],
    )  # fmt: skip
    for number in range(30):
        user = f"stranger of good will {number}"
        request = Sent(str(game), KEY, [arcade.event("level_complete", user)], f"198.51.100.{number}")
        [counts] = store(arcade.database.engine, [request], Bounds.of(arcade.database.settings))
        assert not isinstance(counts, Exception)
    arcade.send(str(game), [arcade.event("level_fail", f"stranger {number}") for number in range(400)])


def everything_at_once(arcade: Arcade) -> None:
    """Half of the games up, the other half down."""
    for number, game in enumerate(arcade.games):
        if number % 2:
            arcade.flood(game, "level_complete", 2_000)
            arcade.flood(game, "unlock_prompt_shown", 500)
            arcade.flood(game, "rewarded_ad_started", 500)
        else:
            arcade.flood(game, "level_fail", 2_000)
            arcade.flood(game, "unlock_prompt_shown", 500)
            installs = [arcade.event("game_start", f"stranger {number}") for number in range(500)]
            arcade.send(game, installs)


WAYS: list[Callable[[Arcade], None]] = [
    back_dated_cohorts,
    levels_completed,
    levels_failed,
    levels_failed_by_nobody,
    ads_without_prompts,
    prompts_without_ads,
    prompts_where_there_are_none,
    prompts_with_ads,
    installs_that_never_return,
    installs_from_yesterday_that_return_today,
    returns_in_the_names_of_playtesters,
    purchases_of_millions,
    a_rival_flooded_with_nonsense,
    a_new_game_made_to_count,
    everything_at_once,
]


def farthest(before: Weights, after: Weights) -> float:
    """The largest part by which a weight changed."""
    assert before.keys() == after.keys()
    return max(abs(after[pair] / before[pair] - 1) for pair in before)


@pytest.mark.slow
def test_no_weight_moves_by_more_than_five_percent(arcade: Arcade) -> None:
    before = arcade.weights()
    assert max(before.values()) > 1.2
    assert min(before.values()) < 0.8
    moved = {}
    for way in WAYS:
        way(arcade)
        arcade.time_passes()
        moved[way.__name__] = farthest(before, arcade.weights())
        arcade.forget_strangers()
    assert {name: move for name, move in moved.items() if move > 0.05} == {}, moved
    assert arcade.weights() == before


@pytest.mark.slow
def test_without_a_share_for_an_address_they_would(arcade: Arcade) -> None:
    """So that the test above can fail."""
    before = arcade.weights()
    arcade.database = Database(
        arcade.database.settings.model_copy(update={"address_share": 1.0}), arcade.database.engine
    )
    for way in (levels_completed, levels_failed, prompts_without_ads, installs_that_never_return):
        way(arcade)
        arcade.time_passes()
        assert farthest(before, arcade.weights()) > 0.05, way.__name__
        arcade.forget_strangers()
