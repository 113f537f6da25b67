"""What players do on real levels: their events are a real client's, and good games keep them."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise

import pytest

from gamefactory_dagster.analytics.events import Event, validate
from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.playtest.client import Client
from gamefactory_dagster.playtest.crowd import live_together
from gamefactory_dagster.playtest.lives import Life
from gamefactory_dagster.playtest.people import find_players
from gamefactory_dagster.playtest.shell import Shell
from gamefactory_dagster.studio.families.bots import Played

from .conftest import MECHANICS

FIRST = dt.date(2026, 3, 1)
DAYS = 14
SHELL = Shell(levels=10, free_levels=3, ad_seconds=5, ad_micros=1200)
GAME_ID = "00000000-0000-7000-8000-000000000001"

every_family = pytest.mark.parametrize("family", sorted(MECHANICS))


def lives_of(game, people, seed="1:a:b", shell=SHELL):
    players = find_players(seed, game.slug, people, DAYS)
    return [Life(player, shell, game.spec, FIRST, DAYS) for player in players]


@pytest.fixture(scope="session")
def lived(made, opened):
    """Family -> the lives of some players of its hard game."""
    found = {}
    for family, (hands, shell) in opened.items():
        found[family] = lives_of(made[family, "hard"], 150, shell=shell)
        live_together(found[family], hands)
    return found


class Outcomes:
    """Bots for whom every try ends the same, after ten seconds."""

    def __init__(self, outcome):
        self.end = Played(outcome, 600, 10, 1 if outcome == 1 else 0, "hit", 500)

    def play(self, tries):
        return [self.end for _ in tries]


def moment(event):
    return dt.datetime.fromisoformat(event["timestamp"])


def sessions(life):
    found = defaultdict(list)
    for event in life.client.events:
        found[event["session_id"]].append(event)
    return list(found.values())


@every_family
def test_the_same_players_do_the_same_again(lived, made, opened, family):
    hands, shell = opened[family]
    again = lives_of(made[family, "hard"], 150, shell=shell)[:12]
    live_together(again, hands)
    assert [life.client.events for life in again] == [life.client.events for life in lived[family][:12]]


@every_family
def test_every_event_is_accepted_and_marked_and_known_to_the_specification(lived, made, family):
    spec = made[family, "hard"].spec["events"]
    kinds = {"integer": int, "string": str}
    received = dt.datetime(2026, 3, 15, tzinfo=dt.UTC)
    ids = set()
    for life in lived[family]:
        for event in life.client.events:
            assert isinstance(validate(event, received, GAME_ID), Event)
            assert event["device_info"]["traffic"] == "playtest"
            assert event["level"] is None or spec[event["event_type"]]["level"]
            properties = spec[event["event_type"]]["properties"]
            assert {key: type(value) for key, value in event["properties"].items()} == {
                key: kinds[part["type"]] for key, part in properties.items()
            }
            ids.add(event["event_id"])
    assert len(ids) == sum(len(life.client.events) for life in lived[family]) > 1000


@every_family
def test_a_finished_visit_is_in_balance(lived, made, family):
    counts = Counter(event["event_type"] for life in lived[family] for event in life.client.events)
    for balance in made[family, "hard"].spec["balances"].values():
        assert counts[balance["event"]] == sum(counts[part] for part in balance["sum_of"])
    sent = {name for name, event in made[family, "hard"].spec["events"].items() if event["sent"]}
    rare = {"rewarded_ad_failed"}
    assert set(counts) | rare == sent, "everything that a client sends happens to somebody"


ENDS = {"level_complete", "level_fail"}
AD_ENDS = {"rewarded_ad_completed", "rewarded_ad_failed"}


class Screens:
    """A second telling of the web player's rules: what each event asks to have happened before it."""

    def __init__(self):
        self.won, self.unlocked = set(), set()
        self.before = self.playing = None
        self.went_on = 0

    def see(self, event):
        kind, before = event["event_type"], self.before
        if before and before["event_type"] == "rewarded_ad_started":
            assert kind in AD_ENDS
        if self.playing:
            assert event["level"] == self.playing["level"]
            assert kind in ENDS | AD_ENDS | {"unlock_prompt_shown", "rewarded_ad_started"}
        {
            "level_start": self.started,
            "unlock_prompt_shown": self.offered,
            "rewarded_ad_started": self.accepted,
            "level_unlocked": self.opened,
        }.get(kind, self.ended if kind in ENDS else lambda *_: None)(event, event["properties"])
        self.went_on += kind == "rewarded_ad_completed" and event["properties"]["purpose"] == "continue"
        self.before = event

    def started(self, event, told):
        assert self.before, "the first press of play starts the game"
        if told["mode"] == "level":
            assert event["level"] <= SHELL.free_levels or event["level"] in self.unlocked
            assert event["level"] <= len(self.won) + 1
        else:
            assert event["level"] is None
            assert self.won
        self.playing, self.went_on = event, 0

    def offered(self, event, told):
        if told["purpose"] == "unlock":
            assert self.playing is None
            assert event["level"] == len(self.won) + 1 > SHELL.free_levels
            assert event["level"] not in self.unlocked
        else:
            assert self.playing, "a level that may go on has not ended"
            assert self.went_on == 0

    def accepted(self, event, told):
        assert self.before["event_type"] == "unlock_prompt_shown"
        assert self.before["properties"]["purpose"] == told["purpose"]

    def opened(self, event, told):
        after = {"ad": "rewarded_ad_completed", "currency": "unlock_prompt_shown"}[told["method"]]
        assert self.before["event_type"] == after
        assert self.before["properties"]["purpose"] == "unlock"
        self.unlocked.add(event["level"])

    def ended(self, event, told):
        assert told["mode"] == self.playing["properties"]["mode"]
        assert self.went_on <= 1
        if event["event_type"] == "level_complete" and event["level"]:
            self.won.add(event["level"])
        self.playing = None


@every_family
def test_events_come_in_the_order_of_the_screens(lived, family):
    for life in lived[family]:
        screens = Screens()
        for session in sessions(life):
            assert [event["event_type"] for event in session].count("game_start") <= 1
            screens.before = None
            for event in session:
                screens.see(event)
            assert screens.playing is None


@every_family
def test_times_are_those_of_what_was_played(lived, family):
    went_on = 0
    for life in lived[family]:
        for session in sessions(life):
            begin = None
            for first, second in pairwise(session):
                seconds = (moment(second) - moment(first)).total_seconds()
                assert 0 <= seconds < 300
                begin = first if first["event_type"] == "level_start" else begin
                if second["event_type"] == "rewarded_ad_completed":
                    assert seconds == SHELL.ad_seconds
                if second["event_type"] not in ENDS:
                    continue
                played = second["properties"]["frames"] / 60
                whole = (moment(second) - moment(begin)).total_seconds()
                if first is begin:
                    assert whole == pytest.approx(played, abs=0.002)
                elif first["event_type"] == "rewarded_ad_completed":
                    went_on += 1
                    assert seconds > 0
                    assert whole > played + SHELL.ad_seconds
                else:
                    assert whole > played, "an offer was thought about"
    assert went_on, "some go on with a lost level"


@every_family
def test_visits_of_a_player_do_not_meet_and_stay_within_their_days(lived, family):
    end = dt.datetime.combine(FIRST, dt.time(), dt.UTC) + dt.timedelta(days=DAYS)
    more = 0
    for life in lived[family]:
        visits = [(moment(session[0]), moment(session[-1])) for session in sessions(life)]
        assert len(visits) == life.client.sessions
        assert all(earlier[1] < later[0] for earlier, later in pairwise(visits))
        days = [(start.date() - FIRST).days for start, _ in visits]
        assert all(start.date() == stop.date() for start, stop in visits)
        assert sorted(set(days)) == life.active
        assert days[0] == life.player.installed
        assert visits[-1][1] < end
        assert len({event["user_id"] for event in life.client.events}) == 1
        more += len(days) > len(set(days))
    assert more, "some come twice on a day"


@every_family
def test_ids_carry_their_time_and_order(lived, family):
    for life in lived[family]:
        ids = [event["event_id"] for event in life.client.events]
        assert ids == sorted(ids)
        for event in life.client.events:
            milliseconds = int(event["event_id"].replace("-", "")[:12], 16)
            assert milliseconds == round(moment(event).timestamp() * 1000)
            assert event["event_id"][14] == "7"
            assert event["event_id"][19] in "89ab"


def test_nobody_stays_where_nothing_can_be_won(made):
    game = made["runner", "easy"]
    won, lost = lives_of(game, 200), lives_of(game, 200)
    live_together(won, Outcomes(1))
    live_together(lost, Outcomes(2))
    assert [life.player for life in won] == [life.player for life in lost]
    returned = [sum(len(life.active) > 1 for life in lives) for lives in (won, lost)]
    assert returned[0] > 1.4 * returned[1]


NEW = {
    "level_start": ["mode"],
    "level_complete": ["mode"],
    "level_fail": ["mode"],
    "level_unlocked": ["method"],
} | {
    name: ["purpose"]
    for name in ("unlock_prompt_shown", "rewarded_ad_started", "rewarded_ad_completed", "rewarded_ad_failed")
}


def newer(spec):
    """The specification of a game that says what kind of level was played, and how one was opened."""
    events = {
        name: {
            **event,
            "properties": {**event["properties"], **{new: {"type": "string"} for new in NEW.get(name, ())}},
        }
        for name, event in spec["events"].items()
    }
    return {**spec, "events": events}


def events_of(game, shell, outcome, people=200):
    players = find_players("1:a:b", game.slug, people, DAYS)
    lives = [Life(player, shell, newer(game.spec), FIRST, DAYS) for player in players]
    asked = []

    class Watched(Outcomes):
        def play(self, tries):
            asked.extend(tries)
            return super().play(tries)

    live_together(lives, Watched(outcome))
    return [event for life in lives for event in life.client.events], asked


def test_who_has_enough_pays_for_a_level_instead_of_watching_an_ad(made):
    game = made["runner", "easy"]
    poor, rich = replace(SHELL, par=100, pickup_value=10, price=100_000), replace(SHELL, par=100, price=40)

    def unlocked(shell):
        events, _ = events_of(game, shell, 1)
        counts = Counter(event["event_type"] for event in events)
        methods = Counter(
            event["properties"].get("method") for event in events if event["event_type"] == "level_unlocked"
        )
        assert methods["ad"] == counts["rewarded_ad_completed"]
        assert counts["rewarded_ad_failed"] > 0
        assert counts["rewarded_ad_started"] == counts["rewarded_ad_completed"] + counts["rewarded_ad_failed"]
        return methods

    assert unlocked(rich)["currency"] > 20
    assert unlocked(poor)["currency"] == unlocked(SHELL)["currency"] == 0


def test_what_a_try_pays_is_what_the_game_pays():
    shell = replace(SHELL, par=100, pickup_value=5)
    played = Played(1, 600, 10, 3, "", 1000, 7)
    assert shell.paid(played, 1) == 35 + 2 * 20
    assert shell.paid(played, 3) == 35
    assert shell.paid(played._replace(outcome=2), 0) == 35
    assert shell.paid(played._replace(pickups=90), 3) == 100
    assert SHELL.paid(played, 3) == 0


def test_properties_that_a_game_does_not_know_yet_are_left_out(made):
    old, new = (
        Client(spec, "x") for spec in (made["runner", "easy"].spec, newer(made["runner", "easy"].spec))
    )
    for client in (old, new):
        client.open(1_770_000_000_000)
        client.emit(1_770_000_000_000, "level_start", 1, mode="level")
    assert new.events[0]["properties"] == {"mode": "level"}
    if "mode" not in made["runner", "easy"].spec["events"]["level_start"]["properties"]:
        assert old.events[0]["properties"] == {}
    with pytest.raises(PermanentError, match="no level_start"):
        new.emit(1_770_000_000_000, "level_start", 1)


def test_a_stranger_event_is_refused(made):
    client = Client(made["runner", "easy"].spec, "somebody")
    client.open(1_770_000_000_000)
    for name, properties in {
        "level_won": {},
        "game_start": {"score": 3},
        "level_fail": {"score": 3, "frames": 10},
        "iap_initiated": {"product": "coins"},
    }.items():
        with pytest.raises(PermanentError, match=f"have no {name}"):
            client.emit(1_770_000_000_000, name, **properties)
    client.emit(1_770_000_000_007, "game_start", mode="level")
    assert client.events[0]["properties"] == {}, "a game that does not specify it does not report it"
    assert client.events[0]["timestamp"] == "2026-02-02T02:40:00.007Z"
