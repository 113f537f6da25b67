"""pgrls, a linter of row level security, finds nothing but what ``pgrls.toml`` excepts."""

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


WEAKENED = {
    "ALTER TABLE ledger.artifacts DISABLE ROW LEVEL SECURITY": ("SEC", "ledger.artifacts"),
    "ALTER TABLE public.jobs DISABLE ROW LEVEL SECURITY": ("SEC", "public.jobs"),
    "ALTER POLICY jobs_read ON public.jobs USING (true)": ("SEC", "public.jobs.jobs_read"),
    "ALTER TABLE ledger.prompts NO FORCE ROW LEVEL SECURITY": ("SEC", "ledger.prompts"),
    "ALTER POLICY jobs_read ON ledger.jobs USING (true)": ("SEC", "jobs_read"),
    "CREATE VIEW ledger.runs AS SELECT * FROM ledger.jobs": ("VIEW", "ledger.runs"),
    "SET LOCAL ROLE ledger_keeper; ALTER FUNCTION ledger.set_status RESET search_path": ("SEC", "set_status"),
}
"""Statement -> the family of rules that finds it, and in what."""


def test_it_finds_what_is_weakened(server: Settings, database: Database) -> None:
    with database.engine.begin() as connection:
        for statement in WEAKENED:
            connection.exec_driver_sql(statement)
    done = lint(server, database)
    assert done.returncode == 1
    for rule, name in WEAKENED.values():
        assert any(rule in line and name in line for line in done.stdout.splitlines()), (rule, name)


def test_every_exception_is_of_something_there_is(database: Database) -> None:
    rules = tomllib.loads((CHECKOUT / "pgrls.toml").read_text(encoding="utf-8"))["lint"]["rules"]
    names = """
        SELECT format('%%s.%%s.%%s', schemaname, tablename, policyname) FROM pg_policies
        UNION ALL SELECT format('%%s.%%s', relnamespace::regnamespace, relname) FROM pg_class
        UNION ALL SELECT format('%%s.%%s.%%s', nspname, relname, tgname) FROM pg_trigger
            JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
        UNION ALL SELECT format('%%s.%%s', pronamespace::regnamespace, proname) FROM pg_proc
    """
    with database.engine.connect() as connection:
        there = set(connection.exec_driver_sql(names).scalars())
    assert {name for rule in rules.values() for name in rule["allowlist"]} - there == set()
