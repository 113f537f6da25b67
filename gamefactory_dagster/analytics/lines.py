"""Lines out of a stream of bytes, plain or gzip, in bounded memory whatever it holds.

What belongs here: finding where lines end, and what is done with one that does not. What does not: what is
in a line (``events.py``), where streams come from and where lines go (``files.py``).
"""

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, cast

from gamefactory_dagster.errors import PermanentError

from .ingest import Oversized

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LINE_BYTES = 1 << 20
"""Longest line that is read. An event has 35 kB at most, or six times that with every character escaped."""

KEPT_BYTES = 4096
"""What is kept of a longer one."""

CHUNK_BYTES = 8_000_000
"""About the most a chunk holds; with ``CHUNK`` the bound of an import's memory."""

_BLOCK = 1 << 18
_GZIP = b"\x1f\x8b"


class UnreadableError(PermanentError):
    """The stream broke off or is not what it says; the whole lines before that were given."""


class Counted(io.RawIOBase):
    """A stream that knows how much was read of it. Does not close the one it reads."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.read_bytes = 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Read what is there, at most what fits."""
        view = memoryview(buffer).cast("B")
        block = self._stream.read(len(view))
        view[: len(block)] = block
        self.read_bytes += len(block)
        return len(block)


def read_chunks(stream: Counted, most: int) -> Iterator[list[bytes | Oversized]]:
    """Give lines without their ends, up to ``most`` at a time; gzip is known by its first bytes.

    Blank lines are passed over. A line of more than ``LINE_BYTES`` comes as an ``Oversized`` that has its
    beginning, its length and its SHA-256. The last line needs no end. Raises UnreadableError, after all whole
    lines before the fault.
    """
    chunk: list[bytes | Oversized] = []
    size = 0
    try:
        for lines, read in _blocks(_plain(stream)):
            chunk += lines
            size += read
            while len(chunk) >= most:
                yield chunk[:most]
                del chunk[:most]
                size = 0
            if size >= CHUNK_BYTES:
                yield chunk
                chunk, size = [], 0
    except UnreadableError:
        if chunk:
            yield chunk
        raise
    if chunk:
        yield chunk


def _plain(stream: Counted) -> io.BufferedIOBase:
    buffered = io.BufferedReader(stream, _BLOCK)
    try:
        beginning = buffered.peek(2)
    except OSError as error:
        raise UnreadableError(f"it cannot be read: {error}") from error
    if beginning.startswith(_GZIP):
        return cast("io.BufferedIOBase", gzip.GzipFile(fileobj=buffered))
    return buffered


def _blocks(stream: io.BufferedIOBase) -> Iterator[tuple[list[bytes | Oversized], int]]:
    """Give the lines that end in each block, and the block's size."""
    line = _Line()
    while block := _read(stream):
        first, *others = block.split(b"\n")
        line.add(first)
        whole: list[bytes | Oversized] = []
        if others:
            whole = [line.end(), *others[:-1]]
            line = _Line()
            line.add(others[-1])
        yield [one for one in whole if not _blank(one)], len(block)
    last = line.end()
    if not _blank(last):
        yield [last], 0


def _read(stream: io.BufferedIOBase) -> bytes:
    """Read once from below: a second read could fail and take what the first one gave with it."""
    try:
        return stream.read1(_BLOCK)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UnreadableError(f"the compressed data is damaged or ends early: {error}") from error
    except OSError as error:
        raise UnreadableError(f"it cannot be read: {error}") from error


def _blank(line: bytes | Oversized) -> bool:
    return type(line) is bytes and (not line or line.isspace())


class _Line:
    """The line that is being read: whole up to ``LINE_BYTES``, from there on its beginning and a digest."""

    def __init__(self) -> None:
        self._text = b""
        self._size = 0
        self._digest = hashlib.sha256()

    def add(self, part: bytes) -> None:
        was_whole = self._size <= LINE_BYTES
        self._size += len(part)
        if self._size <= LINE_BYTES:
            self._text += part
            return
        if was_whole:
            self._digest.update(self._text)
            self._text = (self._text + part)[:KEPT_BYTES]
        self._digest.update(part)

    def end(self) -> bytes | Oversized:
        if self._size <= LINE_BYTES:
            return self._text
        beginning = self._text.decode(errors="backslashreplace").replace("\0", "\\x00")
        return Oversized(f"{beginning} ... [{self._size} bytes, SHA-256 {self._digest.hexdigest()}]")
