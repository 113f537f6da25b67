"""A desk at which replay jobs are submitted and worked at, for tests: an event loop, an engine, any user."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from gamefactory_dagster.database.engine import async_session, get_async_engine
from gamefactory_dagster.database.tables.replays import Job
from gamefactory_dagster.replays import progress
from gamefactory_dagster.replays.service import ReplayJobs
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.work.leases import Lease

Result = TypeVar("Result")

TABLES = ("users", "jobs", "gfwl_team_submissions", "job_urls", "scraped_data")


def link(number: int) -> str:
    return f"https://www.duelingbook.com/replay?id={number}"


@dataclass
class Desk:
    """What a test needs of one event loop."""

    engine: AsyncEngine
    settings: Settings

    def of(self, user: str | None = "ann") -> ReplayJobs:
        return ReplayJobs(self.engine, self.settings, user=user)

    async def submitted(self, links: int = 1, user: str = "ann") -> Job:
        return await self.of(user).submit("INDIVIDUAL", [link(1 + number) for number in range(links)])

    async def team(self, links: int = 1, user: str = "ann") -> Job:
        urls = [link(1 + number) for number in range(links)]
        return await self.of(user).submit("GFWL", urls, team_name="The Goats")

    async def claimed(self, job: Job, run: str = "run 1") -> Lease:
        lease, _ = await progress.claim(self.engine, job.id, run, 60)
        return lease

    async def put(self, job_id: UUID, **columns: Any) -> None:
        """Let a job be as no call makes it."""
        async with async_session(self.engine) as session:
            await session.execute(sa.update(Job).where(Job.id == job_id).values(**columns))

    async def contents(self) -> list[list[str]]:
        """Every row of every table, as text."""
        async with async_session(self.engine) as session:
            texts = [f"SELECT t::text FROM replays.{name} t ORDER BY 1" for name in TABLES]
            return [list(await session.scalars(sa.text(text))) for text in texts]


def at_desk(settings: Settings, play: Callable[[Desk], Awaitable[Result]]) -> Result:
    """Play a test on an event loop of its own."""

    async def run() -> Result:
        engine = get_async_engine(settings, pool_size=4, max_overflow=12)
        try:
            return await play(Desk(engine, settings))
        finally:
            await engine.dispose()

    return asyncio.run(run())
