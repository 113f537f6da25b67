"""What tests of background jobs share: types of their own, and a desk at which jobs are entered and done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from gamefactory_dagster.background import recovery, worker
from gamefactory_dagster.background.queue import JOBS, Queues
from gamefactory_dagster.background.reader import Reader
from gamefactory_dagster.background.registry import OWN, Registry
from gamefactory_dagster.background.service import JobQueueService
from gamefactory_dagster.orchestration.tick import Tick
from gamefactory_dagster.settings import Settings
from tests.board import Board

SORTS = Registry((*OWN, "tests.background.sorts"))


@dataclass
class Desk:
    """A queue with all there is to do at it, without Dagster."""

    engine: sa.Engine
    settings: Settings
    board: Board

    @property
    def service(self) -> JobQueueService:
        return JobQueueService(self.engine, self.settings, SORTS)

    @property
    def queues(self) -> Queues:
        return Queues.of(self.settings)

    def enter(self, job_type: str = "sample_task", **parameters: Any) -> UUID:
        return self.service.create_job(job_type, parameters).id

    def work(self, *jobs: UUID, owner: str = "worker", **how: Any) -> list[worker.Outcome]:
        return list(worker.work_at(self.engine, self.settings, owner, jobs, types=SORTS, **how))

    def read(self, limit: int = 100, seconds: int = 30) -> list[UUID]:
        with self.engine.begin() as connection:
            return [due.job_id for due in Reader(self.queues).read(connection, limit, seconds)]

    def recover(self) -> Tick:
        done = recovery.recover(self.engine, self.settings, self.board, SORTS)
        assert not done.failed, done
        return done

    def row(self, job: UUID) -> Any:
        with self.engine.connect() as connection:
            return connection.execute(sa.select(JOBS).where(JOBS.c.id == job)).one()

    def change(self, *jobs: UUID, **columns: Any) -> None:
        """What nobody but time or an accident does to rows."""
        with self.engine.begin() as connection:
            connection.execute(sa.update(JOBS).where(JOBS.c.id.in_(jobs)).values(**columns))

    def messages(self, queue: str | None = None) -> list[tuple[str, int]]:
        """Job and number of every message in a queue, seen or not."""
        name = queue or self.queues.normal
        with self.engine.connect() as connection:
            found = connection.exec_driver_sql(
                f"SELECT message ->> 'job_id', msg_id FROM pgmq.q_{name} ORDER BY msg_id"
            )
            return [(job, number) for job, number in found]

    def all_messages(self) -> Sequence[str]:
        return [job for name in self.queues.waiting for job, _ in self.messages(name)]

    def effects(self) -> dict[UUID, int]:
        with self.engine.connect() as connection:
            found = connection.exec_driver_sql("SELECT job, count(*) FROM effects GROUP BY job")
            return {row[0]: row[1] for row in found}


@pytest.fixture
def desk(engine: sa.Engine, settings: Settings, tmp_path: Path) -> Iterator[Desk]:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE effects (job uuid NOT NULL)")
    yield Desk(engine, settings, Board())
