"""Events' lines out of a stream of bytes, in bounded memory whatever it holds.

What belongs here: finding where lines, or the elements of arrays, end, and what is done with one that does
not. What does not: what packs them (``packed.py``), what is in a line (``events.py``), where streams come
from and where lines go (``files.py``).
"""

import hashlib
import io
from collections.abc import Iterator
from typing import Protocol

from .arrays import Elements, first_element, undecided
from .decoding import MARK
from .ingest import Oversized
from .packed import documents, read_block
from .streams import BLOCK, Counted, UnreadableError

LINE_BYTES = 1 << 20
"""Longest line that is read. An event has 35 kB at most, or six times that with every character escaped."""

KEPT_BYTES = 4096
"""What is kept of a longer one."""

CHUNK_BYTES = 8_000_000
"""About the most a chunk holds; with ``CHUNK`` the bound of an import's memory."""

_BLOCK = BLOCK

Line = bytes | Oversized


def read_chunks(stream: Counted, most: int) -> Iterator[list[Line]]:
    """Give lines without their ends, up to ``most`` at a time, whatever of ``packed.py`` the stream is.

    A document that is an array of objects gives its elements instead, and so do arrays that follow it. Blank
    lines are passed over, and those that hold nothing but a mark of UTF-8. A line of more than ``LINE_BYTES``
    comes as an ``Oversized`` that has its beginning, its length and its SHA-256. The last line needs no end.
    Raises UnreadableError, after all whole lines before the fault.
    """
    chunk: list[Line] = []
    size = 0
    try:
        for lines, read in _blocks(stream):
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


def _blocks(stream: Counted) -> Iterator[tuple[list[Line], int]]:
    """Give the lines that end in each block, and the block's size."""
    for document in documents(stream):
        block = _decisive(b"", document)
        while block:
            begin = first_element(block)
            cutter = _Lines() if begin is None else Elements()
            for lines, size in _cut(cutter, block[begin or 0 :], document):
                whole = lines if begin is None else map(_bare, lines)
                yield [line for line in whole if line and not _blank(line)], size
            block = _decisive(cutter.rest, document) if cutter.ended else b""


def _decisive(block: bytes, document: io.BufferedIOBase) -> bytes:
    """Read until the beginning tells an array from lines; nothing at the document's end."""
    while undecided(block) and len(block) < _BLOCK:
        more = read_block(document, _BLOCK)
        if not more:
            return block
        block += more
    return block


class _Cutter(Protocol):
    """Cuts blocks into the parts of lines."""

    ended: bool
    rest: bytes

    def cut(self, block: bytes) -> list[bytes]: ...


class _Lines:
    """Cuts at line ends, to the document's end."""

    ended = False
    rest = b""

    def cut(self, block: bytes) -> list[bytes]:
        return block.split(b"\n")


def _cut(cutter: _Cutter, block: bytes, document: io.BufferedIOBase) -> Iterator[tuple[list[Line], int]]:
    line = _Line()
    while block:
        first, *others = cutter.cut(block)
        line.add(first)
        whole: list[Line] = []
        if others:
            whole = [line.end(), *others[:-1]]
            line = _Line()
            line.add(others[-1])
        yield whole, len(block)
        if cutter.ended:
            return
        block = read_block(document, _BLOCK)
    if isinstance(cutter, Elements):
        raise UnreadableError("the JSON array ends early: its closing bracket is missing")
    yield [line.end()], 0


def _bare(element: Line) -> Line:
    """Without the white space around it, which is the array's."""
    return element.strip() if isinstance(element, bytes) else element


def _blank(line: Line) -> bool:
    return type(line) is bytes and not line.removeprefix(MARK).strip()


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
