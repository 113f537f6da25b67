"""``POST /v1/events``: from an untrusted request to stored events, or a clear no.

What belongs here: bounds of a request, the write key, the answer's status. What does not: whether an event is
acceptable or believed and how it is stored (``analytics``), and which requests are stored together
(``buffer.py``). One bad event never costs its neighbours: it is quarantined and counted. Nor does one bad
request.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import sqlalchemy as sa
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from gamefactory_dagster.analytics.ingest import IntakeCounts
from gamefactory_dagster.analytics.plausible import Bounds
from gamefactory_dagster.analytics.strangers import Visit, hashed, store_visits
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.errors import InputError, TransientError
from gamefactory_dagster.ids import canonical_uuid

from .bodies import plain_type, read_json, take_in, too_large
from .buffer import Buffer
from .limits import Limits, RateLimiter, client_name

CONTENT_TYPES = {"application/json", "text/plain"}
"""What ``fetch`` and ``sendBeacon`` send."""

BUSY_SECONDS = 5
"""When to try again after the database was away or busy."""

FULL_SECONDS = 60
"""When to try again after the disk was full."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one request brought."""

    game_id: str
    write_key: str
    events: list[object]
    client: str = "unknown"
    """Its address, as ``client_name`` gives it."""


class Collector:
    """Takes batches of events. One an application.

    ``lack`` says, as often as it is asked, why nothing can be stored; None when it can.
    """

    def __init__(
        self,
        engine: sa.Engine,
        limits: Limits,
        bounds: Bounds,
        lack: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._limits = limits
        self._lack = lack
        self._rate = RateLimiter(limits.tokens_per_second, limits.burst_tokens, limits.clients)
        self._buffer = Buffer(
            partial(store, engine, bounds=bounds),
            capacity=limits.waiting,
            flush_size=limits.flush_events,
            flush_seconds=limits.flush_seconds,
        )

    async def post(self, request: Request) -> JSONResponse:
        """Store one batch; answers only after it is committed."""
        client = client_name(request.client.host if request.client else None)
        self._admit(client)
        check_headers(request.headers, self._limits.body_bytes)
        if why := self._lack():
            raise HTTPException(507, why, {"Retry-After": str(FULL_SECONDS)})
        body = await self._body(request, client)
        sent = replace(parse(body, self._limits.batch_events), client=client)
        self._rate.owe(client, max(0, len(sent.events) - len(body) // self._limits.token_bytes))
        if not self._buffer.room(client):
            raise busy("Too many requests are waiting; keep the events and try again.")
        try:
            counts = await self._buffer.add(sent, len(sent.events), client)
        except InputError as error:
            raise HTTPException(400, str(error)) from error
        return JSONResponse(counts.as_json())

    def _admit(self, client: str) -> None:
        """Refuse who has no token left. What a request brings is paid for when it is known, even by owing."""
        wait = self._rate.take(client, 1)
        if wait:
            raise HTTPException(429, "Too many events; try again later.", {"Retry-After": str(wait)})

    async def _body(self, request: Request, client: str) -> bytes:
        body = bytearray()
        try:
            await take_in(body, request, self._limits.body_bytes, self._limits.body_seconds)
        except TimeoutError:
            # Not 408: a client keeps its events after 5xx and 429 only.
            raise busy("The request's body did not arrive in time; keep the events and try again.") from None
        finally:
            self._rate.owe(client, len(body) // self._limits.token_bytes)
        return bytes(body)


def check_headers(headers: Mapping[str, str], limit: int) -> None:
    """Refuse what the headers alone tell: other types, bodies said to be too large."""
    if plain_type(headers) not in CONTENT_TYPES:
        raise HTTPException(415, "Send plain JSON, as application/json or text/plain.")
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length[:20]) > limit:
        raise too_large(limit)


def parse(body: bytes, most: int) -> Sent:
    """Read the envelope: game id (lower case), write key, events. Raises HTTPException 400, 401 or 413."""
    envelope = read_json(body)
    if not isinstance(envelope, dict):
        raise HTTPException(400, "The body must be an object with game_id, write_key and events.")
    game_id, key, events = (envelope.get(name) for name in ("game_id", "write_key", "events"))
    game = canonical_uuid(game_id) if isinstance(game_id, str) else None
    if game is None:
        raise HTTPException(400, "game_id must be a UUID.")
    if not isinstance(events, list):
        raise HTTPException(400, "events must be a list.")
    if len(events) > most:
        raise HTTPException(413, f"At most {most} events a request.")
    if not isinstance(key, str):
        raise HTTPException(401, "write_key is missing.")
    return Sent(game, key, events)


def store(engine: sa.Engine, requests: list[Sent], bounds: Bounds) -> list[IntakeCounts | Exception]:
    """Store what requests brought in one transaction; gives each one's counts, or the error to answer with.

    When it fails for a reason that may be one request's own, each is stored alone.
    """
    try:
        with transaction(engine) as connection:
            return _store_together(connection, requests, bounds)
    except TransientError as error:
        return [error] * len(requests)
    except Exception as error:
        if len(requests) == 1:
            return [error]
        return [answer for request in requests for answer in store(engine, [request], bounds)]


def _store_together(
    connection: sa.Connection, requests: list[Sent], bounds: Bounds
) -> list[IntakeCounts | Exception]:
    ids = list({request.game_id for request in requests})
    rows = connection.execute(sa.text(load("analytics/write_keys")), {"ids": ids}).all()
    games = {row.game_id: row for row in rows}
    refusals: list[HTTPException | None] = []
    visits = []
    for request in requests:
        game = games.get(request.game_id)
        refusals.append(check_key(None if game is None else game.write_key, request.write_key))
        if game is not None and refusals[-1] is None:
            address = hashed(request.client, request.game_id, game.address_key)
            visits.append(Visit(request.events, request.game_id, address, game.opened))
    counts = iter(store_visits(connection, visits, rows[0].received_at, bounds) if visits else [])
    return [refusal or next(counts) for refusal in refusals]


def check_key(expected: str | None, given: str) -> HTTPException | None:
    """Check a game's write key in constant time; None when it is the right one, else what to answer."""
    if expected is None:
        return HTTPException(404, "There is no such game.")
    if not hmac.compare_digest(expected.encode(), given.encode(errors="backslashreplace")):
        return HTTPException(401, "write_key is not this game's.")
    return None


def busy(why: str) -> HTTPException:
    """Answer 503: nothing was stored, the client keeps its events."""
    return HTTPException(503, why, {"Retry-After": str(BUSY_SECONDS)})
