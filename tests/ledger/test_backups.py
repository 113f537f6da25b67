"""What a backup holds of the ledger, and that it comes back as protected as it was."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from gamefactory_dagster.database import address, backup, databases, migrations
from gamefactory_dagster.database.cluster import binaries
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.database.uri import render
from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.settings import Settings
from tests.conftest import Database, superusers_url

from .callers import ANN, BEN, CALLERS, acting
from .conftest import record

TABLES = ("auth.users", "ledger.jobs", "ledger.job_events", "ledger.artifacts", "ledger.prompts")


@pytest.fixture(autouse=True)
def tools_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's database is named by DATABASE_URL, so its tools come from PATH: the wheel's will do."""
    monkeypatch.setenv("PATH", str(binaries()), prepend=":")


Superuser = Callable[[], psycopg.Connection]
Contents = Callable[[], dict[str, list[tuple[str]]]]


@pytest.fixture
def superuser(server: Settings, database: Database) -> Superuser:
    """Connects as whom no policy holds back, to whatever database has the test's name now."""
    return lambda: databases.connect(superusers_url(server, str(database.engine.url.database)))


@pytest.fixture
def contents(superuser: Superuser) -> Contents:
    """Every row of the ledger."""

    def read() -> dict[str, list[tuple[str]]]:
        with superuser() as connection:
            every = "SELECT t::text FROM {} AS t ORDER BY 1"
            return {name: connection.execute(every.format(name).encode()).fetchall() for name in TABLES}

    return read


def test_the_ledger_comes_back_whole_and_protected(
    database: Database, ledger: psycopg.Connection, contents: Contents, tmp_path: Path
) -> None:
    before = contents()
    assert [len(rows) for rows in before.values()] == [3, 3, 3, 3, 1]
    file = backup.backup(database.settings, tmp_path / "one.dump")
    with ledger.transaction():
        ledger.execute("SET LOCAL ROLE service_role")
        ledger.execute("DELETE FROM ledger.jobs; DELETE FROM ledger.prompts")
    ledger.execute("DELETE FROM auth.users WHERE id = %s", [BEN])

    assert backup.restore(database.settings, file) == []

    assert contents() == before
    assert migrations.verify(database.settings) == []
    with databases.connect(database.engine.url) as again:
        seen = "SELECT run_id FROM ledger.jobs ORDER BY 1"
        assert again.execute(seen).fetchall() == []
        with acting(again, CALLERS["ann"]):
            assert again.execute(seen).fetchall() == [("ann-0",), ("ann-1",)]


def test_what_the_address_asks_of_its_sessions_stays(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    telling = tmp_path / "bin" / "pg_dump"
    telling.parent.mkdir()
    telling.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] || echo "$1" > {tmp_path}/asked\nexec {binaries()}/pg_dump "$@"\n'
    )
    telling.chmod(0o755)
    monkeypatch.setenv("PATH", str(telling.parent), prepend=":")
    url = address.url(database.settings).update_query_dict({"options": "-c statement_timeout=60001"})
    settings = database.settings.model_copy(update={"database_url": render(url)})
    backup.backup(settings, tmp_path / "one.dump")
    asked = (tmp_path / "asked").read_text()
    assert "-c statement_timeout=60001 -c ledger.backup=on'" in asked


@pytest.mark.parametrize(
    "change",
    [
        "DROP POLICY job_events_backup ON ledger.job_events",
        "ALTER POLICY job_events_backup ON ledger.job_events USING (bot_name <> 'system')",
        "ALTER POLICY job_events_backup ON ledger.job_events TO pg_monitor",
        "DROP POLICY job_events_backup ON ledger.job_events; "
        "CREATE POLICY job_events_backup ON ledger.job_events FOR DELETE "
        "USING (current_setting('ledger.backup', true) = 'on')",
        "CREATE POLICY less ON ledger.job_events AS RESTRICTIVE USING (bot_name <> 'system')",
    ],
)
def test_a_backup_that_would_lack_rows_is_not_made(
    database: Database, ledger: psycopg.Connection, tmp_path: Path, change: str
) -> None:
    ledger.execute(change.encode())
    with pytest.raises(PermanentError, match=r"would not see every row of ledger\.job_events;"):
        backup.backup(database.settings, tmp_path / "one.dump")
    assert list(tmp_path.glob("*.dump")) == []


def test_nor_where_nobody_hears_that_it_is_a_backup(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(backup, "_READS_EVERYTHING", {})  # as a pooler does that keeps options to itself
    with pytest.raises(
        PermanentError, match=r"would not see every row of ledger\.artifacts, ledger\.job_events"
    ):
        backup.backup(database.settings, tmp_path / "one.dump")


def test_another_role_that_may_read_everything_is_told_that_policies_hold_for_it(
    database: Database, administrator: psycopg.Connection, tmp_path: Path
) -> None:
    role = f"reader_{uuid4().hex}"
    databases.execute(administrator, f"CREATE ROLE {role} LOGIN PASSWORD 'x' IN ROLE pg_read_all_data")
    url = address.url(database.settings).set(username=role, password="x")
    reader = database.settings.model_copy(update={"database_url": render(url)})
    try:
        with pytest.raises(PermanentError, match="back up as the role that made the tables"):
            backup.backup(reader, tmp_path / "one.dump")
    finally:
        administrator.execute(f"DROP ROLE {role}")


FORGED = {
    "an event of another owner": (
        f"UPDATE ledger.job_events SET owner_id = '{BEN}' WHERE run_id = 'ann-0'",
        'contradicts itself: .* "events_of_owner"',
    ),
    "an artifact of no run": (
        "UPDATE ledger.artifacts SET run_id = 'carl-1' WHERE run_id = 'ann-0'",
        "contradicts itself: .* violates foreign key",
    ),
    "a status that is none": (
        "ALTER TABLE ledger.jobs DROP CONSTRAINT valid_status; "
        "UPDATE ledger.jobs SET status = 'perfect' WHERE run_id = 'ann-0'",
        'contradicts itself: .* "valid_status"',
    ),
    "a run of nobody": (
        "ALTER TABLE ledger.jobs ALTER owner_id DROP NOT NULL; UPDATE ledger.jobs SET owner_id = NULL",
        "contradicts itself: null value",
    ),
}


@pytest.fixture
def forger(
    server: Settings, database: Database, administrator: psycopg.Connection
) -> Iterator[psycopg.Connection]:
    """A superuser in a database like the test's, whom neither triggers nor foreign keys hold back."""
    name = f"forged_{uuid4().hex}"
    forged = address.named(database.settings, name)
    databases.create(forged, [name])
    migrations.upgrade(forged)
    get_engine(forged).dispose()
    with databases.connect(superusers_url(server, name)) as connection:
        connection.execute("INSERT INTO auth.users (id) VALUES (%s)", [ANN])
        record(connection, "ann-0", ANN)
        connection.execute("SET session_replication_role = replica")
        yield connection
    databases.execute(administrator, "DROP DATABASE {}", name)


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_ledger_is_refused(
    database: Database,
    ledger: psycopg.Connection,
    forger: psycopg.Connection,
    contents: Contents,
    tmp_path: Path,
    forgery: str,
) -> None:
    change, said = FORGED[forgery]
    forger.execute(change.encode())
    forged = address.named(database.settings, forger.info.dbname)
    file = backup.backup(forged, tmp_path / "forged.dump")
    before = contents()
    with pytest.raises(PermanentError, match=said):
        backup.restore(database.settings, file)
    assert contents() == before


def test_users_that_are_somebody_elses_are_neither_dumped_nor_replaced(
    database: Database,
    ledger: psycopg.Connection,
    superuser: Superuser,
    contents: Contents,
    tmp_path: Path,
) -> None:
    with superuser() as connection:
        connection.execute("COMMENT ON TABLE auth.users IS NULL; ALTER TABLE auth.users OWNER TO postgres")
    before = contents()
    file = backup.backup(database.settings, tmp_path / "one.dump")
    with pytest.raises(PermanentError, match=r"has an auth\.users that is not the factory's"):
        backup.restore(database.settings, file)
    assert contents() == before

    with superuser() as connection:
        connection.execute(
            "COMMENT ON TABLE auth.users IS 'made for the run ledger'; DELETE FROM ledger.jobs"
        )
        connection.execute("DELETE FROM auth.users WHERE id IN (%s, %s)", [ANN, BEN])
    assert backup.restore(database.settings, file) == []
    assert contents() == before


THEIRS = """
CREATE SCHEMA auth;
CREATE TABLE auth.users (id uuid PRIMARY KEY, email text);
GRANT USAGE ON SCHEMA auth TO {role};
GRANT SELECT, REFERENCES ON auth.users TO {role};
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid';
"""
LOCAL_USER = "00000000-0000-4000-8000-000000000001"


@pytest.mark.parametrize("known", [[ANN], [ANN, BEN]])
def test_owners_whom_other_users_do_not_have_are_named(
    database: Database,
    server: Settings,
    ledger: psycopg.Connection,
    contents: Contents,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    known: list[UUID],
) -> None:
    create = backup._create

    def create_with_users(settings: Settings, name: str) -> None:
        create(settings, name)
        role = str(address.url(settings).username)
        with databases.connect(superusers_url(server, name)) as connection:
            connection.execute(THEIRS.replace("{role}", role).encode())
            rows = [[user] for user in (LOCAL_USER, *known)]
            connection.cursor().executemany("INSERT INTO auth.users (id) VALUES (%s)", rows)

    monkeypatch.setattr(backup, "_create", create_with_users)
    file = backup.backup(database.settings, tmp_path / "one.dump")
    before = contents()
    if BEN in known:
        assert backup.restore(database.settings, file) == ["auth.users"]
    else:
        with pytest.raises(PermanentError, match=rf"whom auth\.users does not have: .*{BEN}"):
            backup.restore(database.settings, file)
    after = contents()
    before.pop("auth.users"), after.pop("auth.users")
    assert after == before
