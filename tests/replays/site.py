"""A site's recordings in a folder, and jobs about them that are worked at in this process.

What belongs here: what the tests of a job's whole way share. What does not: any test.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database.engine import get_async_engine
from gamefactory_dagster.orchestration.tick import Tick
from gamefactory_dagster.replays import dispatch
from gamefactory_dagster.replays.results import Report
from gamefactory_dagster.replays.service import ReplayJobs
from gamefactory_dagster.replays.working import Done, work_at
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.studio.shipping.artifacts import ArtifactStore
from tests.board import Board

from .desk import link
from .recording import first, loss, next_game, replay_file

T = TypeVar("T")


@dataclass
class Site:
    """Recordings, jobs, and the runs an orchestrator would have."""

    settings: Settings
    engine: sa.Engine
    board: Board = field(default_factory=Board)

    def record(self, number: int, one: str = "Ann", two: str = "Bob", content: bytes | None = None) -> str:
        """Put a match that ``one`` won by two games into the folder; its link."""
        folder = self.settings.home / "replays"
        folder.mkdir(parents=True, exist_ok=True)
        plays = [first(one, one, (one, "Owl")), loss(two), next_game(), first(two), loss(two)]
        names = {"player1": {"username": one}, "player2": {"username": two}}
        made = replay_file(*plays, id=number, **names) if content is None else content
        (folder / f"{number}.json").write_bytes(made)
        return link(number)

    def ask(self, question: Callable[[ReplayJobs], Awaitable[T]], user: str | None = None) -> T:
        """Put a question to the jobs of a user."""

        async def put() -> T:
            engine = get_async_engine(self.settings)
            try:
                return await question(ReplayJobs(engine, self.settings, user=user))
            finally:
                await engine.dispose()

        return asyncio.run(put())

    def submit(self, *links: str, team: str | None = None, player: str | None = None) -> UUID:
        kind = "INDIVIDUAL" if team is None else "GFWL"
        return self.ask(lambda jobs: jobs.submit(kind, links, team_name=team, player=player)).id

    def tick(self) -> Tick:
        return dispatch.tick(self.engine, self.settings, self.board)

    def work(self, job: UUID, run: str = "run 1") -> Done:
        return work_at(self.engine, self.settings, job, run)

    def row(self, job: UUID) -> Any:
        with self.engine.connect() as connection:
            return connection.execute(sa.text("SELECT * FROM replays.jobs WHERE id = :id"), {"id": job}).one()

    def links(self, job: UUID) -> list[tuple[str, str | None]]:
        """State and reason of each link, in order."""
        return [(one.state, one.reason) for one in self.ask(lambda jobs: jobs.urls(job))]

    def report(self, job: UUID) -> Report:
        return Report.from_json(ArtifactStore(self.settings.artifacts).get(self.row(job).report_url))

    def let_run_out(self, job: UUID) -> None:
        """As if the worker had been silent for too long, or the run had never begun."""
        long_ago = "lease_expires_at - interval '1 day', requested_at = requested_at - interval '1 day'"
        with self.engine.begin() as connection:
            connection.execute(
                sa.text(f"UPDATE replays.jobs SET lease_expires_at = {long_ago} WHERE id = :id"), {"id": job}
            )
