"""Every rule of docs/metrics.md's quarantine, with the last value accepted and the first one refused."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gamefactory_dagster.analytics.decoding import decode
from gamefactory_dagster.analytics.events import Event, Rejected, validate
from gamefactory_dagster.studio.design.event_spec import EVENT_TYPES

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
GAME = "7e7c7df1-cf38-5bf1-9c04-79ee11856b15"
OTHER = "2dbe8e63-b333-57f1-99b1-5690141d86db"
ID = "0195511a-7a7b-7c3e-8b1f-0123456789ab"


def event(**changes):
    raw = {
        "event_id": ID,
        "game_id": GAME,
        "event_type": "level_complete",
        "user_id": "u1",
        "session_id": "s1",
        "level": 3,
        "properties": {"score": 7},
        "timestamp": "2026-03-01T11:59:00.123Z",
    }
    return {key: value for key, value in (raw | changes).items() if value is not ...}


def nested(levels):
    value = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


def ad(**properties):
    return {"event_type": "rewarded_ad_completed", "properties": properties}


def purchase(**properties):
    return {"event_type": "iap_completed", "properties": properties}


ACCEPTED = [
    {},
    {"user_id": None, "session_id": None, "level": None, "properties": None, "device_info": None},
    {"user_id": ..., "session_id": ..., "level": ..., "properties": ..., "device_info": ...},
    {"event_id": ID.upper()},
    {"game_id": GAME.upper()},
    *({"event_type": name} for name in sorted(EVENT_TYPES)),
    {"timestamp": "2000-01-01T00:00:00Z"},
    {"timestamp": "2000-01-01T14:00:00+14:00"},
    {"timestamp": "2026-03-01T12:10:00.000000Z"},
    {"timestamp": "2026-03-01T13:10:00+01:00"},
    {"timestamp": "2026-03-01 11:59"},
    {"timestamp": "2026-03-01t11:59:00,1234567z"},
    {"user_id": "x" * 255},
    {"user_id": "\U0001f3ae" * 255},
    {"session_id": "x" * 255},
    {"level": 2**31 - 1},
    {"level": -(2**31)},
    {"level": 0},
    ad(),
    ad(revenue_micros=0),
    ad(revenue_micros=2**63 - 1, currency="USD"),
    ad(currency=None),
    ad(revenue_cents="not this event's money"),
    purchase(revenue_cents=0),
    purchase(revenue_cents=499, currency="USD"),
    {"event_type": "level_start", "properties": {"revenue_micros": -1, "currency": "EUR"}},
    {"properties": {"text": "a \\u0000 spelt out, [brackets], {braces}, null"}},
    {"properties": {"list": [1, 2.5, True, None, "ü", {"a": []}]}},
    {"properties": {"big": 2**64 - 1, "small": -(2**63)}},
    {"properties": nested(16)},
    {"properties": {"a": "x" * (16_384 - len('{"a":""}'))}},
    {"device_info": {"os": "web", "screen": [360, 640]}},
]

REFUSED = [
    ({"event_id": ...}, "missing", "event_id"),
    ({"event_id": 7}, "not_a_uuid", "event_id"),
    ({"event_id": ID + "\n"}, "not_a_uuid", "event_id"),
    ({"event_id": ID[:-1]}, "not_a_uuid", "event_id"),
    ({"event_id": ID[:-1] + "g"}, "not_a_uuid", "event_id"),
    ({"event_id": ID[:-1] + "\u0661"}, "not_a_uuid", "event_id"),
    ({"game_id": ...}, "missing", "game_id"),
    ({"game_id": "my-game"}, "not_a_uuid", "game_id"),
    ({"game_id": [GAME]}, "not_a_uuid", "game_id"),
    ({"event_type": ...}, "missing", "event_type"),
    ({"event_type": "Level_start"}, "unknown_type", "event_type"),
    ({"event_type": "level_start "}, "unknown_type", "event_type"),
    ({"event_type": ["level_start"]}, "unknown_type", "event_type"),
    ({"timestamp": ...}, "missing", "timestamp"),
    ({"timestamp": None}, "missing", "timestamp"),
    ({"timestamp": "yesterday"}, "unparseable", "timestamp"),
    ({"timestamp": "2026-03-01"}, "unparseable", "timestamp"),
    ({"timestamp": "2026-W09-7T11:59:00Z"}, "unparseable", "timestamp"),
    ({"timestamp": "2026-02-29T11:59:00Z"}, "unparseable", "timestamp"),
    ({"timestamp": "2026-02-28 11:30:00.0000000 PM -05:00"}, "unparseable", "timestamp"),
    ({"timestamp": "2026-02-28T11:30:00Z "}, "unparseable", "timestamp"),
    ({"timestamp": "2026-02-28T11:30:00+10:99"}, "unparseable", "timestamp"),
    ({"timestamp": "2026-03-01T11:59:00\ud800"}, "unparseable", "timestamp"),
    ({"timestamp": 1772366340}, "unparseable", "timestamp"),
    ({"timestamp": "1999-12-31T23:59:59.999999Z"}, "too_early", "timestamp"),
    ({"timestamp": "0001-01-01T00:00:00+14:00"}, "too_early", "timestamp"),
    ({"timestamp": "2026-03-01T12:10:00.000001Z"}, "too_late", "timestamp"),
    ({"timestamp": "9999-12-31T23:59:59-14:00"}, "too_late", "timestamp"),
    ({"user_id": "x" * 256}, "too_long", "user_id"),
    ({"user_id": "a\0b"}, "holds_nul", "user_id"),
    ({"user_id": "\ud800"}, "not_unicode", "user_id"),
    ({"user_id": 7}, "not_a_string", "user_id"),
    ({"session_id": "x" * 256}, "too_long", "session_id"),
    ({"session_id": "\0"}, "holds_nul", "session_id"),
    ({"level": 2**31}, "out_of_range", "level"),
    ({"level": -(2**31) - 1}, "out_of_range", "level"),
    ({"level": True}, "not_an_integer", "level"),
    ({"level": 3.0}, "not_an_integer", "level"),
    ({"level": "3"}, "not_an_integer", "level"),
    (ad(revenue_micros=-1), "negative", "properties.revenue_micros"),
    (ad(revenue_micros=2**63), "out_of_range", "properties.revenue_micros"),
    (ad(revenue_micros=1.5), "not_an_integer", "properties.revenue_micros"),
    (ad(revenue_micros=True), "not_an_integer", "properties.revenue_micros"),
    (ad(revenue_micros=None), "not_an_integer", "properties.revenue_micros"),
    (ad(revenue_micros="5000"), "not_an_integer", "properties.revenue_micros"),
    (ad(revenue_micros=5000, currency="EUR"), "not_usd", "properties.currency"),
    (ad(currency="usd"), "not_usd", "properties.currency"),
    (ad(currency=["USD"]), "not_usd", "properties.currency"),
    (purchase(revenue_cents=-1), "negative", "properties.revenue_cents"),
    (purchase(revenue_cents=4.99), "not_an_integer", "properties.revenue_cents"),
    (purchase(revenue_cents=499, currency="EUR"), "not_usd", "properties.currency"),
    ({"properties": [1]}, "not_an_object", "properties"),
    ({"properties": []}, "not_an_object", "properties"),
    ({"properties": ""}, "not_an_object", "properties"),
    ({"event_type": "iap_completed", "properties": "x"}, "not_an_object", "properties"),
    ({"properties": {"a": "b\0"}}, "holds_nul", "properties"),
    ({"properties": {"b\0": 1}}, "holds_nul", "properties"),
    ({"properties": {"a": [{"b": "\0"}]}}, "holds_nul", "properties"),
    ({"properties": {"a": "\udfff"}}, "not_unicode", "properties"),
    ({"properties": {"\udfff": 1}}, "not_unicode", "properties"),
    ({"properties": {"a": float("inf")}}, "out_of_range", "properties"),
    ({"properties": {"a": float("nan")}}, "out_of_range", "properties"),
    ({"properties": {"a": 2**64}}, "out_of_range", "properties"),
    ({"properties": nested(17)}, "too_deep", "properties"),
    ({"properties": nested(300)}, "too_deep", "properties"),
    ({"properties": {"a": "x" * (16_385 - len('{"a":""}'))}}, "too_large", "properties"),
    ({"device_info": "web"}, "not_an_object", "device_info"),
    ({"device_info": {"a": "\0"}}, "holds_nul", "device_info"),
    ({"device_info": nested(17)}, "too_deep", "device_info"),
]


@pytest.mark.parametrize("changes", ACCEPTED, ids=lambda changes: ascii(changes)[:60])
def test_accepted(changes):
    assert isinstance(validate(event(**changes), NOW), Event)


@pytest.mark.parametrize(("changes", "reason", "field"), REFUSED, ids=lambda value: ascii(value)[:60])
def test_refused(changes, reason, field):
    found = validate(event(**changes), NOW)
    assert isinstance(found, Rejected)
    assert (found.reason, found.field) == (reason, field)


@pytest.mark.parametrize("raw", [None, 1, "x", [], [event()], True])
def test_only_an_object_is_an_event(raw):
    assert validate(raw, NOW) == Rejected("not_an_object")


def test_what_is_accepted_keeps_its_values():
    found = validate(event(event_id=ID.upper(), device_info={"os": "ü"}), NOW)
    assert found == Event(
        ID, GAME, "level_complete", "u1", "s1", 3, '{"score":7}', '{"os":"ü"}',
        datetime(2026, 3, 1, 11, 59, 0, 123_000, UTC),
    )  # fmt: skip


def test_a_time_without_an_offset_is_utc():
    found = validate(event(timestamp="2026-03-01T11:59:00"), NOW)
    assert found.timestamp == datetime(2026, 3, 1, 11, 59, tzinfo=UTC)


def test_a_line_is_judged_like_the_object_in_it():
    assert validate(json.dumps(event()).encode(), NOW) == validate(event(), NOW)


@pytest.mark.parametrize("line", [b"", b"{", b"\xff\xfe\xfd", b'{"level": NaN}', b"[" * 100_000])
def test_a_line_that_is_not_json(line):
    assert validate(line, NOW) == Rejected("not_json")


def test_one_lone_surrogate_or_huge_number_does_not_hide_its_neighbours():
    good, bad = decode(b'[{"a": 1}, {"a": "\\ud800", "b": 1e999}]')
    assert good == {"a": 1}
    assert bad == {"a": "\ud800", "b": float("inf")}


def test_the_batch_names_the_game_when_the_event_does_not():
    assert validate(event(game_id=...), NOW, GAME).game_id == GAME
    assert validate(event(game_id=None), NOW, GAME).game_id == GAME


def test_an_event_of_another_game_than_its_batch():
    assert validate(event(game_id=GAME.upper()), NOW, GAME).game_id == GAME
    assert validate(event(game_id=OTHER), NOW, GAME) == Rejected("other_game", "game_id", OTHER)


def test_a_refusal_names_the_game_it_could_read():
    assert validate(event(level="x"), NOW).game_id == GAME
    assert validate(event(game_id="x"), NOW).game_id is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters()), inner, max_size=4),
    max_leaves=12,
)
fields = {
    "event_id": st.just(ID) | json_values,
    "game_id": st.just(GAME) | json_values,
    "event_type": st.sampled_from(sorted(EVENT_TYPES)) | json_values,
    "timestamp": st.datetimes().map(lambda when: when.isoformat() + "Z") | json_values,
    "level": st.integers() | json_values,
    "user_id": st.text(st.characters(), max_size=300) | json_values,
    "session_id": json_values,
    "properties": st.dictionaries(
        st.sampled_from(["revenue_micros", "revenue_cents", "currency"]), json_values
    ),
    "device_info": json_values,
}


@settings(max_examples=300, deadline=None)
@given(json_values | st.fixed_dictionaries({}, optional=fields))
@example({"timestamp": "\ud800" * 20})
def test_judging_never_raises(raw):
    found = validate(raw, NOW)
    assert type(found) in (Event, Rejected)
    if type(found) is Event:
        assert timedelta(0) <= found.timestamp - datetime(2000, 1, 1, tzinfo=UTC)
        assert isinstance(json.loads(found.properties), dict)


@settings(max_examples=200, deadline=None)
@given(st.binary() | json_values.map(lambda value: json.dumps(value).encode()))
def test_judging_a_line_never_raises(line):
    assert type(validate(line, NOW)) in (Event, Rejected)
