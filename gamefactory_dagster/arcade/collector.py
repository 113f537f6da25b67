"""``POST /v1/events``: from an untrusted request to stored events, or a clear no.

What belongs here: bounds, the write key, the answer's status. What does not: whether an event is acceptable
and how it is stored (``analytics``). One bad event never costs its neighbours: it is quarantined and counted.
"""

import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
import sqlalchemy as sa
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse

from gamefactory_dagster.analytics.events import decode
from gamefactory_dagster.analytics.ingest import Counts, store_events
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.errors import InputError

from .limits import Limits, RateLimiter, client_name

CONTENT_TYPES = {"application/json", "text/plain"}
"""What ``fetch`` and ``sendBeacon`` send."""

BUSY_SECONDS = 5
"""When to try again after the database was away or busy."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class Collector:
    """Takes batches of events. One an application."""

    def __init__(self, engine: sa.Engine, limits: Limits) -> None:
        self._engine = engine
        self._limits = limits
        self._rate = RateLimiter(limits.tokens_per_second, limits.burst_tokens, limits.clients)
        self._workers = anyio.CapacityLimiter(limits.workers)

    async def post(self, request: Request) -> JSONResponse:
        """Store one batch; answers only after it is committed."""
        client = client_name(request.client.host if request.client else None)
        self._spend(client, 1)
        check_headers(request.headers, self._limits.body_bytes)
        body = await self._body(request)
        game_id, key, events = parse(body, self._limits.batch_events)
        self._spend(client, len(events))
        if self._workers.statistics().tasks_waiting >= self._limits.waiting:
            raise busy("Too many requests are waiting; keep the events and try again.")
        try:
            counts = await anyio.to_thread.run_sync(self._store, game_id, key, events, limiter=self._workers)
        except InputError as error:
            raise HTTPException(400, str(error)) from error
        return JSONResponse(counts.as_json())

    def _spend(self, client: str, tokens: int) -> None:
        wait = self._rate.take(client, tokens)
        if wait:
            raise HTTPException(429, "Too many events; try again later.", {"Retry-After": str(wait)})

    async def _body(self, request: Request) -> bytes:
        """Read the body, and stop as soon as it is too large, whatever its headers said."""
        body = bytearray()
        try:
            with anyio.fail_after(self._limits.body_seconds):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > self._limits.body_bytes:
                        raise too_large(self._limits.body_bytes)
        except TimeoutError:
            # Not 408: a client keeps its events after 5xx and 429 only.
            raise busy("The request's body did not arrive in time; keep the events and try again.") from None
        except ClientDisconnect:
            raise HTTPException(400, "The request's body ended early.") from None
        return bytes(body)

    def _store(self, game_id: str, key: str, events: list[object]) -> Counts:
        with transaction(self._engine) as connection:
            received_at = check_key(connection, game_id, key)
            return store_events(connection, events, received_at=received_at, game_id=game_id, source="arcade")


def check_headers(headers: Mapping[str, str], limit: int) -> None:
    """Refuse what the headers alone tell: other sites, other types, bodies said to be too large."""
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        raise HTTPException(403, "Events are taken from the arcade's own pages only.")
    content_type = headers.get("content-type", "").split(";")[0].strip().lower()
    if content_type not in CONTENT_TYPES or headers.get("content-encoding", "identity") != "identity":
        raise HTTPException(415, "Send plain JSON, as application/json or text/plain.")
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length[:20]) > limit:
        raise too_large(limit)


def parse(body: bytes, most: int) -> tuple[str, str, list[object]]:
    """Read the envelope: game id (lower case), write key, events. Raises HTTPException 400, 401 or 413."""
    try:
        envelope = decode(body)
    except ValueError:
        raise HTTPException(400, "The body is not JSON.") from None
    if not isinstance(envelope, dict):
        raise HTTPException(400, "The body must be an object with game_id, write_key and events.")
    game_id, key, events = (envelope.get(name) for name in ("game_id", "write_key", "events"))
    if not isinstance(game_id, str) or not _UUID.fullmatch(game_id.lower()):
        raise HTTPException(400, "game_id must be a UUID.")
    if not isinstance(events, list):
        raise HTTPException(400, "events must be a list.")
    if len(events) > most:
        raise HTTPException(413, f"At most {most} events a request.")
    if not isinstance(key, str):
        raise HTTPException(401, "write_key is missing.")
    return game_id.lower(), key, events


def check_key(connection: sa.Connection, game_id: str, key: str) -> datetime:
    """Check the game's write key in constant time; returns the time of receipt, the transaction's start."""
    row: Any = connection.execute(sa.text(load("analytics/write_key")), {"game_id": game_id}).one_or_none()
    if row is None:
        raise HTTPException(404, "There is no such game.")
    if not hmac.compare_digest(row.write_key.encode(), key.encode(errors="backslashreplace")):
        raise HTTPException(401, "write_key is not this game's.")
    received_at: datetime = row.received_at
    return received_at


def too_large(limit: int) -> HTTPException:
    """Answer 413."""
    return HTTPException(413, f"The body may have at most {limit} bytes.")


def busy(why: str) -> HTTPException:
    """Answer 503: nothing was stored, the client keeps its events."""
    return HTTPException(503, why, {"Retry-After": str(BUSY_SECONDS)})
