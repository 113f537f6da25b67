"""OGG Vorbis bytes that are the same every time.

libsndfile gives each stream a random serial number. Here every page gets a fixed one and a new checksum,
as RFC 3533 (https://www.rfc-editor.org/rfc/rfc3533) lays a page out: serial at byte 14, CRC at byte 22,
segment count at byte 26. What belongs here: writing and reading. What does not: making sound.

libsndfile is given files: what is raised while it calls Python to read or write, as by who stops a run, would
be swallowed, and the sound be cut short.
"""

from __future__ import annotations

import struct
import zlib
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from gamefactory_dagster.errors import PermanentError

from .synthesis import RATE

if TYPE_CHECKING:
    from .synthesis import Wave

SERIAL = 0x47414D45
"""Serial number of every stream ("GAME")."""

_ONES = 0xFFFFFFFF

_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
"""Every byte with its bits the other way round."""


def encode(wave: Wave, quality: float) -> bytes:
    """Mono OGG Vorbis of ``wave``; ``quality`` 0 (best) to 1 (smallest) is libsndfile's level."""
    import soundfile

    with TemporaryFile() as ogg:
        with soundfile.SoundFile(
            ogg.fileno(), "w", RATE, 1,
            format="OGG", subtype="VORBIS", compression_level=quality, closefd=False,
        ) as file:  # fmt: skip
            for start in range(0, len(wave), 4096):
                file.write(wave[start : start + 4096])
        ogg.seek(0)
        return with_serial(ogg.read(), SERIAL)


def decode(ogg: bytes) -> tuple[Wave, int]:
    """Samples and rate of an OGG file; raises PermanentError when it is none."""
    import soundfile

    try:
        with TemporaryFile() as copy:
            copy.write(ogg)
            copy.seek(0)
            with soundfile.SoundFile(copy.fileno(), closefd=False) as file:
                return file.read(dtype="float64"), file.samplerate
    except soundfile.LibsndfileError as error:
        raise PermanentError(f"not a readable OGG file: {error}") from error


def with_serial(ogg: bytes, serial: int) -> bytes:
    """The same stream under another serial number, checksums put right; raises PermanentError when torn."""
    pages = []
    at = 0
    while at < len(ogg):
        if ogg[at : at + 4] != b"OggS" or at + 27 > len(ogg):
            raise PermanentError(f"not an OGG page at byte {at}")
        segments = ogg[at + 26]
        end = at + 27 + segments + sum(ogg[at + 27 : at + 27 + segments])
        page = bytearray(ogg[at:end])
        page[14:18] = struct.pack("<I", serial)
        page[22:26] = bytes(4)
        page[22:26] = struct.pack("<I", checksum(bytes(page)))
        pages.append(bytes(page))
        at = end
    return b"".join(pages)


def checksum(page: bytes) -> int:
    """The CRC-32 of RFC 3533: polynomial 0x04c11db7, no reflection, start and final XOR 0.

    zlib's has the same polynomial, and goes through bits the other way round, from and to the complement.
    """
    mirrored = zlib.crc32(page.translate(_MIRRORED), _ONES) ^ _ONES
    return int.from_bytes(mirrored.to_bytes(4, "little").translate(_MIRRORED), "big")
