"""What the sensor of replay jobs does in one tick, and what a replay job is to ``orchestration/tick.py``.

What belongs here: which state means what, and what starting over and being stopped mean to a job. What does
not: the tick itself, and the work (``working.py``). A job that waits for its team's answer has no run.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database.tables.replays import JobStatus
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.ids import parse_uuid
from gamefactory_dagster.orchestration.attempts import Attempts
from gamefactory_dagster.orchestration.runs import PRIORITY_TAG, RunBoard, Wanted
from gamefactory_dagster.orchestration.tick import Row, Tick, Work
from gamefactory_dagster.orchestration.tick import tick as tick_over
from gamefactory_dagster.settings import Settings

from .states import JOB, JOBS

JOB_TAG = ".dagster/gamefactory_replay_job"
"""Of a run: the whole id of its job."""

ATTEMPTS = 6
"""Runs of one job, those after its team's answer included, before it is given up."""

_A_ROW = "the id of a row of replays.jobs"

PRIORITY = 10
"""Of its runs: somebody may be waiting."""

NEXT_JOBS = (
    sa.select(JOBS)
    .where(JOBS.c.status == JobStatus.PENDING, JOBS.c.requested_at.is_(None))
    .order_by(JOBS.c.created_at, JOBS.c.id)
)
"""Uses jobs_to_request_idx, which holds those that wait and no others."""

LIMITED = Attempts(
    JOBS,
    JOB,
    JobStatus.PENDING,
    ATTEMPTS,
    failed=JobStatus.FAILED,
    ended={"completed_at": sa.func.clock_timestamp()},
)


def tick(engine: sa.Engine, settings: Settings, board: RunBoard) -> Tick:
    """Move every job on by one; safe at any time, in any number of processes."""
    return tick_over(engine, settings, board, REPLAY_WORK)


def wanted(job: Row) -> Wanted:
    """The run that goes on with a job."""
    job_id = str(job["id"])
    tags = {
        JOB_TAG: job_id,
        "gamefactory/replays": job_id[:8],
        "gamefactory/attempt": str(job["attempt"]),
        PRIORITY_TAG: str(PRIORITY),
    }
    return Wanted(job_id, job["attempt"], {"job_id": job_id}, tags)


def stop(connection: sa.Connection, job: Row, why: str) -> None:
    """End a job whose run a person stopped."""
    ended: dict[str, Any] = {"requested_at": None, **LIMITED.ended}
    LIMITED.move(connection, job, JobStatus.CANCELLED, why, **ended)


def owner_of(connection: sa.Connection, job_id: UUID) -> UUID:
    """In whose name a job is done; raises InputError where there is none of this id."""
    owner: UUID | None = connection.scalar(sa.select(JOBS.c.owner_id).where(JOBS.c.id == job_id))
    if owner is None:
        raise InputError("job_id", str(job_id), _A_ROW)
    return owner


def parse_job_id(text: str) -> UUID:
    """Read the id a run is given; raises InputError."""
    return parse_uuid(text, "job_id", _A_ROW)


REPLAY_WORK = Work(
    table=JOBS,
    waiting=JobStatus.PENDING,
    working=(JobStatus.RUNNING,),
    cancelled=JobStatus.CANCELLED,
    next=NEXT_JOBS,
    wanted=wanted,
    start_over=LIMITED.start_over,
    cancel=stop,
)
"""Replay jobs as work."""
