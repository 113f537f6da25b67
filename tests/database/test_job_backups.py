"""What a backup holds of background jobs, and that they come back with their users and without messages."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from gamefactory_dagster.database import address, databases, migrations
from gamefactory_dagster.database.backup import backup, restore
from gamefactory_dagster.database.cluster import binaries
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.errors import PermanentError
from tests.conftest import Database
from tests.ledger.callers import ANN, BEN, CALLERS, acting

JOBS = [
    {"job_type": "a", "user_id": str(ANN), "unique_key": "k", "run_after": "2100-01-01"},
    {
        "job_type": "b",
        "queue": "job_queue_high",
        "job_parameters": {"text": "a\tb\\c\nd\x7f\u4e16", "n": None},
    },
    {"job_type": "c", "user_id": str(BEN)},
    {"job_type": "d"},
]
CHANGES = """
UPDATE public.jobs SET status = 'processing', lease_owner = 'w', lease_epoch = 2, lease_expires_at = now(),
    started_at = now(), log = E'said\\n' WHERE job_type IN ('b', 'c', 'd');
UPDATE public.jobs SET status = 'completed', completed_at = now(), data_references = '{"x": [1]}'
WHERE job_type = 'c';
UPDATE public.jobs SET status = 'failed', error_type = 'X', error_context = '{}', retry_count = 3
WHERE job_type = 'd';
"""
CONTENTS = "SELECT to_jsonb(jobs) - 'message_id' FROM public.jobs ORDER BY job_type"


@pytest.fixture(autouse=True)
def tools_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's database is named by DATABASE_URL, so its tools come from PATH: the wheel's will do."""
    monkeypatch.setenv("PATH", str(binaries()), prepend=":")


@pytest.fixture
def connect(database: Database) -> Callable[[], psycopg.Connection]:
    """Connects to whatever database has the test's name now."""
    return lambda: databases.connect(database.engine.url)


@pytest.fixture
def entered(connect: Callable[[], psycopg.Connection]) -> Iterator[list[object]]:
    """Jobs in every state, as they are."""
    with connect() as connection:
        connection.execute("INSERT INTO auth.users (id) VALUES (%s), (%s)", [ANN, BEN])
        connection.execute("SELECT public.enqueue_jobs(%s::jsonb)", [json.dumps(JOBS)])
        connection.execute(CHANGES.encode())
        yield [job for (job,) in connection.execute(CONTENTS).fetchall()]


def contents(connection: psycopg.Connection) -> list[object]:
    return [job for (job,) in connection.execute(CONTENTS).fetchall()]


def test_jobs_come_back_with_their_users_and_without_messages(
    database: Database, connect: Callable[[], psycopg.Connection], entered: list[object], tmp_path: Path
) -> None:
    file = backup(database.settings, tmp_path / "one.dump")
    with connect() as connection:
        connection.execute("DELETE FROM public.jobs")
        connection.execute("DELETE FROM auth.users WHERE id = %s", [ANN])
        connection.execute('SELECT public.enqueue_jobs(\'[{"job_type": "after"}]\')')

    assert restore(database.settings, file) == []

    assert migrations.verify(database.settings) == []
    with connect() as connection:
        assert contents(connection) == entered
        assert len(entered) == 4
        messages = "SELECT count(*), (SELECT count(message_id) FROM public.jobs) FROM pgmq.q_job_queue"
        assert connection.execute(messages).fetchall() == [(0, 0)], "a number would be of another's message"
        with acting(connection, CALLERS["ann"]):
            assert connection.execute("SELECT job_type FROM public.jobs").fetchall() == [("a",)]
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("UPDATE public.jobs SET status = 'pending' WHERE job_type = 'd'")


def test_users_who_are_in_no_backup_are_entered_for_their_jobs(
    database: Database, connect: Callable[[], psycopg.Connection], entered: list[object], tmp_path: Path
) -> None:
    with connect() as connection:
        connection.execute("COMMENT ON TABLE auth.users IS NULL")  # so that they are somebody else's
        file = backup(database.settings, tmp_path / "one.dump")
        connection.execute("COMMENT ON TABLE auth.users IS 'made for the run ledger'")
    assert restore(database.settings, file) == []
    with connect() as connection:
        assert contents(connection) == entered
        found = connection.execute("SELECT id FROM auth.users WHERE id IN (%s, %s)", [ANN, BEN]).fetchall()
        assert len(found) == 2


def test_a_backup_from_before_there_were_jobs_restores_as_well(
    database: Database, connect: Callable[[], psycopg.Connection], tmp_path: Path
) -> None:
    migrations.downgrade(database.settings, "0016")
    with connect() as connection:
        connection.execute("INSERT INTO auth.users (id) VALUES (%s)", [BEN])
    file = backup(database.settings, tmp_path / "old.dump")
    migrations.upgrade(database.settings)
    with connect() as connection:
        connection.execute('SELECT public.enqueue_jobs(\'[{"job_type": "after"}]\')')
    assert restore(database.settings, file) == []
    assert migrations.verify(database.settings) == []
    with connect() as connection:
        assert contents(connection) == []
        assert connection.execute("SELECT FROM auth.users WHERE id = %s", [BEN]).rowcount == 1
        connection.execute('SELECT public.enqueue_jobs(\'[{"job_type": "again"}]\')')


def test_tables_of_the_name_that_are_not_the_factorys_are_left_out_and_named(
    database: Database, connect: Callable[[], psycopg.Connection], entered: list[object], tmp_path: Path
) -> None:
    migrations.downgrade(database.settings, "0016")
    with connect() as connection:
        connection.execute("CREATE TABLE public.jobs (id int); INSERT INTO public.jobs VALUES (1)")
    file = backup(database.settings, tmp_path / "old.dump")
    left_out = restore(database.settings, file)
    assert sorted(left_out) == ["public.jobs", "public.jobs_at_work_kept", "public.jobs_kept"]
    assert migrations.verify(database.settings) == []
    with connect() as connection:
        assert contents(connection) == []


FORGED = {
    "UPDATE public.jobs SET status = 'perfect' WHERE job_type = 'a'": 'contradicts itself: .* "jobs_status"',
    "UPDATE public.jobs SET retry_count = -1": 'contradicts itself: .* "jobs_retry_count"',
    "ALTER TABLE public.jobs ALTER user_id DROP NOT NULL; UPDATE public.jobs SET user_id = NULL":
        "contradicts itself: null value",
    "ALTER TABLE public.jobs ADD COLUMN more int": r"public\.jobs has no column more at its revision",
    "DROP TABLE public.jobs": r"does not hold the rows of public\.jobs",
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGED)
def test_forged_jobs_are_refused(
    database: Database,
    connect: Callable[[], psycopg.Connection],
    entered: list[object],
    administrator: psycopg.Connection,
    tmp_path: Path,
    forgery: str,
) -> None:
    name = f"{database.engine.url.database}_forged"
    forged = address.named(database.settings, name)
    databases.create(forged, [name])
    migrations.upgrade(forged)
    get_engine(forged).dispose()
    try:
        with databases.connect(address.url(forged)) as forger:
            forger.execute("INSERT INTO auth.users (id) VALUES (%s), (%s)", [ANN, BEN])
            forger.execute("SELECT public.enqueue_jobs(%s::jsonb)", [json.dumps(JOBS)])
            forger.execute(
                "ALTER TABLE public.jobs DROP CONSTRAINT jobs_status, DROP CONSTRAINT jobs_retry_count"
            )
            forger.execute("DROP TRIGGER jobs_transition ON public.jobs")
            forger.execute(forgery.encode())
        file = backup(forged, tmp_path / "forged.dump")
    finally:
        databases.execute(administrator, "DROP DATABASE {} WITH (FORCE)", name)
    with pytest.raises(PermanentError, match=FORGED[forgery]):
        restore(database.settings, file)
    with connect() as connection:
        assert contents(connection) == entered
