"""Writing the ledger: a run begins, its bots start and end, what they made is entered, the run ends.

What belongs here: the entries, inside the caller's transaction, so that what is told and what was done are
committed together or not at all. What does not: what any slice tells, and reading (``reading.py``).

A bot's every start is followed by one end or error, and a run's likewise: who ends a run that died ends what
it had begun. Nothing is added to a run that has ended.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, Literal
from uuid import UUID

import orjson
import sqlalchemy as sa

from gamefactory_dagster.database.sql import load
from gamefactory_dagster.database.tables.ledger import OPEN, Job
from gamefactory_dagster.database.text import storable
from gamefactory_dagster.errors import IllegalTransitionError, PermanentError

from .access import as_service

SYSTEM = "system"
"""The bot that stands for the run itself."""

EventType = Literal["start", "note", "end", "error"]
Ending = Literal["completed", "failed", "cancelled"]

WORDS_LIMIT = 4000
"""Characters kept of a text somebody gave, or of what went wrong; a prompt is never longer."""

_CUT_OFF = "it was cut off before it could tell how it ended"

LIST_LIMIT = 100
"""Entries kept of a list somebody gave."""


@dataclass(frozen=True, slots=True)
class Made:
    """Something a run made: ``size`` in bytes, ``sha256`` in hex; None where there is no content to check."""

    kind: str
    url: str
    content_type: str
    size: int | None = None
    sha256: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, content: bytes, kind: str, url: str, content_type: str, **meta: Any) -> "Made":
        """What ``content`` is."""
        return cls(kind, url, content_type, len(content), hashlib.sha256(content).hexdigest(), meta)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A text for a model or a player: ``context`` says where it is used."""

    id: str
    category: str
    context: str
    prompt_text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One run's page of the ledger, open for writing until the end of its block."""

    connection: sa.Connection
    run: str

    def begin(self, owner: UUID, spec: Mapping[str, Any]) -> bool:
        """Enter the run as ``owner``'s, at work; whether it was not there yet.

        Raises IllegalTransitionError when it has ended, PermanentError when there is no such owner.
        """
        entered = {"run": self.run, "owner": owner, "spec": _json(_short(spec))}
        try:
            fresh = self.connection.execute(sa.text(load("ledger/begin_run")), entered).rowcount == 1
        except sa.exc.IntegrityError as error:
            raise PermanentError(f"nobody has the id {owner} in auth.users: set GAMEFACTORY_USER") from error
        if fresh:
            self._set_status("running", None)
            self.event(SYSTEM, "start")
        elif not self.is_open():
            raise IllegalTransitionError(f"run {self.run} has ended; nothing is done in its name any more")
        return fresh

    def is_open(self) -> bool:
        """Whether the run is there and has not ended."""
        return self.connection.scalar(sa.select(Job.status).where(Job.run_id == self.run)) in OPEN

    def start(self, bot: str, **payload: Any) -> None:
        """Enter a bot's start; a try of it that could not tell how it ended is ended first."""
        if bot in self._unended():
            self.event(bot, "error", **payload, message=_CUT_OFF, again=True)
        self.event(bot, "start", **payload)

    def event(self, bot: str, kind: EventType, **payload: Any) -> None:
        """Enter one event. Raises IllegalTransitionError when the run has ended or is not there."""
        self.events([(bot, kind, payload)])

    def events(self, given: Sequence[tuple[str, EventType, Mapping[str, Any]]]) -> None:
        """Enter several, in their order, which their moments keep."""
        rows = [
            {"bot_name": bot, "event_type": kind, "payload": _short(payload)} for bot, kind, payload in given
        ]
        self._add("ledger/add_events", rows)

    def made(self, things: Iterable[Made]) -> None:
        """Enter what the run made."""
        rows = [
            {
                "kind": one.kind,
                "url": one.url,
                "meta": _short(one.meta),
                "file_size": one.size,
                "content_type": one.content_type,
                "checksum": one.sha256,
            }
            for one in things
        ]
        self._add("ledger/add_artifacts", rows)

    def end(self, status: Ending, message: str | None = None) -> bool:
        """End the run, and what it had begun with an error; whether it was still to be ended."""
        if not self.is_open():
            return False
        kind: EventType = "end" if status == "completed" else "error"
        told = {"status": status} | ({} if message is None else {"message": message})
        why = {"message": message or "it was left undone", "again": False}
        self.events(
            [*((bot, "error", why) for bot in self._unended() if bot != SYSTEM), (SYSTEM, kind, told)]
        )
        return self._set_status(status, message)

    def _unended(self) -> Sequence[str]:
        """Who has begun something and told no end of it, the first first."""
        return self.connection.scalars(sa.text(load("ledger/unended_bots")), {"run": self.run}).all()

    def _add(self, statement: str, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        added = self.connection.execute(sa.text(load(statement)), {"run": self.run, "rows": _json(rows)})
        if added.rowcount != len(rows):
            raise IllegalTransitionError(f"run {self.run} has ended; nothing is added to it")

    def _set_status(self, status: str, message: str | None) -> bool:
        words = None if message is None else storable(message)[:WORDS_LIMIT]
        asked = {"run": self.run, "status": status, "message": words}
        return bool(
            self.connection.scalar(sa.text("SELECT ledger.set_status(:run, :status, :message)"), asked)
        )


@contextmanager
def entry(connection: sa.Connection, run: str) -> Iterator[Entry]:
    """Write to a run within the caller's transaction; in the block nothing else may be done with it."""
    with as_service(connection) as service:
        yield Entry(service, run)


def set_prompts(connection: sa.Connection, under: str, prompts: Sequence[Prompt]) -> int:
    """Let the prompts whose id begins with ``under`` be these; how many rows that changed."""
    with as_service(connection):
        given = {"under": under, "rows": _json([asdict(prompt) for prompt in prompts])}
        return int(connection.execute(sa.text(load("ledger/set_prompts")), given).scalar_one())


def _short(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _bounded(value) for name, value in payload.items()}


def _bounded(value: Any) -> Any:
    """What is kept of a value somebody gave: words and lists have an end."""
    if isinstance(value, str):
        return storable(value)[:WORDS_LIMIT]
    if isinstance(value, list | tuple):
        return [_bounded(one) for one in value[:LIST_LIMIT]]
    return _short(value) if isinstance(value, Mapping) else value


def _json(value: object) -> str:
    return orjson.dumps(value, default=str).decode()
