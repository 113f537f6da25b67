"""What our sessions rely on holds in whatever way a role, a database or the environment says otherwise."""

import os
import subprocess
from uuid import uuid4

import pytest
import sqlalchemy as sa

from gamefactory_dagster.database import address, databases, migrations, sessions
from gamefactory_dagster.database.cluster import binaries
from gamefactory_dagster.database.engine import get_engine, transaction
from gamefactory_dagster.database.roles import LEDGER_ROLES
from gamefactory_dagster.database.uri import OURS, render
from tests.conftest import superusers_url

OTHERWISE = {
    "search_path": "public",
    "DateStyle": "German",
    "TimeZone": "Pacific/Kiritimati",
    "IntervalStyle": "sql_standard",
    "standard_conforming_strings": "off",
    "extra_float_digits": "0",
    "default_transaction_isolation": "serializable",
}
SHOWN = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)"


def shown(connection):
    return dict(connection.execute(SHOWN, [[*OTHERWISE]]).fetchall())


@pytest.fixture
def odd(server, settings, administrator):
    """The test's database for a role of its own, whose settings are all other ones."""
    role, owner = f"odd_{uuid4().hex}", str(address.url(server).username)
    create = f"CREATE ROLE {role} LOGIN PASSWORD 'x' CREATEDB IN ROLE {{}}"
    databases.execute(administrator, create, owner)
    for name, value in OTHERWISE.items():
        administrator.execute(f"ALTER ROLE {role} SET {name} = '{value}'")
    url = address.url(settings).set(username=role, password="x")
    found = settings.model_copy(update={"database_url": render(url)})
    yield found
    get_engine(found).dispose()
    with databases.connect(superusers_url(server, str(url.database))) as connection:
        connection.execute(f"DROP OWNED BY {role}")
    administrator.execute(f"DROP ROLE {role}")


def test_the_test_is_none_unless_the_role_has_these(odd):
    with databases.connect_plainly(address.url(odd)) as connection:
        found = shown(connection)
    assert found.pop("DateStyle") == "German, DMY"
    assert found == {name: value for name, value in OTHERWISE.items() if name != "DateStyle"}


def test_a_roles_own_settings_do_not_reach_our_sessions(odd):
    with databases.connect(address.url(odd)) as connection:
        assert shown(connection) == sessions.OURS
    with transaction(get_engine(odd)) as connection:
        assert shown(connection.connection.driver_connection) == sessions.OURS
        assert connection.exec_driver_sql("SELECT count(*) FROM mechanics").scalar() == 20


def test_nor_dagsters(odd):
    url = address.url(odd).database
    engine = sa.create_engine(sa.make_url(address.dagster_url(odd)).set(database=url))
    with engine.connect() as connection:
        for name, value in sessions.DAGSTERS.items():
            assert connection.exec_driver_sql(f"SHOW {name}").scalar() == value
    engine.dispose()


def test_nor_does_what_libpq_takes_from_the_environment(settings, monkeypatch):
    monkeypatch.setenv("PGTZ", "Pacific/Kiritimati")
    monkeypatch.setenv("PGDATESTYLE", "German")
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    monkeypatch.setenv("PGOPTIONS", "-c search_path=public")
    with databases.connect(address.url(settings)) as connection:
        assert shown(connection) == sessions.OURS
        assert connection.execute("SELECT '\u4e16'").fetchone() == ("\u4e16",)
    engine = get_engine(settings.model_copy(update={"home": settings.home / "other"}))
    for _ in range(2):  # a rolled back transaction takes nothing of it back
        with engine.connect() as connection:
            assert shown(connection.connection.driver_connection) == sessions.OURS
    engine.dispose()


def test_options_of_the_url_hold_where_we_rely_on_nothing(settings):
    options = {"options": "-csearch_path=public -cTimeZone=Asia/Tokyo -c statement_timeout=12345"}
    url = address.url(settings).update_query_dict(options)
    theirs = settings.model_copy(update={"database_url": render(url, OURS)})
    with transaction(get_engine(theirs)) as connection:
        assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "12345ms"
        assert shown(connection.connection.driver_connection) == sessions.OURS
    assert migrations.verify(theirs) == [], "who reads the URL sees the options in it"
    get_engine(theirs).dispose()


def finds(settings):
    """Whether another tool finds the tables."""
    with databases.connect_plainly(address.url(settings)) as connection:
        return connection.execute("SELECT to_regclass('mechanics') IS NOT NULL").fetchone()[0]


def test_what_misleads_other_tools_is_told_and_healed(odd):
    [told] = migrations.verify(odd)
    assert told.startswith("other tools do not find the tables: a new session of theirs searches public")
    assert "\n" not in told
    migrations.upgrade(odd)
    assert finds(odd)
    assert migrations.verify(odd) == []


@pytest.fixture
def copy(server, administrator):
    """A name for a copy of the test's database."""
    name = f"copy_{uuid4().hex}"
    yield name
    administrator.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.mark.parametrize("way", ["plain dump", "template"])
def test_a_copy_is_healed(database, copy, server, administrator, way, tmp_path):
    owner = str(address.url(database.settings).username)
    database.engine.dispose()
    if way == "template":
        source = str(address.url(database.settings).database)
        databases.execute(administrator, "CREATE DATABASE {} OWNER {} TEMPLATE {}", copy, owner, source)
    else:
        databases.execute(administrator, "CREATE DATABASE {} OWNER {}", copy, owner)
        url = render(address.url(database.settings))
        dump = [binaries() / "pg_dump", "--enable-row-security", f"--file={tmp_path / 'plain.sql'}", url]
        subprocess.run(dump, check=True, env=os.environ | {"PGOPTIONS": "-c ledger.backup=on"})
        there = render(superusers_url(server, copy))  # some of it is the ledger keeper's, and stays so
        fill = [binaries() / "psql", "-q", "-f", tmp_path / "plain.sql", there]
        subprocess.run(fill, check=True, stdout=subprocess.DEVNULL)
    copied = address.named(database.settings, copy)
    assert not finds(copied)
    assert len(migrations.verify(copied)) == 1
    migrations.upgrade(copied)
    assert finds(copied)
    assert migrations.verify(copied) == []
    get_engine(copied).dispose()


@pytest.fixture
def guest(server, settings, administrator):
    """An empty database that belongs to somebody else, for a role with no rights in it."""
    role = f"guest_{uuid4().hex}"
    administrator.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'x'")
    administrator.execute(f"CREATE DATABASE {role}")
    url = address.url(settings, role).set(username=role, password="x")
    found = settings.model_copy(update={"database_url": render(url)})
    yield found
    get_engine(found).dispose()
    administrator.execute(f"DROP DATABASE {role} WITH (FORCE)")
    administrator.execute(f"DROP ROLE {role}")


def test_a_role_without_rights_is_told_what_to_grant_and_that_is_enough(guest, server):
    role = str(address.url(guest).username)
    with pytest.raises(migrations.PermanentError, match="permission denied") as caught:
        migrations.upgrade(guest)
    words = str(caught.value)
    assert "\n" not in words
    grants = words.partition("by a superuser: ")[2].split("; ")
    places = [f"DATABASE {role}", "SCHEMA public"]
    assert grants[:2] == [f"GRANT CREATE ON {place} TO {role}" for place in places]
    assert [words.split()[:4] for words in grants[2:]] == [
        ["GRANT", other, "TO", role] for other in LEDGER_ROLES
    ]
    with databases.connect(superusers_url(server, role)) as connection:
        for grant in grants:
            connection.execute(grant)
    migrations.upgrade(guest)
    assert migrations.verify(guest) == []
    assert finds(guest)
    get_engine(guest).dispose()


def test_who_does_not_own_the_tables_is_told_who_does(odd, settings, administrator):
    migrations.downgrade(settings, "0008")
    role, owner = str(address.url(odd).username), str(address.url(settings).username)
    databases.execute(administrator, "REVOKE {} FROM {}", owner, role)
    with databases.connect(address.url(settings)) as connection:
        databases.execute(connection, "GRANT SELECT ON alembic_version TO {}", role)
    with pytest.raises(migrations.PermanentError, match=f"work as the role that made the tables, {owner}"):
        migrations.downgrade(odd, "0001")
