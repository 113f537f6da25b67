"""In whose name the ledger is read and written: a role, and for an owner the claims, for one stretch.

What belongs here: taking a role and giving it back. What does not: what is done as one of them, and which
policies hold for whom (``sql/migrations/versions/0011_complete_rls_setup.up.sql``).

Our own role owns the tables and sees no row of them; everything goes through these.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import orjson
import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.tables.ledger import User
from gamefactory_dagster.errors import InputError

_AS_SERVICE = sa.text("SET LOCAL ROLE service_role")
_AS_OURSELVES = sa.text("RESET ROLE")
_AS_OWNER = sa.text(
    "SELECT set_config('role', 'authenticated', true), set_config('request.jwt.claims', :claims, true)"
)


@contextmanager
def as_service(connection: sa.Connection) -> Iterator[sa.Connection]:
    """Write to the ledger within the caller's transaction; the block's statements may do nothing else.

    After an error the transaction can only be rolled back, which gives the role back as well.
    """
    connection.execute(_AS_SERVICE)
    yield connection
    connection.execute(_AS_OURSELVES)


@contextmanager
def owners_view(engine: sa.Engine, owner: UUID) -> Iterator[sa.Connection]:
    """Open a transaction that sees what ``owner`` may see, and no more; claims and role end with it."""
    claims = orjson.dumps({"sub": str(owner), "role": "authenticated"}).decode()
    with transaction(engine) as connection:
        connection.execute(_AS_OWNER, {"claims": claims})
        yield connection


@contextmanager
def services_view(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Open a transaction of the service, which sees everything, and do nothing else in it."""
    with transaction(engine) as connection, as_service(connection):
        yield connection


A_USER = "the id of a row of auth.users; GAMEFACTORY_USER says who you are"
"""What an owner has to be."""


def check_owner(connection: sa.Connection, owner: UUID | None) -> None:
    """Raise InputError unless ``owner`` is a user the database knows; None is whoever the settings name."""
    if owner is not None and connection.scalar(sa.select(User.id).where(User.id == owner)) is None:
        raise InputError("user", str(owner), A_USER)
