"""Every way to pack a file of events, and files that unpack to far more than they are."""

import bz2
import gzip
import io
import struct
import zipfile

import pyarrow


def zstd(data):
    return pyarrow.compress(data, codec="zstd", asbytes=True)


class Pipe:
    """A file that can only be written to: what a zip says of a member then follows it."""

    def __init__(self):
        self.written = io.BytesIO()
        self.write = self.written.write

    def flush(self):
        pass


def as_zip(members, method=zipfile.ZIP_DEFLATED, *, streamed=False, large=False):
    """A zip of (name, data); ``streamed`` into a pipe; with the fields of ``large`` members."""
    pipe = Pipe()
    with zipfile.ZipFile(pipe if streamed else pipe.written, "w", method) as made:
        for name, data in members:
            if name.endswith("/"):
                made.writestr(name, data)
                continue
            with made.open(name, "w", force_zip64=large) as member:
                member.write(data)
    return pipe.written.getvalue()


def one_in_zip(data):
    return as_zip([("events.ndjson", data)])


def one_stored(data):
    return as_zip([("events.ndjson", data)], zipfile.ZIP_STORED)


def one_streamed(data):
    return as_zip([("events.ndjson", data)], streamed=True)


PACKERS = {
    "plain": bytes,
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "zstd": zstd,
    "zip": one_in_zip,
    "stored zip": one_stored,
    "streamed zip": one_streamed,
}


def zstd_bomb(byte, size, window=26):
    """A frame of runs of 128 kB of one byte, with a window of 2 to that power (RFC 8878, 3.1.1)."""
    run = 128 * 1024
    block, last = (struct.pack("<I", run << 3 | 1 << 1 | ends)[:3] + byte for ends in (0, 1))
    return b"\x28\xb5\x2f\xfd" + bytes([0, (window - 10) << 3]) + block * (size // run) + last


def zip_bomb(byte, size):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made, made.open("a.ndjson", "w") as member:
        for _ in range(0, size, _PIECE):
            member.write(byte * _PIECE)
    return file.getvalue()


def gzip_bomb(byte, size):
    return gzip.compress(byte * _PIECE) * -(-size // _PIECE)


_PIECE = 10_000_000
BOMBS = {
    "gzip": gzip_bomb,
    "bzip2": lambda byte, size: bz2.compress(byte * _PIECE) * -(-size // _PIECE),
    "zstd": zstd_bomb,
    "zip": zip_bomb,
    "gzip in zip": lambda byte, size: as_zip([("a.ndjson.gz", gzip_bomb(byte, size))]),
}
"""Give at least ``size`` bytes of one byte, packed small."""
