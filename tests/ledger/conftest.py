"""A ledger with a run of Ann's at work, one that has ended, and one of Ben's; each has made something."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from gamefactory_dagster.database import databases
from gamefactory_dagster.settings import Settings
from tests.conftest import Database, superusers_url
from tests.database.conftest import first_started, made, own  # noqa: F401 (servers of a test's own)

from .callers import ANN, BEN

RUNS = {"ann-1": (ANN, "running"), "ann-0": (ANN, "completed"), "ben-1": (BEN, "running")}


@pytest.fixture
def ledger(database: Database) -> Iterator[psycopg.Connection]:
    """A connection of the tables' owner, which may act as everybody."""
    with databases.connect(database.engine.url) as connection:
        connection.execute("INSERT INTO auth.users (id) VALUES (%s), (%s)", [ANN, BEN])
        fill(connection)
        yield connection


def fill(connection: psycopg.Connection) -> None:
    """The runs, and a prompt."""
    with connection.transaction():
        connection.execute("SET LOCAL ROLE service_role")
        for run, (owner, status) in RUNS.items():
            record(connection, run, owner)
            if status != "running":
                connection.execute("SELECT ledger.set_status(%s, %s)", [run, status])
        connection.execute("INSERT INTO ledger.prompts VALUES ('p', 'c', 'x', 'Jump!')")


@pytest.fixture
def expected() -> dict[tuple[str, str, str], str]:
    """What ``matrix.txt`` says: caller, table and command -> what comes of it."""
    found = {}
    for line in Path(__file__).with_name("matrix.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            caller, table, outcome, commands = line.split(" | ")
            found |= {(caller, table, command): outcome for command in commands.split(", ")}
    return found


@pytest.fixture
def superuser(
    server: Settings, database: Database, ledger: psycopg.Connection
) -> Iterator[psycopg.Connection]:
    """A superuser's connection to the database of the ledger's rows."""
    with databases.connect(superusers_url(server, str(database.engine.url.database))) as connection:
        connection.execute("ANALYZE ledger.jobs, ledger.job_events, ledger.artifacts")
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
