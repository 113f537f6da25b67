"""What a test did to its database the next one does not see, and what cannot be undone is not tried."""

import psycopg
import pytest

from gamefactory_dagster.database import databases

from .conftest import lender, superusers_url
from .databases import GROWTH, SCHEMA

GAME = "INSERT INTO games (name, slug, genre) VALUES ('a', 'a', 'runner')"
ROWS = [
    "INSERT INTO batches (name, game_count) VALUES ('a', 1)",
    f"{GAME}; INSERT INTO generation_logs (game_id, log_type, message) SELECT id, 'x', 'y' FROM games",
    "UPDATE mechanics SET is_active = false",
    "DELETE FROM mechanics",
    "UPDATE alembic_version SET version_num = 'x'",
    'SELECT public.enqueue_jobs(\'[{"job_type": "x"}]\')',
    "SELECT ensure_events_partition('2001-02-03')",
    "CREATE TABLE things (id serial PRIMARY KEY); INSERT INTO things DEFAULT VALUES",
    "CREATE TEMP TABLE things (id int)",
]
REST = [
    "ALTER TABLE games ADD COLUMN more int",
    "ALTER TABLE games DROP CONSTRAINT games_pkey CASCADE",
    "ALTER TABLE batches DISABLE TRIGGER ALL",
    "DROP TABLE generation_logs",
    "DROP INDEX idx_games_status",
    "CREATE VIEW seen AS SELECT 1",
    "CREATE FUNCTION three() RETURNS int RETURN 3",
    "CREATE SCHEMA other",
    "CREATE TYPE kind AS ENUM ('a')",
    "ALTER DATABASE {} SET work_mem = '8MB'",
    f"INSERT INTO batches (name, game_count) SELECT repeat('x', 99), 1 FROM generate_series(0, {GROWTH}, 99)",
]


EVERY_TABLE = """
SELECT oid::regclass::text FROM pg_class
WHERE relkind = 'r' AND relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
"""


@pytest.fixture(scope="module")
def lent(server, administrator):
    return lender(server, administrator)


@pytest.fixture
def connect(server):
    return lambda name: databases.connect(superusers_url(server, name))


def contents(connection: psycopg.Connection) -> dict[str, object]:
    """Schema and rows of a whole database."""
    found: dict[str, object] = {"schema": connection.execute(SCHEMA).fetchone()}
    for (table,) in connection.execute(EVERY_TABLE).fetchall():
        found[table] = connection.execute(f"SELECT t::text FROM {table} AS t ORDER BY 1").fetchall()
    return found


def oid(administrator, name):
    return administrator.execute("SELECT oid FROM pg_database WHERE datname = %s", [name]).fetchone()


@pytest.mark.parametrize("statement", ROWS)
def test_rows_and_tables_are_undone(lent, connect, administrator, statement):
    first, made = lent.take()
    with connect(first) as connection:
        before = contents(connection)
        connection.execute(statement)
        assert statement.startswith("CREATE TEMP") or contents(connection) != before
        used = oid(administrator, first)
        lent.give_back(first, made)  # while somebody is still connected
    second, made = lent.take()
    assert (oid(administrator, first), oid(administrator, second)) == (None, used)
    with connect(second) as connection:
        assert contents(connection) == before
    lent.give_back(second, made)


@pytest.mark.parametrize("statement", REST)
def test_more_than_that_is_not(lent, connect, administrator, statement):
    first, made = lent.take()
    with connect(first) as connection:
        before = contents(connection)
        connection.execute(statement.format(first))
    used = oid(administrator, first)
    lent.give_back(first, made)
    assert oid(administrator, first) is None
    second, made = lent.take()
    assert oid(administrator, second) != used
    with connect(second) as connection:
        assert contents(connection) == before
    lent.give_back(second, made)
