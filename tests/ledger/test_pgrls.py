"""pgrls, a linter of row level security, finds nothing in the ledger but what ``pgrls.toml`` excepts."""

import subprocess
import sys
import tomllib

import pytest

from gamefactory_dagster.database.uri import render
from gamefactory_dagster.settings import CHECKOUT, Settings
from tests.conftest import Database, superusers_url

pytest.importorskip("pgrls", reason="pgrls comes with the extra dev")


def lint(server: Settings, database: Database) -> subprocess.CompletedProcess[str]:
    url = render(superusers_url(server, str(database.engine.url.database)))
    command = [
        sys.executable,
        "-m",
        "pgrls",
        "lint",
        "--config",
        CHECKOUT / "pgrls.toml",
        "--database-url",
        url,
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_finds_nothing_but_what_is_excepted(server: Settings, database: Database) -> None:
    done = lint(server, database)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("ALTER TABLE ledger.artifacts DISABLE ROW LEVEL SECURITY", "SEC"),
        ("ALTER TABLE ledger.jobs NO FORCE ROW LEVEL SECURITY", "SEC"),
        ("ALTER POLICY jobs_read ON ledger.jobs USING (true)", "SEC"),
        ("CREATE VIEW ledger.runs AS SELECT * FROM ledger.jobs", "VIEW"),
        ("ALTER FUNCTION ledger.set_status RESET search_path", "SEC"),
    ],
)
def test_it_finds_what_is_weakened(server: Settings, database: Database, statement: str, rule: str) -> None:
    with database.engine.begin() as connection:
        owner = "SET LOCAL ROLE ledger_keeper" if "FUNCTION" in statement else "SELECT 1"
        connection.exec_driver_sql(owner)
        connection.exec_driver_sql(statement)
    done = lint(server, database)
    assert done.returncode == 1
    assert rule in done.stdout


def test_every_exception_is_of_something_there_is(database: Database) -> None:
    rules = tomllib.loads((CHECKOUT / "pgrls.toml").read_text(encoding="utf-8"))["lint"]["rules"]
    names = """
        SELECT format('%%s.%%s.%%s', schemaname, tablename, policyname) FROM pg_policies
        UNION ALL SELECT format('%%s.%%s', tgrelid::regclass, tgname) FROM pg_trigger
        UNION ALL SELECT format('%%s.%%s', pronamespace::regnamespace, proname) FROM pg_proc
    """
    with database.engine.connect() as connection:
        there = set(connection.exec_driver_sql(names).scalars())
    assert {name for rule in rules.values() for name in rule["allowlist"]} - there == set()
