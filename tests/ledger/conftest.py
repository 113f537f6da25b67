"""A ledger with a run of Ann's at work, one that has ended, and one of Ben's; each with an event and an artifact."""

from collections.abc import Iterator

import psycopg
import pytest

from gamefactory_dagster.database import databases
from tests.conftest import Database

from .callers import ANN, BEN, Caller, acting

RUNS = {"ann-1": (ANN, "running"), "ann-0": (ANN, "completed"), "ben-1": (BEN, "running")}


@pytest.fixture
def ledger(database: Database) -> Iterator[psycopg.Connection]:
    """A connection of the tables' owner, which may act as everybody."""
    with databases.connect(database.engine.url) as connection:
        connection.execute("INSERT INTO auth.users (id) VALUES (%s), (%s)", [ANN, BEN])
        with connection.transaction():
            connection.execute("SET LOCAL ROLE service_role")
            for run, (owner, status) in RUNS.items():
                record(connection, run, owner)
                if status != "running":
                    connection.execute("SELECT ledger.set_status(%s, %s)", [run, status])
            connection.execute(
                "INSERT INTO ledger.prompts (id, category, context, prompt_text) VALUES ('p', 'c', 'x', 'Jump!')"
            )
        yield connection


def record(connection: psycopg.Connection, run: str, owner: object) -> None:
    """A run that has begun, an event and an artifact of it."""
    connection.execute(
        "INSERT INTO ledger.jobs (run_id, project_spec, owner_id) VALUES (%s, '{}', %s)", [run, owner]
    )
    connection.execute("SELECT ledger.set_status(%s, 'running')", [run])
    connection.execute(
        "INSERT INTO ledger.job_events (run_id, bot_name, event_type, owner_id) VALUES (%s, 'system', 'start', %s)",
        [run, owner],
    )
    connection.execute(
        "INSERT INTO ledger.artifacts (run_id, kind, url, owner_id) VALUES (%s, 'file', 'a.txt', %s)",
        [run, owner],
    )


__all__ = ["Caller", "acting"]
