"""What a role needs from others before it can make the ledger: told as statements, and these are enough."""

from dataclasses import dataclass

import psycopg
import pytest
from pgmq.install import get_embedded_install_sql

from gamefactory_dagster.database import address, databases, migrations, server
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.database.roles import LEDGER_ROLES
from gamefactory_dagster.database.uri import render
from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.settings import Settings


@dataclass
class Place:
    """A database of its own role, on a server where nobody has heard of the ledger."""

    settings: Settings
    superuser: psycopg.Connection


@pytest.fixture
def place(made):
    server.ensure(made)
    with databases.connect(address.superusers_url(made)) as superuser:
        superuser.execute("CREATE ROLE owner LOGIN")
        superuser.execute("CREATE DATABASE owned OWNER owner")
    with databases.connect(address.superusers_url(made, "owned")) as superuser:
        url = render(address.url(made, "owned").set(username="owner"))
        settings = made.model_copy(update={"database_url": url})
        yield Place(settings, superuser)
        get_engine(settings).dispose()


def asked_for(place: Place) -> list[str]:
    """The statements a refused upgrade names."""
    with pytest.raises(PermanentError, match="permission denied") as caught:
        migrations.upgrade(place.settings)
    before, found, statements = str(caught.value).partition("have it said, by a superuser: ")
    assert found, before
    return statements.split("; ")


def test_who_may_not_make_roles_is_told_what_to_have_said_and_that_is_enough(place):
    statements = asked_for(place)
    made = [f"CREATE ROLE {role} NOLOGIN" for role in LEDGER_ROLES]
    assert statements[::2] == made
    assert [words.partition(" WITH ")[0] for words in statements[1::2]] == [
        f"GRANT {role} TO owner" for role in LEDGER_ROLES
    ]
    for statement in statements:
        place.superuser.execute(statement)
    migrations.upgrade(place.settings)
    assert migrations.verify(place.settings) == []


def test_only_what_is_missing_is_asked_for(place):
    for role in LEDGER_ROLES[:3]:
        place.superuser.execute(f"CREATE ROLE {role} NOLOGIN")
        place.superuser.execute(f"GRANT {role} TO owner")
    statements = asked_for(place)
    assert [words.split()[:3] for words in statements] == [
        ["CREATE", "ROLE", "ledger_keeper"],
        ["GRANT", "ledger_keeper", "TO"],
    ]


def test_who_may_make_roles_needs_nobody(place):
    place.superuser.execute("ALTER ROLE owner CREATEROLE")
    migrations.upgrade(place.settings)
    assert migrations.verify(place.settings) == []


def test_users_that_are_another_roles_may_have_to_be_opened(place):
    place.superuser.execute("ALTER ROLE owner CREATEROLE")
    place.superuser.execute("CREATE SCHEMA auth")
    place.superuser.execute("CREATE TABLE auth.users (id uuid PRIMARY KEY, email text)")
    place.superuser.execute("CREATE FUNCTION auth.uid() RETURNS uuid RETURN NULL::uuid")
    with pytest.raises(PermanentError, match="permission denied for schema auth") as caught:
        migrations.upgrade(place.settings)
    statements = str(caught.value).partition("have it said, by the owner of auth.users: ")[2]
    users = "GRANT SELECT (id), REFERENCES (id) ON auth.users TO owner"
    assert statements == f"GRANT USAGE ON SCHEMA auth TO owner; {users}"
    for statement in statements.split("; "):
        place.superuser.execute(statement)
    migrations.upgrade(place.settings)
    assert migrations.verify(place.settings) == []


def test_who_may_no_longer_make_schemas_is_told_what_pgmq_and_jobs_need(place):
    place.superuser.execute("ALTER ROLE owner CREATEROLE")
    migrations.upgrade(place.settings, "0016")
    place.superuser.execute("ALTER DATABASE owned OWNER TO postgres")
    with pytest.raises(PermanentError, match="permission denied for database owned") as caught:
        migrations.upgrade(place.settings)
    assert migrations.current(place.settings) == "0016"
    statements = str(caught.value).partition("have it said, by the database's owner: ")[2].split("; ")
    assert statements == ["GRANT CREATE ON DATABASE owned TO owner", "GRANT CREATE ON SCHEMA public TO owner"]
    for statement in statements:
        place.superuser.execute(statement)
    migrations.upgrade(place.settings)
    assert migrations.verify(place.settings) == []


def test_an_empty_schema_of_pgmq_s_name_has_to_be_the_role_s(place):
    place.superuser.execute("ALTER ROLE owner CREATEROLE")
    place.superuser.execute("CREATE SCHEMA pgmq")
    with pytest.raises(PermanentError, match="permission denied for schema pgmq") as caught:
        migrations.upgrade(place.settings)
    statement = str(caught.value).partition("have it said, by the owner of schema pgmq: ")[2]
    assert statement == "ALTER SCHEMA pgmq OWNER TO owner"
    place.superuser.execute(statement)
    migrations.upgrade(place.settings)
    assert migrations.verify(place.settings) == []


def test_pgmq_that_is_another_role_s_may_have_to_be_opened(place):
    place.superuser.execute("ALTER ROLE owner CREATEROLE")
    place.superuser.execute(get_embedded_install_sql())
    place.superuser.execute("SELECT pgmq.create('job_queue_dead')")
    with pytest.raises(PermanentError, match="permission denied for schema pgmq") as caught:
        migrations.upgrade(place.settings)
    statements = str(caught.value).partition("have it said, by the owner of schema pgmq: ")[2].split("; ")
    assert statements == [
        "GRANT USAGE, CREATE ON SCHEMA pgmq TO owner",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON pgmq.a_job_queue_dead TO owner",
        "GRANT SELECT, INSERT, DELETE ON pgmq.meta TO owner",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON pgmq.q_job_queue_dead TO owner",
    ]
    for statement in statements[:-1]:
        place.superuser.execute(statement)
    with pytest.raises(PermanentError, match=f"permission denied for queue .*_dead; .*: {statements[-1]}"):
        migrations.upgrade(place.settings)
    place.superuser.execute(statements[-1])
    migrations.upgrade(place.settings)
    assert migrations.verify(place.settings) == []
