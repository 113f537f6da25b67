"""On a database as Supabase has it the ledger leaves what is there alone, and protects what it makes.

Roles are the whole server's, so this one is the test's own: service_role passes all policies there.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest

from gamefactory_dagster.database import address, databases, migrations, server
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.database.uri import render
from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.settings import Settings

from .callers import ANN, BEN, CALLERS, claims
from .conftest import fill
from .hostile import EVENT, part
from .matrix import TABLES, attempts, outcome

SUPABASE = """
CREATE ROLE anon NOLOGIN;
CREATE ROLE authenticated NOLOGIN;
CREATE ROLE service_role NOLOGIN BYPASSRLS;
CREATE ROLE supabase_auth_admin NOLOGIN CREATEROLE;
CREATE ROLE owner LOGIN CREATEROLE CREATEDB;
GRANT anon, authenticated, service_role TO owner;
"""

AUTH = """
CREATE SCHEMA auth AUTHORIZATION supabase_auth_admin;
CREATE TABLE auth.users (
    instance_id uuid, id uuid NOT NULL PRIMARY KEY, aud varchar(255), role varchar(255),
    email varchar(255) UNIQUE,
    encrypted_password varchar(255), raw_user_meta_data jsonb, is_super_admin boolean, created_at timestamptz,
    phone text UNIQUE DEFAULT NULL, is_anonymous boolean NOT NULL DEFAULT false
);
ALTER TABLE auth.users OWNER TO supabase_auth_admin;
ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        nullif(current_setting('request.jwt.claim.sub', true), ''),
        (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')
    )::uuid
$$;
ALTER FUNCTION auth.uid() OWNER TO supabase_auth_admin;
GRANT USAGE ON SCHEMA auth TO anon, authenticated, service_role, owner;
GRANT ALL ON auth.users TO owner;
INSERT INTO auth.users (id, email) VALUES
    ('00000000-0000-4000-8000-00000000000a', 'ann@example.org'),
    ('00000000-0000-4000-8000-00000000000b', 'ben@example.org');
GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;
GRANT ALL ON SCHEMA public TO owner;
"""

DEFAULTS = """
ALTER DEFAULT PRIVILEGES FOR ROLE owner {0} GRANT ALL ON TABLES TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE owner {0} GRANT ALL ON FUNCTIONS TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE owner {0} GRANT ALL ON SEQUENCES TO anon, authenticated, service_role;
"""

GLOBALLY = """
ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT ALL ON SCHEMAS TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT ALL ON TABLES TO PUBLIC;
"""

STATE = """
SELECT array_agg(found ORDER BY found) FROM (
    SELECT format('%s %s %s', rolname, rolbypassrls, rolcreaterole) FROM pg_roles
    WHERE rolname IN ('anon', 'authenticated', 'service_role', 'supabase_auth_admin')
    UNION ALL SELECT format('%s %s %s', nspname, nspowner::regrole, nspacl)
        FROM pg_namespace WHERE nspname = 'auth'
    UNION ALL SELECT format('%s %s %s %s', relname, relowner::regrole, relacl, relrowsecurity)
        FROM pg_class WHERE relnamespace = 'auth'::regnamespace
    UNION ALL SELECT format('%s %s %s', attname, attrelid::regclass, attacl) FROM pg_attribute
        WHERE attrelid = 'auth.users'::regclass AND attnum > 0
    UNION ALL SELECT format('%s %s %s', pg_get_functiondef(oid), proowner::regrole, proacl)
        FROM pg_proc WHERE pronamespace = 'auth'::regnamespace
    UNION ALL SELECT format('%s %s %s', conname, conrelid::regclass, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE conrelid = 'auth.users'::regclass
    UNION ALL SELECT u::text FROM auth.users AS u
    UNION ALL SELECT d::text FROM pg_default_acl AS d
        WHERE defaclnamespace IS DISTINCT FROM to_regnamespace('pgmq')
) AS everything (found)
"""


@dataclass
class Supabase:
    settings: Settings
    superuser: psycopg.Connection

    def state(self) -> list[str]:
        """All of it that is not ours."""
        [(found,)] = self.superuser.execute(STATE).fetchall()
        return list(found)


@pytest.fixture
def supabase(made: Settings) -> Iterator[Supabase]:
    server.ensure(made)
    with databases.connect(address.superusers_url(made)) as superuser:
        superuser.execute(SUPABASE)
        superuser.execute("CREATE DATABASE owned OWNER owner")
    with databases.connect(address.superusers_url(made, "owned")) as superuser:
        superuser.execute(AUTH)
        superuser.execute(DEFAULTS.format("IN SCHEMA public").encode())
        superuser.execute(DEFAULTS.format("").encode() + GLOBALLY.encode())
        url = render(address.url(made, "owned").set(username="owner"))
        settings = made.model_copy(update={"database_url": url})
        yield Supabase(settings, superuser)
        get_engine(settings).dispose()


@pytest.mark.slow
def test_what_supabase_has_stays_as_it_is_up_and_down(supabase: Supabase) -> None:
    before = supabase.state()
    migrations.upgrade(supabase.settings)
    assert supabase.state() == before
    assert migrations.verify(supabase.settings) == []
    migrations.downgrade(supabase.settings, "0009")
    assert supabase.state() == before
    migrations.upgrade(supabase.settings)
    migrations.downgrade(supabase.settings, "base")
    assert supabase.state() == before


@pytest.mark.slow
def test_the_matrix_holds_there_too(supabase: Supabase, expected: dict[tuple[str, str, str], str]) -> None:
    """The service passes all policies there: what its grants and triggers refuse stays refused."""
    migrations.upgrade(supabase.settings)
    with databases.connect(address.url(supabase.settings)) as connection:
        fill(connection)
        found = {
            (name, table, command): outcome(connection, caller, statement)
            for name, caller in CALLERS.items()
            for table in TABLES
            for command, statement in attempts(table).items()
        }
        differing = {key: found[key] for key in found if found[key] != expected[key]}
        services = ("service", "service without claims")
        # PostgreSQL copies into no table whose policies hold for the caller; for that service they do not
        assert differing == {(name, table, "COPY FROM"): "done" for name in services for table in TABLES}
        connection.execute("SET ROLE service_role")
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
            connection.execute(part(EVENT, "ann-0", ANN).encode())
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            connection.execute(part(EVENT, "ann-1", BEN).encode())
        for statement in ("UPDATE ledger.jobs SET status = 'failed'", "TRUNCATE ledger.prompts"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())
        connection.execute("RESET ROLE")
        connection.execute("SELECT set_config('request.jwt.claims', %s, false)", [claims(sub=str(ANN))])
        connection.execute("SET ROLE authenticated")
        assert connection.execute("SELECT auth.uid(), ledger.caller()").fetchone() == (ANN, ANN)


@pytest.mark.slow
def test_a_default_grant_that_comes_later_is_named(supabase: Supabase) -> None:
    migrations.upgrade(supabase.settings)
    with databases.connect(address.url(supabase.settings)) as connection:
        connection.execute("GRANT ALL ON ALL TABLES IN SCHEMA ledger TO anon")
    problems = migrations.verify(supabase.settings)
    assert any(words.startswith("anon may ") and words.endswith(" on jobs") for words in problems)
    migrations.downgrade(supabase.settings, "0013")
    with pytest.raises(PermanentError, match="anon may "):
        migrations.upgrade(supabase.settings)
