"""Databases for tests, emptied and used again: to make one costs ten times what it costs to empty it.

What belongs here: making one from the template, bringing it back to that, knowing when this cannot be done.

Every test's database has a name no other had, so what a test left running finds nothing to write to.
"""

import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
import sqlalchemy as sa
from psycopg import sql

from gamefactory_dagster.database import databases
from gamefactory_dagster.database.databases import execute

GROWTH = 2_000_000
"""Bytes a database may have grown by; emptying a larger one takes longer than making another."""

CATALOGUES = (
    "pg_attrdef", "pg_attribute", "pg_class", "pg_constraint", "pg_depend", "pg_extension", "pg_index",
    "pg_inherits", "pg_policy", "pg_proc", "pg_rewrite", "pg_trigger", "pg_type",
)  # fmt: skip
"""What a schema consists of. A change leaves a younger transaction's number in one of them, or a row less."""

SCHEMA = f"""
SELECT {", ".join(f"(SELECT (count(*), max(xmin::text::bigint))::text FROM {name})" for name in CATALOGUES)},
    (SELECT array_agg(nspname::text ORDER BY 1) FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp_'),
    (SELECT array_agg(setconfig::text) FROM pg_db_role_setting
     JOIN pg_database ON pg_database.oid = setdatabase WHERE datname = current_database())
"""

SIZE = "SELECT pg_database_size(current_database())"

TABLES = """
SELECT oid::bigint, oid::regclass::text FROM pg_class
WHERE relkind = 'r'
    AND relnamespace::regnamespace::text
    IN ('auth', 'factory', 'ledger', 'pgmq', 'public', 'replays', 'requests')
"""

WRITTEN = "SELECT oid::bigint FROM unnest(%s::oid[]) AS oid WHERE pg_relation_size(oid) > 0"
"""Of these tables those that had a row at any time."""

SESSIONS = "SELECT pid FROM pg_stat_activity WHERE datname = %s"

LEAVING_SECONDS = 0.2
"""Time for sessions that were closed a moment ago; PostgreSQL itself looks only ten times a second."""


@dataclass(frozen=True)
class Made:
    """How a database was made: schema, bytes, tables by oid, and as JSON the rows of those that have any."""

    schema: tuple[Any, ...]
    size: int
    tables: dict[int, str]
    rows: dict[str, str]


class Databases:
    """Hands out databases like ``template``, one at a time, each owned by ``owner``."""

    def __init__(self, administrator: psycopg.Connection, server: sa.URL, template: str, owner: str) -> None:
        self._administrator = administrator
        self._server = server
        self._template = template
        self._owner = owner
        self._spare: tuple[str, Made] | None = None

    def take(self) -> tuple[str, Made]:
        """The name of a database that is as the migrations leave it, and what is in it."""
        name = f"test_{uuid4().hex}"
        if self._spare is None:
            statement = "CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY wal_log"
            execute(self._administrator, statement, name, self._owner, self._template)
            search = "ALTER DATABASE {} SET search_path = factory, public"  # not copied from a template
            execute(self._administrator, search, name)
            with self._connect(name) as connection:
                return name, _look(connection)
        used, made = self._spare
        self._spare = None
        self._let_go(used)
        execute(self._administrator, "ALTER DATABASE {} RENAME TO {}", used, name)
        return name, made

    def give_back(self, name: str, made: Made) -> None:
        """Bring it back to what was ``made`` for the next test; drop it where that cannot be."""
        self._let_go(name)
        with self._connect(name) as connection:
            emptied = _empty(connection, made)
        if emptied:
            self._spare = name, made
        else:
            execute(self._administrator, "DROP DATABASE {} WITH (FORCE)", name)

    def _let_go(self, name: str) -> None:
        """Have nobody connected: those who leave are waited for, those who stay are ended."""
        until = time.monotonic() + LEAVING_SECONDS
        while pids := self._administrator.execute(SESSIONS, [name]).fetchall():
            if time.monotonic() > until:
                for pid in pids:
                    self._administrator.execute("SELECT pg_terminate_backend(%s, 5000)", pid)
            time.sleep(0.002)

    def _connect(self, name: str) -> psycopg.Connection:
        return databases.connect(self._server.set(database=name))


def _look(connection: psycopg.Connection) -> Made:
    tables = dict(connection.execute(TABLES).fetchall())
    rows = {name: found for name in tables.values() if (found := _rows(connection, name)) is not None}
    return Made(_one(connection, SCHEMA), _one(connection, SIZE)[0], tables, rows)


def _empty(connection: psycopg.Connection, made: Made) -> bool:
    """Whether it is as it was made again."""
    for oid, name in connection.execute(TABLES).fetchall():
        if oid not in made.tables:
            connection.execute(_of("DROP TABLE {} CASCADE", name))
    if _one(connection, SCHEMA) != made.schema or _one(connection, SIZE)[0] > made.size + GROWTH:
        return False
    connection.execute("SET session_replication_role = replica")  # no triggers, no foreign keys
    changed = {name: rows for name, rows in made.rows.items() if rows != _rows(connection, name)}
    written = {made.tables[oid] for (oid,) in connection.execute(WRITTEN, [list(made.tables)]).fetchall()}
    filled = [*(written - made.rows.keys()), *changed]
    connection.execute(sql.SQL("; ").join(_of("DELETE FROM {}", name) for name in filled))
    for name, rows in changed.items():
        again = _of("INSERT INTO {0} SELECT * FROM jsonb_populate_recordset(NULL::{0}, %s)", name)
        connection.execute(again, [rows])
    return True


def _rows(connection: psycopg.Connection, table: str) -> str | None:
    """A table's rows as JSON, in the order they lie in; None where there are none."""
    found: str | None = _one(connection, _of("SELECT jsonb_agg(found)::text FROM ONLY {} AS found", table))[0]
    return found


def _one(connection: psycopg.Connection, statement: Any) -> tuple[Any, ...]:
    [row] = connection.execute(statement).fetchall()
    return tuple(row)


def _of(statement: str, table: str) -> sql.Composed:
    """A statement about a ``table`` that is written as the catalogue writes it."""
    return sql.SQL(statement).format(sql.SQL(table))
