"""Lines come out whole, once and in order, however the stream is cut; endless ones do not fill the memory."""

import gzip
import hashlib
import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamefactory_dagster.analytics import lines
from gamefactory_dagster.analytics.ingest import Oversized
from gamefactory_dagster.analytics.lines import read_chunks
from gamefactory_dagster.analytics.streams import Counted, UnreadableError


class Drip(io.BytesIO):
    """Gives a few bytes at a time, as a slow pipe does."""

    def read(self, size=-1):
        return super().read(min(size, 7) if size >= 0 else 7)


def chunks(data, most=1000, stream=io.BytesIO):
    return list(read_chunks(Counted(stream(data)), most))


def flat(data, **options):
    return [line for chunk in chunks(data, **options) for line in chunk]


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(lines, "LINE_BYTES", 50)
    monkeypatch.setattr(lines, "KEPT_BYTES", 10)
    monkeypatch.setattr(lines, "_BLOCK", 16)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.binary(max_size=40).filter(lambda one: b"\n" not in one)), st.booleans(), st.integers(1, 5)
)
def test_lines_come_out_as_they_went_in(wanted, ended, most):
    data = b"\n".join(wanted) + (b"\n" if ended else b"")
    expected = [line for line in wanted if line.strip()]
    for packed in (b"\0" + data, gzip.compress(b"\0" + data)):  # plain must look like nothing else
        found = chunks(packed, most, Drip)
        assert [line for chunk in found for line in chunk] == [
            line for line in (b"\0" + data).split(b"\n") if line.strip()
        ]
        assert all(len(chunk) <= most for chunk in found)
    assert flat(b"x\n" + data)[1:] == expected


def test_several_gzip_files_in_one_are_read_through():
    assert flat(gzip.compress(b"a\nb") + gzip.compress(b"c\nd\n")) == [b"a", b"bc", b"d"]


@pytest.mark.parametrize("stream", [io.BytesIO, Drip])
def test_a_mark_of_utf_8_is_no_line(stream):
    mark = b"\xef\xbb\xbf"
    for nothing in (mark, mark + b"\n", mark + b"\r\n \n", mark + b"\n" + mark):
        assert flat(nothing, stream=stream) == []
    assert flat(mark + b"\na\nb", stream=stream) == [b"a", b"b"]
    assert flat(mark + b"a\n" + mark + b"b", stream=stream) == [mark + b"a", mark + b"b"]
    assert flat(mark * 2 + b"\n", stream=stream) == [mark * 2]


def test_nothing_is_nothing():
    assert chunks(b"") == []
    assert chunks(gzip.compress(b"\n \r\n")) == []


def test_a_line_too_long_is_named_by_its_beginning_length_and_digest(small):
    long = b"abc\0" + b"\xff" * 47
    found = flat(b"x" * 50 + b"\n" + long + b"\ny\n" + long)
    digest = hashlib.sha256(long).hexdigest()
    oversized = Oversized("abc\\x00" + "\\xff" * 6 + f" ... [51 bytes, SHA-256 {digest}]")
    assert found == [b"x" * 50, oversized, b"y", oversized]


def test_an_endless_line_is_read_in_little_memory():
    packed = gzip.compress(b"[" * 50_000_000, 1)
    tracemalloc.start()
    [line] = flat(packed)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert line.text.endswith(f"[50000000 bytes, SHA-256 {hashlib.sha256(b'[' * 50_000_000).hexdigest()}]")
    assert peak < 10_000_000


def test_long_lines_make_small_chunks(monkeypatch):
    monkeypatch.setattr(lines, "CHUNK_BYTES", 1_000_000)
    found = chunks(b"\n".join([b"x" * 300_000] * 8))
    assert sum(map(len, found)) == 8
    assert max(map(len, found)) <= 5


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9])
def test_truncated_gzip_gives_its_whole_lines_and_says_so(keep):
    wanted = [hashlib.sha256(str(number).encode()).hexdigest().encode() for number in range(20_000)]
    packed = gzip.compress(b"\n".join(wanted) + b"\n")
    found = []
    with pytest.raises(UnreadableError, match="ends early"):
        for chunk in read_chunks(Counted(io.BytesIO(packed[: int(len(packed) * keep)])), 1000):
            found += chunk
    assert found == wanted[: len(found)]
    assert len(found) > 20_000 * (keep - 0.1)


def test_damaged_gzip_is_said():
    packed = bytearray(gzip.compress(b"line\n" * 1000))
    packed[-6] ^= 1  # its checksum
    with pytest.raises(UnreadableError, match="damaged"):
        flat(bytes(packed))


def test_a_stream_that_fails_is_said():
    class Failing(io.BytesIO):
        def read(self, size=-1):
            if self.tell():
                raise OSError("no such device")
            return super().read(4)

    found = []
    with pytest.raises(UnreadableError, match="no such device"):
        for chunk in read_chunks(Counted(Failing(b"a\nb\nc\n")), 10):
            found += chunk
    assert found == [b"a", b"b"]


def test_the_bytes_read_are_those_of_the_file():
    packed = gzip.compress(b"line\n" * 1000)
    stream = Counted(io.BytesIO(packed))
    list(read_chunks(stream, 10))
    assert stream.read_bytes == len(packed)
