"""SQLAlchemy engines, for threads and for an event loop, and what their errors mean.

What belongs here: small pools, transactions, and telling passing failures from lasting ones.
What does not: addresses (``address.py``), statements, or retrying.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from gamefactory_dagster.errors import TransientError
from gamefactory_dagster.settings import Settings

from . import sessions
from .address import url
from .databases import unreachable

_PASSING_STATES = ("08", "40", "53", "55", "57")
"""SQLSTATE classes worth another try: connection, serialization and deadlock, resources, locks, operator."""


@cache
def get_engine(settings: Settings, *, pool_size: int = 2, max_overflow: int = 0) -> sa.Engine:
    """Return the engine of this process for our database; the same arguments give the same engine.

    Two connections at most by default: eight run workers must fit into PostgreSQL's hundred. The second is
    kept too: sensors need it again and again, and the server forks a process for each new one. Connects on
    first use; whether a server is there is ``server.ensure``'s business.
    """
    address = sessions.started_with(url(settings), sessions.OURS)
    engine = sa.create_engine(address, pool_size=pool_size, max_overflow=max_overflow, pool_pre_ping=True)
    sa.event.listen(engine, "connect", lambda connection, _: sessions.hold(connection))
    return engine


def get_async_engine(settings: Settings, *, pool_size: int = 1, max_overflow: int = 1) -> AsyncEngine:
    """Make an engine for our database on psycopg's async side; its errors are the other engine's.

    A new one each time: its connections belong to the event loop that opens them, and whoever made it
    disposes of it there (``await engine.dispose()``).
    """
    address = sessions.started_with(url(settings), sessions.OURS)
    engine = create_async_engine(address, pool_size=pool_size, max_overflow=max_overflow, pool_pre_ping=True)
    sa.event.listen(engine.sync_engine, "connect", lambda connection, _: sessions.hold(connection))
    return engine


@contextmanager
def translated_errors() -> Iterator[None]:
    """Raise TransientError instead of a database error that may go away by itself; others pass through.

    Covers lost and refused connections, an exhausted pool, deadlocks, serialization failures, lock and
    statement timeouts, a server short of resources.
    """
    try:
        yield
    except sa.exc.TimeoutError as error:
        raise TransientError(f"no database connection became free in time: {error}") from error
    except sa.exc.DBAPIError as error:
        if not is_passing(error):
            raise
        raise TransientError(in_words(error)) from error


@contextmanager
def transaction(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Open a transaction, committed at the end, with passing errors translated."""
    with translated_errors():
        try:
            connection = engine.connect()
        except sa.exc.OperationalError as error:
            raise unreachable(error.orig or error, engine.url) from error
        with connection, connection.begin():
            yield connection


@asynccontextmanager
async def connected(
    settings: Settings, *, pool_size: int = 1, max_overflow: int = 1
) -> AsyncIterator[AsyncEngine]:
    """Have an engine on the async side in this event loop, and put it away afterwards."""
    engine = get_async_engine(settings, pool_size=pool_size, max_overflow=max_overflow)
    try:
        yield engine
    finally:
        await engine.dispose()


@asynccontextmanager
async def async_session(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """Open a session in a transaction, committed at the end, with passing errors translated.

    What it gave stays readable afterwards.
    """
    with translated_errors():
        async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
            try:
                await session.connection()
            except sa.exc.OperationalError as error:
                raise unreachable(error.orig or error, engine.url) from error
            yield session


@asynccontextmanager
async def alone_standing(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Open a connection each of whose statements is a transaction, with passing errors translated."""
    with translated_errors():
        async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            yield connection


def in_words(error: Exception) -> str:
    """What a database error says to a person, in one line: without the statement and its parameters."""
    why = " ".join(str(getattr(error, "orig", None) or error).split())
    passing = isinstance(error, sa.exc.DBAPIError) and is_passing(error)
    return f"the database {'could not do it now' if passing else 'refused'}: {why}"


def is_passing(error: sa.exc.DBAPIError) -> bool:
    """Whether doing the same again later may work."""
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return isinstance(error, sa.exc.OperationalError)
    return str(state).startswith(_PASSING_STATES)
