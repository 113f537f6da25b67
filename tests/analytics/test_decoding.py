"""JSON from bytes: UTF-8 or nothing, as deep as we say and no deeper, whatever a number's length."""

import codecs
import json
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamefactory_dagster.analytics import decoding
from gamefactory_dagster.analytics.decoding import DEPTH, TooDeepError, decode, is_too_deep
from gamefactory_dagster.analytics.events import Event, Rejected, validate
from gamefactory_dagster.analytics.fast_lane import plain_event

from .test_events import NOW, event

OTHER_ENCODINGS = ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]


def lists(depth, inside=""):
    return f"{'[' * depth}{inside}{']' * depth}".encode()


def objects(depth):
    return b'{"a":' * (depth - 1) + b"{}" + b"}" * (depth - 1)


def line_with(extra):
    """A good event with a field that is not looked at."""
    return json.dumps(event()).encode()[:-1] + b', "extra": ' + extra + b"}"


@pytest.mark.parametrize("nest", [lists, objects])
def test_the_depth_is_a_limit_of_ours(nest):
    assert not is_too_deep(decode(nest(DEPTH)))
    with pytest.raises(TooDeepError, match=str(DEPTH)):
        decode(nest(DEPTH + 1))
    assert is_too_deep(json.loads(nest(DEPTH + 1)))


@pytest.mark.parametrize("fault", ["", '"\\ud800"', "1e999", "1" * 5000])
def test_the_depth_is_the_same_whatever_parses_the_document(fault):
    """Each fault is one for which the standard parser takes over."""
    assert decode(lists(DEPTH, fault)) is not None
    with pytest.raises(TooDeepError):
        decode(lists(DEPTH + 1, fault))


@pytest.mark.parametrize("limit", [700, 10_000])
def test_the_depth_does_not_depend_on_the_interpreters_limit(limit):
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(limit)
    try:
        for depth, reason in ((DEPTH - 1, None), (DEPTH, "too_deep"), (900, "too_deep"), (5000, "too_deep")):
            line = line_with(lists(depth))
            found = validate(line, NOW)
            assert (found.reason if isinstance(found, Rejected) else None) == reason
            assert plain_event(line, NOW) in (None, found)
    finally:
        sys.setrecursionlimit(before)


def test_brackets_in_strings_are_text():
    brackets = json.dumps({"[" * 300: ["{" * 300, '\\"[' * 300, "\\" * 301, "[" * 300]}).encode()
    assert decode(brackets) == json.loads(brackets)
    wide = json.dumps([{"a": []}] * 300).encode()
    assert decode(wide) == json.loads(wide)


@pytest.mark.parametrize("text", [b"[" * 100_000, b'{"a":' * 100_000, b"]" * 300 + b"[" * 300])
def test_what_opens_and_does_not_close_is_no_json(text):
    with pytest.raises(ValueError) as refused:
        decode(text)
    assert not isinstance(refused.value, TooDeepError)
    assert validate(text, NOW) == Rejected("not_json")


def test_a_line_that_is_too_deep_says_so():
    assert validate(lists(DEPTH + 1), NOW) == Rejected("too_deep")


values = st.recursive(
    st.none() | st.integers() | st.text('[]{}"\\ a'),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('[]{}"\\ a'), inner, max_size=3),
    max_leaves=20,
)


def depth_of(value):
    inside = value.values() if type(value) is dict else value if type(value) is list else None
    return 0 if inside is None else 1 + max(map(depth_of, inside), default=0)


@settings(max_examples=300, deadline=None)
@given(values, st.integers(0, 6))
def test_text_and_value_are_as_deep_as_they_are(value, limit):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decoding, "DEPTH", limit)
        assert is_too_deep(value) == (depth_of(value) > limit)
        try:
            decode(json.dumps(value).encode())
        except TooDeepError:
            assert depth_of(value) > limit
        else:
            assert depth_of(value) <= limit


@settings(max_examples=200, deadline=None)
@given(st.text('[]{}",: \\a1', max_size=18), st.integers(0, 3))
def test_what_is_no_json_is_never_taken(text, limit):
    try:
        expected = json.loads(text)
    except ValueError:
        expected = ValueError
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decoding, "DEPTH", limit)
        try:
            found = decode(text.encode())
        except TooDeepError:
            assert expected is ValueError or depth_of(expected) > limit
        except ValueError:
            assert expected is ValueError
        else:
            assert found == expected


@pytest.mark.parametrize("encoding", OTHER_ENCODINGS)
def test_other_encodings_are_refused(encoding):
    line = json.dumps(event()).encode(encoding)
    with pytest.raises(ValueError):
        decode(line)
    assert validate(line, NOW) == Rejected("not_json")
    assert plain_event(line, NOW) is None


def test_latin_1_is_refused():
    assert validate(json.dumps(event(user_id="Zoë"), ensure_ascii=False).encode("latin-1"), NOW) == Rejected(
        "not_json"
    )


def test_one_mark_is_passed_over_and_a_second_is_not():
    line = json.dumps(event()).encode()
    assert validate(codecs.BOM_UTF8 + line, NOW) == validate(line, NOW)
    assert validate(codecs.BOM_UTF8 * 2 + line, NOW) == Rejected("not_json")
    assert validate(codecs.BOM_UTF8, NOW) == Rejected("not_json")


@pytest.mark.parametrize("digits", [20, 309, 4301, 5000, 100_000])
@pytest.mark.parametrize("sign", ["", "-"])
def test_a_huge_number_does_not_hide_its_neighbours(digits, sign):
    number = sign + "9" * digits
    first, second = decode(f'[{{"a": {number}, "b": "\\ud800"}}, {{"a": 1}}]'.encode())
    assert first == {"a": float(number), "b": "\ud800"}
    assert second == {"a": 1}


@pytest.mark.parametrize(
    "number", [2**63 - 1, -(2**63), -(2**63) - 1, 2**64 - 1, 2**64, 10**19, 10**20, -(10**19), 0, -1]
)
def test_a_whole_number_is_read_alike_with_and_without_a_fault_beside_it(number):
    alone = decode(f"[{number}]".encode())
    [beside, _] = decode(f'[{number}, "\\ud800"]'.encode())
    assert (type(beside), beside) == (type(alone[0]), alone[0])


def test_a_huge_number_costs_only_its_own_line():
    huge = b"1" * 5000
    line = line_with(huge)
    assert isinstance(validate(line, NOW), Event), "a field that is not looked at"
    assert plain_event(line, NOW) in (None, validate(line, NOW))
    for name in ("level", "properties", "device_info"):
        old = json.dumps(event(**{name: 7})).encode()
        assert isinstance(validate(old.replace(b": 7", b": " + huge), NOW), Rejected)
    inside = json.dumps(event(properties={"a": 7})).encode().replace(b": 7", b": " + huge)
    assert validate(inside, NOW)[:2] == ("out_of_range", "properties")
    assert plain_event(inside, NOW) is None
