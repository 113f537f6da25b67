"""The members of a zip, one after another as they come: a pipe will do, and half a file gives what is in it.

What belongs here: how a zip is laid out (PKWARE's APPNOTE.TXT, 4.3). What does not: what the members hold.

The directory at the end of a zip is not read, so that a million entries take no memory. Of a name only the
end is looked at: it never becomes a path.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .streams import BLOCK, Source, UnreadableError

_MEMBER = b"PK\x03\x04"
_END = b"PK\x05\x06"
_ENDS = (_END, b"PK\x01\x02", b"PK\x06\x06", b"PK\x06\x08")
"""What may come after the last member: parts of the directory."""

BEGINNINGS = (_MEMBER, _END)
"""The first bytes of a zip; the second of one that holds nothing."""

_HEADER = struct.Struct("<4xHHHHHIIIHH")
_FIELD = struct.Struct("<HH")
_SIZES_64 = struct.Struct("<QQ")
_CHECKSUM = struct.Struct("<I")
_ZIP_64 = 1
_IN_ZIP_64 = 0xFFFF_FFFF

_ENCRYPTED = 1 << 0
_SIZES_FOLLOW = 1 << 3
_STORED, _DEFLATED = 0, 8

_PACKED_BLOCK = 1 << 14
"""Packed bytes read at once: of a small member, what is too much is looked at again."""

_TRAILERS = ((b"PK\x07\x08", 16), (b"PK\x07\x08", 24), (b"", 12), (b"", 20))
"""What may follow a member whose sizes were not known before: how it begins, and its length."""


class _Member(NamedTuple):
    name: bytes
    encrypted: bool
    method: int
    checksum: int | None
    """None, as the size: it follows the data."""
    size: int | None
    """Of what is in the zip."""


def members(source: Source, suffixes: Sequence[str]) -> Iterator[Iterator[bytes]]:
    """Give the blocks of each member whose name ends in one of ``suffixes``, hidden ones left out.

    Raises UnreadableError when the zip breaks off or is damaged, when a member is packed in another way than
    most, and at the end when it holds no such member.
    """
    endings = tuple(suffix.encode() for suffix in suffixes)
    found = False
    while source.beginning(len(_MEMBER)) == _MEMBER:
        member = _read_header(source)
        name = member.name.replace(b"\\", b"/").rpartition(b"/")[2]
        wanted = name.endswith(endings) and not name.startswith(b".")
        blocks = _contents(source, member, wanted)
        if wanted:
            found = True
            yield blocks
        for _ in blocks:
            pass
    if _taken(source, len(_END)) not in _ENDS:
        raise UnreadableError("the zip is damaged")
    if not found:
        raise UnreadableError(f"the zip holds no file that ends in {', '.join(suffixes)}")
    while source.part(BLOCK):  # or whoever writes to a pipe would be cut off
        pass


def _read_header(source: Source) -> _Member:
    header = _taken(source, _HEADER.size)
    _, flags, method, _, _, checksum, size, whole, name_length, extra_length = _HEADER.unpack(header)
    name, extra = _taken(source, name_length), _taken(source, extra_length)
    encrypted = bool(flags & _ENCRYPTED)
    if flags & _SIZES_FOLLOW:
        return _Member(name, encrypted, method, None, None)
    if _IN_ZIP_64 in {size, whole}:
        size = _size_64(extra)
    return _Member(name, encrypted, method, checksum, size)


def _size_64(extra: bytes) -> int:
    """Find the size in a zip in the fields for what is larger than 4 GB."""
    while len(extra) >= _FIELD.size:
        kind, length = _FIELD.unpack_from(extra)
        if kind == _ZIP_64 and min(length, len(extra) - _FIELD.size) >= _SIZES_64.size:
            return int(_SIZES_64.unpack_from(extra, _FIELD.size)[1])
        extra = extra[_FIELD.size + length :]
    raise UnreadableError("the zip is damaged: a member does not say its size")


def _contents(source: Source, member: _Member, wanted: bool) -> Iterator[bytes]:
    """Give a member's plain blocks, and check them; of one that is not wanted, blocks as they are."""
    if member.size is not None and not wanted:
        yield from _stored(source, member.size)
        return
    if member.method == _DEFLATED and not member.encrypted:
        blocks = _inflated(source)
    elif member.method == _STORED and not member.encrypted and member.size is not None:
        blocks = _stored(source, member.size)
    else:
        raise UnreadableError(
            f"{_shown(member)} in the zip is encrypted or packed in a way that is not read: unpack it first"
        )
    checksum = 0
    for block in blocks:
        checksum = zlib.crc32(block, checksum)
        yield block
    if member.checksum is None:
        _pass_trailer(source, checksum, member)
    elif member.checksum != checksum:
        raise UnreadableError(f"{_shown(member)} in the zip is damaged: its checksum differs")


def _stored(source: Source, size: int) -> Iterator[bytes]:
    while size:
        block = _part(source, min(size, BLOCK))
        yield block
        size -= len(block)


def _inflated(source: Source) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    while not inflate.eof:
        packed = inflate.unconsumed_tail or _part(source, _PACKED_BLOCK)
        try:
            block = inflate.decompress(packed, BLOCK)
        except zlib.error as error:
            raise UnreadableError(f"the zip is damaged: {error}") from None
        if block:
            yield block
    source.unread(len(inflate.unused_data))


def _pass_trailer(source: Source, checksum: int, member: _Member) -> None:
    """Pass what follows a member: of its forms, the one that fits and ends where something begins."""
    for mark, length in _TRAILERS:
        trailer = source.beginning(length + len(_MEMBER))
        fits = trailer.startswith(mark + _CHECKSUM.pack(checksum))
        if fits and trailer[length:] in {_MEMBER, *_ENDS}:
            source.take(length)
            return
    raise UnreadableError(f"{_shown(member)} in the zip is damaged: its checksum differs")


def _taken(source: Source, size: int) -> bytes:
    taken = source.take(size)
    if len(taken) < size:
        _part(source, 1)  # says why
    return taken


def _part(source: Source, most: int) -> bytes:
    part = source.part(most)
    if not part:
        raise UnreadableError("the zip ends early")
    return part


def _shown(member: _Member) -> str:
    return member.name.decode(errors="backslashreplace")
