"""Storing many small batches together, each with its own counts: for requests, and for events tried again.

What belongs here: few statements for all of them. What does not: long streams (``ingest.py``), which also
takes what is refused here, and transactions (the caller's).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
import sqlalchemy as sa

from gamefactory_dagster.database.sql import load

from .events import Event, Rejected, validate
from .ingest import Counts, store_events

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
    judged = [[validate(raw, batch.received_at, batch.game_id) for raw in batch.events] for batch in batches]
    events = [one for each in judged for one in each if isinstance(one, Event)]
    known = known_games(connection, {event.game_id for event in events})
    rows = [
        _row(one, batch.received_at)
        for batch, each in zip(batches, judged, strict=True)
        for one in each
        if isinstance(one, Event) and one.game_id in known
    ]
    _make_partitions(connection, [event for event in events if event.game_id in known])
    new = _insert(connection, rows)
    return [_settle(connection, *pair, known, new) for pair in zip(batches, judged, strict=True)]


def known_games(connection: sa.Connection, ids: Iterable[str]) -> set[str]:
    """See which ids are games', and keep those from being deleted until the transaction ends."""
    wanted = sorted(ids)
    if not wanted:
        return set()
    rows = connection.execute(sa.text(load("analytics/known_games")), {"ids": wanted})
    return {str(game_id) for (game_id,) in rows}


def _make_partitions(connection: sa.Connection, events: Iterable[Event]) -> None:
    months = sorted({(event.timestamp.year, event.timestamp.month) for event in events})
    if months:
        moments = [datetime(year, month, 1, tzinfo=UTC) for year, month in months]
        connection.execute(sa.text(load("analytics/make_partitions")), {"months": moments})


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


def _settle(
    connection: sa.Connection, batch: Batch, judged: list[Event | Rejected], known: set[str], new: set[Key]
) -> Counts:
    """Count one batch, taking its events out of ``new``, and have quarantined what is refused."""
    stored = duplicate = 0
    refused = []
    for raw, one in zip(batch.events, judged, strict=True):
        if isinstance(one, Rejected) or one.game_id not in known:
            refused.append(raw)
        elif (key := (one.id, one.timestamp)) in new:
            new.remove(key)
            stored += 1
        else:
            duplicate += 1
    counts = Counts(stored, duplicate)
    if not refused:
        return counts
    return counts + store_events(
        connection, refused, received_at=batch.received_at, game_id=batch.game_id, source=batch.source
    )
