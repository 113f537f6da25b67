"""Every single weakening of the ledger's protection, made in turn, and what notices it.

What belongs here: the weakenings, generated from the catalogue of a migrated database, and trying one: it is
made, the verification and every attack and attempt that could be touched by it are asked, and it is rolled
back. What does not: what is attempted (``attacks.py``, ``matrix.py``).

``python -m tests.ledger.mutants`` prints the whole list, of a database of the tests' server.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from gamefactory_dagster.database import migrations

from .attacks import OWNER, Attack, as_expected, come_of, ground
from .callers import CALLERS
from .hostile import ATTACKS
from .matrix import TABLES, attempts, outcome

ROLES = ("anon", "authenticated", "service_role", "ledger_keeper", "PUBLIC")
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
EVERY = "GAMEFACTORY_TEST_EVERY"
"""Every which weakening the test tries; 1: all of them."""

ASKED = ("anon", "ann", "ben", "service", "keeper", "the tables' owner", "no claims", "claims of the service")
"""Callers of the matrix that are asked; the others differ from these by their claims alone."""


KEYS = {("jobs", "run_id"), ("job_events", "id"), ("artifacts", "id"), ("prompts", "id")}
"""Columns that are never missing because they are a primary key; that one is dropped as a constraint."""


@dataclass(frozen=True)
class Mutant:
    """``statement`` weakens or breaks something of ``table``, or of all tables where there is none."""

    name: str
    statement: str
    table: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What noticed it: the verification's first sentence, the first attempt to come out otherwise."""

    mutant: Mutant
    named: str | None
    behaviour: str | None


POLICIES = """
SELECT tablename::text, policyname::text, cmd, qual, with_check, array_to_string(roles, ', ')
FROM pg_policies WHERE schemaname = 'ledger' ORDER BY 1, 2
"""

GIVEN = """
SELECT kind, thing, grantee::regrole::text, privilege_type, columns FROM (
    SELECT relname::text, 'TABLE', 'ledger.' || relname, (aclexplode(relacl)).grantee,
        (aclexplode(relacl)).privilege_type, '', relowner
    FROM pg_class WHERE relnamespace = 'ledger'::regnamespace AND relkind = 'r'
    UNION ALL
    SELECT relname::text, 'TABLE', 'ledger.' || relname, (aclexplode(attacl)).grantee,
        (aclexplode(attacl)).privilege_type, format('(%I)', attname), relowner
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relnamespace = 'ledger'::regnamespace AND relkind = 'r'
    UNION ALL
    SELECT NULL, 'FUNCTION', oid::regprocedure::text, (aclexplode(proacl)).grantee, 'EXECUTE', '', proowner
    FROM pg_proc WHERE pronamespace = 'ledger'::regnamespace
    UNION ALL
    SELECT NULL, 'SCHEMA', 'ledger', (aclexplode(nspacl)).grantee,
        (aclexplode(nspacl)).privilege_type, '', nspowner
    FROM pg_namespace WHERE nspname = 'ledger'
) AS given (table_name, kind, thing, grantee, privilege_type, columns, owner)
WHERE grantee <> owner ORDER BY 1, 2, 3, 4, 5
"""

CONSTRAINTS = """
SELECT relname::text, conname::text FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
WHERE relnamespace = 'ledger'::regnamespace AND contype IN ('p', 'u', 'f', 'c') ORDER BY 1, 2
"""

COLUMNS = """
SELECT relname::text, attname::text, attnotnull, atthasdef, attgenerated <> ''
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = 'ledger'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
ORDER BY 1, attnum
"""

TRIGGERS = """
SELECT relname::text, tgname::text, concat_ws(' of ', trim('"' FROM tgfoid::regproc::text), conname)
FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
LEFT JOIN pg_constraint ON pg_constraint.oid = tgconstraint
WHERE relnamespace = 'ledger'::regnamespace ORDER BY 1, 3
"""

FUNCTIONS = """
SELECT oid::regprocedure::text, prosecdef, provolatile, proowner::regrole::text
FROM pg_proc WHERE pronamespace = 'ledger'::regnamespace ORDER BY 1
"""


def mutants(connection: psycopg.Connection, owner: str) -> Iterator[Mutant]:
    """All of them, of the database as it is."""
    yield from _policies(connection)
    for table in TABLES:
        yield Mutant(f"no RLS on {table}", f"ALTER TABLE ledger.{table} DISABLE ROW LEVEL SECURITY", table)
        yield Mutant(f"no FORCE on {table}", f"ALTER TABLE ledger.{table} NO FORCE ROW LEVEL SECURITY", table)
    yield from _grants(connection)
    yield from _tables(connection)
    yield from _functions(connection, owner)
    for member, role in (
        ("authenticated", "service_role"), ("authenticated", "ledger_keeper"), ("anon", "authenticated"),
        ("anon", "service_role"), ("anon", "ledger_keeper"), ("service_role", "ledger_keeper"),
    ):  # fmt: skip
        yield Mutant(f"{member} may act as {role}", f"GRANT {role} TO {member}")
    for role in ("anon", "authenticated", "ledger_keeper"):
        for attribute in ("SUPERUSER", "BYPASSRLS", "CREATEROLE", "REPLICATION"):
            yield Mutant(f"{role} has {attribute}", f"ALTER ROLE {role} {attribute}")


def _policies(connection: psycopg.Connection) -> Iterator[Mutant]:
    for table, name, command, qual, check, roles in connection.execute(POLICIES).fetchall():
        on = f"{name} ON ledger.{table}"
        yield Mutant(f"policy {name} dropped", f"DROP POLICY {on}", table)
        if roles != "public":
            yield Mutant(f"policy {name} for everybody", f"ALTER POLICY {on} TO PUBLIC", table)
        for word, text in (("USING", qual), ("WITH CHECK", check)):
            if text is None:
                continue
            yield Mutant(f"policy {name} {word} (true)", f"ALTER POLICY {on} {word} (true)", table)
            if command == "INSERT" and " AND (EXISTS" in text:
                first, rest = text[1:-1].split(" AND ", 1)
                for left, gone in ((first, "EXISTS"), (rest, "its owner")):
                    yield Mutant(f"policy {name} without {gone}", f"ALTER POLICY {on} {word} ({left})", table)
                for word_of in ("run_id", "owner_id"):
                    thinner = re.sub(rf"\(jobs\.{word_of} = \w+\.{word_of}\)", "true", text)
                    yield Mutant(
                        f"policy {name} for any {word_of}", f"ALTER POLICY {on} {word} {thinner}", table
                    )
        kept = "" if check is None else f" WITH CHECK ({check})"
        using = "" if qual is None else f" USING ({qual})"
        restrictive = f"CREATE POLICY {on} AS RESTRICTIVE FOR {command} TO {roles}{using}{kept}"
        yield Mutant(f"policy {name} restrictive", f"DROP POLICY {on}; {restrictive}", table)


def _grants(connection: psycopg.Connection) -> Iterator[Mutant]:
    given: set[tuple[str, ...]] = set()
    for kind, thing, role, right, columns in connection.execute(GIVEN).fetchall():
        who = "PUBLIC" if role == "-" else role
        given.add((thing, who, right, columns))
        table = thing.removeprefix("ledger.") if kind == "TABLE" else None
        statement = f"REVOKE {right} {columns} ON {kind} {thing} FROM {who}"
        yield Mutant(f"{who} may not {right}{columns} on {thing}", statement, table)
    for table, role, right in product(TABLES, ROLES, RIGHTS):
        if (f"ledger.{table}", role, right, "") not in given:
            statement = f"GRANT {right} ON ledger.{table} TO {role}"
            yield Mutant(f"{role} may {right} on {table}", statement, table)
    yield from _columns_and_functions(connection, given)


def _columns_and_functions(connection: psycopg.Connection, given: set[tuple[str, ...]]) -> Iterator[Mutant]:
    for table, column, *_ in connection.execute(COLUMNS).fetchall():
        for right, role in (
            ("INSERT", "authenticated"),
            ("UPDATE", "authenticated"),
            ("UPDATE", "service_role"),
        ):
            if not {(f"ledger.{table}", role, right, which) for which in ("", f"({column})")} & given:
                statement = f"GRANT {right} ({column}) ON ledger.{table} TO {role}"
                yield Mutant(f"{role} may {right} ({column}) on {table}", statement, table)
    for function, _, _, whose in connection.execute(FUNCTIONS).fetchall():
        for role in ROLES:
            if role != whose and (function, role, "EXECUTE", "") not in given:
                yield Mutant(f"{role} may call {function}", f"GRANT EXECUTE ON FUNCTION {function} TO {role}")
    for role, right in product(ROLES, ("CREATE", "USAGE")):
        if ("ledger", role, right, "") not in given:
            yield Mutant(f"{role} has {right} of the schema", f"GRANT {right} ON SCHEMA ledger TO {role}")


def _tables(connection: psycopg.Connection) -> Iterator[Mutant]:
    for table, name in connection.execute(CONSTRAINTS).fetchall():
        yield Mutant(f"no {name}", f"ALTER TABLE ledger.{table} DROP CONSTRAINT {name} CASCADE", table)
    for table, column, required, filled, made in connection.execute(COLUMNS).fetchall():
        if required and (table, column) not in KEYS:
            statement = f"ALTER TABLE ledger.{table} ALTER {column} DROP NOT NULL"
            yield Mutant(f"{table}.{column} may be missing", statement, table)
        if filled:
            what = "EXPRESSION" if made else "DEFAULT"
            statement = f"ALTER TABLE ledger.{table} ALTER {column} DROP {what}"
            yield Mutant(f"{table}.{column} without {what.lower()}", statement, table)
    yield Mutant(
        "runs begin completed", "ALTER TABLE ledger.jobs ALTER status SET DEFAULT 'completed'", "jobs"
    )
    for table, name, what in connection.execute(TRIGGERS).fetchall():
        if not name.startswith("RI_"):
            yield Mutant(f"no trigger {name} of {table}", f"DROP TRIGGER {name} ON ledger.{table}", table)
        off = f'ALTER TABLE ledger.{table} DISABLE TRIGGER "{name}"'
        yield Mutant(f"{what} off on {table}", off, table)


def _functions(connection: psycopg.Connection, owner: str) -> Iterator[Mutant]:
    for function, definer, volatility, whose in connection.execute(FUNCTIONS).fetchall():
        other = "INVOKER" if definer else "DEFINER"
        yield Mutant(f"{function} SECURITY {other}", f"ALTER FUNCTION {function} SECURITY {other}")
        yield Mutant(f"{function} with any search_path", f"ALTER FUNCTION {function} RESET search_path")
        taken = f"ALTER FUNCTION {function} SET search_path = evil, pg_catalog"
        yield Mutant(f"{function} with another search_path", taken)
        for letter, word in (("v", "VOLATILE"), ("s", "STABLE"), ("i", "IMMUTABLE")):
            if letter != volatility:
                yield Mutant(f"{function} {word}", f"ALTER FUNCTION {function} {word}")
        for role in {owner, "ledger_keeper", "service_role", "authenticated", "postgres"} - {whose}:
            yield Mutant(f"{function} is {role}'s", f"ALTER FUNCTION {function} OWNER TO {role}")


class Laboratory:
    """A superuser's sessions in a database with the ledger's rows; mutants are made and taken back in one."""

    def __init__(self, engine: sa.Engine) -> None:
        self._alchemy = engine.connect()
        self._alchemy.exec_driver_sql("SELECT 1")
        self.connection: psycopg.Connection = self._alchemy.connection.driver_connection  # type: ignore[assignment]
        self._catalogue = migrations.catalogue(self._alchemy, "ledger")
        [(self.owner,)] = self.connection.execute(OWNER).fetchall()
        with ground(self.connection):
            self._known = set(migrations.unprotected(self._alchemy))
            self._matrix = {
                (name, table, command): outcome_as(self.connection, self.owner, name, statement)
                for name in ASKED
                for table in TABLES
                for command, statement in attempts(table).items()
            }

    def close(self) -> None:
        self._alchemy.rollback()
        self._alchemy.close()

    def all(self) -> list[Mutant]:
        return list(mutants(self.connection, self.owner))

    def judge(self, mutant: Mutant) -> Verdict:
        with ground(self.connection):
            self.connection.execute(mutant.statement.encode())
            return Verdict(mutant, self._named(), self._behaves(mutant))

    def _named(self) -> str | None:
        problems = [words for words in migrations.unprotected(self._alchemy) if words not in self._known]
        found = migrations.catalogue(self._alchemy, "ledger")
        problems += migrations.differences(self._catalogue, found)
        return problems[0] if problems else None

    def _behaves(self, mutant: Mutant) -> str | None:
        def far(attack: Attack) -> bool:
            return mutant.table is not None and mutant.table not in " ".join(attack.statements)

        for attack in sorted(ATTACKS, key=far):
            found = come_of(self.connection, self.owner, attack)
            if not as_expected(self.connection, attack, found):
                return f"{attack.name}: {found}"
        for (name, table, command), expected in self._matrix.items():
            if mutant.table in (None, table):
                found = outcome_as(self.connection, self.owner, name, attempts(table)[command])
                if found != expected:
                    return f"{name}, {command} on {table}: {found}, not {expected}"
        return None


def outcome_as(connection: psycopg.Connection, owner: str, caller: str, statement: str) -> str:
    """An attempt of the matrix on a superuser's connection."""
    with connection.transaction(force_rollback=True):
        connection.execute(sql.SQL("SET LOCAL SESSION AUTHORIZATION {}").format(sql.Identifier(owner)))
        return outcome(connection, CALLERS[caller], statement)


if __name__ == "__main__":
    os.environ[EVERY] = "1"
    raise SystemExit(pytest.main(["-q", "-s", "-p", "no:cacheprovider", "tests/ledger/test_mutants.py"]))
