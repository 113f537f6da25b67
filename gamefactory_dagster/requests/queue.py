"""``QueueManager``: document 000's nine operations on ``requests.jobs``, and those that take many at once.

What belongs here: single changes of rows, each in one transaction, or in the caller's. What does not: when
they are made (``claiming.py``, ``following.py``), and how requests are shown (``reading.py``).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from gamefactory_dagster.database import migrations
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.database.tables.requests import STATUSES
from gamefactory_dagster.database.text import storable
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.ledger.access import check_owner
from gamefactory_dagster.settings import Settings, get_settings
from gamefactory_dagster.work.states import change

from . import reading
from .asking import check_config, check_name, check_prompt
from .reading import REQUESTS, Request
from .states import AFTER_IDEA, DEPLOYMENT, PHASES, REQUEST

CHANNEL = "game_requests"
"""Notified when a request was entered."""

LINES_KEPT = 100
"""Lines in the column ``logs``; all are in ``requests.job_logs``."""

MOST_AT_ONCE = 10_000
"""Requests read, claimed or entered in one call."""

WORDS_LIMIT = 2000
"""Characters of a line, and of why a request failed."""

_IN_ORDER = sa.text(
    "SELECT set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true), "
    "set_config('enable_bitmapscan', 'off', true)"
)
"""Of a table where nearly all have ended the planner believes that none waits, and then would sort those."""

LEVELS = ("debug", "info", "warning", "error")


class QueueManager:
    """The queue of requests. Every call is one transaction, the caller's where a connection is given."""

    def __init__(
        self, engine: sa.Engine, settings: Settings | None = None, *, connection: sa.Connection | None = None
    ) -> None:
        self._engine = engine
        self._settings = settings or get_settings()
        self._connection = connection

    def init(self) -> None:
        """Have the table: the migrations make it, and do nothing where it is there."""
        migrations.upgrade(self._settings)

    def create_job(
        self,
        game_name: str | None,
        prompt: str,
        config: Mapping[str, Any] | None = None,
        *,
        owner: UUID | None = None,
        address: str | None = None,
        retry_of: int | None = None,
    ) -> Request:
        """Enter a request, ``owner``'s or the settings' user's; of a pair both, and the first is given.

        Raises InputError that names the field at fault; nothing is entered then.
        """
        name, words, options = check_name(game_name), check_prompt(prompt), check_config(config)
        entered = {
            "game_name": name,
            "is_named": name is not None,
            "prompt": words,
            "config": options.as_json(),
            "owner_id": owner or self._settings.user,
            "retry_of": retry_of,
            "address": address,
        }
        with self._joined() as connection:
            check_owner(connection, owner or self._settings.user)
            first = _insert(connection, entered)
            if options.compare:
                _insert(connection, {**entered, "pair_of": first.id, "waits_for": first.id})
            connection.execute(sa.select(sa.func.pg_notify(CHANNEL, "")))
        return first

    def get_next_job(self) -> Request | None:
        """Claim the oldest request that waits; None when none does."""
        return next(iter(self.get_next_jobs(1)), None)

    def get_next_jobs(self, limit: int) -> list[Request]:
        """Claim up to ``limit`` requests, the oldest first; they are ``processing``."""
        _check_number("limit", limit, 1, MOST_AT_ONCE)
        with self._joined() as connection:
            connection.execute(_IN_ORDER)
            rows = connection.execute(sa.text(load("requests/claim")), {"limit": limit}).mappings()
            claimed = [Request.of(row) for row in rows]
        return sorted(claimed, key=lambda one: (one.created_at, one.id))

    def get_job(self, id_: int) -> Request | None:
        """Give a request; None where there is none of this number."""
        with self._joined() as connection:
            return reading.find(connection, id_)

    def get_jobs(self, status: str | None = None, limit: int = 50, offset: int = 0) -> list[Request]:
        """Give requests, the newest first; ``reading.requests`` has pages that cost the same anywhere."""
        _check_number("limit", limit, 1, MOST_AT_ONCE)
        _check_number("offset", offset, 0, 2**31 - 1)
        wanted = sa.select(REQUESTS).order_by(REQUESTS.c.created_at.desc(), REQUESTS.c.id.desc())
        if status is not None:
            wanted = wanted.where(REQUESTS.c.status == _known("status", status, STATUSES))
        with self._joined() as connection:
            return [
                Request.of(row) for row in connection.execute(wanted.limit(limit).offset(offset)).mappings()
            ]

    def update_status(self, id_: int, status: str, error: Mapping[str, Any] | None = None) -> None:
        """Take a request to its next status; ``error`` is ``{phase, message}`` of one that failed.

        Raises IllegalTransitionError, and changes nothing, where the lifecycle has no such way.
        """
        _known("status", status, STATUSES)
        if (error is not None) != (status == "failed"):
            raise InputError("error", error, "{phase, message} of a request that failed, and of no other")
        with self._joined() as connection:
            old = locked(connection, id_).status
            REQUEST.check(old, status)
            move(connection, id_, old, status, **({} if error is None else {"error": _failure(error)}))

    def add_log(self, id_: int, level: str, message: str) -> None:
        """Add a line to a request's log; what it costs does not depend on how many there are."""
        self.add_logs([(id_, level, message)])

    def add_logs(self, given: Sequence[tuple[int, str, str]]) -> None:
        """Add lines, each ``(id, level, message)``, in their order, to any number of requests."""
        for _, level, _ in given:
            _known("level", level, LEVELS)
        with self._joined() as connection:
            changed = add_lines(connection, given)
            if changed < len({id_ for id_, _, _ in given}):
                raise InputError("request", [id_ for id_, _, _ in given], reading.A_REQUEST)

    def update_phase_output(self, id_: int, phase: str, data: Mapping[str, Any]) -> None:
        """Let what ``phase_outputs`` says of a phase, or of the deployment, be ``data``."""
        _known("phase", phase, (*PHASES, DEPLOYMENT))
        if not isinstance(data, Mapping):
            raise InputError("data", data, "an object")
        with self._joined() as connection:
            locked(connection, id_)
            set_outputs(connection, id_, {phase: data})

    def get_stats(self) -> dict[str, int]:
        """Give how many requests there are in every status; the sum is right at one moment."""
        with self._joined() as connection:
            rows = connection.execute(sa.text(load("requests/stats")), {"statuses": list(STATUSES)})
            return {row.status: row.requests for row in rows}

    @contextmanager
    def _joined(self) -> Iterator[sa.Connection]:
        if self._connection is not None:
            yield self._connection
            return
        with transaction(self._engine) as own:
            yield own


def _insert(connection: sa.Connection, values: Mapping[str, Any]) -> Request:
    entered = sa.insert(REQUESTS).values(**values).returning(*REQUESTS.c)
    return Request.of(connection.execute(entered).mappings().one())


def locked(connection: sa.Connection, id_: int) -> Request:
    """Give a request, its row locked until the transaction ends; raises InputError where there is none."""
    wanted = sa.select(REQUESTS).where(REQUESTS.c.id == id_).with_for_update(key_share=True)
    row = connection.execute(wanted).mappings().one_or_none() if 0 < id_ < 2**31 else None
    if row is None:
        raise InputError("request", id_, reading.A_REQUEST)
    return Request.of(row)


def move(connection: sa.Connection, id_: int, old: str, new: str, **columns: Any) -> None:
    """Take a request, whose row is locked, to another status; one that failed brings its ``error``.

    What has ended keeps no address. Who waits for the idea goes on once it is there, and ends with a request
    that failed before. Raises IllegalTransitionError where the lifecycle has no such way.
    """
    ended = {"address": None, "waits_for": None} if new in ("completed", "failed") else {}
    now = sa.func.clock_timestamp()
    change(connection, REQUESTS, REQUEST, id_, old, new, updated_at=now, **ended, **columns)
    if new == AFTER_IDEA:
        name = sa.select(REQUESTS.c.game_name).where(REQUESTS.c.id == id_).scalar_subquery()
        waiting = sa.update(REQUESTS).where(REQUESTS.c.waits_for == id_)
        connection.execute(waiting.values(waits_for=None, game_name=name))
    elif new == "failed":
        _fail_waiting(connection, id_, columns["error"]["message"])


def _fail_waiting(connection: sa.Connection, first: int, words: str) -> None:
    waiting = sa.select(REQUESTS).where(REQUESTS.c.waits_for == first).with_for_update(key_share=True)
    row = connection.execute(waiting).mappings().one_or_none()
    if row is not None:
        fail(connection, Request.of(row), f"request {first}, whose idea it shares, failed before: {words}")


def fail(connection: sa.Connection, request: Request, words: str) -> None:
    """End a request, whose row is locked, before its game was begun."""
    move(connection, request.id, request.status, "failed", error={"phase": "phase1", "message": words})
    add_lines(connection, [(request.id, "error", f"phase1 error: {words}")])


def add_lines(connection: sa.Connection, given: Sequence[tuple[int, str, str]]) -> int:
    """Add lines to requests' logs; how many requests that changed."""
    if not given:
        return 0
    rows = [
        {"id": id_, "level": level, "message": storable(message)[:WORDS_LIMIT]}
        for id_, level, message in given
    ]
    asked = {"lines": orjson.dumps(rows).decode(), "most": LINES_KEPT}
    return connection.execute(sa.text(load("requests/add_lines")), asked).rowcount


def set_outputs(connection: sa.Connection, id_: int, outputs: Mapping[str, Any]) -> None:
    """Put what is said of phases over what was said of these."""
    merged = REQUESTS.c.phase_outputs.op("||")(sa.cast(dict(outputs), REQUESTS.c.phase_outputs.type))
    theirs = sa.update(REQUESTS).where(REQUESTS.c.id == id_)
    connection.execute(theirs.values(phase_outputs=merged, updated_at=sa.func.clock_timestamp()))


def _failure(error: Mapping[str, Any]) -> dict[str, Any]:
    if set(error) != {"phase", "message"}:
        raise InputError("error", dict(error), "an object of phase and message")
    message = storable(str(error["message"]))[:WORDS_LIMIT]
    return {"phase": _known("error.phase", error["phase"], tuple(PHASES)), "message": message}


def _known(field: str, given: Any, known: Sequence[str]) -> str:
    if given not in known:
        raise InputError(field, given, f"one of {', '.join(known)}")
    return str(given)


def _check_number(field: str, given: Any, least: int, most: int) -> None:
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
        raise InputError(field, given, f"a whole number from {least:,} to {most:,}")
