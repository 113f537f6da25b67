"""Refused events: looking at them, and judging them again after a fix.

What belongs here: reading ``quarantined_events`` and taking events out of it. What does not: putting them in
(``ingest.py``) and the rules (``events.py``).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, get_args
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction, translated_errors
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.database.tables.analytics import QuarantinedEvent
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.ids import canonical_uuid

from .deliveries import Delivery, store_deliveries
from .events import Reason
from .ingest import IntakeCounts, Judged, judge, known_games
from .plausible import Bounds, fault_alone
from .strangers import SOURCE as STRANGERS

EXCERPT = 200
"""Characters shown of an event."""

CHUNK = 2000
CHUNK_BYTES = 8_000_000
"""Most events and most of their text tried again in one transaction."""

_TABLE = QuarantinedEvent.__table__.c

_KEPT_WHOLE = sa.and_(
    # The key it came with does not speak for the game it names.
    _TABLE.reason != "other_game",
    # Bytes that were no text are kept as \xNN, which may read as JSON although what was sent did not.
    sa.not_(sa.and_(_TABLE.reason == "not_json", _TABLE.raw.regexp_match(r"\\x[0-9a-f]{2}"))),
    # Of an event too long to be read, only the beginning is kept.
    sa.not_(sa.and_(_TABLE.reason == "too_large", _TABLE.field.is_(None))),
)


@dataclass(frozen=True, slots=True)
class Which:
    """Some of the refused events; None is any."""

    reason: str | None = None
    game_id: str | None = None
    """Of the game they name or were sent under, which need not exist."""

    def condition(self) -> sa.ColumnElement[bool]:
        """The same for a WHERE."""
        chosen = {_TABLE.reason: self.reason, _TABLE.game_id: self.game_id}
        return sa.and_(sa.true(), *(column == value for column, value in chosen.items() if value is not None))

    def retryable(self) -> sa.ColumnElement[bool]:
        """Those of them that ``retry`` tries. To believe what is implausible has to be said by name."""
        if self.reason == "implausible":
            return sa.and_(self.condition(), _KEPT_WHOLE)
        return sa.and_(self.condition(), _KEPT_WHOLE, _TABLE.reason != "implausible")


@dataclass(frozen=True, slots=True)
class Share:
    """How many events have a reason, and when the first and the last of them came."""

    reason: str
    events: int
    oldest: datetime
    newest: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """A refused event as it is shown."""

    id: UUID
    reason: str
    field: str | None
    game_id: str | None
    source: str
    received_at: datetime
    excerpt: str
    """The first ``EXCERPT`` characters of what was sent."""


@dataclass(frozen=True, slots=True)
class Retried:
    """What became of refused events that were tried again."""

    stored: int = 0
    duplicate: int = 0
    """Had been stored before; out of quarantine all the same."""
    refused: int = 0
    """Are still in quarantine, with the reason that holds now."""

    @property
    def tried(self) -> int:
        """All of them."""
        return self.stored + self.duplicate + self.refused

    def __add__(self, other: "Retried") -> "Retried":
        return Retried(
            self.stored + other.stored, self.duplicate + other.duplicate, self.refused + other.refused
        )


def check_reason(reason: str | None) -> None:
    """Raise InputError for a reason there is not; None is any."""
    if reason is not None and reason not in get_args(Reason):
        raise InputError("--reason", reason, f"one of {', '.join(sorted(get_args(Reason)))}")


def which_events(connection: sa.Connection, reason: str | None, game: str | None) -> Which:
    """Choose by a reason and by a game's id or slug. Raises InputError for a reason or slug there is not."""
    check_reason(reason)
    return Which(reason, _game_id(connection, game) if game is not None else None)


def _game_id(connection: sa.Connection, game: str) -> str:
    statement = sa.text("SELECT CAST(id AS text) FROM factory.games WHERE slug = :slug")
    found: str | None = canonical_uuid(game) or connection.scalar(statement, {"slug": game})
    if found is None:
        raise InputError("--game", game, "a game's id or slug")
    return found


def shares(connection: sa.Connection, which: Which) -> list[Share]:
    """Count by reason, the most frequent first."""
    statement = (
        sa.select(
            _TABLE.reason, sa.func.count(), sa.func.min(_TABLE.received_at), sa.func.max(_TABLE.received_at)
        )
        .where(which.condition())
        .group_by(_TABLE.reason)
        .order_by(sa.func.count().desc(), _TABLE.reason)
    )
    return [Share(*row) for row in connection.execute(statement)]


def newest(connection: sa.Connection, which: Which, limit: int) -> list[Refused]:
    """Give the newest, at most ``limit``."""
    statement = (
        sa.select(
            _TABLE.id,
            _TABLE.reason,
            _TABLE.field,
            _TABLE.game_id,
            _TABLE.source,
            _TABLE.received_at,
            sa.func.left(_TABLE.raw, EXCERPT),
        )
        .where(which.condition())
        .order_by(_TABLE.received_at.desc(), _TABLE.id)
        .limit(limit)
    )
    return [Refused(*row) for row in connection.execute(statement)]


def retryable(connection: sa.Connection, which: Which) -> int:
    """Count those that ``retry`` would try.

    It leaves alone what no fix makes acceptable: events sent under another game's key than that of the game
    they name, and what could not be kept to the letter, being no text or too long. And what is implausible,
    unless ``which`` names that reason.
    """
    statement = sa.select(sa.func.count()).select_from(QuarantinedEvent).where(which.retryable())
    return int(connection.execute(statement).scalar_one())


def retry(
    engine: sa.Engine,
    which: Which,
    *,
    bounds: Bounds | None = None,
    any_day: bool = False,
    on_progress: Callable[[Retried], None] | None = None,
) -> Retried:
    """Judge refused events again, as of when and whence they came, and store those that are good now.

    What came through the collector has to be of the days it took when it came, save with ``any_day``, and
    within the bounds of a single event, save where ``which`` names what is implausible: somebody believes it.
    Without ``bounds`` there are none of either.

    In chunks, each its own transaction in which an event leaves quarantine as it is stored: whenever this is
    stopped, nothing is lost or doubled. What another one is trying at the same time is left to it. Events
    refused after the start are not tried. ``on_progress`` is given the sum after each chunk.

    Takes two connections. Raises TransientError when the database is away; call again to go on.
    """
    strangers = _Strangers(
        None if bounds is None or any_day else bounds,
        {} if bounds is None or which.reason == "implausible" else bounds.money,
    )
    total = Retried()
    with translated_errors(), engine.connect() as reader:
        for ids in _chunks(reader, which):
            with transaction(engine) as connection:
                chunk = _retry_chunk(connection, ids, strangers)
            total += chunk
            if on_progress is not None:
                on_progress(total)
    return total


def _chunks(reader: sa.Connection, which: Which) -> Iterator[list[UUID]]:
    """Ids of those to try, as they were at the start: a new reason is a new id, which must not come again.

    By time of receipt, so that those received together are stored together.
    """
    statement = (
        sa.select(_TABLE.id, sa.func.octet_length(_TABLE.raw))
        .where(which.retryable())
        .order_by(_TABLE.received_at, _TABLE.id)
    )
    chunk: list[UUID] = []
    total = 0
    for id, size in reader.execution_options(yield_per=CHUNK).execute(statement):
        if chunk and (len(chunk) == CHUNK or total + size > CHUNK_BYTES):
            yield chunk
            chunk, total = [], 0
        chunk.append(id)
        total += size
    if chunk:
        yield chunk


@dataclass(frozen=True, slots=True)
class _Strangers:
    """What still holds for events that came through the collector."""

    window: Bounds | None
    money: dict[str, int]

    def opened(self, connection: sa.Connection, rows: Sequence[sa.Row[Any]]) -> dict[str, datetime]:
        """When the games were published that strangers sent these under."""
        if self.window is None:
            return {}
        games = sorted({row.game_id for row in rows if row.source == STRANGERS and row.game_id})
        found = connection.execute(sa.text(load("analytics/opened_games")), {"ids": games})
        return {row.game_id: row.opened for row in found}

    def judge(self, row: sa.Row[Any], opened: datetime | None) -> Judged:
        """Judge one event by what holds now.

        ``game_id`` is the game it was sent under, or else the one it names itself: given again as the only
        game it may be of, it can become no other game's.
        """
        judged = judge([row.raw.encode()], row.received_at, row.game_id)
        if row.source != STRANGERS:
            return judged
        earliest = None if self.window is None else self.window.earliest(opened, row.received_at)
        return judged.sifted(lambda event: fault_alone(event, earliest, self.money))


def _retry_chunk(connection: sa.Connection, ids: Sequence[UUID], strangers: _Strangers) -> Retried:
    statement = sa.select(QuarantinedEvent.__table__).where(_one_of(ids)).with_for_update(skip_locked=True)
    rows = connection.execute(statement).all()
    opened = strangers.opened(connection, rows)
    verdicts = [strangers.judge(row, opened.get(row.game_id)) for row in rows]
    known = known_games(connection, {event.game_id for one in verdicts for event in one.good})
    pairs = zip(rows, verdicts, strict=True)
    changed = [(row, one) for row, one in pairs if _fault(one, known) != (row.reason, row.field)]
    if not changed:
        return Retried(refused=len(rows))
    connection.execute(sa.delete(QuarantinedEvent).where(_one_of([row.id for row, _ in changed])))
    stored = store_deliveries(connection, _deliveries(changed))
    counts = sum((one.counts for one in stored), IntakeCounts())
    return Retried(counts.stored, counts.duplicate, len(rows) - counts.stored - counts.duplicate)


def _one_of(ids: Sequence[UUID]) -> sa.ColumnElement[bool]:
    """As one array: a parameter an id would cost more than the rows."""
    return _TABLE.id == sa.any_(sa.literal(ids, sa.ARRAY(sa.Uuid)))


def _fault(verdict: Judged, known: set[str]) -> tuple[str, str | None] | None:
    """Why the one event is refused now, and for which field; None when it is not."""
    for one in verdict.bad:
        return one.rejected.reason, one.rejected.field
    return None if verdict.good[0].game_id in known else ("unknown_game", "game_id")


def _deliveries(pairs: Sequence[tuple[sa.Row[Any], Judged]]) -> list[Delivery]:
    """Group by what is kept of an event's coming."""

    def origin(pair: tuple[sa.Row[Any], Judged]) -> tuple[datetime, str]:
        return pair[0].received_at, pair[0].source

    return [
        Delivery(Judged.together(verdict for _, verdict in group), received_at, source)
        for (received_at, source), group in groupby(sorted(pairs, key=origin), origin)
    ]
