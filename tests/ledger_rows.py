"""The ledger as it is, read by tests of whatever writes to it: runs, their events in order, their artifacts.

What belongs here: reading as the service, which sees everything. What does not: who may see what
(``tests/ledger``).
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.ledger.access import as_service

Event = tuple[str, str]
"""Bot and type."""


@dataclass(frozen=True)
class Run:
    """One run and all of it; ``job`` is its row."""

    job: Any
    events: list[Any]
    artifacts: list[Any]

    @property
    def told(self) -> list[Event]:
        return [(event.bot_name, event.event_type) for event in self.events if event.event_type != "note"]


def read(engine: sa.Engine, statement: str, **parameters: Any) -> list[sa.Row]:
    """Rows of a statement on the ledger."""
    with engine.begin() as connection, as_service(connection):
        return list(connection.execute(sa.text(statement), parameters))


def runs(engine: sa.Engine, kind: str | None = None) -> list[Run]:
    """Every run, or those of a kind, in the order in which they began."""
    jobs = read(
        engine,
        """SELECT * FROM ledger.jobs WHERE coalesce(kind = :kind, true)
           ORDER BY created_at, run_id""",
        kind=kind,
    )
    parts = "SELECT * FROM ledger.{} WHERE run_id = :run ORDER BY created_at, id"
    return [
        Run(
            job,
            read(engine, parts.format("job_events"), run=job.run_id),
            read(engine, parts.format("artifacts"), run=job.run_id),
        )
        for job in jobs
    ]


def of_game(engine: sa.Engine, game: UUID) -> list[Run]:
    """The runs that made a game, in their order."""
    return [run for run in runs(engine, "game") if run.job.project_spec["game"]["id"] == str(game)]


def assert_told(told: list[Event]) -> None:
    """Whoever starts ends, once, and the run's own start and end are around all."""
    assert told[0] == ("system", "start")
    assert told[-1][0] == "system"
    open_: set[str] = set()
    for bot, kind in told:
        if kind == "start":
            assert bot not in open_, f"{bot} started twice"
            open_.add(bot)
        else:
            assert bot in open_, f"{bot} ended before it started"
            open_.remove(bot)
    assert not open_, f"{open_} never ended"
