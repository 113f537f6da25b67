"""The schema's history: up, down, where we are, and whether the database is as the models say.

What belongs here: running the revisions in ``sql/migrations/`` and comparing a database with the models.
What does not: the revisions, the models (``tables/``).
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import psycopg
import sqlalchemy as sa
from alembic import command, op
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.settings import Settings, project_file

from . import pgmq, roles, server
from .address import describe, is_embedded, url
from .databases import lead, misleading
from .engine import get_engine, transaction
from .sql import load
from .tables import METADATA
from .tables.ledger import AUTH

VERSION_SCHEMA = "public"
"""Schema of ``alembic_version``: one that the first revision does not have to make."""

_ONE_AT_A_TIME = threading.Lock()
"""Alembic keeps what it works on in globals, so threads of one process take turns."""

_FOLDER = project_file("sql/migrations")

Row = tuple[str, str, str, str]
"""Kind (table, column, constraint, index, type), table, name, definition."""


def head() -> str:
    """The newest revision there is."""
    return str(ScriptDirectory(str(_FOLDER)).get_current_head())


def current(settings: Settings) -> str | None:
    """Revision of the database; None before the first."""
    with transaction(get_engine(settings)) as connection:
        context = MigrationContext.configure(connection, opts={"version_table_schema": VERSION_SCHEMA})
        return context.get_current_revision()


def ready_engine(settings: Settings) -> sa.Engine:
    """The engine of a database that is up and at the newest revision: what a command starts with.

    The embedded database, and an empty one of your own, are brought there. Raises PermanentError for a
    database of your own at an older revision: migrating that is your decision, after a backup.
    """
    server.ensure(settings)
    found, wanted = current(settings), head()
    if found != wanted:
        if found is not None and not is_embedded(settings):
            raise PermanentError(
                f"the schema is at revision {found}, this version needs {wanted}; "
                "back up, then run: gamefactory db upgrade"
            )
        upgrade(settings)
    return get_engine(settings)


def check_revision(revision: str, *words: str) -> None:
    """Raise InputError unless there is such a revision, or it is one of the ``words``."""
    if revision not in (*words, *_revisions()):
        raise InputError("revision", revision, f"one of {', '.join((*words, *_revisions()))}")


def check_direction(found: str | None, revision: str, *, up: bool) -> None:
    """Raise InputError when ``revision`` is not that way from ``found``, where the database is."""
    known = ["base", *_revisions(), "head"]
    here = found or "base"
    if here in known and (known.index(revision) - known.index(here)) * (1 if up else -1) < 0:
        way, other = ("a later", "downgrade") if up else ("an earlier", "upgrade")
        raise InputError(
            "revision", revision, f"{way} one than {found or 'none'}, or: gamefactory db {other} {revision}"
        )


def _revisions() -> list[str]:
    """Every revision, the first one first."""
    return sorted(script.revision for script in ScriptDirectory(str(_FOLDER)).walk_revisions())


def upgrade(settings: Settings, revision: str = "head") -> None:
    """Bring the database up to ``revision``, in one transaction; does nothing when it is there already.

    Also lets other tools find the tables again, where a role's or a copy's settings keep them from it. Raises
    PermanentError with what to grant when the role may not.
    """
    check_revision(revision, "head")
    check_direction(current(settings), revision, up=True)
    if is_embedded(settings):
        roles.introduce(settings)
    with _ONE_AT_A_TIME, _permitted(settings), transaction(get_engine(settings)) as connection:
        command.upgrade(_configuration(connection), revision)
    lead(url(settings))


def downgrade(settings: Settings, revision: str) -> None:
    """Take the database back to ``revision`` ("base": to nothing), in one transaction. Data is lost."""
    check_revision(revision, "base")
    check_direction(current(settings), revision, up=False)
    with _ONE_AT_A_TIME, _permitted(settings), transaction(get_engine(settings)) as connection:
        command.downgrade(_configuration(connection), revision)


def run_beside(file: str, direction: Literal["up", "down"]) -> None:
    """Run the SQL file beside a revision; it takes no parameters, so colons and percent signs are literal."""
    text = Path(file).with_suffix(f".{direction}.sql").read_text(encoding="utf-8")
    op.get_bind().connection.cursor().execute(text)


def verify(settings: Settings) -> list[str]:
    """What is not as it should be in the database, a sentence each; empty when it all is.

    Also looks whether a session that is not ours finds the tables.
    """
    with transaction(get_engine(settings)) as connection:
        problems = faults(connection)
    return problems + misleading(url(settings))


def faults(connection: sa.Connection) -> list[str]:
    """What ``verify`` finds in the database itself, as the connection's transaction sees it.

    Makes the models' tables in schemas of their own, compares the catalogues and rolls back: types, defaults,
    checks, unique and foreign keys and indexes are compared as PostgreSQL itself writes them. Of PGMQ it
    looks for what is called.
    """
    problems = unprotected(connection)
    problems += [f"schema pgmq lacks {name}" for name in pgmq.lacking(connection)]
    ours = [table for table in METADATA.sorted_tables if table.schema != AUTH]
    drafts = {name: f"verify_{name}" for name in sorted({str(table.schema) for table in ours})}
    with connection.begin_nested() as draft_work:
        for draft in drafts.values():
            connection.execute(sa.schema.CreateSchema(draft))
        drafting = connection.execution_options(schema_translate_map=drafts)
        METADATA.create_all(drafting, ours, checkfirst=False)
        for name, draft in drafts.items():
            expected, found = catalogue(connection, draft), catalogue(connection, name)
            if name == VERSION_SCHEMA:  # others' tables are there too
                tables = {table for _, table, _, _ in expected}
                found = {row for row in found if row[1] in tables}
            problems += differences(expected, found)
        draft_work.rollback()
    return problems


def unprotected(connection: sa.Connection) -> list[str]:
    """What of the protection of ledger and job systems is missing or too much, a sentence each."""
    others = map(load, ("background/verify", "database/verify_schemas"))
    return _ledger_unprotected(connection) + [
        said for statement in others for said in connection.scalars(sa.text(statement))
    ]


def refuse_unprotected(connection: sa.Connection) -> None:
    """Raise PermanentError where ``unprotected`` finds anything of the ledger, which may be all there is."""
    if problems := _ledger_unprotected(connection):
        raise PermanentError(f"the ledger is not protected as it should be: {'; '.join(problems)}")


def _ledger_unprotected(connection: sa.Connection) -> list[str]:
    return list(connection.scalars(sa.text(load("ledger/verify"))))


def catalogue(connection: sa.Connection, schema: str) -> set[Row]:
    """Everything there is to know about the tables of ``schema``, partitions left out."""
    rows = connection.execute(sa.text(load("database/catalogue")), {"schema": schema})
    return {(row.kind, row.table_name, row.name, row.definition) for row in rows}


def differences(expected: set[Row], found: set[Row]) -> list[str]:
    """What is missing, what is too much, as sentences."""
    missing = [f"missing {_say(row)}" for row in sorted(expected - found)]
    return missing + [f"unexpected {_say(row)}" for row in sorted(found - expected)]


def _say(row: Row) -> str:
    kind, table, name, definition = row
    return f"{kind} {table}.{name}: {definition}" if kind != "table" else f"table {table}"


@contextmanager
def _permitted(settings: Settings) -> Iterator[None]:
    """Raise PermanentError that says what to grant, where the database says that the role may not.

    Or that says what a revision itself refuses (``RAISE EXCEPTION`` in its SQL).
    """
    try:
        yield
    except (psycopg.errors.InsufficientPrivilege, sa.exc.ProgrammingError) as error:
        said = getattr(error, "orig", error)
        if not isinstance(said, psycopg.errors.InsufficientPrivilege):
            raise
        raise PermanentError(
            f"{describe(url(settings))} refuses: {said.diag.message_primary}; {_remedy(settings)}"
        ) from error
    except psycopg.errors.RaiseException as error:
        raise PermanentError(str(error.diag.message_primary)) from error


def _remedy(settings: Settings) -> str:
    """What would let our role change the schema."""
    with transaction(get_engine(settings)) as connection:
        row = connection.execute(sa.text(load("database/rights"))).one()
    if row.grants:
        return f"have it said, by {row.by_whom}: {row.grants}"
    return f"work as the role that made the tables, {row.owner or 'their owner'}, and not as {row.role}"


def _configuration(connection: sa.Connection) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    configuration.attributes["connection"] = connection
    return configuration
