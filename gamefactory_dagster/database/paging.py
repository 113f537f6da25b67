"""Pages of rows: each begins after a key and never at an offset, so that the last costs what the first does.

What belongs here: keys, and reading one page of any statement. What does not: the statements, and what their
rows mean to anybody.

A statement has the parameters ``moment``, ``id`` and ``limit``, and orders its rows by the two first.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.ids import canonical_uuid

from .sql import load

A_CURSOR = "what the page before told to go on with"

_KEY = re.compile(r"([0-9]{1,18})\.(\S{1,200})")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

Key = tuple[str, str]
"""A moment as PostgreSQL reads it, and an id."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some of the rows; ``after`` is what the next page is asked for with, None on the last."""

    rows: list[Row]
    after: str | None


def read_page(
    connection: sa.Connection,
    statement: str,
    made: Callable[..., Row],
    key: Callable[[Row], str],
    limit: int,
    asked: dict[str, Any],
) -> Page[Row]:
    """Read one page; ``made`` makes a row of its columns, ``key`` says what the next page comes after."""
    found = connection.execute(sa.text(load(statement)), {**asked, "limit": limit + 1}).mappings().all()
    rows = [made(**row) for row in found[:limit]]
    return Page(rows, key(rows[-1]) if rows and len(found) > limit else None)


def key_of(moment: dt.datetime, id_: object) -> str:
    """A key as one word, for a URL or an option."""
    return f"{(moment - _EPOCH) // dt.timedelta(microseconds=1)}.{id_}"


def parse_key(text: str) -> Key:
    """Read a key again, whoever wrote it; raises InputError."""
    found = _KEY.fullmatch(text)
    if not found or not found[2].isprintable():
        raise InputError("after", text, A_CURSOR)
    try:
        moment = _EPOCH + dt.timedelta(microseconds=int(found[1]))
    except OverflowError:
        raise InputError("after", text, A_CURSOR) from None
    return moment.isoformat(), found[2]


def parse_uuid_key(text: str) -> Key:
    """Read a key whose id is a UUID; raises InputError."""
    moment, id_ = parse_key(text)
    if canonical_uuid(id_) != id_:
        raise InputError("after", text, A_CURSOR)
    return moment, id_
