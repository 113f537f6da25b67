"""Packed files: known by their first bytes, read as they come, damaged ones up to the damage."""

import bz2
import gzip
import hashlib
import io
import random
import struct
import tracemalloc
import zipfile

import pytest

from gamefactory_dagster.analytics.ingest import Oversized
from gamefactory_dagster.analytics.landing import _may_pass
from gamefactory_dagster.analytics.lines import read_chunks
from gamefactory_dagster.analytics.packed import SUFFIXES
from gamefactory_dagster.analytics.streams import Counted, UnreadableError

from .packing import BOMBS, PACKERS, as_zip, one_in_zip, one_stored, one_streamed, zstd, zstd_bomb
from .test_lines import Drip, flat

PACKED = {name: pack for name, pack in PACKERS.items() if name != "plain"}
DIGESTS = [hashlib.sha256(str(number).encode()).hexdigest().encode() for number in range(20_000)]


def until_fault(data, match, stream=io.BytesIO):
    """The lines that come before the fault, which is said as ``match``."""
    found = []
    with pytest.raises(UnreadableError, match=match) as fault:
        for chunk in read_chunks(Counted(stream(data)), 1000):
            found += chunk
    assert not _may_pass(fault.value), "reading it again would not help"
    return found


@pytest.mark.parametrize("stream", [io.BytesIO, Drip])
@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
def test_every_packing_is_known_by_its_first_bytes(pack, stream):
    wanted = DIGESTS[:3000]
    assert flat(pack(b"\n".join(wanted)), stream=stream) == wanted
    assert flat(pack(b"\xef\xbb\xbf\n" + b"\r\n".join(wanted) + b"\r\n"), stream=stream) == [
        line + b"\r" for line in wanted
    ]
    assert flat(pack(b""), stream=stream) == []
    elements = [b'{"a": "%s"}' % line for line in wanted]
    assert flat(pack(b"[" + b",\n ".join(elements) + b"]"), stream=stream) == elements


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("pack", PACKED.values(), ids=PACKED)
def test_what_is_cut_off_gives_its_whole_lines_and_says_so(pack, keep):
    least = {"compresslevel": 1} if pack is bz2.compress else {}  # small blocks: it gives only whole ones
    packed = pack(b"\n".join(DIGESTS), **least)
    found = until_fault(packed[: int(len(packed) * keep)], "ends early")
    assert found == DIGESTS[: len(found)]
    assert len(found) > len(DIGESTS) * (keep - 0.15)


@pytest.mark.parametrize("pack", PACKED.values(), ids=PACKED)
def test_wherever_it_is_cut_off_no_half_line_comes(pack):
    wanted = DIGESTS[:200]
    packed = pack(b"\n".join(wanted))
    directory = packed.find(b"PK\x01\x02")
    for end in random.Random(1).sample(range(10, len(packed) if directory < 0 else directory), 60):
        found = until_fault(packed[:end], "early|damaged")
        assert found == wanted[: len(found)]


@pytest.mark.parametrize("pack", PACKED.values(), ids=PACKED)
def test_damage_is_said_and_is_no_traceback(pack):
    """A bit turned anywhere in the middle: an error, unless it only touched what nobody reads."""
    packed = pack(b"\n".join(DIGESTS[:500]))
    middle = random.Random(2).sample(range(len(packed) // 4, len(packed) * 3 // 4), 40)
    told = 0
    for place in middle:
        damaged = bytearray(packed)
        damaged[place] ^= 0x10
        try:
            flat(bytes(damaged))
        except UnreadableError:
            told += 1
    assert told == len(middle) or pack is zstd, "zstd as Arrow writes it has no checksum"


def test_a_stream_that_fails_behind_a_packing_is_no_damage():
    class Failing(io.BytesIO):
        def read(self, size=-1):
            if self.tell() > 3000:
                raise OSError("no such device")
            return super().read(1000)

    for pack in PACKERS.values():
        with pytest.raises(UnreadableError, match="no such device") as fault:
            list(read_chunks(Counted(Failing(pack(b"\n".join(DIGESTS[:500])))), 10))
        assert _may_pass(fault.value)


def test_a_frame_that_wants_too_much_memory_is_refused_wherever_it_is():
    large = zstd_bomb(b"\n", 1_000_000, window=27)
    with_checksum = zstd_bomb(b"\n", 1_000_000)[:4] + b"\x04" + zstd_bomb(b"\n", 1_000_000)[5:]
    assert until_fault(large, "takes more than 64 MB of memory: unpack it first, as in zstd -dc") == []
    found = until_fault(zstd(b"\n".join(DIGESTS)) + large, "takes more than 64 MB")
    assert found == DIGESTS[: len(found)]
    assert len(found) > len(DIGESTS) * 0.95
    assert until_fault(with_checksum + b"0000" + large, "early|damaged|64 MB") == []
    one_segment = b"\x28\xb5\x2f\xfd" + bytes([0b1010_0000]) + (65 << 20).to_bytes(4, "little")
    assert until_fault(one_segment, "takes more than 64 MB") == []


def test_several_in_one_are_read_through():
    for pack in (gzip.compress, bz2.compress, zstd):
        assert flat(pack(b"a\nb") + pack(b"c\nd\n")) == [b"a", b"bc", b"d"]


def test_members_of_a_zip_are_read_one_after_another():
    made = as_zip([("b.ndjson", b"a\nb"), ("c.jsonl", b"c\n"), ("a.json", b'[{"d": 1}, {"e": 2}]')])
    assert flat(made) == [b"a", b"b", b"c", b'{"d": 1}', b'{"e": 2}']


def test_only_event_files_are_taken_out_of_a_zip():
    inner = one_in_zip(b"no\n")
    others = [
        ("readme.txt", b"no\n"), ("folder/", b""), ("x.csv", b"no\n"), ("inner.zip", inner),
        (".x.ndjson", b"no\n"), ("__MACOSX/._a.ndjson", b"no\n"), ("ndjson", b"no\n"),
        ("a.ndjson/b", b"no\n"), ("picture.png", b"\x89" * 70_000),
    ]  # fmt: skip
    wanted = ("in/a.ndjson", b"yes\n"), ("z.jsonl", b"yes")
    for streamed in (False, True):
        made = as_zip([*others[:5], wanted[0], *others[5:], wanted[1]], streamed=streamed)
        assert flat(made) == [b"yes", b"yes"]
    assert until_fault(as_zip(others), r"holds no file that ends in \.ndjson") == []
    assert until_fault(as_zip([]), "holds no file") == []


def test_packed_members_of_a_zip_are_unpacked_but_no_zip_in_it():
    members = [(f"{number}.json.gz", gzip.compress(b'{"a": %d}\n' % number)) for number in range(3)]
    members += [("4.ndjson.bz2", bz2.compress(b"4")), ("5.jsonl.zst", zstd(b"5"))]
    assert flat(as_zip(members)) == [b'{"a": 0}', b'{"a": 1}', b'{"a": 2}', b"4", b"5"]
    within = flat(as_zip([("zip.ndjson", one_in_zip(b"no\n"))]))
    assert b"no" not in within


def test_names_in_a_zip_are_no_paths(tmp_path, monkeypatch):
    inside = tmp_path / "inside"
    inside.mkdir()
    monkeypatch.chdir(inside)
    names = ["../out.ndjson", "/tmp/out.ndjson", "C:\\out.ndjson", "a" * 60_000 + ".ndjson", "\x1b\n.ndjson"]
    made = as_zip([(name, b"%d" % number) for number, name in enumerate(names)])
    assert flat(made) == [b"0", b"1", b"2", b"3", b"4"]
    assert list(inside.iterdir()) == []
    assert list(tmp_path.iterdir()) == [inside]


@pytest.mark.parametrize("streamed", [False, True])
def test_members_that_say_their_size_in_the_fields_for_large_ones_are_read(streamed):
    members = [("a.ndjson", b"a\nb\n"), ("b.txt", b"no\n"), ("c.ndjson", b"c")]
    assert flat(as_zip(members, streamed=streamed, large=True)) == [b"a", b"b", b"c"]
    if not streamed:
        assert flat(as_zip(members, zipfile.ZIP_STORED, large=True)) == [b"a", b"b", b"c"]


def test_what_cannot_be_read_of_a_zip_is_said():
    lzma = as_zip([("a.ndjson", b"a\n"), ("b.ndjson", b"b\n")], zipfile.ZIP_LZMA)
    assert until_fault(lzma, r"a\.ndjson in the zip is encrypted or packed in a way that is not read") == []
    encrypted = bytearray(one_in_zip(b"a\n"))
    encrypted[6] |= 1
    assert until_fault(bytes(encrypted), "encrypted") == []
    endless = bytearray(one_stored(b"a\n"))
    endless[6] |= 8  # its size follows, which of what is stored tells too late
    assert until_fault(bytes(endless), "unpack it first") == []
    wrong = bytearray(one_in_zip(b"a\n" * 100))
    wrong[14] ^= 1  # the checksum
    until_fault(bytes(wrong), r"events\.ndjson in the zip is damaged: its checksum differs")
    tiny = bytearray(one_in_zip(b"a\n"))
    tiny[14] ^= 1  # noticed while its beginning is looked at
    assert until_fault(bytes(tiny), "checksum differs") == [b"a"]
    streamed = bytearray(one_streamed(b"a\n" * 100))
    streamed[streamed.find(b"PK\x07\x08") + 4] ^= 1
    until_fault(bytes(streamed), "checksum differs")


def test_a_zip_that_goes_on_with_something_else_is_damaged():
    data = one_in_zip(b"a\nb\n")
    directory = data.find(b"PK\x01\x02")
    assert until_fault(data[:directory] + b"what is this" * 10, "damaged") == [b"a", b"b"]
    assert until_fault(data[:directory], "early") == [b"a", b"b"]


def test_a_zip_of_many_members_takes_no_memory():
    header = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 5, 0) + b"x.txt"
    packed = header * 50_000
    tracemalloc.start()
    assert until_fault(packed, "ends early") == []
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_one_line_in_little_memory(bomb):
    packed = bomb(b"[", 50_000_000)
    tracemalloc.start()
    [line] = flat(packed)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(line, Oversized)
    assert peak < 10_000_000


def test_the_suffixes_are_of_every_packing():
    assert {".ndjson", ".jsonl.gz", ".json", ".ndjson.bz2", ".jsonl.zst", ".zip"} < set(SUFFIXES)
    assert ".gz" not in SUFFIXES
