"""The databases on the server: ours and Dagster's, made where they are missing.

What belongs here: connecting once to see that they exist, creating them, and saying plainly why that failed.
What does not: starting a server (``server.py``) or what is in a database (``migrations.py``).
"""

from typing import LiteralString

import psycopg
import sqlalchemy as sa
from psycopg import sql

from gamefactory_dagster.errors import GameFactoryError, PermanentError, TransientError
from gamefactory_dagster.settings import Settings

from .address import dagster_url, describe, url

MAINTENANCE = "postgres"
"""A database every server has: where the others are created from."""

_PASSING = ("starting up", "shutting down", "too many", "connection slots", "recovery", "not yet accepting")
"""A server that refuses with one of these will accept later; any other refusal needs a person."""


def connect(address: sa.URL) -> psycopg.Connection:
    """One connection in autocommit, outside any pool. Raises psycopg.OperationalError."""
    _, arguments = address.get_dialect()().create_connect_args(address)
    return psycopg.connect(**arguments, autocommit=True)


def wanted(settings: Settings) -> list[str]:
    """Names of the databases the factory uses."""
    return [str(url(settings).database), str(sa.make_url(dagster_url(settings)).database)]


def missing(settings: Settings, through: str | None = None) -> list[str]:
    """Which databases are still to be made, seen ``through`` one that exists (default: ours).

    Raises psycopg.OperationalError when that one cannot be reached.
    """
    with connect(url(settings, through)) as connection:
        rows = connection.execute("SELECT datname FROM pg_database").fetchall()
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


def set_search_path(connection: psycopg.Connection, name: str) -> None:
    """Let new sessions of a database find the factory's tables, as the first migration does.

    A setting of the database is not among what is copied from a template or a backup.
    """
    execute(connection, "ALTER DATABASE {} SET search_path = factory, public", name)


def execute(connection: psycopg.Connection, statement: LiteralString, *names: str) -> None:
    """Run a statement whose ``{}`` are names of databases or roles, quoted as such."""
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
