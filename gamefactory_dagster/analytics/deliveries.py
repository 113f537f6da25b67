"""Storing many small deliveries together, each with its own counts: for requests, and for events tried again.

What belongs here: few statements for all of them. What does not: long streams, and keeping what is refused
(``ingest.py``); transactions (the caller's).

By one JSON list and not by COPY: for the thousand events of a flush that is quicker, and tells which are new.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import NamedTuple

import orjson
import sqlalchemy as sa

from gamefactory_dagster.database.sql import load

from .events import Event
from .ingest import IntakeCounts, Judged, known_games, make_partitions, months, refuse

Key = tuple[str, datetime]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Events that came together; the other fields mean what they do to ``ingest.store_events``."""

    judged: Judged
    received_at: datetime
    source: str


class Stored(NamedTuple):
    """What became of one delivery."""

    counts: IntakeCounts
    new: list[Event]
    """Those counted as stored."""


def store_deliveries(connection: sa.Connection, deliveries: Sequence[Delivery]) -> list[Stored]:
    """Store deliveries in the caller's transaction; tells what became of each, in their order.

    Every event fares as with ``ingest.store_events``; one that stands in several counts as stored in
    the first. All are in memory at once, so give a few thousand events, not a file.

    Raises InputError for a value nested so deep that it cannot be kept, and what the database raises.
    """
    known = known_games(connection, {event.game_id for one in deliveries for event in one.judged.good})
    accepted = [[event for event in one.judged.good if event.game_id in known] for one in deliveries]
    make_partitions(connection, months(chain.from_iterable(accepted)))
    rows: dict[Key, dict[str, object]] = {}
    for delivery, events in zip(deliveries, accepted, strict=True):
        for event in events:
            rows.setdefault((event.id, event.timestamp), _row(event, delivery.received_at))
    fresh = _insert(connection, list(rows.values()))
    stored = []
    for one, events in zip(deliveries, accepted, strict=True):
        new = _taken(events, fresh)
        refused = refuse(connection, one.judged, known, received_at=one.received_at, source=one.source)
        stored.append(Stored(IntakeCounts(len(new), len(events) - len(new)) + refused, new))
    return stored


def _insert(connection: sa.Connection, rows: list[dict[str, object]]) -> set[Key]:
    """Insert what is not there yet; gives the keys of what was new."""
    if not rows:
        return set()
    statement = sa.text(load("analytics/insert_deliveries"))
    inserted = connection.execute(statement, {"events": orjson.dumps(rows).decode()})
    return {(row.id, row.timestamp) for row in inserted}


def _row(event: Event, received_at: datetime) -> dict[str, object]:
    row = event._asdict() | {"received_at": received_at}
    for column in ("properties", "device_info"):
        row[column] = orjson.Fragment(row[column])
    return row


def _taken(events: Iterable[Event], fresh: set[Key]) -> list[Event]:
    """One delivery's events among those that were new, which are taken out of ``fresh``."""
    new = []
    for event in events:
        key = event.id, event.timestamp
        if key in fresh:
            fresh.remove(key)
            new.append(event)
    return new
