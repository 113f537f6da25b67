"""``gamefactory db`` as a person meets it: what it prints other tools take, what is wrong is one line."""

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from psycopg import sql

from gamefactory_dagster.database import address, databases, roles
from gamefactory_dagster.database.cluster import binaries
from gamefactory_dagster.database.uri import render
from gamefactory_dagster.settings import CHECKOUT

ODD = """a b%41?#@/\\'"&=+:é"""


def command(url: str, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run ``gamefactory db ...`` on the database that ``url`` names."""
    return subprocess.run(
        [sys.executable, "-m", "gamefactory_dagster.cli", "db", *words],
        env={**os.environ, "DATABASE_URL": url, "GAMEFACTORY_HOME": str(home)},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def odd(server, administrator):
    """Address of a database whose name, owner and password need escaping."""
    name = f"{ODD}{uuid4().hex}"
    role = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
    administrator.execute(role.format(sql.Identifier(name), sql.Literal(ODD)))
    roles.introduce_to(administrator, name)
    databases.execute(administrator, "CREATE DATABASE {} OWNER {}", name, name)
    yield address.url(server, name).set(username=name, password=ODD)
    databases.execute(administrator, "DROP DATABASE {} WITH (FORCE)", name)
    databases.execute(administrator, "DROP DATABASE IF EXISTS {} WITH (FORCE)", f"dagster_{name[-32:]}")
    databases.execute(administrator, "DROP ROLE {}", name)


def test_psql_takes_what_url_prints(odd, tmp_path):
    done = command(render(odd), tmp_path, "url")
    [printed] = done.stdout.splitlines()
    asked = [binaries() / "psql", "-tA", printed, "-c", "SELECT current_user || current_database()"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (said.stdout, said.stderr) == (f"{odd.username}{odd.database}\n", "")


def test_a_database_with_an_odd_name_is_upgraded_backed_up_and_restored(odd, tmp_path, monkeypatch):
    monkeypatch.setenv("GAMEFACTORY_DAGSTER_DATABASE", f"dagster_{odd.database[-32:]}")
    monkeypatch.setenv("PATH", str(binaries()), prepend=":")
    file = str(tmp_path / "one.dump")
    for words in (["upgrade"], ["backup", file], ["restore", "--yes", file], ["verify"], ["status"]):
        done = command(render(odd), tmp_path, *words)
        assert (done.returncode, done.stderr) == (0, ""), words
        assert ODD not in done.stdout.replace(str(odd.database), "")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://owner:Xy@Qz@Xy@127.0.0.1:5432/gf", "127.0.0.1"),
        ("postgresql://owner:Xy@127.0.0.1:1/gf?schema=public", '"schema"'),
        ("postgresql://owner:Xy@127.0.0.1:Qz/gf", "expected postgresql://"),
        ("postgresql://owner:Xy@127.0.0.1:1/gf", "on 127.0.0.1:1"),
    ],
)
def test_an_address_that_does_not_work_is_one_line_without_its_password(url, said, tmp_path):
    done = command(url, tmp_path, "upgrade")
    [line] = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (1, "")
    assert line.startswith("Error: ")
    assert said in line
    assert "Xy" not in line
    assert "Qz" not in line
