"""Storing many small deliveries together, each with its own counts: for requests, and for events tried again.

What belongs here: few statements for all of them. What does not: long streams, and keeping what is refused
(``ingest.py``); transactions (the caller's).

By one JSON list and not by COPY: for the thousand events of a flush that is quicker, and tells which are new.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

import orjson
import sqlalchemy as sa

from gamefactory_dagster.database.sql import load

from .events import Event
from .ingest import IntakeCounts, judge, known_games, make_partitions, months, refuse

Key = tuple[str, datetime]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Raw events that came together. The fields mean what they do to ``ingest.store_events``."""

    events: Sequence[object]
    received_at: datetime
    game_id: str | None
    source: str


def store_deliveries(connection: sa.Connection, deliveries: Sequence[Delivery]) -> list[IntakeCounts]:
    """Store deliveries in the caller's transaction; gives each one's counts, in their order.

    Every event fares as with ``ingest.store_events``; one that stands in several counts as stored in
    the first. All are in memory at once, so give a few thousand events, not a file.

    Raises InputError for a value nested so deep that it cannot be kept, and what the database raises.
    """
    judged = [judge(delivery.events, delivery.received_at, delivery.game_id) for delivery in deliveries]
    known = known_games(connection, {event.game_id for one in judged for event in one.good})
    accepted = [[event for event in one.good if event.game_id in known] for one in judged]
    make_partitions(connection, months(chain.from_iterable(accepted)))
    rows: dict[Key, dict[str, object]] = {}
    for delivery, events in zip(deliveries, accepted, strict=True):
        for event in events:
            rows.setdefault((event.id, event.timestamp), _row(event, delivery.received_at))
    new = _insert(connection, list(rows.values()))
    return [
        _count(events, new)
        + refuse(connection, one, known, received_at=delivery.received_at, source=delivery.source)
        for delivery, one, events in zip(deliveries, judged, accepted, strict=True)
    ]


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


def _count(events: Iterable[Event], new: set[Key]) -> IntakeCounts:
    """Count one delivery's events, taking those that were new out of ``new``."""
    stored = duplicate = 0
    for event in events:
        key = event.id, event.timestamp
        if key in new:
            new.remove(key)
            stored += 1
        else:
            duplicate += 1
    return IntakeCounts(stored, duplicate)
