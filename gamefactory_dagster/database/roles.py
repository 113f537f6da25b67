"""The role we are on the embedded server: it owns our databases and everything in them, and nothing else.

What belongs here: making it, giving it databases, and bringing over a server from before there was one. What
does not: anything that works as that role, which is everything else. The superuser is used only here and
where the server is started.
"""

from contextlib import suppress

import psycopg

from gamefactory_dagster.settings import Settings

from .address import ROLE, superusers_url
from .databases import connect, execute
from .sql import load


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


def _bring_over(settings: Settings, name: str) -> None:
    """Let our role own a database and all that is in it, or nothing of it."""
    with connect(superusers_url(settings, name)) as connection, connection.transaction():
        for (statement,) in connection.execute(load("database/bring_over").encode()).fetchall():
            connection.execute(statement)
        execute(connection, "ALTER DATABASE {} OWNER TO {}", name, ROLE)
