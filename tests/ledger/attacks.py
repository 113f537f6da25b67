"""Attempts on the ledger: what one is, and running it; the tests and the mutation run both do.

What does not belong here: the attempts themselves (``hostile.py``), and every role by every table by every
command, which is ``matrix.py``'s.

They are made by somebody who may write any SQL as one of the ledger's roles, in schema ``evil`` where anybody
may make things, and whose search path they choose.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psycopg
from psycopg import sql

from .callers import BEN, Caller, acting

GROUND = f"""
CREATE SCHEMA evil;
GRANT USAGE, CREATE ON SCHEMA evil TO PUBLIC;
CREATE ROLE stranger IN ROLE authenticated;
CREATE ROLE passer_by IN ROLE anon;
CREATE ROLE heir INHERIT IN ROLE authenticated, service_role, ledger_keeper;
CREATE VIEW evil.owners_rights AS SELECT * FROM ledger.jobs;
CREATE VIEW evil.callers_rights WITH (security_invoker = true) AS SELECT * FROM ledger.jobs;
GRANT SELECT ON evil.owners_rights, evil.callers_rights TO PUBLIC;
CREATE FUNCTION evil.current_setting(text, boolean) RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT '{{"sub": "{BEN}"}}' $$;
CREATE FUNCTION evil.gen_random_uuid() RETURNS uuid LANGUAGE sql AS
    $$ SELECT '00000000-0000-4000-8000-0000000000ee'::uuid $$;
CREATE FUNCTION evil.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS
    $$ SELECT '2001-01-01'::timestamptz $$;
CREATE FUNCTION evil.yes(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$;
CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.yes);
"""
"""Laid by a superuser in a transaction that is rolled back; the last ones hide PostgreSQL's own."""

OWNER = "SELECT relowner::regrole::text FROM pg_class WHERE oid = 'ledger.jobs'::regclass"
OWNED = "ALTER VIEW evil.owners_rights OWNER TO {0}; ALTER VIEW evil.callers_rights OWNER TO {0}"


@dataclass(frozen=True)
class Attack:
    """``statements`` one after another; ``gives`` is what comes of the last, or of the first that fails, in
    the words of the database; where its versions differ in them, three dots stand for the rest.

    ``session`` is who the connection belongs to, where it is not the tables' owner, who may act as everybody.
    """

    name: str
    caller: Caller
    statements: tuple[str, ...]
    gives: str
    session: str | None = None
    before_16: str | None = None
    """What comes of it where the tables' owner cannot but inherit the rights of whom it may act as."""


@contextmanager
def ground(connection: psycopg.Connection) -> Iterator[str]:
    """On a superuser's connection: lay the ground, give the tables' owner's name, and take all back."""
    with connection.transaction(force_rollback=True):
        [(name,)] = connection.execute(OWNER).fetchall()
        connection.execute(GROUND.encode())
        connection.execute(OWNED.format(name).encode())
        yield name


def come_of(connection: psycopg.Connection, owner: str, attack: Attack) -> str:
    """Run an attack as ``owner``'s session, or that of a role with fewer friends."""
    said: list[str] = []

    def hear(notice: psycopg.errors.Diagnostic) -> None:
        said.append(str(notice.message_primary))

    connection.add_notice_handler(hear)
    try:
        with connection.transaction(force_rollback=True):
            name = sql.Identifier(attack.session or owner)
            connection.execute(sql.SQL("SET LOCAL SESSION AUTHORIZATION {}").format(name))
            with acting(connection, attack.caller):
                for statement in attack.statements:
                    found = _run(connection, statement)
    except psycopg.Error as error:
        found = f"{error.sqlstate} {error.diag.message_primary}"
        if error.diag.message_detail:
            found += f" ({error.diag.message_detail})"
    finally:
        connection.remove_notice_handler(hear)
        for name in re.findall(r"PREPARE (\w+)", " ".join(attack.statements)):  # outlives what is rolled back
            with suppress(psycopg.errors.InvalidSqlStatementName), connection.transaction():
                connection.execute(sql.SQL("DEALLOCATE {}").format(sql.Identifier(name)))
    return " ".join([found, *(f"[{word}]" for word in said)])


def as_expected(connection: psycopg.Connection, attack: Attack, found: str) -> bool:
    old = connection.info.server_version < 160_000
    begin, dots, _ = ((old and attack.before_16) or attack.gives).partition("...")
    return found.startswith(begin) if dots else found == begin


def _run(connection: psycopg.Connection, statement: str) -> str:
    if statement.startswith("COPY"):
        with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            return ", ".join(sorted(bytes(row).decode().split("\t")[0].strip() for row in copy))
    cursor = connection.execute(statement.encode())
    if cursor.description is None:
        return f"{cursor.rowcount} rows"
    return ", ".join(sorted(" ".join(map(str, row)) for row in cursor.fetchall())) or "nothing"
