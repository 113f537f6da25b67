"""``ReplayJobs``: submitting replay jobs and following them, in one user's name.

What belongs here: what people do with their jobs, each call one transaction, and what a shared one shows to
anybody. What does not: what may be asked for (``asking.py``), and what workers do (``progress.py``).

Another's job is no job: nothing here tells it from one that is not there, in words or in statements.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from gamefactory_dagster.database import locks
from gamefactory_dagster.database.engine import async_session
from gamefactory_dagster.database.locks import Lock
from gamefactory_dagster.database.paging import Page, key_of, parse_uuid_key
from gamefactory_dagster.database.tables.replays import GFWLTeamSubmission, Job, JobStatus, JobUrl, User
from gamefactory_dagster.errors import IllegalTransitionError, InputError, TransientError
from gamefactory_dagster.ids import canonical_uuid, parse_uuid
from gamefactory_dagster.ledger.access import check_owner
from gamefactory_dagster.settings import Settings

from .asking import check_order, check_players
from .states import move

CHANNEL = "replay_jobs"
"""Notified when there is something to do for a job: it was submitted, confirmed or cancelled."""

SUBMISSIONS_AN_HOUR = 5
"""Of one user, whatever becomes of them."""

A_JOB = "the id of a replay job of yours"

MOST_AT_ONCE = 500
"""Jobs of one page."""

_HOUR = dt.timedelta(hours=1)
_LONGEST_USER = 255


class ReplayJobs:
    """A user's jobs. ``user`` is what Clerk calls them, by default the settings' user; made on first use."""

    def __init__(self, engine: AsyncEngine, settings: Settings, *, user: str | None = None) -> None:
        self._engine = engine
        self._settings = settings
        self._user = str(settings.user) if user is None else user
        if not (1 <= len(self._user) <= _LONGEST_USER and self._user.isprintable()):
            raise InputError("user", self._user, f"1 to {_LONGEST_USER} printable characters")

    async def submit(
        self,
        job_type: str,
        links: Sequence[str],
        *,
        player: str | None = None,
        team_name: str | None = None,
        team_data: Any = None,
        owner: UUID | None = None,
    ) -> Job:
        """Enter a job with its links, and a GFWL job's team, all or nothing.

        ``owner``: in whose name the ledger is told, by default the settings' user. Raises InputError that
        names the part at fault, TransientError that says when there may be another where there were too many.
        """
        order = check_order(job_type, links, player=player, team_name=team_name, team_data=team_data)
        owner = owner or self._settings.user
        async with async_session(self._engine) as session:
            await (await session.connection()).run_sync(check_owner, owner)
            user_id = await self._known_user(session)
            now = await _admit(session, user_id)
            job = Job(
                created_at=now,
                updated_at=now,
                user_id=user_id,
                job_type=order.job_type,
                urls=list(order.urls),
                total_urls=len(order.urls),
                team_data=order.team_data,
                player=order.player,
                owner_id=owner,
            )
            session.add(job)
            await session.flush()
            session.add_all(
                JobUrl(job_id=job.id, url=url, position=place) for place, url in enumerate(order.urls)
            )
            if order.team_name is not None:
                session.add(GFWLTeamSubmission(job_id=job.id, team_name=order.team_name))
            await _notify(session)
        return job

    async def job(self, id_: UUID | str) -> Job:
        """Give a job; raises InputError where the user has none of this id, like all that follow."""
        async with async_session(self._engine) as session:
            return await self._find(session, id_)

    async def jobs(
        self, status: str | None = None, *, limit: int = 50, after: str | None = None
    ) -> Page[Job]:
        """Give one page of the jobs, the newest first; ``after`` is what the page before told.

        Raises InputError for a state, limit or ``after`` there is not.
        """
        if status is not None and status not in list(JobStatus):
            raise InputError("status", status, f"one of {', '.join(JobStatus)}")
        if not 1 <= limit <= MOST_AT_ONCE:
            raise InputError("limit", limit, f"a whole number from 1 to {MOST_AT_ONCE}")
        wanted = self._own().order_by(Job.created_at.desc(), Job.id.desc()).limit(limit + 1)
        if status is not None:
            wanted = wanted.where(Job.status == status)
        if after is not None:
            moment, id_ = parse_uuid_key(after)
            key = sa.tuple_(sa.literal(dt.datetime.fromisoformat(moment)), sa.literal(UUID(id_)))
            wanted = wanted.where(sa.tuple_(Job.created_at, Job.id) < key)
        async with async_session(self._engine) as session:
            found = (await session.scalars(wanted)).all()
        rows = list(found[:limit])
        return Page(rows, key_of(rows[-1].created_at, rows[-1].id) if len(found) > limit else None)

    async def urls(self, id_: UUID | str) -> list[JobUrl]:
        """Give what became of a job's links, in their order."""
        async with async_session(self._engine) as session:
            job = await self._find(session, id_)
            wanted = sa.select(JobUrl).where(JobUrl.job_id == job.id).order_by(JobUrl.position)
            return list(await session.scalars(wanted))

    async def players(self, id_: UUID | str) -> GFWLTeamSubmission:
        """Give a GFWL job's team: whom its matches showed, and whom it confirmed."""
        async with async_session(self._engine) as session:
            return await _team(session, await self._find(session, id_))

    async def confirm(self, id_: UUID | str, names: Iterable[str]) -> Job:
        """Say who of the players that were discovered belong to the team; the job goes on with these alone.

        Raises InputError for a name that is none of them, IllegalTransitionError for a job that does not wait
        for it.
        """
        async with async_session(self._engine) as session:
            job = await self._find(session, id_, lock=True)
            team = await _team(session, job)
            if job.status != JobStatus.AWAITING_CONFIRMATION:
                raise IllegalTransitionError(f"this job is {job.status}; no players are to be confirmed")
            team.confirmed_players = check_players(names, team.discovered_players)
            team.confirmation_status = "confirmed"
            again = {"attempt": job.attempt + 1, "requested_at": None}
            return await _moved(session, job, JobStatus.PENDING, **again)

    async def cancel(self, id_: UUID | str) -> Job:
        """End a job that has not ended. Its worker can write no more; the next tick stops its run.

        Raises IllegalTransitionError where it has ended.
        """
        async with async_session(self._engine) as session:
            job = await self._find(session, id_, lock=True)
            return await _moved(session, job, JobStatus.CANCELLED, lease_epoch=Job.lease_epoch + 1)

    async def share(self, id_: UUID | str) -> Job:
        """Let whoever knows its ``shareable_id`` see a job's result, once and while it is completed."""
        return await self._set_public(id_, True)

    async def unshare(self, id_: UUID | str) -> Job:
        """Let nobody else see it any more."""
        return await self._set_public(id_, False)

    async def _set_public(self, id_: UUID | str, is_public: bool) -> Job:
        async with async_session(self._engine) as session:
            job = await self._find(session, id_, lock=True)
            job.is_public = is_public
        return job

    def _own(self) -> sa.Select[Job]:
        return sa.select(Job).join(User, Job.user_id == User.id).where(User.clerk_user_id == self._user)

    async def _find(self, session: AsyncSession, id_: UUID | str, *, lock: bool = False) -> Job:
        wanted = self._own().where(Job.id == parse_uuid(str(id_), "job", A_JOB))
        if lock:
            wanted = wanted.with_for_update(of=Job, key_share=True)
        job = (await session.scalars(wanted)).one_or_none()
        if job is None:
            raise InputError("job", str(id_), A_JOB)
        return job

    async def _known_user(self, session: AsyncSession) -> UUID:
        """The user's row, made where there is none; who makes it at the same time waits, and finds it."""
        made = insert(User).values(clerk_user_id=self._user)
        await session.execute(made.on_conflict_do_nothing(index_elements=["clerk_user_id"]))
        return (await session.scalars(sa.select(User.id).where(User.clerk_user_id == self._user))).one()


async def shared(engine: AsyncEngine, shareable_id: UUID | str) -> Job | None:
    """Give the job that is shared by this id, to anybody; None unless it is public and completed."""
    key = canonical_uuid(str(shareable_id))
    if key is None:
        return None
    wanted = sa.select(Job).where(
        Job.shareable_id == UUID(key), Job.is_public, Job.status == JobStatus.COMPLETED
    )
    async with async_session(engine) as session:
        return (await session.scalars(wanted)).one_or_none()


async def _admit(session: AsyncSession, user_id: UUID) -> dt.datetime:
    """Give the moment of a user's submission; nobody else submits in their name until the transaction ends.

    By the clock and not the transaction's beginning: these moments are in the order of their commits. Raises
    TransientError where there were too many in the hour before.
    """
    part = int.from_bytes(user_id.bytes[:4], "big", signed=True)
    await (await session.connection()).run_sync(locks.take, Lock.REPLAYS_OF_USER, part)
    now: dt.datetime = (await session.scalars(sa.select(sa.func.clock_timestamp()))).one()
    recent = sa.select(Job.created_at).where(Job.user_id == user_id, Job.created_at > now - _HOUR)
    newest = recent.order_by(Job.created_at.desc()).limit(SUBMISSIONS_AN_HOUR)
    moments = (await session.scalars(newest)).all()
    if len(moments) == SUBMISSIONS_AN_HOUR:
        free = moments[-1] + _HOUR + dt.timedelta(seconds=1)
        raise TransientError(
            f"at most {SUBMISSIONS_AN_HOUR} replay jobs an hour may be submitted; the next one from "
            f"{free:%Y-%m-%d %H:%M:%S} UTC on"
        )
    return now


async def _moved(session: AsyncSession, job: Job, new: JobStatus, **columns: Any) -> Job:
    """Take a locked job to another state, tell of it, and give the job as it is then."""
    await move(await session.connection(), job.id, job.status, new, **columns)
    await session.refresh(job)
    await _notify(session)
    return job


async def _team(session: AsyncSession, job: Job) -> GFWLTeamSubmission:
    wanted = sa.select(GFWLTeamSubmission).where(GFWLTeamSubmission.job_id == job.id)
    team = (await session.scalars(wanted)).one_or_none()
    if team is None:
        raise InputError("job", str(job.id), "the id of a GFWL job: no other has a team")
    return team


async def _notify(session: AsyncSession) -> None:
    await session.execute(sa.select(sa.func.pg_notify(CHANNEL, "")))
