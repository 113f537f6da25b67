"""The jobs' queues: which there are, what a message in one means, and moving a row together with its message.

What belongs here: every statement that touches PGMQ for a job that waits or is at work, each in the caller's
transaction, so that row and message change together or not at all. What does not: reading messages
(``reader.py``), entering jobs (``service.py``), and looking for what was lost (``recovery.py``).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import orjson
import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.database.tables.background import ENDED, BackgroundJob
from gamefactory_dagster.database.tables.base import table_of
from gamefactory_dagster.database.text import storable
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.work.claims import claim_batch
from gamefactory_dagster.work.leases import Lease, confirm

from .states import Failure, Verdict

JOBS = table_of(BackgroundJob)

DEFAULT_QUEUE = "job_queue"
"""The document's; ``sql/migrations/versions/0017_queue.up.sql`` makes it, and those beside it."""

Priority = Literal["high", "normal", "low"]

_CREATE = (
    "SELECT pgmq.create(name) FROM unnest(CAST(:names AS text[])) AS list (name) "
    "WHERE to_regclass('pgmq.q_' || name) IS NULL"
)
_DELETE = "SELECT pgmq.delete(CAST(:queue AS text), CAST(:messages AS bigint[]))"
_ARCHIVE = "SELECT pgmq.archive(CAST(:queue AS text), CAST(:messages AS bigint[]))"
_SHOW_AT = (
    "SELECT 1 FROM pgmq.set_vt(CAST(:queue AS text), CAST(:messages AS bigint[]), "
    "coalesce(CAST(:at AS timestamptz), clock_timestamp()))"
)

WORDS_LIMIT = 2000
"""Characters kept of why a try failed."""


@dataclass(frozen=True, slots=True)
class Queues:
    """The names of the queues; ``normal`` is the document's."""

    high: str
    normal: str
    low: str
    dead: str

    @classmethod
    def of(cls, settings: Settings) -> "Queues":
        """As the settings name them."""
        name = settings.job_queue
        return cls(f"{name}_high", name, f"{name}_low", f"{name}_dead")

    @property
    def waiting(self) -> tuple[str, str, str]:
        """Those jobs wait in, in the order they are read."""
        return self.high, self.normal, self.low

    def ensure(self, connection: sa.Connection) -> None:
        """Make those that are missing, where they are others than those the migration makes."""
        if self.normal == DEFAULT_QUEUE:
            return
        names = {"names": [*self.waiting, self.dead]}
        connection.execute(sa.text(_CREATE), names)


@dataclass(slots=True)
class Taken:
    """A job in a worker's hands."""

    lease: Lease
    job_type: str
    user_id: UUID
    job_parameters: Any
    retry_count: int

    @property
    def job_id(self) -> UUID:
        """Its id."""
        found: UUID = self.lease.id
        return found


def take(
    connection: sa.Connection, owner: str, seconds: float, jobs: Sequence[UUID], limit: int
) -> list[Taken]:
    """Take up to ``limit`` of these jobs that are due and in nobody's hands; others look elsewhere."""
    columns = JOBS.c
    claimed = claim_batch(
        connection,
        JOBS,
        owner,
        seconds,
        limit,
        where=sa.and_(
            columns.id.in_(jobs),
            columns.status.not_in(ENDED),
            columns.lease_owner.is_(None),
            columns.cancel_requested_at.is_(None),
            columns.run_after <= sa.func.clock_timestamp(),
        ),
        order_by=[columns.created_at, columns.id],
        status="processing",
        started_at=sa.func.coalesce(columns.started_at, sa.func.clock_timestamp()),
        updated_at=sa.func.clock_timestamp(),
    )
    return [
        Taken(lease, row["job_type"], row["user_id"], row["job_parameters"], row["retry_count"])
        for lease, row in claimed
    ]


@dataclass(frozen=True, slots=True)
class Result:
    """How a try ended, as it is written down."""

    job_id: UUID
    owner: str
    epoch: int
    verdict: Verdict
    references: Mapping[str, Any] | None = None
    failure: Failure | None = None
    log: str | None = None
    is_written: bool = False
    """Whether the job itself has written down that it is completed."""
    charged: bool = True
    """Whether another try counts as a retry; not where the last one was never begun."""

    def as_row(self) -> dict[str, Any]:
        """For the statement."""
        failure = self.failure
        return {
            "id": str(self.job_id),
            "owner": self.owner,
            "epoch": self.epoch,
            "next": self.verdict.next,
            "pause": self.verdict.pause,
            "charge": int(self.charged),
            "data_references": self.references,
            "error_type": failure and failure.error_type,
            "error_message": failure and storable(failure.message[:WORDS_LIMIT]),
            "error_context": failure and dict(failure.context),
            "log": self.log and storable(self.log),
        }


def finish(connection: sa.Connection, queues: Queues, results: Sequence[Result]) -> set[UUID]:
    """Write down how tries ended, each with what becomes of its message; gives those that were written.

    A job that is no longer the lease's, or has ended, is left as it is. One that failed for good has its
    message among the dead letters, unless a person ended it.
    """
    given = orjson.dumps([result.as_row() for result in results if not result.is_written]).decode()
    rows = connection.execute(sa.text(load("background/finish")), {"results": given}).all()
    over: dict[str, list[int]] = defaultdict(list)
    again: dict[tuple[str, datetime], list[int]] = defaultdict(list)
    for row in rows:
        if row.message_id is None:
            continue
        if row.ended:
            over[row.queue].append(row.message_id)
        else:
            again[row.queue, row.run_after].append(row.message_id)
    for queue, messages in over.items():
        delete(connection, queue, messages)
    for (queue, when), messages in again.items():
        show_at(connection, queue, messages, when)
    send(connection, queues.dead, [row.id for row in rows if row.dead])
    return {row.id for row in rows} | _add_logs(connection, [one for one in results if one.is_written])


def _add_logs(connection: sa.Connection, results: Sequence[Result]) -> set[UUID]:
    """Add what jobs said that have written down their end themselves."""
    for result in results:
        if result.log:
            theirs = sa.update(JOBS).where(JOBS.c.id == result.job_id, JOBS.c.lease_epoch == result.epoch)
            connection.execute(theirs.values(log=storable(result.log)))
    return {result.job_id for result in results}


@contextmanager
def completing(
    engine: sa.Engine, queues: Queues, lease: Lease, references: Mapping[str, Any]
) -> Iterator[sa.Connection]:
    """Open the transaction that completes a job, for effects that are to be there exactly with that.

    Raises LeaseLostError when the job is another's by now; nothing is written then.
    """
    with transaction(engine) as connection:
        confirm(connection, lease)
        yield connection
        result = Result(lease.id, lease.owner, lease.epoch, Verdict("completed"), references)
        finish(connection, queues, [result])


def give_up(connection: sa.Connection, queues: Queues, jobs: Sequence[UUID], failure: Failure) -> None:
    """Fail jobs in nobody's hands, whose rows the caller has locked."""
    given = {"jobs": list(jobs), "error_type": failure.error_type, "error_message": failure.message}
    rows = connection.execute(sa.text(load("background/give_up")), given).all()
    for queue in {row.queue for row in rows if row.message_id is not None}:
        delete(connection, queue, [row.message_id for row in rows if row.queue == queue])
    send(connection, queues.dead, [row.id for row in rows if row.dead])


def send(connection: sa.Connection, queue: str, jobs: Sequence[UUID]) -> None:
    """Give each of these jobs a message in ``queue``, to be read at once; whatever it had is not its own."""
    if jobs:
        connection.execute(sa.text(load("background/send")), {"jobs": list(jobs), "queue": queue})


def messages_in(queue: str) -> sa.TableClause:
    """PGMQ's table of what is in a queue, to look at: there is no function for that."""
    return sa.table(f"q_{queue}", sa.column("msg_id", sa.BigInteger), schema="pgmq")


def unbury(connection: sa.Connection, queues: Queues, jobs: Sequence[UUID]) -> int:
    """Delete the dead letters of these jobs; gives how many there were."""
    theirs = sa.and_(JOBS.c.id.in_(jobs), JOBS.c.queue == queues.dead, JOBS.c.message_id.is_not(None))
    letters = list(connection.scalars(sa.select(JOBS.c.message_id).where(theirs).with_for_update()))
    connection.execute(sa.update(JOBS).where(theirs).values(message_id=None))
    delete(connection, queues.dead, letters)
    return len(letters)


def delete(connection: sa.Connection, queue: str, messages: list[int]) -> None:
    """Delete messages; those that are gone already are no matter."""
    _for_each(connection, _DELETE, queue, messages)


def archive(connection: sa.Connection, queue: str, messages: list[int]) -> None:
    """Put messages where PGMQ keeps what was in a queue: they are nobody's, or not ours to delete."""
    _for_each(connection, _ARCHIVE, queue, messages)


def show_now(connection: sa.Connection, queue: str, messages: list[int]) -> None:
    """Let messages be read again."""
    _for_each(connection, _SHOW_AT, queue, messages, at=None)


def show_at(connection: sa.Connection, queue: str, messages: list[int], when: datetime) -> None:
    """Let messages be read from a time on."""
    _for_each(connection, _SHOW_AT, queue, messages, at=when)


def _for_each(connection: sa.Connection, call: str, queue: str, messages: list[int], **more: Any) -> None:
    if messages:
        connection.execute(sa.text(call), {"queue": queue, "messages": messages, **more})
