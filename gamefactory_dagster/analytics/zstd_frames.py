"""Zstandard frames looked at before they are unpacked: how much memory each one asks for (RFC 8878, 3.1).

What belongs here: the layout of frames and blocks. What does not: unpacking them (``packed.py``).
"""

from collections.abc import Iterator

from .streams import BLOCK, Source, UnreadableError

MAGIC = b"\x28\xb5\x2f\xfd"

WINDOW = 64 << 20
"""Most bytes a frame may ask to be kept; ``zstd`` asks for 8 MB at level 19, and for 128 MB with --long."""

_ID_SIZES = (0, 1, 2, 4)
_CONTENT_SIZES = (0, 2, 4, 8)
_SINGLE, _CHECKSUM = 1 << 5, 1 << 2
_RUN = 1
"""The kind of block that is one byte, repeated."""


def checked(source: Source) -> Iterator[bytes]:
    """Give what is in ``source``, to its end; raises UnreadableError before a frame with a larger window."""
    while source.beginning(len(MAGIC)) == MAGIC:
        start = source.take(len(MAGIC) + 1)
        flags = start[-1] if len(start) > len(MAGIC) else 0
        rest = source.take(_rest_of_header(flags))
        if _window(flags, rest) > WINDOW:
            raise UnreadableError(
                f"unpacking it takes more than {WINDOW >> 20} MB of memory: unpack it first, as in"
                " zstd -dc --long=31 FILE | gamefactory events import -"
            )
        yield start + rest
        yield from _blocks(source)
        if flags & _CHECKSUM and (checksum := source.take(4)):
            yield checksum
    while part := source.part(BLOCK):  # of what is no frame the unpacker says so
        yield part


def _rest_of_header(flags: int) -> int:
    content = _CONTENT_SIZES[flags >> 6] or bool(flags & _SINGLE)
    return (not flags & _SINGLE) + _ID_SIZES[flags & 3] + content


def _window(flags: int, rest: bytes) -> int:
    """Bytes to be kept; of a single segment that is its content, of which it says the size."""
    if flags & _SINGLE:
        return int.from_bytes(rest[_ID_SIZES[flags & 3] :], "little")
    base = 1 << (10 + (rest[0] >> 3)) if rest else 0
    return base + base // 8 * (rest[0] & 7 if rest else 0)


def _blocks(source: Source) -> Iterator[bytes]:
    last = False
    while not last and (block := source.take(3)):
        number = int.from_bytes(block, "little")
        last = bool(number & 1)
        yield block
        left = 1 if number >> 1 & 3 == _RUN else number >> 3
        while left and (part := source.part(min(left, BLOCK))):
            yield part
            left -= len(part)
