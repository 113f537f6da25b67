"""Requests as they are read: one, pages of them, the lines of a log.

What belongs here: questions. Asked through ``ledger.access.owners_view`` they answer with the owner's own,
asked as our own role with everybody's. What does not: how answers look, and changing any (``queue.py``).
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database.paging import A_CURSOR, Page, key_of, parse_key, read_page
from gamefactory_dagster.database.tables.base import table_of
from gamefactory_dagster.database.tables.requests import ENDED
from gamefactory_dagster.database.tables.requests import Request as RequestRow
from gamefactory_dagster.errors import InputError, PermanentError

from .states import DEPLOYMENT, PHASES

REQUESTS = table_of(RequestRow)

A_REQUEST = "the number of a request of yours, or 'latest'"

_LARGEST = 2**31 - 1
"""Of a serial number."""

_NOT_TOLD = ("address", "is_named")


@dataclass(frozen=True, slots=True)
class Request:
    """A row of ``requests.jobs``."""

    id: int
    game_name: str | None
    prompt: str
    status: str
    phase_outputs: dict[str, Any]
    logs: list[dict[str, Any]]
    error: dict[str, Any] | None
    config: dict[str, Any]
    created_at: dt.datetime
    updated_at: dt.datetime
    owner_id: UUID | None
    game_id: UUID | None
    is_named: bool
    pair_of: int | None
    waits_for: int | None
    retry_of: int | None
    address: Any

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> "Request":
        """Give a row's request; what a statement selects beside the columns is left out."""
        return cls(**{field.name: row[field.name] for field in dataclasses.fields(cls)})

    @property
    def is_over(self) -> bool:
        """Whether nothing will become of it any more."""
        return self.status in ENDED

    @property
    def url(self) -> str | None:
        """Where its game is played, once it is there."""
        found = self.phase_outputs.get(DEPLOYMENT)
        return found.get("url") if isinstance(found, dict) else None

    @property
    def phases(self) -> dict[str, dict[str, Any]]:
        """What has been said of the phases that were begun, the first first."""
        return {phase: self.phase_outputs[phase] for phase in PHASES if phase in self.phase_outputs}

    @property
    def seconds(self) -> float | None:
        """How long it took from being entered; None until it has ended."""
        return (self.updated_at - self.created_at).total_seconds() if self.is_over else None

    def told(self) -> dict[str, Any]:
        """Everything there is to say of it, for scripts of its owner."""
        columns = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        shown = {name: value for name, value in columns.items() if name not in _NOT_TOLD}
        return shown | {"url": self.url, "seconds": self.seconds}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a request's log."""

    id: int
    level: str
    message: str
    timestamp: dt.datetime


def find(connection: sa.Connection, id_: int) -> Request | None:
    """Give the request of this number; None where the caller sees none."""
    if not 0 < id_ <= _LARGEST:
        return None
    row = connection.execute(sa.select(REQUESTS).where(REQUESTS.c.id == id_)).mappings().one_or_none()
    return None if row is None else Request.of(row)


def find_named(connection: sa.Connection, wanted: str) -> Request:
    """Give the request a person means: its number, or ``latest``.

    Raises InputError where the caller sees none such, PermanentError where they see none at all.
    """
    if wanted == "latest":
        newest = requests(connection, limit=1).rows
        if not newest:
            raise PermanentError('you have no request yet; make one: gamefactory request "a calm puzzle"')
        return newest[0]
    number = wanted.removeprefix("#")
    is_number = number.isascii() and number.isdecimal() and len(number) < 11
    found = find(connection, int(number)) if is_number else None
    if found is None:
        raise InputError("request", wanted, A_REQUEST)
    return found


def requests(
    connection: sa.Connection, *, status: str | None = None, after: str | None = None, limit: int = 50
) -> Page[Request]:
    """Give one page of requests, the newest first; ``after`` is what the page before told."""
    moment, id_ = ("infinity", _LARGEST) if after is None else parse_number_key(after)
    asked = {"moment": moment, "id": id_, "status": status}
    return read_page(
        connection, "requests/jobs", _request, lambda one: key_of(one.created_at, one.id), limit, asked
    )


def second_of(connection: sa.Connection, first: int) -> Request | None:
    """Give the second request of a pair; None where ``first`` is by itself."""
    row = connection.execute(sa.select(REQUESTS).where(REQUESTS.c.pair_of == first)).mappings().one_or_none()
    return None if row is None else Request.of(row)


def lines(
    connection: sa.Connection, request: int, *, after: str | None = None, limit: int = 1000
) -> Page[Line]:
    """Give one page of a request's log, the oldest line first."""
    moment, id_ = ("-infinity", 0) if after is None else parse_number_key(after)
    asked = {"request": request, "moment": moment, "id": id_}
    return read_page(
        connection, "requests/lines", Line, lambda line: key_of(line.timestamp, line.id), limit, asked
    )


def _request(**row: Any) -> Request:
    return Request.of(row)


def parse_number_key(text: str) -> tuple[str, int]:
    """Read a key whose id is a number; raises InputError."""
    moment, id_ = parse_key(text)
    if not (id_.isascii() and id_.isdecimal() and len(id_) < 19):
        raise InputError("after", text, A_CURSOR)
    return moment, int(id_)
