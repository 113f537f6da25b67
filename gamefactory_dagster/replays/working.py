"""Working at a replay job: its links, each counted once, and then the team's question or the report.

What belongs here: one run's work, which may end anywhere and be begun again. What does not: what is written
of it (``progress.py``), and which job is next (``dispatch.py``).
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database.engine import async_session, connected
from gamefactory_dagster.database.tables.replays import GFWLTeamSubmission, Job, JobStatus, JobType, JobUrl
from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.ledger.recording import Made
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.work.heartbeat import Beat, Heartbeat
from gamefactory_dagster.work.leases import cancelled_if_it_is

from . import progress
from .analysis import seen
from .desk import Desk
from .frames import frames
from .reporting import UNREADABLE, read_all, report_of
from .results import Remark
from .states import JOBS

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Links fetched at the same time for one job: each holds a connection."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a run left of its job."""

    status: JobStatus
    links: int
    unread: int
    players: tuple[str, ...] = ()
    """Whom the report is about, or who was discovered."""
    made: Made | None = None
    """The report."""
    reason: str | None = None
    """Why it failed."""


def work_at(
    engine: sa.Engine, settings: Settings, job_id: UUID, run_id: str, *, place: str | None = None
) -> Done:
    """Take up a job as ``run_id`` and go on with it as far as it goes without anybody; safe to run again.

    ``engine`` renews the lease meanwhile; ``place`` is where replays are fetched from instead of from where
    the settings say. Raises LeaseLostError when another run has it, CancelledError when it was cancelled,
    TransientError when the database or the artifact store is away.
    """

    async def work() -> Done:
        async with connected(settings, pool_size=AT_ONCE + 1, max_overflow=AT_ONCE) as connections:
            lease, job = await progress.claim(connections, job_id, run_id, settings.lease_seconds)
            try:
                desk = Desk.of(connections, settings, place)
            except PermanentError as error:
                await progress.failed(connections, lease, str(error))
                return Done(JobStatus.FAILED, job.total_urls, job.total_urls, reason=str(error))
            with Heartbeat(engine) as heart, heart.keep(lease) as beat:
                await _read_links(desk, beat)
                return await _go_on(desk, beat, job)

    with cancelled_if_it_is(engine, JOBS, job_id, JobStatus.CANCELLED):
        return asyncio.run(work())


async def _read_links(desk: Desk, beat: Beat) -> None:
    """Fetch and read what is pending, a few at a time, and count each link by itself."""
    places = asyncio.Semaphore(AT_ONCE)

    async def read(url: str) -> None:
        async with places:
            beat.check()
            try:
                await desk.read(url)
            except UNREADABLE as error:
                log.warning("%s: %s", url, error)
                await progress.url_failed(desk.engine, beat.lease, url, str(error))
            else:
                log.info("%s: read", url)
                await progress.url_done(desk.engine, beat.lease, url)

    pending = [one.url for one in await _urls(desk, beat) if one.state == "pending"]
    try:
        async with asyncio.TaskGroup() as group:
            for url in pending:
                group.create_task(read(url))
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None


async def _go_on(desk: Desk, beat: Beat, job: Job) -> Done:
    links = await _urls(desk, beat)
    read = [one.url for one in links if one.state == "done"]
    unread = [Remark(source=one.url, text=one.reason or "") for one in links if one.state == "failed"]
    team = await _team(desk, job)
    try:
        if team is not None and team.confirmation_status != "confirmed":
            players = await _discovered(desk, read, unread)
            await progress.discovered(desk.engine, beat.lease, players)
            return Done(JobStatus.AWAITING_CONFIRMATION, len(links), len(unread), tuple(players))
        name = None if team is None else team.team_name
        report = await report_of(desk, read, _named(job, team), team=name, unread=unread)
    except PermanentError as error:
        beat.check()
        await progress.failed(desk.engine, beat.lease, str(error))
        return Done(JobStatus.FAILED, len(links), len(unread), reason=str(error))
    made = await asyncio.to_thread(desk.keep, report)
    await progress.completed(desk.engine, beat.lease, made.url)
    names = tuple(player.name for player in report.players)
    return Done(JobStatus.COMPLETED, len(links), len(unread), names, made)


async def _urls(desk: Desk, beat: Beat) -> Sequence[JobUrl]:
    async with async_session(desk.engine) as session:
        wanted = sa.select(JobUrl).where(JobUrl.job_id == beat.lease.id).order_by(JobUrl.position)
        return (await session.scalars(wanted)).all()


async def _team(desk: Desk, job: Job) -> GFWLTeamSubmission | None:
    if job.job_type != JobType.GFWL:
        return None
    async with async_session(desk.engine) as session:
        return (
            await session.scalars(sa.select(GFWLTeamSubmission).where(GFWLTeamSubmission.job_id == job.id))
        ).one()


def _named(job: Job, team: GFWLTeamSubmission | None) -> list[str]:
    if team is not None:
        return list(team.confirmed_players or ())
    return [] if job.player is None else [job.player]


async def _discovered(desk: Desk, urls: Sequence[str], unread: Sequence[Remark]) -> list[str]:
    """Everybody in these replays, who is in most first. Raises PermanentError where none can be read."""
    found, _ = await read_all(desk, urls, unread)
    return list(seen(frames(found)))
