"""Background jobs as their owner reads them: pages of jobs, one job, how many there are of each sort.

What belongs here: questions, asked through ``ledger.access.owners_view``, whose policy is what filters. What
does not: how answers look (``commands/``, ``jobs_page.py``), everybody's jobs (``overview.py``), and changing
any (``service.py``).

Another's job is no job: nothing here tells it from one that is not there.
"""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database.paging import Page, key_of, parse_uuid_key, read_page
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.ids import LAST_UUID, beginning_alike, canonical_uuid

from .states import JobCancelledError

A_JOB = "the id of a job of yours, its first characters (4 or more), or 'latest'"

DEAD = "_dead"
"""End of the name of the queue of dead letters."""

_PRIORITIES = ("high", "low")


@dataclass(frozen=True, slots=True)
class Job:
    """One job, as it was at ``seen_at``; ``log`` and ``retried_as``, the job after it, are None in a list."""

    id: UUID
    job_type: str
    status: str
    user_id: UUID
    job_parameters: Any
    error_message: str | None
    error_type: str | None
    error_context: Any
    data_references: Any
    retry_count: int
    created_at: dt.datetime
    updated_at: dt.datetime
    started_at: dt.datetime | None
    completed_at: dt.datetime | None
    queue: str
    message_id: int | None
    run_after: dt.datetime
    unique_key: str | None
    cancel_requested_at: dt.datetime | None
    retry_of: UUID | None
    lease_expires_at: dt.datetime | None
    seen_at: dt.datetime
    log: str | None = None
    retried_as: UUID | None = None

    @property
    def state(self) -> str:
        """What has become of it, in a word or two; a finer thing than ``status``."""
        match self.status:
            case "pending":
                return "waits until" if self.run_after > self.seen_at else "waiting"
            case "processing" if self.lease_expires_at is None:
                return "tried again at"
            case "processing":
                return "at work" if self.cancel_requested_at is None else "asked to stop"
            case "failed" if self.error_type == JobCancelledError.__name__:
                return "cancelled"
            case _:
                return self.status

    @property
    def until(self) -> dt.datetime | None:
        """The moment that ``state`` speaks of, where it speaks of one."""
        return self.run_after if self.state in ("waits until", "tried again at") else None

    @property
    def priority(self) -> str:
        """Before which others it is taken up, by the queue its message is in, or was before it failed."""
        queue = self.queue
        if queue.endswith(DEAD) and isinstance(self.error_context, dict):
            queue = str(self.error_context.get("queue", queue))
        return next((name for name in _PRIORITIES if queue.endswith(f"_{name}")), "normal")

    @property
    def is_dead_letter(self) -> bool:
        """Whether its message lies among the dead letters, to be driven again or dropped."""
        return self.status == "failed" and self.queue.endswith(DEAD) and self.message_id is not None

    @property
    def seconds(self) -> float | None:
        """How long it took, its tries and the pauses between; None until it has ended."""
        if self.started_at is None or self.completed_at is None:
            return None
        return (self.completed_at - self.started_at).total_seconds()

    @property
    def is_over(self) -> bool:
        """Whether nothing will become of it any more."""
        return self.status in ("completed", "failed")

    @property
    def where_wrong(self) -> tuple[Any, str]:
        """What ``error_context`` holds beside the traceback, and that, empty where there is none."""
        if not isinstance(self.error_context, dict):
            return self.error_context, ""
        trace = self.error_context.get("traceback")
        rest = {name: value for name, value in self.error_context.items() if name != "traceback"}
        return (rest, trace) if isinstance(trace, str) else (self.error_context, "")

    def told(self) -> dict[str, Any]:
        """Everything there is to say of it, for scripts."""
        more = {"state": self.state, "priority": self.priority, "seconds": self.seconds}
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)} | more


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of an owner's jobs there are of each sort; the last two over 24 hours."""

    waiting: int
    at_work: int
    completed: int
    failed: int


def jobs(
    connection: sa.Connection,
    *,
    status: str | None = None,
    job_type: str | None = None,
    dead: bool = False,
    ids: Sequence[UUID] | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Job]:
    """One page of jobs, the newest first.

    ``dead``: only those whose message is among the dead letters; ``ids``: only of these.
    """
    moment, id_ = ("infinity", LAST_UUID) if after is None else parse_uuid_key(after)
    asked: dict[str, Any] = {"moment": moment, "id": id_, "status": status, "type": job_type, "dead": dead}
    asked |= {"ids": None if ids is None else list(ids)}
    return read_page(
        connection, "background/jobs", Job, lambda job: key_of(job.created_at, job.id), limit, asked
    )


def job(connection: sa.Connection, id_: UUID) -> Job | None:
    """The job with this id, and its log; None where the caller has none."""
    row = connection.execute(sa.text(load("background/job")), {"id": id_}).mappings().one_or_none()
    return None if row is None else Job(**row)


def find_job(connection: sa.Connection, wanted: str) -> Job:
    """The job that ``wanted`` names: by its id, the id's beginning, or ``latest``.

    Raises InputError where there is none, or more than one.
    """
    found = job(connection, UUID(_named(connection, wanted)))
    if found is None:
        raise InputError("job", wanted, A_JOB)
    return found


def runs(connection: sa.Connection, of: Job) -> list[str]:
    """Ids of the ledger's runs that tell of this job's tries, in their order; none where it makes nothing.

    They are the same owner's, and began while the job was at work.
    """
    if of.started_at is None:
        return []
    asked = {"job": str(of.id), "first": of.started_at, "last": of.completed_at or of.seen_at}
    return list(connection.scalars(sa.text(load("background/runs")), asked))


def counts(connection: sa.Connection) -> Counts:
    """How many there are of each sort."""
    return Counts(**connection.execute(sa.text(load("background/counts"))).mappings().one())


def _named(connection: sa.Connection, wanted: str) -> str:
    if wanted == "latest":
        newest = jobs(connection, limit=1).rows
        if not newest:
            raise InputError(
                "job", wanted, "a job of yours; there is none yet: gamefactory jobs enqueue sample_task"
            )
        return str(newest[0].id)
    if whole := canonical_uuid(wanted):
        return whole
    bounds = beginning_alike(wanted)
    if bounds is None:
        raise InputError("job", wanted, A_JOB)
    asked = {"first": bounds[0], "last": bounds[1]}
    found = connection.scalars(sa.text(load("background/job_named")), asked).all()
    if len(found) != 1:
        raise InputError("job", wanted, A_JOB)
    return str(found[0])
