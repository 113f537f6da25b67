"""Roles on the embedded server: ours, which owns our databases and all in them, and the run ledger's.

What belongs here: making them, giving ours its databases, and bringing over a server from before there was
one. What does not: anything that works as one of them, which is everything else. The superuser is used only
here and where the server is started.
"""

from contextlib import suppress

import psycopg

from gamefactory_dagster.settings import Settings

from .address import ROLE, superusers_url
from .databases import connect, execute
from .sql import load

LEDGER_ROLES = ("anon", "authenticated", "service_role", "ledger_keeper")
"""As ``sql/migrations/versions/0010_initial_schema.up.sql`` makes them on other servers."""


def furnish(settings: Settings, names: list[str]) -> None:
    """Make our role and these databases where they are missing, and let it own them where it does not.

    Call it only under the server's lock; safe to run again after any interruption.
    """
    with connect(superusers_url(settings)) as connection:
        with suppress(psycopg.errors.DuplicateObject):
            execute(connection, "CREATE ROLE {} LOGIN CREATEDB", ROLE)
        owners = "SELECT datname::text, pg_get_userbyid(datdba)::text FROM pg_database"
        owned_by: dict[str, str] = dict(connection.execute(owners).fetchall())
        for name in names:
            if name not in owned_by:
                execute(connection, "CREATE DATABASE {} OWNER {}", name, ROLE)
            elif owned_by[name] != ROLE:
                _bring_over(settings, name)


def introduce(settings: Settings) -> None:
    """Make the ledger's roles, and let ours act as them, where that is still to do.

    Elsewhere a migration does it, or says what to have done: our role here may not make roles.
    """
    with connect(superusers_url(settings)) as connection:
        introduce_to(connection, ROLE)


def introduce_to(connection: psycopg.Connection, role: str) -> None:
    """The same for any ``role`` on the server a superuser's ``connection`` leads to."""
    plainly = connection.info.server_version < 160_000  # no word for it: the policies see to it
    for other in LEDGER_ROLES:
        with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            execute(connection, "CREATE ROLE {} NOLOGIN", other)
        grant = "GRANT {} TO {}" if plainly else "GRANT {} TO {} WITH INHERIT FALSE, SET TRUE"
        execute(connection, grant, other, role)


def _bring_over(settings: Settings, name: str) -> None:
    """Let our role own a database and all that is in it, or nothing of it."""
    introduce(settings)
    with connect(superusers_url(settings, name)) as connection, connection.transaction():
        for (statement,) in connection.execute(load("database/bring_over").encode()).fetchall():
            connection.execute(statement)
        execute(connection, "ALTER DATABASE {} OWNER TO {}", name, ROLE)
