"""A ledger with a run of Ann's at work, one that has ended, and one of Ben's; each has made something."""

from collections.abc import Iterator

import psycopg
import pytest

from gamefactory_dagster.database import databases
from tests.conftest import Database

from .callers import ANN, BEN

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
            connection.execute("INSERT INTO ledger.prompts VALUES ('p', 'c', 'x', 'Jump!')")
        yield connection


PART = "INSERT INTO ledger.{} (run_id, owner_id, {}) VALUES (%s, %s, %s, %s)"


def record(connection: psycopg.Connection, run: str, owner: object) -> None:
    """A run that has begun, an event and an artifact of it."""
    job = "INSERT INTO ledger.jobs (run_id, owner_id, project_spec) VALUES (%s, %s, '{}')"
    connection.execute(job, [run, owner])
    connection.execute("SELECT ledger.set_status(%s, 'running')", [run])
    event = PART.format("job_events", "bot_name, event_type")
    connection.execute(event.encode(), [run, owner, "system", "start"])
    connection.execute(PART.format("artifacts", "kind, url").encode(), [run, owner, "file", "a.txt"])
