"""Storing raw events: the one way in, for the arcade and for files alike.

What belongs here: from raw events to rows of ``analytics_events`` or ``quarantined_events``. What does not:
the rules of a single event (``events.py``), reading requests or files, and transactions (the caller's).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from uuid import UUID

import orjson
import sqlalchemy as sa

from gamefactory_dagster.database.sql import load
from gamefactory_dagster.errors import InputError

from .events import Event, Rejected, validate

CHUNK = 1000
"""Events a statement: larger ones are no faster, and memory stays bounded."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the events given."""

    stored: int = 0
    duplicate: int = 0
    """Had been stored before, or stand twice in what was given."""
    quarantined: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.stored + other.stored,
            self.duplicate + other.duplicate,
            self.quarantined + other.quarantined,
        )

    def as_json(self) -> dict[str, int]:
        """Give the counts as the collector answers them."""
        return {"stored": self.stored, "duplicate": self.duplicate, "quarantined": self.quarantined}


@dataclass(frozen=True, slots=True)
class _Quarantined:
    raw: str
    rejected: Rejected


def store_events(
    connection: sa.Connection,
    events: Iterable[object],
    *,
    received_at: datetime | None = None,
    game_id: str | None = None,
    source: str = "file",
) -> Counts:
    """Store raw events in the caller's transaction; a bad one is quarantined, its neighbours are stored.

    ``events``: decoded JSON values, or ``bytes`` for undecoded lines (kept to the letter when quarantined).
    Read in chunks, so any number may come. ``received_at`` defaults to the transaction's start, as the column
    does. ``game_id`` (lower case UUID), when given, is the only game they may be of, and that of those
    that name none. ``source`` says where they came from, at most 255 characters.

    Idempotent: given again, events count as duplicates and nothing changes. The first event of a month locks
    the table until the transaction ends, so commit a long stream now and then.

    Raises InputError for a value nested so deep that it cannot be kept, and what the database raises.
    """
    if received_at is None:
        received_at = connection.execute(sa.select(sa.func.now())).scalar_one()
    total = Counts()
    for chunk in _chunks(events):
        total += _store_chunk(connection, chunk, received_at, game_id, source)
    return total


def _chunks(events: Iterable[object]) -> Iterator[list[object]]:
    iterator = iter(events)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def _store_chunk(
    connection: sa.Connection, chunk: list[object], received_at: datetime, game_id: str | None, source: str
) -> Counts:
    good: list[tuple[Event, object]] = []
    bad: list[_Quarantined] = []
    for raw in chunk:
        found = validate(raw, received_at, game_id)
        if isinstance(found, Event):
            good.append((found, raw))
        else:
            bad.append(_Quarantined(_text(raw), found))
    known = _prepare(connection, [event for event, _ in good])
    accepted = [event for event, _ in good if event.game_id in known]
    bad += [
        _Quarantined(_text(raw), Rejected("unknown_game", "game_id", event.game_id))
        for event, raw in good
        if event.game_id not in known
    ]
    stored = _insert(connection, accepted, received_at)
    _quarantine(connection, bad, received_at, source)
    return Counts(stored, len(accepted) - stored, len(bad))


def _prepare(connection: sa.Connection, events: list[Event]) -> set[str]:
    """See which games exist, keep them from being deleted until commit, and make missing partitions."""
    if not events:
        return set()
    games = sorted({event.game_id for event in events})
    rows = connection.execute(sa.text(load("analytics/known_games")), {"ids": games})
    known = {str(game_id) for (game_id,) in rows}
    months = {(event.timestamp.year, event.timestamp.month) for event in events if event.game_id in known}
    if months:
        moments = [datetime(year, month, 1, tzinfo=UTC) for year, month in sorted(months)]
        connection.execute(sa.text(load("analytics/make_partitions")), {"months": moments})
    return known


def _insert(connection: sa.Connection, events: list[Event], received_at: datetime) -> int:
    """Insert what is not there yet; returns how many were new."""
    if not events:
        return 0
    parameters = {
        "events": orjson.dumps([_row(event) for event in events]).decode(),
        "received_at": received_at,
    }
    return connection.execute(sa.text(load("analytics/insert_events")), parameters).rowcount


def _row(event: Event) -> dict[str, object]:
    return {
        "id": event.id,
        "game_id": event.game_id,
        "event_type": event.event_type,
        "user_id": event.user_id,
        "session_id": event.session_id,
        "level": event.level,
        "properties": orjson.Fragment(event.properties),
        "device_info": orjson.Fragment(event.device_info),
        "timestamp": event.timestamp,
    }


def _quarantine(
    connection: sa.Connection, bad: list[_Quarantined], received_at: datetime, source: str
) -> None:
    if not bad:
        return
    parameters = {
        "id": [_quarantine_id(one) for one in bad],
        "raw": [one.raw for one in bad],
        "reason": [one.rejected.reason for one in bad],
        "field": [one.rejected.field for one in bad],
        "game_id": [one.rejected.game_id for one in bad],
        "received_at": received_at,
        "source": source,
    }
    connection.execute(sa.text(load("analytics/quarantine_events")), parameters)


def _quarantine_id(one: _Quarantined) -> UUID:
    """The same for the same event sent again, so that redelivery does not fill the table."""
    named = f"{one.rejected.game_id} {one.rejected.reason} {one.raw}"
    return UUID(bytes=hashlib.sha256(named.encode()).digest()[:16])


def _text(raw: object) -> str:
    """Text of an event to keep: no information lost, and nothing in it that PostgreSQL's text refuses."""
    if isinstance(raw, bytes):
        return raw.decode(errors="backslashreplace").replace("\0", "\\x00")
    try:
        return json.dumps(raw)  # orjson would write an infinity as null, and refuse a lone surrogate
    except RecursionError:
        raise InputError("event", type(raw).__name__, "JSON nested less than 900 deep") from None
