"""What is played beside the ten levels: lost ones that go on, endless runs, the level of the day."""

import datetime as dt
from collections import Counter
from dataclasses import replace

from gamefactory_dagster.playtest.crowd import live_together
from gamefactory_dagster.playtest.hands import Again
from gamefactory_dagster.playtest.shell import tenth_section
from gamefactory_dagster.studio.families.bots import Played

from .test_lives import DAYS, ENDS, FIRST, SHELL, Outcomes, events_of, lives_of


class Lost:
    """Bots who lose everything half way, and win or lose it where they may go on."""

    def __init__(self, then):
        self.then = then
        self.asked = []

    def play(self, tries):
        self.asked.extend(tries)
        return [
            Played(self.then, 900, 20, 0, "hit", 900) if isinstance(one, Again) else LOST for one in tries
        ]


LOST = Played(2, 600, 10, 0, "hit", 900)


def lives_that_lose(game, then, **shell):
    lives = lives_of(game, 900, shell=replace(SHELL, **shell))
    lost = Lost(then)
    live_together(lives, lost)
    return [event for life in lives for event in life.client.events], lost.asked


def test_a_lost_level_that_goes_on_ends_once_and_its_ad_opens_nothing(made):
    events, asked = lives_that_lose(made["runner", "easy"], 1, revives=True)
    again = [one for one in asked if isinstance(one, Again)]
    ads = Counter(event["event_type"] for event in events if event["properties"].get("purpose") == "continue")
    ends = Counter(event["properties"]["frames"] for event in events if event["event_type"] in ENDS)
    fails = [event for event in events if event["event_type"] == "level_fail"]
    assert len(again) == ads["rewarded_ad_completed"] == ends[900] > 10
    assert set(ends) == {600, 900}
    assert {event["properties"]["frames"] for event in fails} == {600}
    assert ads["unlock_prompt_shown"] == len(asked) - len(again) + ads["rewarded_ad_failed"]
    assert all(one.lost in asked for one in again)
    assert not [event for event in events if event["event_type"] == "level_unlocked" and event["level"] < 4]


def test_what_cannot_go_on_is_offered_to_nobody(made):
    events, asked = lives_that_lose(made["runner", "easy"], 1)
    assert not [one for one in asked if isinstance(one, Again)]
    assert not [event for event in events if event["event_type"] == "unlock_prompt_shown"]


def test_an_endless_run_is_completed_past_its_tenth_section(made):
    game = made["runner", "easy"]

    def runs(progress):
        class Running(Outcomes):
            def play(self, tries):
                run = Played(2, 4000, 90, 0, "hit", progress)
                return [run if one.level == 11 else self.end for one in tries]

        lives = lives_of(game, 900, shell=replace(SHELL, tenth=250))
        live_together(lives, Running(1))
        events = [event for life in lives for event in life.client.events]
        endless = [event for event in events if event["properties"].get("mode") == "endless"]
        assert {event["level"] for event in endless} == {None}
        return Counter(event["event_type"] for event in endless)

    far, near = runs(251), runs(250)
    assert set(far) == {"level_start", "level_complete"}
    assert set(near) == {"level_start", "level_fail"}
    assert far["level_start"] == far["level_complete"] > 10
    none, _ = events_of(game, SHELL, 1)
    assert not [event for event in none if event["properties"].get("mode") == "endless"]


def test_the_tenth_section_ends_where_the_shell_says():
    assert tenth_section({"marks": [number * 100 for number in range(30)], "length": 4000}) == 250
    assert tenth_section({"length": 4000}) == 83


def test_the_level_of_the_day_is_played_once_by_those_who_want_it(made):
    game = made["runner", "easy"]
    shell = replace(SHELL, dailies=30)
    events, asked = events_of(game, shell, 1, 600)
    days = [event for event in events if event["properties"].get("mode") == "daily"]
    assert {event["event_type"] for event in days} == {"level_start", "level_complete"}
    assert {event["level"] for event in days} == {None}
    wins = [
        (event["user_id"], event["timestamp"][:10])
        for event in days
        if event["event_type"] == "level_complete"
    ]
    assert len(wins) == len(set(wins)) >= 8
    numbers = {asking.level - 11 for asking in asked if asking.level > 10}
    epoch = dt.date(1970, 1, 1)
    assert numbers <= {((FIRST - epoch).days + day) % 30 for day in range(DAYS)}, "each date has its own"
    none, _ = events_of(game, SHELL, 1)
    assert not [event for event in none if event["properties"].get("mode") == "daily"]
