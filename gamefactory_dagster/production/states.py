"""The tables of production, the journal of what happened, and the endings that more than one place writes.

What belongs here: single changes inside the caller's transaction, beside ``work/states.py``'s own. What does
not: deciding on them (``lifecycle.py``) or when (``worker.py``, ``dispatch.py``, ``batches.py``).

Rows are locked in one order everywhere: a batch, then its games, then their steps.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from gamefactory_dagster.database.sql import load
from gamefactory_dagster.database.tables.base import table_of
from gamefactory_dagster.database.tables.factory import Batch, Game, GameStep, GenerationLog
from gamefactory_dagster.studio.shipping.publisher import Publisher
from gamefactory_dagster.work.states import change

from .lifecycle import BATCH, GAME, PUBLISHED, STEP, check_batch, may_be_served
from .telling import run_ended

BATCHES = table_of(Batch)
GAMES = table_of(Game)
GAME_STEPS = table_of(GameStep)


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


def record_batch(connection: sa.Connection, batch_id: UUID, state: str, words: str | None = None) -> None:
    """Add a line about a batch's new state."""
    level = "error" if state == "failed" else "info"
    record(
        connection, None, None, f"batch_{state}", words or f"batch {state}", level=level, batch_id=batch_id
    )


def lock_batch(connection: sa.Connection, batch_id: UUID | None) -> str | None:
    """The state of a batch, locked until the transaction ends; None for no batch."""
    locked = sa.select(Batch.status).where(Batch.id == batch_id).with_for_update(key_share=True)
    status: str | None = connection.scalar(locked)
    return status


def reopen_batch(connection: sa.Connection, batch_id: UUID | None) -> None:
    """Take an ended batch, locked before its games, back to work because a game of it is made again.

    Raises IllegalTransitionError for a batch that was cancelled.
    """
    status = lock_batch(connection, batch_id)
    check_batch(status)
    if batch_id is not None and status in {"completed", "failed"}:
        change(connection, BATCHES, BATCH, batch_id, status, "running", completed_at=None)
        record_batch(connection, batch_id, "running")


def charge_try(
    connection: sa.Connection,
    publisher: Publisher,
    game_id: UUID,
    number: int,
    words: str,
    *,
    transient: bool,
) -> tuple[bool, str]:
    """Count a failed try of a step: put it back to pending while tries are left, else fail it and its game.

    Returns whether another try is due, and the words that were written down everywhere. The caller has the
    game locked. What a last step put where players find it is taken back when its game fails.
    """
    key = {"game_id": game_id, "step_number": number}
    step = connection.execute(
        sa.select(GameStep.status, GameStep.retry_count, GameStep.max_retries)
        .filter_by(**key)
        .with_for_update()
    ).one()
    again = transient and step.retry_count < step.max_retries
    if again:
        retry = step.retry_count + 1
        change(
            connection, GAME_STEPS, STEP, key, step.status, "pending", retry_count=retry, error_message=words
        )
        record(connection, game_id, number, "step_retried", words, level="warning", retry=retry)
        return True, words
    if transient:
        words = f"gave up after {step.retry_count + 1} tries: {words}"
    game = connection.execute(
        sa.select(Game.status, Game.slug).where(Game.id == game_id).with_for_update(key_share=True)
    ).one()
    change(connection, GAME_STEPS, STEP, key, step.status, "failed", error_message=words)
    change(connection, GAMES, GAME, game_id, game.status, "failed", error_message=words, requested_at=None)
    record(connection, game_id, number, "step_failed", words, level="error")
    if number == PUBLISHED:
        publisher.withdraw(game.slug)
    return False, words


def cancel_game(connection: sa.Connection, publisher: Publisher, game: sa.RowMapping, why: str) -> None:
    """Cancel a locked game. Its lease moves on to the next epoch: a worker still at it can write no more.

    A game whose worker died between publishing it and saying so is taken back from where players find it.
    """
    change(
        connection,
        GAMES,
        GAME,
        game["id"],
        game["status"],
        "cancelled",
        error_message=why,
        lease_epoch=Game.lease_epoch + 1,
    )
    connection.execute(sa.text(load("production/cancel_steps")), {"game_id": game["id"], "why": why})
    record(connection, game["id"], None, "game_cancelled", why, level="warning")
    run_ended(connection, game["lease_owner"], "cancelled", why)
    if may_be_served(game["current_step"]):
        publisher.withdraw(game["slug"])


def upsert(
    connection: sa.Connection,
    model: type[Any],
    game_id: UUID,
    rows: list[dict[str, Any]],
    key: tuple[str, ...],
) -> None:
    """Insert rows about a game, or write them again where there are such by ``key``."""
    table = table_of(model)
    names = sorted({name for row in rows for name in row})
    statement = insert(table).values(
        [{"game_id": game_id, **{name: row.get(name) for name in names}} for row in rows]
    )
    changed = {name: statement.excluded[name] for name in names if name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=changed))
