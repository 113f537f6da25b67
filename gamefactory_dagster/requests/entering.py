"""Requests from visitors of the arcade: how many, how long and how fast, and then into the queue.

What belongs here: the bounds that hold for strangers, and reading what they send. What does not: what may be
asked for (``asking.py``), the row (``queue.py``), and what is answered (``page.py``, ``api.py``).
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request

from gamefactory_dagster.arcade.bodies import plain_type, read_json, take_in
from gamefactory_dagster.arcade.limits import RateLimiter, client_name
from gamefactory_dagster.database import locks
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.locks import Lock
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.settings import Settings

from . import changing
from .asking import check_config
from .queue import QueueManager

BODY_BYTES = 64 * 1024
"""Of the longest prompt each character may take 12 bytes, as JSON or a form writes it; and there is more."""

BODY_SECONDS = 10.0

FULL_SECONDS = 30
"""When to try again where too many wait."""

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

_CLIENTS = 10_000
_FIELDS = ("prompt", "game_name", "config")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for, not checked yet."""

    prompt: Any = None
    game_name: Any = None
    config: Any = None


class Entrance:
    """Lets visitors enter requests. One an application, used on its event loop alone."""

    def __init__(self, settings: Settings, engine: sa.Engine) -> None:
        self._settings, self._engine = settings, engine
        a_minute = settings.requests_per_minute
        self._rate = RateLimiter(a_minute / 60, a_minute, _CLIENTS)

    async def enter(self, request: Request, asked: Asked) -> int:
        """Enter a request and give its number, of a pair the first's.

        Raises InputError for what may not be asked for, HTTPException 429 where its address asks too often
        and 503 where too many wait.
        """
        host = request.client.host if request.client else None
        self._admit(host)

        def enter() -> int:
            with transaction(self._engine) as connection:
                self._check_room(connection, 1 + check_config(asked.config).compare)
                queue = QueueManager(self._engine, self._settings, connection=connection)
                given = (asked.game_name, asked.prompt, asked.config)
                return queue.create_job(*given, address=_address(host)).id

        return await run_in_threadpool(enter)

    async def enter_again(self, request: Request, number: int) -> int:
        """Enter a request that failed anew. Raises the same; InputError where there is none that failed."""
        self._admit(request.client.host if request.client else None)

        def enter() -> int:
            with transaction(self._engine) as connection:
                self._check_room(connection, 1)
                return changing.enter_again(connection, self._settings, number).id

        return await run_in_threadpool(enter)

    def _admit(self, host: str | None) -> None:
        if wait := self._rate.take(client_name(host), 1):
            most = self._settings.requests_per_minute
            words = f"At most {most} games a minute can be asked for. Wait {wait} seconds, then ask again."
            raise HTTPException(429, words, {"Retry-After": str(wait)})

    def _check_room(self, connection: sa.Connection, wanted: int) -> None:
        locks.take(connection, Lock.ENTRANCE)
        most = self._settings.requests_waiting
        waiting: int = connection.execute(sa.text(load("requests/waiting")), {"most": most}).scalar_one()
        if waiting + wanted > most:
            words = f"{waiting} games are waiting to be made, of {most} that may. Ask again soon."
            raise HTTPException(503, words, {"Retry-After": str(FULL_SECONDS)})


async def form_of(request: Request) -> Asked:
    """Read the form of a page. Raises HTTPException 400, 408, 413 or 415."""
    body = await _body(request, FORM)
    try:
        given = dict(
            parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=9)
        )
    except ValueError:
        raise HTTPException(400, "The form cannot be read.") from None
    # a browser sends every end of a line so
    return Asked(prompt=given.get("prompt", "").replace("\r\n", "\n"))


async def json_of(request: Request) -> Asked:
    """Read what a program sends. Raises HTTPException 400, 408, 413 or 415, InputError for unknown fields."""
    given = read_json(await _body(request, JSON))
    if not isinstance(given, Mapping):
        raise HTTPException(400, "The body must be an object with prompt, and game_name or config if wanted.")
    if strange := [name for name in given if name not in _FIELDS]:
        raise InputError("body", strange[0], f"only {', '.join(_FIELDS)}")
    return Asked(**given)


async def _body(request: Request, expected: str) -> bytes:
    if plain_type(request.headers) != expected:
        raise HTTPException(415, f"Send it as {expected}.")
    body = bytearray()
    try:
        await take_in(body, request, BODY_BYTES, BODY_SECONDS)
    except TimeoutError:
        raise HTTPException(408, "The request's body did not arrive in time.") from None
    return bytes(body)


def _address(host: str | None) -> str | None:
    try:
        return str(ipaddress.ip_address(host or ""))
    except ValueError:
        return None
