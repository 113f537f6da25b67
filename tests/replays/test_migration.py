"""The tables of replay analysis against their document, migrated back and forth, in backups, and closed."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from gamefactory_dagster.database import databases, migrations
from gamefactory_dagster.database.backup import backup, restore
from gamefactory_dagster.database.cluster import binaries
from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.settings import CHECKOUT
from tests.conftest import Database
from tests.database.test_job_migrations import of
from tests.ledger.callers import CALLERS, acting

SPEC = CHECKOUT.parent / "shared" / "spec"

MODELS = {
    "User": "users",
    "Job": "jobs",
    "ScrapedData": "scraped_data",
    "GFWLTeamSubmission": "gfwl_team_submissions",
}
TYPES = {
    "UUID": "uuid",
    "String": "character varying",
    "DateTime": "timestamp with time zone",
    "JSON": "json",
    "Integer": "integer",
    "Boolean": "boolean",
}
ENUMS = {"job_type": "replays.job_type", "status": "replays.job_status"}
ADDED = {
    *("owner_id", "player", "report_url", "attempt", "requested_at"),
    *("lease_owner", "lease_epoch", "lease_expires_at"),
}

ANN = "00000000-0000-4000-8000-00000000000a"
FILL = f"""
INSERT INTO auth.users (id) VALUES ('{ANN}') ON CONFLICT DO NOTHING;
INSERT INTO replays.users (id, clerk_user_id) VALUES ('{ANN}', 'ann');
INSERT INTO replays.jobs (id, user_id, owner_id, job_type, status, urls, total_urls, team_data)
VALUES ('{ANN}', '{ANN}', '{ANN}', 'GFWL', 'RUNNING', '["a", "b"]', 2, '{{"b": 1, "a": "\\u0000"}}');
INSERT INTO replays.gfwl_team_submissions (job_id, team_name) VALUES ('{ANN}', E'a\\tb\\\\c');
INSERT INTO replays.job_urls (job_id, url, position, state, reason) VALUES
    ('{ANN}', 'a', 0, 'pending', NULL), ('{ANN}', 'b', 1, 'failed', 'gone');
INSERT INTO replays.scraped_data (url, s3_key) VALUES ('a', 'replays/a_replay.json');
"""


@pytest.fixture
def ours(database: Database) -> Iterator[psycopg.Connection]:
    with databases.connect(database.engine.url) as connection:
        yield connection


def contents(connection: psycopg.Connection) -> list[list[tuple[Any, ...]]]:
    tables = ("users", "jobs", "gfwl_team_submissions", "job_urls", "scraped_data")
    return [
        connection.execute(f"SELECT t::text FROM replays.{name} t ORDER BY 1").fetchall() for name in tables
    ]


def fill(connection: psycopg.Connection) -> list[list[tuple[Any, ...]]]:
    connection.execute(FILL.encode())
    return contents(connection)


@pytest.fixture
def document() -> str:
    files = sorted(SPEC.glob("003_*.txt"))
    if not files:
        pytest.skip(f"no {SPEC}: the documents are not part of the project")
    return files[0].read_text(encoding="utf-8")


@pytest.mark.reference
def test_the_tables_are_the_documents_and_only_listed_additions(
    connection: sa.Connection, document: str
) -> None:
    columns = sa.text("""
        SELECT attname, format_type(atttypid, atttypmod), NOT attnotnull FROM pg_attribute
        WHERE attrelid = to_regclass('replays.' || :name) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
    """)
    base = [
        ("id", "uuid", False),
        *((f"{when}_at", TYPES["DateTime"], False) for when in ("created", "updated")),
    ]
    for model, table in MODELS.items():
        _, _, told = document.partition(f"### {model}\n")
        told, _, _ = told.partition("\n##")
        told, _, _ = told.partition("- **Relationships:**")
        fields = re.findall(r"\*\*`(\w+)`\*\* \((\w+)(.*?)\):", told)
        assert fields
        wanted = [(name, ENUMS.get(name) or TYPES[kind], "Nullable" in more) for name, kind, more in fields]
        found = [tuple(row) for row in connection.execute(columns, {"name": table})]
        assert found[: len(base) + len(wanted)] == base + wanted, table
        assert {name for name, *_ in found[len(base) + len(wanted) :]} == (
            ADDED if table == "jobs" else set()
        )


@pytest.mark.reference
def test_every_index_of_the_document_is_there(connection: sa.Connection, document: str) -> None:
    told = re.findall(r"- \*\*On `(\w+)` table:\*\*\n((?:  - .*\n?)+)", document)
    assert [table for table, _ in told] == list(MODELS.values())
    for table, lines in told:
        wanted = [re.sub(r"Composite: |[`()]", "", line).split(", ") for line in re.findall(r"- (.*)", lines)]
        found = connection.scalars(
            sa.text("SELECT indexdef FROM pg_indexes WHERE schemaname = 'replays' AND tablename = :name"),
            {"name": table},
        ).all()
        for names in wanted:
            assert any(one.endswith(f"USING btree ({', '.join(names)})") for one in found), (table, names)
    unique = connection.exec_driver_sql(
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'replays' AND indexdef ~ '^CREATE UNIQUE' "
        "AND indexname ~ '_idx$'"
    )
    keys = {row[0].rpartition("(")[2].rstrip(")") for row in unique}
    assert keys == {"clerk_user_id", "shareable_id", "url"}


@pytest.mark.parametrize("revision", ["0020", "0009", "base"])
def test_down_and_up_again_loses_no_job(database: Database, ours: psycopg.Connection, revision: str) -> None:
    found = fill(ours)
    for _ in range(2):
        migrations.downgrade(database.settings, revision)
        migrations.upgrade(database.settings)
    assert contents(ours) == found
    assert migrations.verify(database.settings) == []
    assert ours.execute("SELECT to_regnamespace('replays_kept')").fetchone() == (None,)


@pytest.mark.slow
def test_it_may_be_broken_off_after_any_statement_either_way(
    database: Database, ours: psycopg.Connection
) -> None:
    found = fill(ours)
    for direction in ("down", "up"):
        parts = of("0021_replays", direction)
        for count in range(1, len(parts) + 1):
            if direction == "up":
                migrations.downgrade(database.settings, "0020")
            for statement in parts[:count]:
                ours.execute(statement.encode())
            if direction == "down":
                migrations.downgrade(database.settings, "0020")
            migrations.upgrade(database.settings)
            assert contents(ours) == found, f"{direction}, after {count} statements"
    for _ in range(2):
        ours.execute((CHECKOUT / "sql/migrations/versions/0021_replays.up.sql").read_bytes())
    assert contents(ours) == found
    assert migrations.verify(database.settings) == []


def test_a_schema_that_is_somebody_elses_is_refused_and_left(
    database: Database, ours: psycopg.Connection
) -> None:
    migrations.downgrade(database.settings, "0020")
    assert ours.execute("SELECT to_regnamespace('replays_kept')").fetchone() == (None,), "nothing to keep"
    ours.execute("CREATE SCHEMA replays; CREATE TABLE replays.jobs (theirs int)")
    with pytest.raises(PermanentError, match=r"schema replays that is not the factory's, .*; rename it"):
        migrations.upgrade(database.settings)
    assert ours.execute("SELECT theirs FROM replays.jobs").fetchall() == []
    ours.execute("ALTER SCHEMA replays RENAME TO theirs")
    migrations.upgrade(database.settings)
    ours.execute("INSERT INTO replays.scraped_data (url, s3_key) VALUES ('a', 'b')")
    ours.execute("ALTER SCHEMA theirs RENAME TO replays_kept")
    with pytest.raises(PermanentError, match=r"schema replays_kept already, .*; rename it"):
        migrations.downgrade(database.settings, "0020")
    ours.execute("DROP SCHEMA replays_kept CASCADE")


def test_jobs_come_back_from_a_backup_and_links_are_counted_on(
    database: Database, ours: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(binaries()), prepend=":")
    found = fill(ours)
    file = backup(database.settings, tmp_path / "one.dump")
    ours.execute("DELETE FROM replays.jobs")
    ours.close()
    assert restore(database.settings, file) == []
    with databases.connect(database.engine.url) as connection:
        assert contents(connection) == found
        entered = "INSERT INTO replays.job_urls (job_id, url, position) VALUES (%s, 'c', 2) RETURNING id"
        last = connection.execute("SELECT max(id) FROM replays.job_urls").fetchall()[0][0]
        assert connection.execute(entered, [ANN]).fetchall() == [(last + 1,)]


ATTEMPTS = [
    f"{verb} replays.{name}{rest}"
    for name in ("users", "jobs", "scraped_data", "gfwl_team_submissions", "job_urls")
    for verb, rest in (
        ("SELECT FROM", ""),
        ("INSERT INTO", " DEFAULT VALUES"),
        ("UPDATE", " SET id = id"),
        ("DELETE FROM", ""),
        ("TRUNCATE", " CASCADE"),
    )
]


def test_nobody_but_our_role_sees_or_does_anything(ours: psycopg.Connection) -> None:
    found = fill(ours)
    roles = {caller.role: caller for caller in CALLERS.values() if caller.role is not None}
    assert {"anon", "authenticated", "service_role"} <= roles.keys()
    for caller in roles.values():
        for attempt in ATTEMPTS:
            with pytest.raises(psycopg.errors.InsufficientPrivilege), acting(ours, caller):
                ours.execute(attempt.encode())
    ours.execute("GRANT USAGE ON SCHEMA replays TO authenticated; GRANT ALL ON replays.jobs TO authenticated")
    with acting(ours, CALLERS["ann"]):
        assert ours.execute("SELECT FROM replays.jobs").fetchall() == [], "a grant by mistake shows nothing"
    assert contents(ours) == found


WEAKENED = {
    "ALTER TABLE replays.job_urls DISABLE ROW LEVEL SECURITY": "replays.job_urls lacks ROW LEVEL SECURITY",
    "CREATE POLICY more ON replays.jobs USING (true)": "policy more of replays.jobs should not be",
    "GRANT USAGE ON SCHEMA replays TO anon": "anon may USAGE on schema replays",
    "GRANT SELECT, TRUNCATE ON replays.jobs TO authenticated":
        "authenticated may SELECT, TRUNCATE on replays.jobs",
    "GRANT SELECT (player) ON replays.jobs TO PUBLIC": "PUBLIC may SELECT on replays.jobs (player)",
    "GRANT USAGE ON SEQUENCE replays.job_urls_id_seq TO anon": "anon may USAGE on replays.job_urls_id_seq",
    "CREATE VIEW public.theirs AS SELECT FROM replays.users": "view public.theirs reads with its owner's",
    "ALTER TYPE replays.job_status ADD VALUE 'PAUSED'": "missing type job_status.values: PENDING, RUNNING",
    "ALTER TABLE replays.job_urls ALTER id SET GENERATED BY DEFAULT": "missing column job_urls.id: bigint",
    "ALTER TABLE replays.jobs ALTER status SET DEFAULT 'RUNNING'": "missing column jobs.status: job_status",
    "DROP INDEX replays.jobs_lease_idx": "missing index jobs.jobs_lease_idx",
}  # fmt: skip


def test_every_weakening_is_named(connection: sa.Connection) -> None:
    for statement, named in WEAKENED.items():
        with connection.begin() as work:
            connection.exec_driver_sql(statement)
            problems = migrations.faults(connection)
            work.rollback()
        assert any(problem.startswith(named) for problem in problems), (statement, problems)
    assert migrations.faults(connection) == []
