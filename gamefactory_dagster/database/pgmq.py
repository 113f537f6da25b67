"""PGMQ in our database: there already, made by the server's extension, or by the SQL its wheel carries.

What belongs here: having it, in a version that does what is asked of it. What does not: which queues there
are (migrations), and what is put into them (``background/queue.py``).

Whoever made it is told by the comment on its schema: what we made, we bring up to date and take away again;
what is an extension's or somebody else's stays as it is.
"""

import re
from contextlib import suppress

import psycopg
import sqlalchemy as sa

from gamefactory_dagster.errors import PermanentError

from .sql import load

OURS = "pgmq {version}, by the SQL of its Python package; made by gamefactory"
_OURS = re.compile(r"pgmq (\d+(?:\.\d+)*), by the SQL of its Python package; made by gamefactory")

Version = tuple[int, ...]

NEEDED = {
    "archive(text,bigint[])",
    "create(text)",
    "delete(text,bigint[])",
    "drop_queue(text)",
    "read(text,integer,integer,jsonb)",
    "send_batch(text,jsonb[],jsonb[],timestamp with time zone)",
    "set_vt(text,bigint[],timestamp with time zone)",
}
"""Functions that are called, as the catalogue writes them without their schema."""


def install(connection: sa.Connection) -> None:
    """Have PGMQ, in the caller's transaction; does nothing where it is there and does all that is needed.

    Raises PermanentError where something stands under its name that is not it, or is too old.
    """
    if _scalar(connection, "SELECT count(*) FROM pg_extension WHERE extname = 'pgmq'"):
        _check(connection, "update it: ALTER EXTENSION pgmq UPDATE")
        return
    there = _scalar(connection, "SELECT count(*) FROM pg_proc WHERE pronamespace = to_regnamespace('pgmq')")
    if not there and _create_extension(connection):
        return
    made = made_by_us(connection)
    if not there or (made is not None and made < embedded()):
        _run(connection)
    _check(connection, "bring schema pgmq up to date, or let it be made: DROP SCHEMA pgmq CASCADE")


def remove(connection: sa.Connection) -> None:
    """Take away what we made, unless there are queues in it, or anything else that is not of its own SQL."""
    if made_by_us(connection) is None:
        return
    with suppress(PermanentError), connection.begin_nested():  # all of it or nothing
        _drop(connection, "database/drop_pgmq_code")
        _drop(connection, "database/drop_pgmq")


def lacking(connection: sa.Connection) -> list[str]:
    """Functions that are called and are not there."""
    return sorted(NEEDED - set(connection.scalars(sa.text(load("database/pgmq_functions")))))


def made_by_us(connection: sa.Connection) -> Version | None:
    """The version of the SQL we made it with; None where it is not there or somebody else's."""
    comment = connection.scalar(sa.text("SELECT obj_description(to_regnamespace('pgmq'), 'pg_namespace')"))
    found = _OURS.fullmatch(comment or "")
    return None if found is None else parsed(found[1])


def embedded() -> Version:
    """The version of the SQL in the Python package."""
    from pgmq.install import get_embedded_sql_version

    return parsed(get_embedded_sql_version())


def parsed(version: str) -> Version:
    """``"1.13.0"`` as numbers, which are in the order of versions."""
    return tuple(map(int, version.split(".")))


def _run(connection: sa.Connection) -> None:
    """Run the package's SQL. Functions and types are made again; queues and their messages stay."""
    from pgmq.install import get_embedded_install_sql, get_embedded_sql_version

    _drop(connection, "database/drop_pgmq_code")  # also what somebody began and left
    # Not by SQLAlchemy: its text would take colons and percent signs for parameters
    connection.connection.cursor().execute(get_embedded_install_sql())
    told = OURS.format(version=get_embedded_sql_version())
    connection.exec_driver_sql(f"COMMENT ON SCHEMA pgmq IS '{told}'")
    everybody = "PUBLIC, anon, authenticated, service_role"  # whatever a server grants them by default
    connection.exec_driver_sql(f"REVOKE ALL ON SCHEMA pgmq FROM {everybody}")
    connection.exec_driver_sql(f"REVOKE ALL ON ALL TABLES IN SCHEMA pgmq FROM {everybody}")


def _drop(connection: sa.Connection, statement: str) -> None:
    try:
        connection.execute(sa.text(load(statement)))
    except sa.exc.DBAPIError as error:
        if not isinstance(error.orig, psycopg.errors.DependentObjectsStillExist):
            raise
        what = f"{error.orig.diag.message_primary} ({error.orig.diag.message_detail})"
        raise PermanentError(f"PGMQ cannot be brought up to date: {what}; drop that first") from error


def _create_extension(connection: sa.Connection) -> bool:
    """Whether the server has the extension, as new as needed, and lets our role make it; it is made then."""
    if not _scalar(connection, "SELECT count(*) FROM pg_available_extensions WHERE name = 'pgmq'"):
        return False
    with suppress(sa.exc.DBAPIError, PermanentError), connection.begin_nested():
        connection.exec_driver_sql("CREATE EXTENSION pgmq")
        _check(connection, "")
        return True
    return False


def _check(connection: sa.Connection, remedy: str) -> None:
    if missing := lacking(connection):
        raise PermanentError(f"schema pgmq lacks {', '.join(missing)}; {remedy}")


def _scalar(connection: sa.Connection, statement: str) -> int:
    return int(connection.scalar(sa.text(statement)) or 0)
