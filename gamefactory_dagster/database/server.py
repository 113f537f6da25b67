"""The embedded PostgreSQL: made, started, found again after any crash, and stopped.

What belongs here: the life of the server in ``home/postgres``, and ``ensure``, which everything calls first.
What does not: its files (``cluster.py``), its processes (``processes.py``), addresses (``address.py``).

The server outlives the command that started it. Who starts, stops or repairs it holds a file lock, so two
commands started at once share one server. With ``DATABASE_URL`` set only the databases are looked after.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import sqlalchemy as sa
from filelock import FileLock, Timeout

from gamefactory_dagster.errors import PermanentError, TransientError
from gamefactory_dagster.home import make_home
from gamefactory_dagster.settings import Settings

from . import cluster, databases, processes, roles
from .address import MAINTENANCE, describe, is_embedded, server_folder, superusers_url, url
from .engine import get_engine

START_SECONDS = 120.0
"""How long a start may take: crash recovery on a slow disk, or initdb on a busy machine."""

STOP_SECONDS = 60.0
_LOCK_SECONDS = START_SECONDS + STOP_SECONDS
_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Status:
    """What ``gamefactory db status`` shows. ``pid`` and ``folder`` are the embedded server's."""

    embedded: bool
    running: bool
    address: str
    version: str | None
    pid: int | None
    folder: Path | None
    error: str | None


def ensure(settings: Settings) -> None:
    """Make sure the server runs and both databases exist. One connection and nothing else when all is well.

    Raises TransientError when the server cannot be reached now, PermanentError when it will not have us; both
    name the host and never the password.
    """
    try:
        missing = databases.missing(settings)
    except psycopg.OperationalError as error:
        missing = _through_maintenance(settings, error)
    if missing and is_embedded(settings):
        with _lock(settings):
            roles.furnish(settings, missing)
    elif missing:
        databases.create(settings, missing)


def reached(settings: Settings) -> sa.Engine:
    """The engine of this process for a server that runs, which is asked unless a kept connection answers.

    Raises what ``ensure`` does.
    """
    engine = get_engine(settings)
    if not _is_at_hand(engine):
        ensure(settings)
    return engine


def _is_at_hand(engine: sa.Engine) -> bool:
    pool = engine.pool
    if not (isinstance(pool, sa.QueuePool) and pool.checkedin()):
        return False
    try:
        with engine.connect():  # which asks it whether it lives
            return True
    except sa.exc.SQLAlchemyError:
        return False


def _through_maintenance(settings: Settings, first: psycopg.OperationalError) -> list[str]:
    """Databases to make when ours could not be reached: no server yet, or no such database."""
    if is_embedded(settings):
        start(settings)
        return databases.wanted(settings)
    try:
        missing = databases.missing(settings, MAINTENANCE)
        # it is there: another process may have made it since
        return missing if url(settings).database in missing else databases.missing(settings)
    except psycopg.OperationalError:
        raise databases.unreachable(first, url(settings)) from first


def start(settings: Settings) -> bool:
    """Start the embedded server unless it runs; True if this call started it.

    Raises PermanentError with the end of its log when it does not start, TransientError when it takes long.
    """
    _refuse_foreign(settings)
    make_home(settings.home)
    with _lock(settings):
        if _answers(settings):
            return False
        deadline = time.monotonic() + START_SECONDS
        if processes.postmaster(settings) and _wait(settings, deadline):
            return False
        processes.end_orphans(settings)
        cluster.prepare(settings)
        cluster.launch(settings, START_SECONDS)
    return True


def stop(settings: Settings) -> bool:
    """Stop the embedded server; open transactions are rolled back. False when it was not running.

    Raises TransientError when it does not stop in time.
    """
    _refuse_foreign(settings)
    if not server_folder(settings).is_dir():
        return False
    with _lock(settings):
        if not processes.postmaster(settings):
            processes.end_orphans(settings)
            return False
        if not processes.shut_down(settings, STOP_SECONDS):
            raise TransientError(f"PostgreSQL did not stop within {STOP_SECONDS:.0f} s")
    return True


def status(settings: Settings) -> Status:
    """Look, and change nothing."""
    embedded = is_embedded(settings)
    version = error = None
    try:
        with databases.connect(url(settings)) as connection:
            version = str(connection.execute("SHOW server_version").fetchone()[0])  # type: ignore[index]
    except psycopg.OperationalError as caught:
        error = str(databases.unreachable(caught, url(settings)))
    return Status(
        embedded=embedded,
        running=version is not None,
        address=describe(url(settings)),
        version=version,
        pid=processes.postmaster(settings) if embedded else None,
        folder=server_folder(settings) if embedded else None,
        error=error,
    )


def _answers(settings: Settings) -> bool:
    try:
        databases.connect(superusers_url(settings)).close()
    except psycopg.OperationalError:
        return False
    return True


def _wait(settings: Settings, deadline: float) -> bool:
    """Wait until the server answers; False as soon as it is gone. TransientError at the deadline."""
    while not _answers(settings):
        if not processes.postmaster(settings):
            return False
        if time.monotonic() > deadline:
            raise TransientError(
                f"PostgreSQL is still not ready after {START_SECONDS:.0f} s; "
                f"the end of its log:\n{cluster.log_tail(settings)}"
            )
        time.sleep(_POLL_SECONDS)
    return True


def _refuse_foreign(settings: Settings) -> None:
    if not is_embedded(settings):
        raise PermanentError(
            f"{describe(url(settings))} comes from DATABASE_URL; it is not ours to start or stop"
        )


@contextmanager
def _lock(settings: Settings) -> Iterator[None]:
    """Only one process at a time may start, stop or repair the server; the lock dies with its holder."""
    path = settings.home / "postgres.lock"
    try:
        with FileLock(path, timeout=_LOCK_SECONDS):
            yield
    except Timeout as error:
        raise TransientError(
            f"another command has been busy with the database server for long: {path}"
        ) from error
