"""A counter at which games are asked for, without Dagster: what waits is planned, games are moved by hand."""

from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from gamefactory_dagster.production.lifecycle import state_after
from gamefactory_dagster.production.workshop import Workshop
from gamefactory_dagster.requests.claiming import plan_left, plan_next
from gamefactory_dagster.requests.following import follow
from gamefactory_dagster.requests.queue import QueueManager
from gamefactory_dagster.requests.reading import Request
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.studio.providers import embedded
from tests.conftest import Database


@dataclass
class Counter:
    """Requests and their games."""

    shop: Workshop

    @property
    def engine(self) -> sa.Engine:
        return self.shop.engine

    @property
    def queue(self) -> QueueManager:
        return QueueManager(self.engine, self.shop.settings)

    def ask(self, prompt: str = "a calm puzzle", name: str | None = None, **config: Any) -> int:
        return self.queue.create_job(name, prompt, config).id

    def plan(self) -> int:
        """Plan all that waits; how many that were."""
        count = 0
        while plan_next(self.engine, self.shop.settings):
            count += 1
        return count

    def plan_left(self) -> int | None:
        return plan_left(self.engine, self.shop.settings)

    def planned(self, prompt: str = "a calm puzzle", **config: Any) -> Request:
        id_ = self.ask(prompt, **config)
        self.plan()
        return self.row(id_)

    def row(self, id_: int) -> Request:
        found = self.queue.get_job(id_)
        assert found is not None
        return found

    def follow(self) -> int:
        return follow(self.engine)

    def lines(self, id_: int) -> list[str]:
        """The log but for what was said while planning."""
        return [line["message"] for line in self.row(id_).logs if "phase" in line["message"]]

    def game(self, id_: int) -> Any:
        wanted = (
            "SELECT games.* FROM factory.games JOIN requests.jobs ON games.id = game_id WHERE jobs.id = :id"
        )
        with self.engine.connect() as connection:
            return connection.execute(sa.text(wanted), {"id": id_}).one()

    def do(self, id_: int, step: int) -> None:
        """As if steps up to this one had been done."""
        state = state_after(step) if step else "in_progress"
        self.change(id_, current_step=step, status=state)
        statement = """
            UPDATE factory.game_steps SET status = 'completed', started_at = now(), completed_at = now()
            WHERE game_id = :game AND step_number <= :step
        """
        with self.engine.begin() as connection:
            connection.execute(sa.text(statement), {"game": self.game(id_).id, "step": step})

    def change(self, id_: int, **columns: Any) -> None:
        """What nobody but a worker does to a game."""
        words = ", ".join(f"{name} = :{name}" for name in columns)
        with self.engine.begin() as connection:
            connection.execute(
                sa.text(f"UPDATE factory.games SET {words} WHERE id = :id"),
                {**columns, "id": self.game(id_).id},
            )


@pytest.fixture
def counter(database: Database) -> Counter:
    settings = Settings(**database.settings.model_dump() | {"browser_checks": False})
    return Counter(Workshop(database.engine, settings, embedded(settings)))
