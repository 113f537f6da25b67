"""Connections: how many an address may have, and how long it may take to ask and to listen.

What belongs here: what is known of a connection before and after its requests. What does not: the requests
themselves, which uvicorn's own protocol reads, and the bounds (``limits.py``).

uvicorn waits for ever for a request that began, for the rest of a head, and for a client that reads nothing;
and it takes in requests without end that are sent before the first is answered.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

from .limits import Limits, Shares, client_name


def _answer(status: str, why: str) -> bytes:
    return (
        f"HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: {len(why)}\r\n"
        f"retry-after: 5\r\nconnection: close\r\n\r\n{why}"
    ).encode()


TOO_MANY = _answer("503 Service Unavailable", "Too many connections from your address; close some.")
TOO_SLOW = _answer("408 Request Timeout", "The request did not arrive in time.")
TOO_LONG = _answer("431 Request Header Fields Too Large", "The request's head is too long.")


_PIECE = 1024
"""Bytes that are read of a connection before its bounds are looked at again."""

_AHEAD = 16
"""Requests that may be sent before the first is answered. Browsers send none."""


def protocol(limits: Limits) -> Callable[..., asyncio.Protocol]:
    """What uvicorn calls for each connection of one server."""
    return partial(Connection, limits, Shares(limits.connections))


class Connection(asyncio.Protocol):
    """Stands between one client's socket and uvicorn's protocol, ``told`` being what that is made of."""

    def __init__(self, limits: Limits, shares: Shares, **told: Any) -> None:
        self._limits = limits
        self._shares = shares
        self._inner: Any = AutoHTTPProtocol(**told)
        self._client: str | None = None
        self._asking: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self._head = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a place, or say that there is none and close."""
        self._transport: Any = transport  # uvloop's is no asyncio.Transport, and does the same
        peer = transport.get_extra_info("peername")
        client = client_name(peer[0] if peer else None)
        if not self._shares.take(client):
            self._end(TOO_MANY)
            return
        self._client = client
        self._inner.connection_made(_Quiet(transport))
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Pass on what came; while no request is at work it belongs to a head, or to a body nobody wants."""
        for start in range(0, len(data), _PIECE):
            if self._client is None or self._transport.is_closing():
                return
            self._take_in(data[start : start + _PIECE])

    def _take_in(self, data: bytes) -> None:
        self._inner.data_received(data)
        if len(getattr(self._inner, "pipeline", ())) > _AHEAD:
            self._transport.abort()
        elif self._at_work():
            self._head = 0
            self._stop_waiting()
        else:
            self._head += len(data)
            if self._head > self._limits.head_bytes:
                self._end(TOO_LONG)
            elif self._asking is None:
                self._wait_for_head()

    def eof_received(self) -> bool | None:
        """Pass it on."""
        return None if self._client is None else self._inner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self._stop_waiting()
        self._stop_stalling()
        if self._client is not None:
            self._shares.give_back(self._client)
            self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        """Give a client that takes nothing a while."""
        loop = asyncio.get_running_loop()
        self._stalled = loop.call_later(self._limits.stall_seconds, self._transport.abort)
        if self._client is not None:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        """It took something."""
        self._stop_stalling()
        if self._client is not None:
            self._inner.resume_writing()

    def _at_work(self) -> bool:
        cycle = self._inner.cycle
        return cycle is not None and not cycle.response_complete

    def _wait_for_head(self) -> None:
        loop = asyncio.get_running_loop()
        self._asking = loop.call_later(self._limits.head_seconds, self._give_up)

    def _give_up(self) -> None:
        # browsers connect in advance: who asked nothing gets no answer
        self._end(TOO_SLOW if self._head else b"")

    def _end(self, answer: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer)
            self._transport.close()

    def _stop_waiting(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _stop_stalling(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None


class _Quiet:
    """A transport to which writing is in vain when it is closed, and no error.

    Of requests sent ahead uvicorn tells the last that the client has gone, and not the one at work.
    """

    def __init__(self, transport: Any) -> None:
        self._transport = transport

    def write(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
