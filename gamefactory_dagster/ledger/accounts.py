"""Telling of work that is more than one transaction: a command's run, a bot's part in one of Dagster's.

What belongs here: the beginning and the end around such work, whatever becomes of it. What does not: work
whose every step is one transaction, which tells of itself in it (``recording.entry``), and runs whose process
died without a word (``recovery.py``).
"""

import hashlib
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import sqlalchemy as sa

from gamefactory_dagster.database import databases, locks
from gamefactory_dagster.database.engine import in_words, transaction
from gamefactory_dagster.errors import GameFactoryError, TransientError
from gamefactory_dagster.studio.shipping.web import media_type

from .recording import Made, entry

log = logging.getLogger(__name__)

_STOPPED = "it was stopped"


@dataclass(slots=True)
class Account:
    """What a part of a run tells when it is over."""

    made: list[Made] = field(default_factory=list)
    numbers: dict[str, Any] = field(default_factory=dict)
    """Payload of the end: counts, days, what a person asks first."""


@contextmanager
def part(
    engine: sa.Engine, run: str, owner: UUID, spec: Mapping[str, Any], bot: str, *, whole: bool = False
) -> Iterator[Account]:
    """Tell of what ``bot`` does in a run, which is entered with ``spec`` if it is not there yet.

    ``whole``: there is nothing else in the run, and it ends with this part. Raises PermanentError before
    anything is done when there is no such owner, or the run has ended.
    """
    account = Account()
    with _alive(engine, run):
        with transaction(engine) as connection, entry(connection, run) as ledger:
            ledger.begin(owner, spec)
            ledger.start(bot)
        try:
            yield account
        except BaseException as error:
            _tell_failure(engine, run, bot, account, error, whole)
            raise
        with transaction(engine) as connection, entry(connection, run) as ledger:
            ledger.made(account.made)
            ledger.event(bot, "end", **account.numbers)
            if whole:
                ledger.end("completed")


@contextmanager
def command(engine: sa.Engine, owner: UUID, kind: str, name: str, **options: Any) -> Iterator[Account]:
    """Tell of a command, such as ``events import``, as a run of its own that ends with it."""
    asked = {name: value for name, value in options.items() if value not in (None, [], (), False)}
    spec = {"kind": kind, "command": f"gamefactory {name}", "options": asked}
    with part(engine, str(uuid4()), owner, spec, name.replace(" ", "_"), whole=True) as account:
        yield account


def written(file: Path, kind: str, **meta: Any) -> Made:
    """What a command wrote to a file that a person named, as it is now."""
    with file.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    url = file.resolve().as_uri()
    return Made(kind, url, media_type(file.name), file.stat().st_size, sha256, {"path": file.name, **meta})


@contextmanager
def _alive(engine: sa.Engine, run: str) -> Iterator[None]:
    """Let PostgreSQL know that this process lives: when it dies, it frees the lock of its session."""
    connection = databases.connect(engine.url)
    try:
        locks.keep(connection, run)
        yield
    finally:
        with suppress(psycopg.Error):
            connection.close()


def _tell_failure(
    engine: sa.Engine, run: str, bot: str, account: Account, error: BaseException, whole: bool
) -> None:
    """Tell of a failure, which must not be hidden by another: what cannot be told now recovery will."""
    words = _why(error)
    try:
        with transaction(engine) as connection, entry(connection, run) as ledger:
            if not ledger.is_open():
                return
            ledger.made(account.made)
            if whole:
                ledger.end("failed" if isinstance(error, Exception) else "cancelled", words)
            else:
                ledger.event(bot, "error", message=words, again=isinstance(error, TransientError))
    except (GameFactoryError, sa.exc.SQLAlchemyError) as unheard:
        log.warning("the ledger does not know yet how run %s ended: %s", run, unheard)


def _why(error: BaseException) -> str:
    if isinstance(error, sa.exc.DBAPIError | psycopg.Error):
        return in_words(error)
    return str(error) or (type(error).__name__ if isinstance(error, Exception) else _STOPPED)
