"""The body of an answer as it comes in: counted, unpacked where it is packed, and never more than may be.

What belongs here: one answer's bytes. What does not: asking for it (``http.py``).
"""

import zlib

import httpx

from gamefactory_dagster.replays.parsing import MAX_BYTES

from .contents import checked, too_large
from .errors import BrokenOffError, NotAReplayError

_STEP = 1 << 16
"""Bytes unpacked at once."""

_GZIP = 16 + zlib.MAX_WBITS


async def read_body(answer: httpx.Response, name: str) -> bytes:
    """Take in an answer, of which nothing was read, and give the replay in it.

    Raises TooLargeError, as soon as it is known, NotAReplayError, BrokenOffError, and what httpx does.
    """
    if int(answer.headers.get("content-length", "0")) > MAX_BYTES:
        raise too_large(name)
    packing = answer.headers.get("content-encoding", "identity").strip().lower()
    if packing not in {"identity", "gzip", "x-gzip"}:
        raise NotAReplayError(f"{name} comes packed as {packing[:40]!r}, which nobody asked for")
    unpacking = None if packing == "identity" else zlib.decompressobj(_GZIP)
    body, arrived = bytearray(), 0
    async for block in answer.aiter_raw():
        arrived += len(block)
        if arrived > MAX_BYTES:
            raise too_large(name)
        if unpacking is None:
            body += block
        else:
            _unpack(unpacking, block, body, name)
    if unpacking is not None and not unpacking.eof:
        raise BrokenOffError(f"{name}: the packed answer ends early")
    if _is_half(answer, body):
        raise BrokenOffError(f"{name}: the answer, which does not say how long it is, ends early")
    return checked(bytes(body), name)


def _unpack(unpacking: "zlib._Decompress", block: bytes, body: bytearray, name: str) -> None:
    """Unpack a block of a gzip of one member into ``body``: many could be tiny, each costing its own time."""
    while block:
        try:
            body += unpacking.decompress(block, _STEP)
        except zlib.error as error:
            raise NotAReplayError(f"{name} does not unpack: {error}") from None
        if len(body) > MAX_BYTES:
            raise too_large(name)
        if unpacking.unused_data:
            raise NotAReplayError(f"{name} goes on after its packed data")
        block = unpacking.unconsumed_tail


def _is_half(answer: httpx.Response, body: bytearray) -> bool:
    """Whether an object is not ended in an answer that ends, for all it says, with the connection."""
    tells = {"content-length", "transfer-encoding"} & answer.headers.keys()
    return not tells and body.lstrip().startswith(b"{") and not body.rstrip().endswith(b"}")
