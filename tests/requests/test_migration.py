"""The table of requests against its document, its migration taken back and forth, and in backups."""

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from gamefactory_dagster.database import databases, migrations
from gamefactory_dagster.database.backup import backup, restore
from gamefactory_dagster.database.cluster import binaries
from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.requests.queue import QueueManager
from gamefactory_dagster.settings import CHECKOUT
from tests.conftest import Database
from tests.database.test_job_migrations import of

SPEC = CHECKOUT.parent / "shared" / "spec"

ADDED = {"owner_id", "game_id", "is_named", "pair_of", "waits_for", "retry_of", "address"}

ANN = "00000000-0000-4000-8000-00000000000a"
FILL = f"""
INSERT INTO auth.users (id) VALUES ('{ANN}') ON CONFLICT DO NOTHING;
INSERT INTO factory.games (id, name, slug, genre, wishes, designer, owner_id, priority, asked)
VALUES ('{ANN}', 'g', 'g', 'runner', '{{"mood": "calm"}}', 'procedural', '{ANN}', 20, '{{"id": 1}}');
INSERT INTO requests.jobs (prompt, status, owner_id, game_id, logs)
VALUES
    (E'a\\tb\\\\c\\nd', 'phase_2', '{ANN}', '{ANN}', '[{{"message": "x"}}]'),
    ('later', 'pending', NULL, NULL, '[]');
INSERT INTO requests.jobs (prompt, pair_of, waits_for) SELECT 'second', max(id), max(id) FROM requests.jobs;
INSERT INTO requests.job_logs (job_id, level, message) SELECT id, 'info', 'said' FROM requests.jobs;
"""
ROWS = """
SELECT to_jsonb(jobs), (SELECT array_agg(to_jsonb(job_logs)) FROM requests.job_logs WHERE job_id = jobs.id)
FROM requests.jobs ORDER BY id
"""
GAMES = "SELECT wishes, designer, owner_id::text, priority, asked FROM factory.games"


@pytest.fixture
def ours(database: Database) -> Any:
    with databases.connect(database.engine.url) as connection:
        yield connection


def fill(connection: psycopg.Connection) -> tuple[Any, Any]:
    connection.execute(FILL.encode())
    return contents(connection)


def contents(connection: psycopg.Connection) -> tuple[Any, Any]:
    return connection.execute(ROWS).fetchall(), connection.execute(GAMES).fetchall()


@pytest.mark.reference
def test_the_columns_are_the_documents_and_only_listed_additions(connection: sa.Connection) -> None:
    files = sorted(SPEC.glob("000_*.txt"))
    if not files:
        pytest.skip(f"no {SPEC}: the documents are not part of the project")
    block = re.findall(r"JOBS \{(.*?)\}\n", files[0].read_text(encoding="utf-8"), re.DOTALL)[0]
    wanted = re.findall(r"^ +([A-Z]+) (\w+)", block, re.MULTILINE)
    types = {
        "SERIAL": "integer",
        "VARCHAR": "character varying",
        "TEXT": "text",
        "JSONB": "jsonb",
        "TIMESTAMP": "timestamp with time zone",
    }
    columns = """
        SELECT attname, format_type(atttypid, NULL), pg_get_expr(adbin, adrelid)
        FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE attrelid = 'requests.jobs'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
    """
    found = [tuple(row) for row in connection.exec_driver_sql(columns)]
    assert [(name, kind) for name, kind, _ in found[: len(wanted)]] == [
        (name, types[kind]) for kind, name in wanted
    ]
    assert {name for name, _, _ in found[len(wanted) :]} == ADDED
    defaults = {name: str(default) for name, _, default in found}
    assert defaults["created_at"] == defaults["updated_at"] == "now()"
    assert (defaults["status"], defaults["phase_outputs"]) == ("'pending'::character varying", "'{}'::jsonb")
    assert (defaults["logs"], defaults["config"]) == ("'[]'::jsonb", "'{}'::jsonb")
    assert defaults["id"] == "nextval('requests.jobs_id_seq'::regclass)"


@pytest.mark.parametrize("revision", ["0019", "0009", "base"])
def test_down_and_up_again_loses_no_request(
    database: Database, ours: psycopg.Connection, revision: str
) -> None:
    rows, games = fill(ours)
    for _ in range(2):
        migrations.downgrade(database.settings, revision)
        migrations.upgrade(database.settings)
    if revision == "base":
        assert contents(ours) == ([(row | {"game_id": None}, lines) for row, lines in rows], [])
    else:
        assert contents(ours) == (rows, games)
    assert migrations.verify(database.settings) == []
    left = "SELECT FROM pg_namespace WHERE nspname = 'requests_kept'"
    assert ours.execute(left).fetchall() == []


@pytest.mark.slow
def test_it_may_be_broken_off_after_any_statement_either_way(
    database: Database, ours: psycopg.Connection
) -> None:
    rows, games = fill(ours)
    for direction in ("down", "up"):
        parts = of("0020_requests", direction)
        for count in range(1, len(parts) + 1):
            if direction == "up":
                migrations.downgrade(database.settings, "0019")
            for statement in parts[:count]:
                ours.execute(statement.encode())
            if direction == "down":
                migrations.downgrade(database.settings, "0019")
            migrations.upgrade(database.settings)
            assert contents(ours) == (rows, games), f"{direction}, after {count} statements"
    for _ in range(2):
        ours.execute((CHECKOUT / "sql/migrations/versions/0020_requests.up.sql").read_bytes())
    assert contents(ours) == (rows, games)
    assert migrations.verify(database.settings) == []


def test_a_schema_that_is_somebody_elses_is_refused_and_left(
    database: Database, ours: psycopg.Connection
) -> None:
    migrations.downgrade(database.settings, "0019")
    assert ours.execute("SELECT to_regnamespace('requests_kept')").fetchone() == (None,), "nothing to keep"
    ours.execute("CREATE SCHEMA requests; CREATE TABLE requests.jobs (theirs int)")
    with pytest.raises(PermanentError, match=r"schema requests that is not the factory's, .*; rename it"):
        migrations.upgrade(database.settings)
    assert ours.execute("SELECT theirs FROM requests.jobs").fetchall() == []
    ours.execute("ALTER SCHEMA requests RENAME TO theirs")
    migrations.upgrade(database.settings)
    fill(ours)
    ours.execute("ALTER SCHEMA theirs RENAME TO requests_kept")
    with pytest.raises(PermanentError, match=r"schema requests_kept already, .*; rename it"):
        migrations.downgrade(database.settings, "0019")
    ours.execute("DROP SCHEMA requests_kept CASCADE")


def test_requests_come_back_from_a_backup_and_are_counted_on(
    database: Database, ours: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(binaries()), prepend=":")
    found = fill(ours)
    file = backup(database.settings, tmp_path / "one.dump")
    ours.execute("DELETE FROM requests.jobs")
    ours.close()
    assert restore(database.settings, file) == []
    with databases.connect(database.engine.url) as connection:
        assert contents(connection) == found
    last = max(row["id"] for row, _ in found[0])
    made = QueueManager(database.engine, database.settings)
    id_ = made.create_job(None, "the next").id
    made.add_log(id_, "info", "its first")
    assert id_ == last + 1


@pytest.mark.parametrize(
    "weakening",
    [
        "ALTER TABLE requests.jobs DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE requests.job_logs DISABLE ROW LEVEL SECURITY",
        "ALTER POLICY jobs_read ON requests.jobs USING (true)",
        "ALTER POLICY job_logs_read ON requests.job_logs USING (true)",
        "CREATE POLICY more ON requests.jobs FOR SELECT TO anon USING (true)",
        "GRANT UPDATE ON requests.jobs TO authenticated",
        "GRANT SELECT (prompt) ON requests.jobs TO anon",
        "GRANT USAGE ON SCHEMA requests TO anon",
        "GRANT USAGE ON SEQUENCE requests.jobs_id_seq TO authenticated",
        "REVOKE SELECT ON requests.job_logs FROM authenticated",
        "CREATE VIEW public.theirs AS SELECT * FROM requests.jobs",
    ],
)
def test_every_weakening_of_the_protection_is_found(connection: sa.Connection, weakening: str) -> None:
    assert migrations.unprotected(connection) == []
    connection.execute(sa.text(weakening))
    [found] = migrations.unprotected(connection)
    assert "requests" in found or "theirs" in found
