"""The elements of JSON arrays come out as lines do, however the stream is cut."""

import io
import json
import tracemalloc

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gamefactory_dagster.analytics import lines
from gamefactory_dagster.analytics.ingest import Oversized
from gamefactory_dagster.analytics.lines import read_chunks
from gamefactory_dagster.analytics.streams import Counted, UnreadableError

from .test_lines import Drip, flat, small

__all__ = ["small"]

awkward = st.text('[]{}",:\\ \n\u00fca', max_size=12)
values = st.recursive(
    st.none() | st.integers() | awkward,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(awkward, inner, max_size=3),
    max_leaves=8,
)
objects = st.lists(st.dictionaries(awkward, values, max_size=4), max_size=6)


class OneByOne(io.BytesIO):
    """The slowest of pipes."""

    def read(self, size=-1):
        return super().read(1)


@settings(max_examples=80, deadline=None)
@given(
    objects,
    st.sampled_from([None, 0, 2]),
    st.booleans(),
    st.sampled_from([io.BytesIO, Drip, OneByOne]),
    st.sampled_from(["", "\ufeff", "\n \t", "\ufeff\r\n"]),
)
@example([{"a": '\\"'}, {"b\\": "\\\\"}], None, False, Drip, "")
def test_the_elements_of_an_array_come_out(elements, indent, escaped, stream, before):
    text = before + json.dumps(elements, indent=indent, ensure_ascii=escaped)
    for after in ("", "\n", " \r\n\n"):
        found = flat((text + after).encode(), stream=stream)
        assert [json.loads(line) for line in found] == elements
        assert all(line == line.strip() for line in found)


@pytest.mark.parametrize("stream", [io.BytesIO, Drip, OneByOne])
def test_arrays_may_follow_one_another_and_lines_may_follow_them(stream):
    data = b'[{"a": 1}, {"b": [2, 3]}]\n[{"c": 4}][]\n\n [ ] [{"d": "]"}\n]\n{"e": 5}\n[]\n{"f": 6}'
    assert flat(data, stream=stream) == [
        b'{"a": 1}', b'{"b": [2, 3]}', b'{"c": 4}', b'{"d": "]"}', b'{"e": 5}', b"[]", b'{"f": 6}',
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data", [b"[1, 2]\n{}\n", b"[[{}]]\n", b"[\n1,\n2]", b"[", b"[ \n", b"\xef\xbb", b'["a", {}]', b"x[{}]"]
)
def test_what_is_no_array_of_objects_is_lines(data):
    for stream in (io.BytesIO, Drip, OneByOne):
        assert flat(data, stream=stream) == [line for line in data.split(b"\n") if line.strip()]


def test_a_bad_element_costs_only_itself():
    data = b'[{"a": 1}, {"b": }, nonsense, {"c": NaN}, {"d": 1}}, , {"e": "\xff"}, {"f": 2},]'
    assert flat(data) == [
        b'{"a": 1}', b'{"b": }', b"nonsense", b'{"c": NaN}', b'{"d": 1}}', b'{"e": "\xff"}', b'{"f": 2}',
    ]  # fmt: skip


@pytest.mark.parametrize("stream", [io.BytesIO, Drip])
def test_an_array_that_does_not_end_gives_its_whole_elements_and_says_so(stream):
    text = b'[{"a": 1}, {"b": "]"}, {"c": 3}]'
    for end in range(text.index(b"{") + 1, len(text)):
        found = []
        with pytest.raises(UnreadableError, match="closing bracket is missing"):
            for chunk in read_chunks(Counted(stream(text[:end])), 10):
                found += chunk
        assert found == [b'{"a": 1}', b'{"b": "]"}', b'{"c": 3}'][: text[:end].count(b"},")]


def test_an_element_too_long_is_named_by_its_beginning_length_and_digest(small):
    long = b'{"a": "' + b"x" * 60 + b'"}'
    first, second, third = flat(b'[{"a": 1},' + long + b',{"b": 2}]')
    assert (first, third) == (b'{"a": 1}', b'{"b": 2}')
    assert isinstance(second, Oversized)
    assert f"[{len(long)} bytes, SHA-256" in second.text


@pytest.mark.parametrize("inside", [b"[", b'"', b'"\\"', b"{}"])
def test_an_endless_element_is_read_in_little_memory(inside):
    data = b'[{"a":1},{"a":' + inside * (1_500_000 // len(inside))
    tracemalloc.start()
    found = []
    with pytest.raises(UnreadableError, match="closing bracket"):
        for chunk in read_chunks(Counted(io.BytesIO(data)), 10):
            found += chunk
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found[0] == b'{"a":1}'
    assert peak < 6_000_000


def test_white_space_without_end_is_no_array(monkeypatch):
    monkeypatch.setattr(lines, "_BLOCK", 64)
    assert flat(b" " * 1000 + b"[" + b" " * 1000) == [b" " * 1000 + b"[" + b" " * 1000]
