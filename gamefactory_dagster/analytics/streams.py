"""Streams of bytes as they come: counted, looked at before they are read, and given back to.

What belongs here: reading, and what is said when it fails. What does not: what the bytes are (``packed.py``,
``zips.py``, ``lines.py``).
"""

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO

from gamefactory_dagster.errors import PermanentError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BLOCK = 1 << 18
"""Bytes read at once."""


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

    def block(self) -> bytes:
        """Read what is there, at most ``BLOCK``; nothing at the end. Raises UnreadableError."""
        try:
            return self.read(BLOCK) or b""
        except OSError as error:
            raise UnreadableError(f"it cannot be read: {error}") from error


class Source(io.RawIOBase):
    """Blocks as a stream whose beginning can be looked at before it is read."""

    def __init__(self, more: Callable[[], bytes]) -> None:
        self._more = more
        """Gives the next block; nothing at the end, and again nothing after it."""
        self._held = b""
        self._place = 0
        """Where in the block that is held the next byte is."""
        self._fault: UnreadableError | None = None
        """Met while looking ahead; raised where it stands."""

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Read what is there, at most what fits."""
        view = memoryview(buffer).cast("B")
        part = self.part(len(view))
        view[: len(part)] = part
        return len(part)

    def part(self, most: int) -> bytes:
        """Read what is there, at most ``most``; nothing at the end. Raises what the blocks' maker raises."""
        if self._place == len(self._held):
            if self._fault is not None:
                raise self._fault
            self._held, self._place = self._more(), 0
        part = self._held[self._place : self._place + most]
        self._place += len(part)
        return part

    def beginning(self, size: int) -> bytes:
        """Look at the next ``size`` bytes, or all there are, which stay to be read."""
        try:
            while len(self._held) - self._place < size and self._fault is None and (block := self._more()):
                self._held, self._place = self._held[self._place :] + block, 0
        except UnreadableError as fault:
            self._fault = fault
        return self._held[self._place : self._place + size]

    def take(self, size: int) -> bytes:
        """Read ``size`` bytes; fewer at the end."""
        taken = self.beginning(size)
        self._place += len(taken)
        return taken

    def unread(self, size: int) -> None:
        """Have the last ``size`` bytes of the part that was just read come next."""
        self._place -= size
