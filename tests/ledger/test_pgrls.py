"""pgrls, a linter of row level security, finds nothing but what ``pgrls.toml`` excepts."""

import json
import re
import subprocess
import sys
import tomllib

import pytest

from gamefactory_dagster.database.uri import render
from gamefactory_dagster.settings import CHECKOUT, Settings
from tests.conftest import Database, superusers_url

pytest.importorskip("pgrls", reason="pgrls comes with the extra dev")


OTHER_TESTS_ROLE = re.compile(r"[a-z_]+_[0-9a-f]{32}")
"""Roles are the whole server's: tests beside this one make members of the tables' owner."""


def lint(server: Settings, database: Database) -> list[tuple[str, str]]:
    """What is found that would end the command with failure: rule, and in what."""
    url = render(superusers_url(server, str(database.engine.url.database)))
    command = [
        sys.executable,
        "-m",
        "pgrls",
        "lint",
        "--format=json",
        "--config",
        CHECKOUT / "pgrls.toml",
        "--database-url",
        url,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return [
        (each["rule_id"], each["location"])
        for each in json.loads(done.stdout)["violations"]
        if each["severity"] != "info" and not OTHER_TESTS_ROLE.fullmatch(str(each["location"]))
    ]


def test_it_finds_nothing_but_what_is_excepted(server: Settings, database: Database) -> None:
    assert lint(server, database) == []


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
    found = lint(server, database)
    for family, name in WEAKENED.values():
        assert any(rule.startswith(family) and name in where for rule, where in found), (family, name, found)


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
