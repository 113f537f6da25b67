"""``JobQueueService``: entering jobs and telling their fate, for whoever has the database.

What belongs here: the calls of document 004 and what a user of a queue expects beside them. What does not:
working at jobs (``worker.py``), and how people are shown them (``reading.py``, ``commands/``).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID, uuid4

import orjson
import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.paging import Page
from gamefactory_dagster.database.tables.background import OPEN
from gamefactory_dagster.errors import InputError, PermanentError, TransientError
from gamefactory_dagster.ids import UUID_FORM
from gamefactory_dagster.ledger.access import A_USER, owners_view
from gamefactory_dagster.settings import Settings

from . import reading
from .queue import JOBS, Priority, Queues, give_up, unbury
from .reading import Job
from .registry import Registry, registry
from .states import CANCELLED, JOB
from .worker import work_at

MOST_ORDERS = 10_000
"""Jobs entered in one call."""

LONGEST_DELAY = timedelta(days=366)
LONGEST_KEY = 200

_ENQUEUE = sa.text("SELECT enqueue_jobs FROM public.enqueue_jobs(CAST(:given AS jsonb))")
_TRIES = 5
"""Times a job is entered again because the same one ended at that very moment."""


@dataclass(frozen=True, slots=True)
class Order:
    """A job to be entered. ``delay``: not before then; ``unique_key``: one of the same at a time."""

    job_type: str
    job_parameters: Mapping[str, Any] | None = None
    user_id: UUID | None = None
    priority: Priority = "normal"
    delay: timedelta | None = None
    unique_key: str | None = None
    on_conflict: Literal["skip", "replace"] = "skip"
    """What becomes of the order where the same job waits: nothing, or it takes that one's place. One that is
    at work already stays."""
    retry_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """A job by its id; not ``is_new`` where the same one waits or is at work already."""

    id: UUID
    is_new: bool


class JobQueueService:
    """Document 004's service."""

    def __init__(self, engine: sa.Engine, settings: Settings, types: Registry | None = None) -> None:
        self._engine = engine
        self._settings = settings
        self._types = types or registry()
        self._queues = Queues.of(settings)

    def validate_job_parameters(self, job_type: str, job_parameters: Any = None) -> dict[str, Any]:
        """Give parameters as they are stored, with what their type fills in.

        Raises InputError that names the type or the parameter at fault.
        """
        return self._types.read(job_type, job_parameters).model_dump(mode="json")

    def create_job(
        self,
        job_type: str,
        job_parameters: Mapping[str, Any] | None = None,
        *,
        user_id: UUID | None = None,
        priority: Priority = "normal",
        delay: timedelta | None = None,
        unique_key: str | None = None,
        on_conflict: Literal["skip", "replace"] = "skip",
        connection: sa.Connection | None = None,
    ) -> Entered:
        """Enter one job, as ``create_jobs`` does."""
        order = Order(job_type, job_parameters, user_id, priority, delay, unique_key, on_conflict)
        (entered,) = self.create_jobs([order], connection=connection)
        return entered

    def create_jobs(
        self, orders: Sequence[Order], *, connection: sa.Connection | None = None
    ) -> list[Entered]:
        """Enter jobs with their messages, all or none; in the transaction of ``connection`` where given.

        Raises InputError for a type, parameter or user that will not do and for more than a user may have,
        TransientError for passing failures of the database.
        """
        if len(orders) > MOST_ORDERS:
            raise InputError("orders", len(orders), f"at most {MOST_ORDERS} in one call")
        rows = [self._row(order) for order in orders]
        if connection is not None:
            self._admit(connection, rows)
        with self._joined(connection) as joined:
            for order, row in zip(orders, rows, strict=True):
                if order.on_conflict == "replace" and order.unique_key is not None:
                    self._make_way(joined, row)
            return self._enter(joined, rows)

    def process_job(self, job_id: UUID) -> Job:
        """Work at one job here and now, until it has ended or waits for another try; gives it as it is then.

        Raises InputError when there is no such job, PermanentError when it is not due or in others' hands.
        """
        with transaction(self._engine) as connection:
            user = self._locked(connection, job_id)["user_id"]
        owner = f"process_job:{uuid4()}"
        ended = list(work_at(self._engine, self._settings, owner, [job_id], types=self._types))
        if not ended:
            raise PermanentError(f"job {job_id} has ended, is not due yet, or in other hands")
        return self.get_job(job_id, user_id=user)

    def get_job(self, job_id: UUID, *, user_id: UUID | None = None) -> Job:
        """Give a job of this user's, by default the settings'; raises InputError when they have none such."""
        with owners_view(self._engine, user_id or self._settings.user) as connection:
            return reading.find_job(connection, str(job_id))

    def list_jobs(
        self,
        *,
        user_id: UUID | None = None,
        status: str | None = None,
        job_type: str | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[Job]:
        """Give one page of a user's jobs, the newest first; ``after`` is what the page before told."""
        with owners_view(self._engine, user_id or self._settings.user) as connection:
            return reading.jobs(connection, status=status, job_type=job_type, after=after, limit=limit)

    def cancel_job(self, job_id: UUID) -> None:
        """End a job that waits; ask the worker of one at work to stop it, which it does within 5 seconds.

        Raises InputError when there is no such job, IllegalTransitionError when it has ended.
        """
        with transaction(self._engine) as connection:
            row = self._locked(connection, job_id)
            JOB.check(row["status"], "failed")
            if row["lease_owner"] is not None:
                asked = sa.update(JOBS).where(JOBS.c.id == job_id, JOBS.c.cancel_requested_at.is_(None))
                connection.execute(asked.values(cancel_requested_at=sa.func.clock_timestamp()))
            else:
                self._cancel(connection, job_id, "cancelled before it was done")

    def retry_job(self, job_id: UUID) -> Entered:
        """Enter a failed job anew; its dead letter goes.

        Raises InputError when there is no such job or it has not failed, or was entered anew before.
        """
        with transaction(self._engine) as connection:
            row = self._locked(connection, job_id)
            if row["status"] != "failed":
                raise InputError("job", str(job_id), f"a job that has failed; this one is {row['status']}")
            if (
                again := connection.scalar(sa.select(JOBS.c.id).where(JOBS.c.retry_of == job_id))
            ) is not None:
                raise InputError(
                    "job", str(job_id), f"one not tried anew before; this one was, as job {again}"
                )
            return self._anew(connection, [row])[0]

    def redrive(
        self, *, job_type: str | None = None, limit: int = 1000, user_id: UUID | None = None
    ) -> list[Entered]:
        """Enter jobs whose messages are among the dead letters anew, those that failed first first.

        ``user_id``: only this user's.
        """
        columns = JOBS.c
        dead = sa.and_(
            columns.status == "failed", columns.queue == self._queues.dead, columns.message_id.is_not(None)
        )
        wanted = sa.select(JOBS).where(dead).order_by(columns.completed_at, columns.id).limit(limit)
        if job_type is not None:
            wanted = wanted.where(columns.job_type == self._types.kind(job_type).name)
        if user_id is not None:
            wanted = wanted.where(columns.user_id == user_id)
        with transaction(self._engine) as connection:
            rows = connection.execute(wanted.with_for_update(skip_locked=True)).mappings().all()
            return self._anew(connection, rows) if rows else []

    def drop_dead(self, job_ids: Sequence[UUID]) -> int:
        """Forget the dead letters of these jobs; the jobs stay failed. Gives how many there were."""
        with transaction(self._engine) as connection:
            return unbury(connection, self._queues, job_ids)

    def _row(self, order: Order) -> dict[str, Any]:
        kind = self._types.kind(order.job_type)
        key, delay = order.unique_key, order.delay or timedelta()
        if order.priority not in ("high", "normal", "low"):
            raise InputError("priority", order.priority, "high, normal or low")
        if not timedelta() <= delay <= LONGEST_DELAY:
            raise InputError("delay", str(delay), f"from 0 to {LONGEST_DELAY.days} days")
        if key is not None and not (0 < len(key) <= LONGEST_KEY and key.isprintable()):
            raise InputError("unique_key", key, f"1 to {LONGEST_KEY} printable characters")
        return {
            "id": str(uuid4()),
            "job_type": kind.name,
            "user_id": str(order.user_id or self._settings.user),
            "job_parameters": self.validate_job_parameters(kind.name, order.job_parameters),
            "queue": getattr(self._queues, order.priority),
            "delay": delay.total_seconds(),
            "unique_key": key,
            "at_most": self._settings.jobs_per_user,
            "retry_of": order.retry_of and str(order.retry_of),
        }

    @contextmanager
    def _joined(self, connection: sa.Connection | None) -> Iterator[sa.Connection]:
        if connection is not None:
            yield connection
            return
        with transaction(self._engine) as own:
            yield own

    def _admit(self, connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
        """Keep the limit of users without the lock it is kept under otherwise.

        Until the caller's transaction ends, however late, nobody else could enter a job of theirs.
        """
        for user in {row["user_id"] for row in rows}:
            theirs = [row for row in rows if row["user_id"] == user]
            most = theirs[0]["at_most"]
            open_ = sa.select(sa.literal(1)).where(JOBS.c.user_id == UUID(user), JOBS.c.status.in_(OPEN))
            there = sa.select(sa.func.count()).select_from(open_.limit(most).subquery())
            if connection.execute(there).scalar_one() + len(theirs) > most:
                raise _too_many(user, most)
        for row in rows:
            row["at_most"] = None

    def _make_way(self, connection: sa.Connection, row: Mapping[str, Any]) -> None:
        """Cancel the same job where it waits."""
        columns = JOBS.c
        same = sa.select(columns.id).where(
            columns.job_type == row["job_type"],
            columns.user_id == UUID(row["user_id"]),
            columns.unique_key == row["unique_key"],
            columns.status.in_(OPEN),
            columns.lease_owner.is_(None),
        )
        for old in connection.scalars(same.with_for_update()).all():
            self._cancel(connection, old, f"replaced by job {row['id']}")

    def _cancel(self, connection: sa.Connection, job_id: UUID, words: str) -> None:
        """End a job nobody works at, whose row is locked; its message goes."""
        give_up(connection, self._queues, [job_id], replace(CANCELLED, message=words))

    def _enter(self, connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> list[Entered]:
        if not rows:
            return []
        self._queues.ensure(connection)
        found: dict[str, UUID] = {}
        for _ in range(_TRIES):
            missing = [row for row in rows if row["id"] not in found]
            ids = _enqueued(connection, missing)
            found |= {row["id"]: id_ for row, id_ in zip(missing, ids, strict=True) if id_ is not None}
            if len(found) == len(rows):
                return [Entered(found[row["id"]], str(found[row["id"]]) == row["id"]) for row in rows]
        raise TransientError("jobs of the same unique_key came and went; nothing was entered")

    def _anew(self, connection: sa.Connection, rows: Sequence[sa.RowMapping]) -> list[Entered]:
        unbury(connection, self._queues, [row["id"] for row in rows])
        priorities: dict[str, Priority] = {self._queues.high: "high", self._queues.low: "low"}
        orders = [
            Order(
                row["job_type"],
                row["job_parameters"],
                row["user_id"],
                priorities.get((row["error_context"] or {}).get("queue", ""), "normal"),
                unique_key=row["unique_key"],
                retry_of=row["id"],
            )
            for row in rows
        ]
        return self.create_jobs(orders, connection=connection)

    def _locked(self, connection: sa.Connection, job_id: UUID) -> sa.RowMapping:
        row = (
            connection.execute(sa.select(JOBS).where(JOBS.c.id == job_id).with_for_update())
            .mappings()
            .first()
        )
        if row is None:
            raise InputError("job", str(job_id), "the id of a job, as `gamefactory jobs list` shows")
        return row


def _enqueued(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> Sequence[UUID | None]:
    """Ask for rows to be entered; InputError where their user is nobody or has too many."""
    try:
        return connection.scalars(_ENQUEUE, {"given": orjson.dumps(rows).decode()}).all()
    except sa.exc.DBAPIError as error:
        match getattr(error.orig, "sqlstate", None):
            case "54000":
                most = rows[0]["at_most"]
                users = ", ".join(sorted({row["user_id"] for row in rows}))
                raise _too_many(users, most) from error
            case "23503":
                whose = UUID_FORM.search(str(error.orig))
                raise InputError("user", whose and whose[0], A_USER) from error
        raise


def _too_many(users: str, most: int) -> InputError:
    return InputError("user", users, f"a user with at most {most} jobs that have not ended")
