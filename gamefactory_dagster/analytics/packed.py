"""The plain documents in a stream: one, as it is or packed by gzip, bzip2 or Zstandard, or a zip's members.

What belongs here: knowing by their first bytes what packed them, and unpacking in bounded memory. What does
not: how a zip is laid out (``zips.py``), what is in a document (``lines.py``).
"""

import bz2
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from functools import partial
from typing import cast

from . import zstd_frames
from .streams import BLOCK, Counted, Source, UnreadableError
from .zips import BEGINNINGS, members

PACKINGS = ("", ".gz", ".bz2", ".zst")
"""What a name may end in after ``PLAIN``."""

PLAIN = (".ndjson", ".jsonl", ".json")

IN_ZIP = tuple(plain + packing for plain in PLAIN for packing in PACKINGS)
"""How the name of an event file ends; a zip in a zip is none."""

SUFFIXES = (*IN_ZIP, ".zip")
"""How the name of a file ends that is taken out of a folder."""

_GZIP = b"\x1f\x8b"
_BZIP2 = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")
_LONGEST_BEGINNING = 10

_DAMAGED = "the compressed data is damaged or ends early"

_ZSTD_BLOCK = 1 << 14
"""Bytes unpacked at once: what a read has unpacked before it comes upon a fault is lost."""


def documents(stream: Counted) -> Iterator[io.BufferedIOBase]:
    """Give each document, to be read with ``read_block`` to its end before the next.

    Raises UnreadableError.
    """
    source = Source(stream.block)
    if source.beginning(len(BEGINNINGS[0])) not in BEGINNINGS:
        yield _unpacked(source)
        return
    for blocks in members(source, IN_ZIP):
        yield _unpacked(Source(partial(next, blocks, b"")))


def read_block(document: io.BufferedIOBase, most: int) -> bytes:
    """Read once from below: a second read could fail and take what the first one gave with it.

    Raises UnreadableError; its cause is a plain OSError only if the stream could not be read.
    """
    try:
        return document.read1(most)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableError(f"{_DAMAGED}: {error}") from error
    except OSError as error:  # so bzip2 and Arrow call damage; what the stream raised is no OSError any more
        raise UnreadableError(f"{_DAMAGED}: {error}") from None


def _unpacked(source: Source) -> io.BufferedIOBase:
    beginning = source.beginning(_LONGEST_BEGINNING)
    if beginning.startswith(zstd_frames.MAGIC):
        return _Zstandard(Source(partial(next, zstd_frames.checked(source), b"")))
    buffered = io.BufferedReader(source, BLOCK)
    if beginning.startswith(_GZIP):
        return cast("io.BufferedIOBase", gzip.GzipFile(fileobj=buffered))
    if _BZIP2.match(beginning):
        return cast("io.BufferedIOBase", bz2.BZ2File(buffered))
    return buffered


class _Zstandard(io.BufferedIOBase):
    """Unpacks by Arrow, which is here for the archive anyway."""

    def __init__(self, packed: Source) -> None:
        import pyarrow

        self._stream = pyarrow.CompressedInputStream(pyarrow.PythonFile(packed, mode="r"), "zstd")

    def read1(self, size: int = -1, /) -> bytes:
        """Read what is there, at most ``size``."""
        return cast("bytes", self._stream.read(min(size, _ZSTD_BLOCK)))
