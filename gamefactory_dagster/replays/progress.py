"""What the worker of a replay job says of it, each call one transaction under the job's lease.

What belongs here: taking a job up, counting its links, and the ways work at it ends. What does not: the work
itself, and what people do with their jobs (``service.py``).

A worker whose lease somebody else has, or whose job was cancelled, is refused with LeaseLostError, and
nothing is written.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from gamefactory_dagster.database.engine import alone_standing, async_session
from gamefactory_dagster.database.tables.replays import GFWLTeamSubmission, Job, JobStatus
from gamefactory_dagster.database.text import storable
from gamefactory_dagster.errors import IllegalTransitionError, LeaseLostError, PermanentError
from gamefactory_dagster.orchestration.attempts import WORDS_LIMIT
from gamefactory_dagster.work import leases
from gamefactory_dagster.work.leases import RELEASED, Lease

from .states import JOBS, URLS, move


async def claim(engine: AsyncEngine, job_id: UUID, run_id: str, seconds: float) -> tuple[Lease, Job]:
    """Take up a job that waits, or once more what this run has already, for a lease of so many seconds.

    Raises LeaseLostError when another run is at it, IllegalTransitionError when it waits for no worker,
    PermanentError when there is none of this id.
    """
    async with async_session(engine) as session:
        connection = await session.connection()
        wanted = sa.select(Job.status, Job.lease_owner).where(Job.id == job_id)
        row = (await connection.execute(wanted.with_for_update(key_share=True))).one_or_none()
        if row is None:
            raise PermanentError(f"there is no replay job {job_id}")
        if row.status != JobStatus.RUNNING:
            begun = sa.func.coalesce(Job.started_at, sa.func.clock_timestamp())
            await move(
                connection, job_id, row.status, JobStatus.RUNNING, started_at=begun, error_message=None
            )
        elif row.lease_owner != run_id:
            raise LeaseLostError(f"replay job {job_id} is in the hands of {row.lease_owner}")
        lease = await connection.run_sync(leases.take, JOBS, job_id, run_id, seconds)
        return lease, await session.get_one(Job, job_id)


async def url_done(engine: AsyncEngine, lease: Lease, url: str) -> bool:
    """Count a link as read; False where it was counted before, or is none of the job's."""
    return await _settle(engine, lease, url, state="done")


async def url_failed(engine: AsyncEngine, lease: Lease, url: str, reason: str) -> bool:
    """Count a link as one that cannot be read, and why; False as in ``url_done``."""
    return await _settle(engine, lease, url, state="failed", reason=_words(reason))


async def discovered(engine: AsyncEngine, lease: Lease, players: Iterable[str]) -> None:
    """Let a team say which of these are its players; the job is in nobody's hands until then.

    A name that differs from another only in its capitals is the same player's. Raises IllegalTransitionError
    for a job without a team, or with links left to read.
    """
    names: dict[str, str] = {}
    for name in players:
        names.setdefault(name.casefold(), name)
    async with _held(engine, lease) as connection:
        await _refuse_unread(connection, lease)
        theirs = sa.update(GFWLTeamSubmission).where(GFWLTeamSubmission.job_id == lease.id)
        if (await connection.execute(theirs.values(discovered_players=list(names.values())))).rowcount != 1:
            raise IllegalTransitionError(
                f"replay job {lease.id} has no team whose players could be confirmed"
            )
        free: dict[str, Any] = {"requested_at": None, **RELEASED}
        await move(connection, lease.id, JobStatus.RUNNING, JobStatus.AWAITING_CONFIRMATION, **free)


async def completed(engine: AsyncEngine, lease: Lease, report_url: str) -> None:
    """End a job whose report is there. Raises IllegalTransitionError where links are left to read."""
    async with _held(engine, lease) as connection:
        await _refuse_unread(connection, lease)
        told = {"report_url": report_url, **RELEASED}
        await move(connection, lease.id, JobStatus.RUNNING, JobStatus.COMPLETED, **told)


async def failed(engine: AsyncEngine, lease: Lease, reason: str) -> None:
    """End a job that cannot be done, and say why."""
    async with _held(engine, lease) as connection:
        told = {"error_message": _words(reason), **RELEASED}
        await move(connection, lease.id, JobStatus.RUNNING, JobStatus.FAILED, **told)


@asynccontextmanager
async def _held(engine: AsyncEngine, lease: Lease) -> AsyncIterator[AsyncConnection]:
    """Open a transaction in which the job is locked, and is the lease's."""
    async with async_session(engine) as session:
        connection = await session.connection()
        await connection.run_sync(leases.confirm, lease)
        yield connection


async def _settle(engine: AsyncEngine, lease: Lease, url: str, **values: str) -> bool:
    """Let a link leave "pending", and count it in the same breath: whichever happened, both did, once."""
    held = sa.select(JOBS.c.id).where(leases.held(lease)).with_for_update(key_share=True).cte("held")
    link = sa.update(URLS).where(URLS.c.job_id == held.c.id, URLS.c.url == url, URLS.c.state == "pending")
    settled = link.values(**values).returning(URLS.c.job_id).cte("settled")
    job = sa.update(JOBS).where(JOBS.c.id == settled.c.job_id)
    counted = job.values(processed_urls=JOBS.c.processed_urls + 1).returning(JOBS.c.id).cte("counted")
    async with alone_standing(engine) as connection:  # one statement, of which a job has up to a hundred
        row = await connection.execute(sa.select(sa.exists(held.select()), sa.exists(counted.select())))
        is_held, is_counted = row.one()
    if not is_held:
        raise leases.lost(lease)
    return bool(is_counted)


async def _refuse_unread(connection: AsyncConnection, lease: Lease) -> None:
    left = await connection.scalar(sa.select(Job.total_urls - Job.processed_urls).where(Job.id == lease.id))
    if left:
        raise IllegalTransitionError(f"replay job {lease.id} has {left} links left to read")


def _words(reason: str) -> str:
    return storable(reason)[:WORDS_LIMIT]
