"""Who asks the ledger in these tests, and how: a role and its claims, set for one transaction."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg
from psycopg import sql

ANN = UUID("00000000-0000-4000-8000-00000000000a")
BEN = UUID("00000000-0000-4000-8000-00000000000b")


@dataclass(frozen=True)
class Caller:
    """``role`` is None for the tables' owner; ``claims`` is None where nobody set any."""

    role: str | None
    claims: str | None = None


def claims(**given: object) -> str:
    return json.dumps(given)


CALLERS = {
    "anon": Caller("anon"),
    "anon with ann's claims": Caller("anon", claims(sub=str(ANN), role="anon")),
    "ann": Caller("authenticated", claims(sub=str(ANN), role="authenticated")),
    "ben": Caller("authenticated", claims(sub=str(BEN))),
    "service": Caller("service_role", claims(role="service_role")),
    "service without claims": Caller("service_role"),
    "keeper": Caller("ledger_keeper"),
    "the tables' owner": Caller(None),
    "no claims": Caller("authenticated"),
    "empty claims": Caller("authenticated", ""),
    "malformed claims": Caller("authenticated", '{"sub":'),
    "claims that are a list": Caller("authenticated", f'["{ANN}"]'),
    "no subject": Caller("authenticated", claims(role="authenticated")),
    "an empty subject": Caller("authenticated", claims(sub="")),
    "a subject that is no uuid": Caller("authenticated", claims(sub="ann")),
    "an unknown subject": Caller("authenticated", claims(sub="00000000-0000-4000-8000-0000000000ff")),
    "expired claims": Caller("authenticated", claims(sub=str(ANN), exp=1_700_000_000)),
    "an expiry that is no time": Caller("authenticated", claims(sub=str(ANN), exp="soon")),
    "claims of the service": Caller("authenticated", claims(sub=str(ANN), role="service_role")),
}


@contextmanager
def acting(connection: psycopg.Connection, caller: Caller) -> Iterator[psycopg.Connection]:
    """A transaction as somebody, taken back at the end."""
    with connection.transaction(force_rollback=True):
        if caller.claims is not None:
            connection.execute("SELECT set_config('request.jwt.claims', %s, true)", [caller.claims])
        if caller.role is not None:
            connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(caller.role)))
        yield connection
