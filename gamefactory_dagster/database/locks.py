"""The advisory locks of the database: every key there is, and how one is taken.

What belongs here: locks that stand for something to be done by one at a time, whatever rows it touches. What
does not: locks on rows and tables (the statements that need them), leases on work that outlives a transaction
(``work/leases.py``), and which names there are: the key of a name is 64 bits of its hash.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from enum import IntEnum, unique

import psycopg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection


@unique
class Lock(IntEnum):
    """What is done by one at a time -> its key. Keys stay as they are: two versions may run side by side."""

    SIMILARITY = 4_820_001
    """A game compares itself with the others and enters the comparison."""
    PLANNING = 4_820_002
    """A batch or a request is planned, so that two never settle on the same slug, nor requests on a genre."""
    ENTRANCE = 4_820_004
    """Requests that wait are counted and a visitor's is entered, so that never more wait than may."""
    WEIGHTS = 4_820_003
    """All weights are learned anew, so that an older view of the games never overwrites a newer."""
    MIGRATION = 6_120_012
    """The schema is upgraded or downgraded."""
    ROLLUPS = 6_120_015
    """``players``, and everything computed from them, is read or changed as a whole."""
    PLAYER_DAYS = 6_120_016
    """``player_days`` of one day are computed; its part is the day's ordinal."""
    JOBS_OF_USER = 6_120_017
    """A user's jobs are entered and counted, by ``public.enqueue_jobs``; its part is of the user's id."""
    REPLAYS_OF_USER = 6_120_018
    """A user's replay jobs are submitted and counted; its part is of the user's id."""
    ARCHIVE = 7_310_021
    """Events are archived or restored."""


def take(connection: sa.Connection, lock: Lock, part: int | None = None) -> None:
    """Wait for the lock and keep it until the transaction ends; ``part`` takes one of its 2**32 parts alone.

    The whole lock and its parts do not know of each other: take always the one or always the other.
    """
    keys = (int(lock),) if part is None else (int(lock), part)
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(*keys)))


@contextmanager
def held(connection: sa.Connection, lock: Lock) -> Iterator[bool]:
    """Give whether the lock was free; if so, it is kept over the transactions of the block.

    Nobody waits. PostgreSQL frees it as well when the connection is lost. What the block leaves uncommitted
    is rolled back.
    """
    with connection.begin():
        free: bool = connection.execute(sa.select(sa.func.pg_try_advisory_lock(int(lock)))).scalar_one()
    try:
        yield free
    finally:
        if free:
            connection.rollback()
            with connection.begin():
                connection.execute(sa.select(sa.func.pg_advisory_unlock(int(lock))))


def keep(connection: psycopg.Connection, name: str) -> None:
    """Hold the lock of this ``name``, beside others who do, until the connection or its process ends."""
    connection.execute("SELECT pg_advisory_lock_shared(hashtextextended(%s, 0))", [name])


def is_kept(connection: sa.Connection, name: str) -> bool:
    """Whether anybody holds the lock of this ``name``; if not, nobody will until the transaction ends."""
    asked = sa.text("SELECT NOT pg_try_advisory_xact_lock(hashtextextended(:name, 0))")
    return bool(connection.scalar(asked, {"name": name}))


@asynccontextmanager
async def alone(connection: AsyncConnection, name: str) -> AsyncIterator[bool]:
    """Give whether the lock of this ``name`` was free; if so, it is kept until the end of the block.

    Nobody waits. PostgreSQL frees it as well when the connection is lost. The connection is in autocommit:
    what the block does is not undone by leaving it.
    """
    this = {"name": name}
    taken = sa.text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")
    free = bool(await connection.scalar(taken, this))
    try:
        yield free
    finally:
        if free and not connection.invalidated:  # one that was lost has freed it
            await connection.execute(sa.text("SELECT pg_advisory_unlock(hashtextextended(:name, 0))"), this)
