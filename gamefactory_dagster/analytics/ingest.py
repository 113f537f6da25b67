"""Storing raw events in any number: by COPY into a staging table, and from there those that are new.

What belongs here: from raw events to rows of ``analytics_events`` or ``quarantined_events``. What does not:
the rules of a single event (``events.py``), many small deliveries (``deliveries.py``), reading requests or
files, and transactions (the caller's).
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple
from uuid import UUID

import orjson
import psycopg
import sqlalchemy as sa

from gamefactory_dagster.database.sql import load
from gamefactory_dagster.errors import InputError

from .decoding import DEPTH, is_too_deep
from .events import MONEY, Event, Reason, Rejected, validate
from .fast_lane import plain_event
from .rows import binary_copy

CHUNK = 20_000
"""Most events a statement takes: a thousand would cost more in round trips, more would only take memory."""

SHOWN = 5
SHOWN_CHARACTERS = 4000
"""How many refused events, and how much of each, the counts show: enough to tell what they are."""


@dataclass(frozen=True, slots=True)
class IntakeCounts:
    """What became of the events given."""

    stored: int = 0
    duplicate: int = 0
    """Had been stored before, or stand twice in what was given."""
    quarantined: int = 0
    reasons: Counter[str] = field(default_factory=Counter, compare=False)
    """How many were quarantined for which reason."""
    without_money: Counter[str] = field(default_factory=Counter, compare=False)
    """How many good ones of a type in ``MONEY`` do not say how much it was."""
    refused: tuple[str, ...] = field(default=(), compare=False)
    """How the first that were quarantined begin, a few of them."""

    def __add__(self, other: "IntakeCounts") -> "IntakeCounts":
        return IntakeCounts(
            self.stored + other.stored,
            self.duplicate + other.duplicate,
            self.quarantined + other.quarantined,
            self.reasons + other.reasons,
            self.without_money + other.without_money,
            (self.refused + other.refused)[:SHOWN],
        )

    @property
    def total(self) -> int:
        """All events given."""
        return self.stored + self.duplicate + self.quarantined

    def as_json(self) -> dict[str, int]:
        """Give the counts as the collector answers them."""
        return {"stored": self.stored, "duplicate": self.duplicate, "quarantined": self.quarantined}

    def in_full(self) -> dict[str, object]:
        """Give the counts as scripts that import want them."""
        return self.as_json() | {"reasons": dict(self.reasons), "without_money": dict(self.without_money)}


class Oversized(NamedTuple):
    """An event too long to be read; what is kept of it says how long it was."""

    text: str


class Quarantined(NamedTuple):
    """A raw event and why it is refused."""

    raw: object
    rejected: Rejected


class Judged(NamedTuple):
    """Raw events by the rules that need no database."""

    good: list[Event]
    given: list[object]
    """What each good one was made of. A list of its own: as many pairs would be work for the collector."""
    bad: list[Quarantined]

    def sifted(self, fault: Callable[[Event], tuple[Reason, str] | None]) -> "Judged":
        """The same with those good ones among the bad for which ``fault`` names a reason and a field."""
        good, given, bad = [], [], list(self.bad)
        for event, raw in zip(self.good, self.given, strict=True):
            why = fault(event)
            if why is None:
                good.append(event)
                given.append(raw)
            else:
                bad.append(Quarantined(raw, Rejected(*why, event.game_id)))
        return Judged(good, given, bad)

    @classmethod
    def together(cls, parts: Iterable["Judged"]) -> "Judged":
        """All of them as one."""
        whole = cls([], [], [])
        for part in parts:
            whole.good.extend(part.good)
            whole.given.extend(part.given)
            whole.bad.extend(part.bad)
        return whole


def store_events(
    connection: sa.Connection,
    events: Iterable[object],
    *,
    received_at: datetime | None = None,
    game_id: str | None = None,
    source: str = "file",
) -> IntakeCounts:
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
    total = IntakeCounts()
    for chunk in _chunks(events):
        judged = judge(chunk, received_at, game_id)
        total += store_judged(connection, judged, received_at=received_at, source=source)
    return total


def _chunks(events: Iterable[object]) -> Iterator[list[object]]:
    iterator = iter(events)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def judge(chunk: Iterable[object], received_at: datetime, game_id: str | None = None) -> Judged:
    """Tell good events from bad; the arguments mean what they do to ``store_events``. Pure."""
    good: list[Event] = []
    given: list[object] = []
    bad: list[Quarantined] = []
    for raw in chunk:
        if type(raw) is Oversized:
            bad.append(Quarantined(raw, Rejected("too_large")))
            continue
        found: Event | Rejected | None = None
        if type(raw) is bytes and game_id is None:
            found = plain_event(raw, received_at)
        if found is None:
            found = validate(raw, received_at, game_id)
        if isinstance(found, Event):
            good.append(found)
            given.append(raw)
        else:
            bad.append(Quarantined(raw, found))
    return Judged(good, given, bad)


def store_judged(
    connection: sa.Connection, judged: Judged, *, received_at: datetime, source: str
) -> IntakeCounts:
    """Store a chunk in the caller's transaction: good events of games there are, the others in quarantine."""
    games = {event.game_id for event in judged.good}
    known = known_games(connection, games)
    accepted = judged.good
    if known != games:
        accepted = [event for event in judged.good if event.game_id in known]
    make_partitions(connection, months(accepted))
    stored = _insert(connection, accepted, received_at)
    refused = refuse(connection, judged, known, received_at=received_at, source=source)
    return IntakeCounts(stored, len(accepted) - stored, without_money=without_money(accepted)) + refused


def without_money(events: Iterable[Event]) -> Counter[str]:
    """Count by type the events that bring money and do not say how much: they count as nothing."""
    return Counter(
        event.event_type
        for event in events
        if event.event_type in MONEY and MONEY[event.event_type] not in orjson.loads(event.properties)
    )


def refuse(
    connection: sa.Connection, judged: Judged, known: set[str], *, received_at: datetime, source: str
) -> IntakeCounts:
    """Quarantine the bad events, and those of no known game."""
    strangers = [
        Quarantined(raw, Rejected("unknown_game", "game_id", event.game_id))
        for event, raw in zip(judged.good, judged.given, strict=True)
        if event.game_id not in known
    ]
    bad = judged.bad + strangers
    texts = [_text(one.raw) for one in bad]
    _quarantine(connection, bad, texts, received_at, source)
    return IntakeCounts(
        quarantined=len(bad),
        reasons=Counter[str](one.rejected.reason for one in bad),
        refused=tuple(text[:SHOWN_CHARACTERS] for text in texts[:SHOWN]),
    )


def known_games(connection: sa.Connection, ids: Iterable[str]) -> set[str]:
    """See which ids are games', and keep those from being deleted until the transaction ends."""
    wanted = sorted(ids)
    if not wanted:
        return set()
    rows = connection.execute(sa.text(load("analytics/known_games")), {"ids": wanted})
    return {str(game_id) for (game_id,) in rows}


def months(events: Iterable[Event]) -> set[tuple[int, int]]:
    """Years and months of the events."""
    return {(event.timestamp.year, event.timestamp.month) for event in events}


def make_partitions(connection: sa.Connection, wanted: Iterable[tuple[int, int]]) -> None:
    """Make the partitions of these months where they are missing; a look-up where they are there."""
    moments = [datetime(year, month, 1, tzinfo=UTC) for year, month in sorted(wanted)]
    if moments:
        connection.execute(sa.text(load("analytics/make_partitions")), {"months": moments})


def _insert(connection: sa.Connection, events: Sequence[Event], received_at: datetime) -> int:
    """Insert what is not there yet; returns how many were new."""
    if not events:
        return 0
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    with driver.cursor() as cursor:
        cursor.execute(load("analytics/stage_events").encode())
        with cursor.copy(load("analytics/copy_events").encode()) as copy:
            copy.write(binary_copy(events))
    statement = sa.text(load("analytics/insert_events"))
    return connection.execute(statement, {"received_at": received_at}).rowcount


def _quarantine(
    connection: sa.Connection, bad: list[Quarantined], texts: list[str], received_at: datetime, source: str
) -> None:
    if not bad:
        return
    parameters = {
        "id": [_quarantine_id(text, one.rejected) for text, one in zip(texts, bad, strict=True)],
        "raw": texts,
        "reason": [one.rejected.reason for one in bad],
        "field": [one.rejected.field for one in bad],
        "game_id": [one.rejected.game_id for one in bad],
        "received_at": received_at,
        "source": source,
    }
    connection.execute(sa.text(load("analytics/quarantine_events")), parameters)


def _quarantine_id(text: str, rejected: Rejected) -> UUID:
    """The same for the same event sent again, so that redelivery does not fill the table."""
    named = f"{rejected.game_id} {rejected.reason} {text}"
    return UUID(bytes=hashlib.sha256(named.encode()).digest()[:16])


def _text(raw: object) -> str:
    """Text of an event to keep: no information lost, and nothing in it that PostgreSQL's text refuses."""
    if isinstance(raw, Oversized):
        return raw.text
    if isinstance(raw, bytes):
        return raw.decode(errors="backslashreplace").replace("\0", "\\x00")
    if is_too_deep(raw):
        raise InputError("event", type(raw).__name__, f"JSON nested at most {DEPTH} deep")
    return json.dumps(raw)  # orjson would write an infinity as null, and refuse a lone surrogate
