"""The databases on the server: ours and Dagster's, made where they are missing.

What belongs here: connecting once to see that they exist, creating them, and saying plainly why that failed.
What does not: starting a server (``server.py``) or what is in a database (``migrations.py``).
"""

from contextlib import suppress
from typing import LiteralString

import psycopg
import sqlalchemy as sa
from psycopg import sql

from gamefactory_dagster.errors import GameFactoryError, PermanentError, TransientError
from gamefactory_dagster.settings import Settings

from . import sessions
from .address import MAINTENANCE, dagster_url, describe, is_embedded, url

_PASSING = ("starting up", "shutting down", "too many", "connection slots", "recovery", "not yet accepting")
"""A server that refuses with one of these will accept later; any other refusal needs a person."""


def connect(address: sa.URL) -> psycopg.Connection:
    """One connection in autocommit, outside any pool. Raises psycopg.OperationalError."""
    connection = _connect(sessions.started_with(address, sessions.OURS))
    sessions.hold(connection)
    return connection


def connect_plainly(address: sa.URL) -> psycopg.Connection:
    """One connection as another tool has it: with no setting but those of role and database."""
    return _connect(address.update_query_dict({"options": ""}))


def _connect(address: sa.URL) -> psycopg.Connection:
    _, arguments = address.get_dialect()().create_connect_args(address)
    return psycopg.connect(**arguments, autocommit=True)


def wanted(settings: Settings) -> list[str]:
    """Names of the databases the factory uses."""
    return [str(url(settings).database), str(sa.make_url(dagster_url(settings)).database)]


def missing(settings: Settings, through: str | None = None) -> list[str]:
    """Which databases are still to be made, seen ``through`` one that exists (default: ours).

    On the embedded server also those that are there and another role's. Raises psycopg.OperationalError when
    that one cannot be reached.
    """
    with connect(url(settings, through)) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE NOT %s OR pg_get_userbyid(datdba) = current_user",
            [is_embedded(settings)],
        ).fetchall()
    there = {name for (name,) in rows}
    return [name for name in wanted(settings) if name not in there]


def create(settings: Settings, names: list[str]) -> None:
    """Create databases; one that another process has just created is fine."""
    address = url(settings, MAINTENANCE)
    with connect(address) as connection:
        for name in names:
            _create(connection, address, name)


def _create(connection: psycopg.Connection, address: sa.URL, name: str) -> None:
    try:
        execute(connection, "CREATE DATABASE {}", name)
    except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
        return
    except psycopg.errors.InsufficientPrivilege as error:
        raise PermanentError(
            f"{describe(address.set(database=name))} is missing and {address.username} may not create it; "
            f'have it made: CREATE DATABASE "{name}" OWNER "{address.username}"'
        ) from error


def misleading(address: sa.URL) -> list[str]:
    """What new sessions of other tools would miss there, a sentence each; empty when they find our tables.

    A role's own search path goes before the database's, and a plain dump, or a copy by TEMPLATE, has none.
    """
    with connect_plainly(address) as connection:
        [(path, first, there)] = connection.execute(
            "SELECT current_setting('search_path'), (current_schemas(false))[1]::text, to_regnamespace(%s)",
            [sessions.SCHEMA],
        ).fetchall()
    if there is None or first == sessions.SCHEMA:
        return []
    return [
        f"other tools do not find the tables: a new session of theirs searches {path} and not "
        f"{sessions.SEARCH_PATH}; run: gamefactory db upgrade"
    ]


def lead(address: sa.URL) -> None:
    """Let new sessions of other tools find our tables, where they do not: ours find them anyhow.

    For the whole database where the role may say so, for the role's sessions in it where that is not enough.
    """
    if not misleading(address):
        return
    name = str(address.database)
    with connect(address) as connection:
        with suppress(psycopg.errors.InsufficientPrivilege):
            execute(connection, "ALTER DATABASE {} SET search_path = factory, public", name)
        if misleading(address):
            role = "ALTER ROLE CURRENT_USER IN DATABASE {} SET search_path = factory, public"
            execute(connection, role, name)


def execute(connection: psycopg.Connection, statement: LiteralString, *names: str) -> None:
    """Run a statement whose ``{}`` are names of what there is, quoted as such."""
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def unreachable(error: Exception, address: sa.URL) -> GameFactoryError:
    """Make the error to raise when connecting failed: what, where and why, without the password.

    libpq gives no SQLSTATE for a failed connection. A server that answers says FATAL; silence may pass.
    """
    why = " ".join(str(error).split())
    if address.password:
        why = why.replace(str(address.password), "***")
    refused = "FATAL" in why and not any(words in why for words in _PASSING)
    kind = PermanentError if refused else TransientError
    return kind(f"cannot reach {describe(address)}: {why}")
