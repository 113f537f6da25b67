"""Storing many small batches together, each with its own counts: for requests, and for events tried again.

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
from .ingest import Counts, judge, known_games, make_partitions, months, refuse

Key = tuple[str, datetime]


@dataclass(frozen=True, slots=True)
class Batch:
    """Raw events that came together. The fields mean what they do to ``ingest.store_events``."""

    events: Sequence[object]
    received_at: datetime
    game_id: str | None
    source: str


def store_batches(connection: sa.Connection, batches: Sequence[Batch]) -> list[Counts]:
    """Store batches in the caller's transaction; gives each one's counts, in their order.

    Every event fares as with ``ingest.store_events``; one that stands in several batches counts as stored in
    the first. All are in memory at once, so give a few thousand events, not a file.

    Raises InputError for a value nested so deep that it cannot be kept, and what the database raises.
    """
    judged = [judge(batch.events, batch.received_at, batch.game_id) for batch in batches]
    known = known_games(connection, {event.game_id for one in judged for event in one.good})
    accepted = [[event for event in one.good if event.game_id in known] for one in judged]
    make_partitions(connection, months(chain.from_iterable(accepted)))
    rows: dict[Key, dict[str, object]] = {}
    for batch, events in zip(batches, accepted, strict=True):
        for event in events:
            rows.setdefault((event.id, event.timestamp), _row(event, batch.received_at))
    new = _insert(connection, list(rows.values()))
    return [
        _count(events, new)
        + refuse(connection, one, known, received_at=batch.received_at, source=batch.source)
        for batch, one, events in zip(batches, judged, accepted, strict=True)
    ]


def _insert(connection: sa.Connection, rows: list[dict[str, object]]) -> set[Key]:
    """Insert what is not there yet; gives the keys of what was new."""
    if not rows:
        return set()
    statement = sa.text(load("analytics/insert_batches"))
    inserted = connection.execute(statement, {"events": orjson.dumps(rows).decode()})
    return {(row.id, row.timestamp) for row in inserted}


def _row(event: Event, received_at: datetime) -> dict[str, object]:
    row = event._asdict() | {"received_at": received_at}
    for column in ("properties", "device_info"):
        row[column] = orjson.Fragment(row[column])
    return row


def _count(events: Iterable[Event], new: set[Key]) -> Counts:
    """Count one batch's events, taking those that were new out of ``new``."""
    stored = duplicate = 0
    for event in events:
        key = event.id, event.timestamp
        if key in new:
            new.remove(key)
            stored += 1
        else:
            duplicate += 1
    return Counts(stored, duplicate)
