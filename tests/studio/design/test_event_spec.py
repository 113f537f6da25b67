"""The event specification against document 001, the design, and the JavaScript made from it."""

import copy
import json
from pathlib import Path

import orjson
import pytest

from gamefactory_dagster.studio import player
from gamefactory_dagster.studio.design.event_spec import (
    code_problems,
    event_spec,
    javascript,
    names_in,
    problems,
)

ELEVEN = [
    "game_start", "level_start", "level_complete", "level_fail", "unlock_prompt_shown", "rewarded_ad_started",
    "rewarded_ad_completed", "rewarded_ad_failed", "level_unlocked", "iap_initiated", "iap_completed",
]  # fmt: skip


def test_it_specifies_the_eleven_events_and_has_no_problems(gdd):
    spec = event_spec(gdd)
    assert list(spec["events"]) == ELEVEN
    assert problems(spec, gdd) == []


def test_it_survives_being_stored(gdd):
    stored = orjson.loads(orjson.dumps(event_spec(gdd), option=orjson.OPT_SORT_KEYS))
    assert problems(stored, gdd) == []
    assert javascript(stored) == javascript(event_spec(gdd))


def test_purchases_never_fire_in_the_web_target(gdd):
    events = event_spec(gdd)["events"]
    never = [name for name, event in events.items() if event["fires"].startswith("never in the web target")]
    assert never == ["iap_initiated", "iap_completed"]
    assert [name for name, event in events.items() if not event["sent"]] == never


def test_money_is_in_whole_numbers(gdd):
    events = event_spec(gdd)["events"]
    assert events["rewarded_ad_completed"]["properties"]["revenue_micros"]["type"] == "integer"
    assert events["iap_completed"]["properties"]["revenue_cents"]["type"] == "integer"


def test_level_events_carry_what_the_player_sends(gdd):
    events = event_spec(gdd)["events"]
    assert set(events["level_complete"]["properties"]) == {"mode", "score", "stars", "frames"}
    assert set(events["level_fail"]["properties"]) == {"mode", "score", "cause", "frames"}
    assert set(events["rewarded_ad_failed"]["properties"]) == {"purpose", "reason"}
    assert set(events["level_unlocked"]["properties"]) == {"method"}
    assert [name for name, event in events.items() if event["level"]] == ELEVEN[1:9]


def test_levels_and_funnel_are_the_designs(gdd):
    spec = event_spec(gdd)
    assert spec["levels"] == {"total": 10, "free": gdd.progression.free_levels, "unlock": "rewarded_ad"}
    assert spec["funnels"]["design"] == list(gdd.analytics_plan.funnel)


@pytest.mark.parametrize(
    ("break_it", "complaint"),
    [
        (lambda spec: spec["events"].pop("level_fail"), "level_fail is not specified"),
        (lambda spec: spec["events"].update(level_skip={}), "level_skip is no event"),
        (lambda spec: spec["events"].update(level_fail="lost"), "level_fail is not described"),
        (lambda spec: spec["events"]["level_start"].pop("fires"), "level_start does not say when"),
        (lambda spec: spec["events"]["level_start"].pop("properties"), "level_start does not list"),
        (lambda spec: spec["events"]["level_fail"]["properties"].pop("cause"), "lacks the property cause"),
        (
            lambda spec: spec["events"]["iap_completed"]["properties"]["revenue_cents"].update(type="string"),
            "iap_completed.revenue_cents has the type 'string', not integer",
        ),
        (
            lambda spec: spec["events"]["game_start"]["properties"].update(device={"type": "object"}),
            "game_start.device has the type 'object'",
        ),
        (lambda spec: spec["funnels"]["unlock"].append("level_skip"), "unknown step level_skip"),
        (lambda spec: spec["funnels"].pop("design"), "the design's funnel is missing"),
        (lambda spec: spec.pop("funnels"), "no funnels"),
        (lambda spec: spec["levels"].update(free=9), "levels is"),
        (lambda spec: spec.update(game="other"), "game is 'other'"),
        (lambda spec: spec.pop("events"), "no events"),
    ],
)  # fmt: skip
def test_every_fault_is_found_and_named(gdd, break_it, complaint):
    spec = copy.deepcopy(event_spec(gdd))
    break_it(spec)
    found = problems(spec, gdd)
    assert any(complaint in problem for problem in found), found


def test_the_names_in_the_code_are_those_in_the_specification(gdd):
    spec = event_spec(gdd)
    assert names_in(javascript(spec)) == sorted(ELEVEN)
    del spec["events"]["level_fail"]
    assert "level_fail" not in names_in(javascript(spec))
    assert names_in(b"const OTHER = {};") == []


def test_the_code_runs_and_lists_each_events_properties(gdd):
    from py_mini_racer import MiniRacer

    spec = event_spec(gdd)
    context = MiniRacer()
    try:
        context.eval(javascript(spec).decode())
        listed = json.loads(context.eval("JSON.stringify(EVENTS)"))
        assert listed == {name: sorted(event["properties"]) for name, event in spec["events"].items()}
        assert context.eval("Object.isFrozen(EVENTS)") is True
    finally:
        context.close()


@pytest.fixture
def code(gdd):
    """Every script of the real web player that is the shell's own, with the generated events."""
    folder = Path(player.__file__).parent
    scripts = {path.name: path.read_bytes() for path in sorted(folder.glob("*.js"))}
    return {**scripts, "events.js": javascript(event_spec(gdd))}


def test_the_real_player_sends_exactly_what_is_specified(gdd, code):
    assert code_problems(event_spec(gdd), code) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("events.js", b"  level_fail:", b"  level_flop:", "level_fail is specified but not in events.js"),
        ("events.js", b"  level_fail:", b"  level_flop:", "level_flop is in events.js but not specified"),
        (
            "play.js",
            b'emit("level_start"',
            b'emit("level_begin"',
            "play.js emits level_begin, which is not specified",
        ),
        ("play.js", b'emit("level_start"', b'emit("level_begin"', "level_start is never emitted"),
        ("play.js", b"score, stars, frames", b"score, stars, time", "play.js emits level_complete with"),
        (
            "progress.js",
            b'emit("level_unlocked"',
            b'emit("iap_initiated"',
            "which the web target never sends",
        ),
        (
            "progress.js",
            b'emit("level_unlocked", level, { method })',
            b"emit(name, level, { method })",
            "progress.js emits an event in a form",
        ),
    ],
)
def test_code_that_says_something_else_is_found(gdd, code, file, old, new, complaint):
    assert old in code[file]
    changed = {**code, file: code[file].replace(old, new)}
    found = code_problems(event_spec(gdd), changed)
    assert any(complaint in problem for problem in found), found
