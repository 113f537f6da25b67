"""The fast lane takes only what the rules take, and gives the equal event; plain lines do go by it."""

import json
import struct

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gamefactory_dagster.analytics.events import validate
from gamefactory_dagster.analytics.fast_lane import plain_event
from gamefactory_dagster.analytics.rows import binary_copy
from gamefactory_dagster.studio.design.event_spec import EVENT_TYPES

from .test_events import ACCEPTED, GAME, ID, NOW, REFUSED, ad, event, json_values, purchase

PLAIN = [
    {},
    {"user_id": None, "session_id": None, "level": None, "properties": None, "device_info": None},
    {"user_id": ..., "session_id": ..., "level": ..., "properties": ..., "device_info": ...},
    {"properties": {"a": "b", "c": -(2**63), "d": True, "e": None, "f": ""}},
    {"device_info": {"os": "web", "width": 360}},
    {"sdk": {"version": [1, 2.5]}},
    {"properties": {"a": "x" * 10_000}},
    {"timestamp": "2026-03-01 11:59"},
    {"timestamp": "2026-03-01t11:59:00.1234567z"},
    {"timestamp": "2026-03-01T13:10:00+01:00"},
    ad(revenue_micros=2**63 - 1, currency="USD"),
    purchase(revenue_cents=499),
]


def as_line(value):
    return json.dumps(value, ensure_ascii=False).encode(errors="surrogatepass")


def agree(line):
    """The fast lane says what the rules say, or nothing."""
    fast = plain_event(line, NOW)
    assert fast is None or fast == validate(line, NOW)
    return fast


@pytest.mark.parametrize("changes", PLAIN, ids=lambda changes: ascii(changes)[:60])
def test_plain_lines_take_it(changes):
    assert agree(as_line(event(**changes))) is not None
    assert agree(json.dumps(event(**changes), indent=2).encode()) is not None


@pytest.mark.parametrize("changes", ACCEPTED, ids=lambda changes: ascii(changes)[:60])
def test_it_agrees_on_what_is_accepted(changes):
    agree(as_line(event(**changes)))


@pytest.mark.parametrize(("changes", "reason", "field"), REFUSED, ids=lambda value: ascii(value)[:60])
def test_it_agrees_on_what_is_refused(changes, reason, field):
    agree(as_line(event(**changes)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"level": 3', '"level": 3.0'),
        ('"level": 3', '"level": 3e0'),
        ('"level": 3', '"level": -0'),
        ('"level": 3', '"level": 03'),
        ('"level": 3', '"level": 3, "level": 4'),
        ('"level": 3', '"level": "x", "level": 4'),
        ('"level": 3', '"level": 4, "level": "x"'),
        ('"level": 3', '"level": 3, "extra": 01'),
        ('"level": 3', '"level": 3, "extra": 1e999'),
        ('"level": 3', '"level": 3, "extra": "a\tb"'),
        ('"level": 3', '"level": 3, "extra": [1,]'),
        ('"level": 3', f'"level": 3, "extra": {"[" * 1100}{"]" * 1100}'),
        ('"level": 3', '"level": 3, "extra": "\xff"'),
        ('"score": 7', '"score": 1e400'),
        ('"score": 7', '"score": 1e2'),
        ('"score": 7', '"score": 0.1234567890123456789'),
        ('"score": 7', '"score": 123456789012345678901234567890'),
        ('"score": 7', '"score": NaN'),
        ('"score": 7', '"score": 07'),
        ('"score": 7', '"score": 7,'),
        ('"score": 7', '"score": 7, "score": 8'),
        ('"score": 7', '"score": "a\tb"'),
        ('"score": 7', r'"score": "a\tb"'),
        ('"score": 7', r'"score": "\u0000"'),
        ('"properties": {', '"properties": {}, "properties": {'),
        ("}", "} "),
        ('{"event_id', '\ufeff{"event_id'),
        ('{"event_id', ' \r{"event_id'),
        ("u1", "ü"),
        ("u1", "u\x7f"),
        ("u1", "u\0"),
    ],
)
def test_it_agrees_on_what_json_allows_and_does_not(old, new):
    text = as_line(event()).decode()
    assert old in text
    changed = text.replace(old, new)
    agree(changed.encode())
    agree(changed.encode("latin-1", errors="replace"))
    agree(changed.encode() + b"}")


def test_deep_nesting_is_left_to_the_rules():
    deep = b'{"a":' * 5000 + b"1" + b"}" * 5000
    assert agree(as_line(event()).replace(b'{"score": 7}', deep)) is None


likely = {
    "event_id": st.just(ID) | st.uuids().map(str) | json_values,
    "game_id": st.just(GAME) | json_values,
    "event_type": st.sampled_from(sorted(EVENT_TYPES)) | json_values,
    "timestamp": st.datetimes().map(lambda when: when.isoformat() + "Z") | json_values,
}
unlikely = {
    "level": st.integers(-(2**33), 2**33) | st.floats() | json_values,
    "user_id": st.text(max_size=300) | st.text(st.characters(max_codepoint=127)) | json_values,
    "session_id": st.text(max_size=300) | json_values,
    "properties": st.dictionaries(
        st.sampled_from(["revenue_micros", "revenue_cents", "currency", "score"]),
        st.integers() | st.just("USD") | json_values,
    )
    | json_values,
    "device_info": st.dictionaries(st.text(max_size=5), json_values, max_size=3) | json_values,
    "extra": json_values,
}


ANY_LINE = given(st.fixed_dictionaries(likely, optional=unlikely), st.booleans(), st.data())


@settings(max_examples=60)
@ANY_LINE
@example(event(), True, None)
def test_it_agrees_with_the_rules_on_a_line(raw, escaped, data):
    agree_on(raw, escaped, data)


@pytest.mark.slow
@settings(max_examples=500)
@ANY_LINE
def test_it_agrees_with_the_rules_on_any_line(raw, escaped, data):
    agree_on(raw, escaped, data)


def agree_on(raw, escaped, data):
    line = json.dumps(raw, ensure_ascii=escaped).encode(errors="surrogatepass")
    agree(line)
    if data is not None:
        place = data.draw(st.integers(0, len(line) - 1))
        agree(line[:place] + data.draw(st.binary(max_size=2)) + line[place + 1 :])


def test_a_row_is_what_the_manual_says():
    data = binary_copy([validate(event(level=None, session_id=None), NOW)])
    assert data.startswith(b"PGCOPY\n\xff\r\n\0" + bytes(8))
    assert data.endswith(b"\xff\xff")
    fields, place = [], 21
    for _ in range(struct.unpack_from(">h", data, 19)[0]):
        (size,) = struct.unpack_from(">i", data, place)
        place += 4
        fields.append(None if size < 0 else data[place : place + size])
        place += max(size, 0)
    assert place == len(data) - 2
    assert fields[2:8] == [b"level_complete", b"u1", None, None, b'\1{"score":7}', b"\1{}"]
    assert fields[0].hex() == ID.replace("-", "")
    assert struct.unpack(">q", fields[8]) == (825_681_540_123_000,)
