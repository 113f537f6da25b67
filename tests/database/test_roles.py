"""Whom we are on the embedded server, and how one from before that is brought over."""

import pytest

from gamefactory_dagster.database import address, backup, cluster, databases, migrations, roles, server
from gamefactory_dagster.database.engine import get_engine

pytestmark = pytest.mark.faults

OTHERS = """
SELECT oid::regclass::text FROM pg_class
WHERE relnamespace::regnamespace::text
    IN ('auth', 'factory', 'ledger', 'pgmq', 'public', 'replays', 'requests')
    AND pg_get_userbyid(relowner) <> 'gamefactory'
UNION ALL
SELECT oid::regprocedure::text FROM pg_proc
WHERE pronamespace::regnamespace::text
    IN ('auth', 'factory', 'ledger', 'pgmq', 'public', 'replays', 'requests')
    AND pg_get_userbyid(proowner) NOT IN ('gamefactory', 'ledger_keeper')
UNION ALL
SELECT nspname::text FROM pg_namespace
WHERE nspname IN ('auth', 'factory', 'ledger', 'pgmq', 'replays', 'requests')
    AND pg_get_userbyid(nspowner) <> 'gamefactory'
UNION ALL
SELECT datname::text FROM pg_database
WHERE datname IN ('gamefactory', 'dagster') AND pg_get_userbyid(datdba) <> 'gamefactory'
"""


def owned_by_others(settings, name):
    with databases.connect(address.url(settings, name)) as connection:
        return sorted(name for (name,) in connection.execute(OTHERS))


def test_we_are_no_superuser_and_own_what_is_ours(made):
    server.ensure(made)
    migrations.upgrade(made)
    with databases.connect(address.url(made)) as connection:
        role = "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb FROM pg_roles "
        [found] = connection.execute(f"{role} WHERE rolname = current_user").fetchall()
    assert found == ("gamefactory", False, False, True)
    assert owned_by_others(made, "gamefactory") == []
    get_engine(made).dispose()


def test_a_server_from_before_there_was_a_role_is_brought_over(made, monkeypatch):
    cluster.prepare(made)
    cluster.launch(made, 60)
    with databases.connect(address.superusers_url(made)) as connection:
        for name in ("gamefactory", "dagster"):
            connection.execute(f"DROP DATABASE IF EXISTS {name}")
            connection.execute(f"CREATE DATABASE {name}")
        connection.execute("DROP ROLE IF EXISTS gamefactory")
    with monkeypatch.context() as patch:
        patch.setattr(address, "ROLE", address.SUPERUSER)
        patch.setattr(roles, "ROLE", address.SUPERUSER)
        before = made.model_copy(update={"first_day": made.first_day.replace(year=2001)})  # another engine
        migrations.upgrade(before)
        get_engine(before).dispose()
        with databases.connect(address.url(made, "dagster")) as connection:
            connection.execute("CREATE TABLE public.runs (id serial PRIMARY KEY, kind text)")
    with databases.connect(address.superusers_url(made)) as connection:
        assert connection.execute("SELECT FROM pg_roles WHERE rolname = 'gamefactory'").fetchone() is None

    server.ensure(made)

    assert owned_by_others(made, "gamefactory") == owned_by_others(made, "dagster") == []
    assert databases.missing(made) == []
    assert migrations.verify(made) == []
    with databases.connect(address.url(made)) as connection:
        connection.execute(
            "SET ROLE service_role; INSERT INTO ledger.prompts VALUES ('p', 'c', 'x', 'Jump!')"
        )
    backup.backup(made, made.home / "one.dump")
    migrations.downgrade(made, "0001")
    migrations.upgrade(made)
    assert migrations.verify(made) == []
    with databases.connect(address.url(made, "dagster")) as connection:
        connection.execute("ALTER TABLE public.runs ADD COLUMN more int")
        connection.execute("INSERT INTO public.runs DEFAULT VALUES")
    get_engine(made).dispose()
