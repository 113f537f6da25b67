"""The one place where states of games and steps are written, and the journal of what happened to them.

What belongs here: single checked changes inside the caller's transaction. What does not: deciding on them
(``lifecycle.py``) or when (``worker.py``, ``dispatch.py``, ``batches.py``).
"""

from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database.tables.base import Base
from gamefactory_dagster.database.tables.factory import Batch, Game, GameStep, GenerationLog

from .lifecycle import BATCH, GAME, STEP


def table_of(model: type[Base]) -> sa.Table:
    """The table behind a model, for statements by column name."""
    return cast("sa.Table", model.__table__)


def record(
    connection: sa.Connection,
    game_id: UUID | None,
    step: int | None,
    kind: str,
    message: str,
    *,
    level: str = "info",
    batch_id: UUID | None = None,
    **metadata: Any,
) -> None:
    """Add a line to ``generation_logs``; the batch is looked up from the game when it is not given."""
    batch = (
        sa.literal(batch_id, sa.Uuid)
        if game_id is None
        else sa.select(Game.batch_id).where(Game.id == game_id).scalar_subquery()
    )
    connection.execute(
        sa.insert(table_of(GenerationLog)).values(
            batch_id=batch,
            game_id=game_id,
            step_number=step,
            log_level=level,
            log_type=kind,
            message=message,
            metadata=metadata,
        )
    )


def set_batch(connection: sa.Connection, batch_id: UUID, old: str, new: str, **columns: Any) -> None:
    """Change a batch's state, or raise IllegalTransitionError."""
    BATCH.check(old, new)
    connection.execute(sa.update(Batch).where(Batch.id == batch_id).values(status=new, **columns))
    level, words = ("error" if new == "failed" else "info"), columns.get("error_message") or f"batch {new}"
    record(connection, None, None, f"batch_{new}", words, level=level, batch_id=batch_id)


def reopen_batch(connection: sa.Connection, batch_id: UUID | None) -> None:
    """Take an ended batch back to work because a game of it is made again; a cancelled one stays so."""
    status = connection.scalar(sa.select(Batch.status).where(Batch.id == batch_id).with_for_update())
    if batch_id is not None and status in {"completed", "failed"}:
        set_batch(connection, batch_id, status, "running", completed_at=None)


def set_game(connection: sa.Connection, game_id: UUID, old: str, new: str, **columns: Any) -> None:
    """Change a game's state (or only its columns), or raise IllegalTransitionError."""
    if old != new:
        GAME.check(old, new)
    connection.execute(sa.update(Game).where(Game.id == game_id).values(status=new, **columns))


def set_step(
    connection: sa.Connection, game_id: UUID, number: int, old: str, new: str, **columns: Any
) -> None:
    """Change a step's state (or only its columns), or raise IllegalTransitionError."""
    if old != new:
        STEP.check(old, new)
    connection.execute(
        sa.update(GameStep)
        .where(GameStep.game_id == game_id, GameStep.step_number == number)
        .values(status=new, **columns)
    )


def charge_try(
    connection: sa.Connection, game_id: UUID, number: int, words: str, *, transient: bool
) -> tuple[bool, str]:
    """Count a failed try of a step: put it back to pending while tries are left, else fail it and its game.

    Returns whether another try is due, and the words that were written down everywhere.
    """
    step = connection.execute(
        sa.select(GameStep.status, GameStep.retry_count, GameStep.max_retries)
        .where(GameStep.game_id == game_id, GameStep.step_number == number)
        .with_for_update()
    ).one()
    again = transient and step.retry_count < step.max_retries
    if again:
        set_step(
            connection,
            game_id,
            number,
            step.status,
            "pending",
            retry_count=step.retry_count + 1,
            error_message=words,
        )
        record(
            connection, game_id, number, "step_retried", words, level="warning", retry=step.retry_count + 1
        )
        return True, words
    if transient:
        words = f"gave up after {step.retry_count + 1} tries: {words}"
    status = connection.execute(
        sa.select(Game.status).where(Game.id == game_id).with_for_update()
    ).scalar_one()
    set_step(connection, game_id, number, step.status, "failed", error_message=words)
    set_game(connection, game_id, status, "failed", error_message=words, requested_at=None)
    record(connection, game_id, number, "step_failed", words, level="error")
    return False, words
