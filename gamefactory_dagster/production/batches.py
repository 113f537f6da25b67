"""What people do with batches and games: submit, look, cancel, try again. Each is one transaction.

What belongs here: the functions behind the command line and the UI's submit job. What does not: planning and
running, which the sensor does with the rows these leave (``dispatch.py``, ``worker.py``).
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.database.tables.factory import Batch, Game, GameStep
from gamefactory_dagster.errors import IllegalTransitionError, InputError, PermanentError
from gamefactory_dagster.ledger.access import check_owner
from gamefactory_dagster.studio.shipping.publisher import Publisher
from gamefactory_dagster.work.leases import RELEASED
from gamefactory_dagster.work.states import change

from .lifecycle import BATCH, ENDED, GAME
from .planning import Order, check_seed
from .states import BATCHES, GAMES, cancel_game, lock_batch, record, record_batch, reopen_batch


def submit(engine: sa.Engine, order: Order, seed: int | None = None, owner: UUID | None = None) -> UUID:
    """Insert a pending batch and return its id; the sensor does the rest.

    ``owner``: who orders it, to whom belongs what its runs do and make; None: the settings' user. Raises
    InputError when there is no such user, or the seed is not between 0 and 2**53.
    """
    check_seed(seed)
    with transaction(engine) as connection:
        check_owner(connection, owner)
        batch_id = connection.scalar(
            sa.insert(Batch)
            .values(
                name=order.name,
                game_count=order.count,
                genre_mix=order.mix_as_json(),
                constraints=order.constraints.as_json(),
                seed=seed,
                owner_id=owner,
            )
            .returning(Batch.id)
        )
        record(connection, None, None, "batch_submitted", "batch submitted", batch_id=batch_id)
    return UUID(str(batch_id))


def find_batch(engine: sa.Engine, wanted: str) -> UUID:
    """Id of the batch whose id starts with ``wanted``, or of the newest one for ``latest``."""
    query = sa.select(Batch.id).order_by(Batch.created_at.desc()).limit(2)
    if wanted != "latest":
        query = query.where(_starts_with(Batch.id, wanted))
    with engine.connect() as connection:
        found = connection.scalars(query).all()
    if not found and wanted == "latest":
        raise PermanentError("there is no batch yet; order one: gamefactory batch submit --name first")
    if not found or (wanted != "latest" and len(found) > 1):
        raise InputError("batch", wanted, "the id of one batch, its first characters, or 'latest'")
    return found[0]


def find_game(engine: sa.Engine, wanted: str) -> UUID:
    """Id of the game with this slug, or whose id starts with ``wanted``."""
    query = sa.select(Game.id).where(sa.or_(Game.slug == wanted, _starts_with(Game.id, wanted))).limit(2)
    with engine.connect() as connection:
        found = connection.scalars(query).all()
    if len(found) != 1:
        raise InputError("game", wanted, "the slug or the id of one game (see: gamefactory game list)")
    return found[0]


def _starts_with(column: Any, prefix: str) -> sa.ColumnElement[bool]:
    text = sa.cast(column, sa.Text)
    return sa.and_(sa.func.length(prefix) >= 4, text.startswith(prefix, autoescape=True))


def status(engine: sa.Engine, batch_id: UUID) -> dict[str, Any]:
    """A batch and its games as plain data: state, step, tries, seconds, certified levels, build size, URL."""
    with engine.connect() as connection:
        batch = connection.execute(sa.select(BATCHES).where(Batch.id == batch_id)).mappings().one()
        games = connection.execute(
            sa.text(load("production/games_of_batch")), {"batch_id": batch_id}
        ).mappings()
        return {**_plain(batch), "games": [_plain(game) for game in games]}


def list_games(
    engine: sa.Engine, *, status: str | None, genre: str | None, limit: int
) -> list[dict[str, Any]]:
    """The newest games, at most ``limit``."""
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text(load("production/list_games")), {"status": status, "genre": genre, "limit": limit}
        ).mappings()
        return [_plain(row) for row in rows]


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        str(key): str(value)
        if isinstance(value, UUID)
        else value.isoformat()
        if hasattr(value, "isoformat")
        else value
        for key, value in row.items()
    }


def cancel(engine: sa.Engine, publisher: Publisher, batch_id: UUID) -> int:
    """Cancel a batch and every game of it that has not ended; returns how many games that was.

    Published games stay. Raises IllegalTransitionError when the batch has ended, TransientError when the
    database or the publisher cannot do it now; nothing is changed then.
    """
    why = "the batch was cancelled"
    with transaction(engine) as connection:
        state = str(lock_batch(connection, batch_id))
        BATCH.check(state, "cancelled")
        games = (
            connection.execute(
                sa.select(GAMES)
                .where(GAMES.c.batch_id == batch_id, GAMES.c.status.not_in(ENDED))
                .order_by(GAMES.c.id)
                .with_for_update(key_share=True)
            )
            .mappings()
            .all()
        )
        for game in games:
            cancel_game(connection, publisher, game, why)
        now = sa.func.now()
        change(
            connection,
            BATCHES,
            BATCH,
            batch_id,
            state,
            "cancelled",
            cancel_requested_at=now,
            completed_at=now,
        )
        record_batch(connection, batch_id, "cancelled")
    return len(games)


def retry(engine: sa.Engine, game_id: UUID) -> int:
    """Put a failed game back to be made, from its last finished step; returns the number of the attempt.

    Raises IllegalTransitionError when the game has not failed, or its batch was cancelled.
    """
    with transaction(engine) as connection:
        batch_id = connection.scalar(sa.select(Game.batch_id).where(Game.id == game_id))
        lock_batch(connection, batch_id)
        row = connection.execute(
            sa.select(Game.status, Game.attempt).where(Game.id == game_id).with_for_update(key_share=True)
        ).one()
        if row.status != "failed":
            raise IllegalTransitionError(f"only a failed game can be tried again; this one is {row.status}")
        reopen_batch(connection, batch_id)
        connection.execute(
            sa.update(GameStep)
            .where(GameStep.game_id == game_id, GameStep.status == "failed")
            .values(status="pending", retry_count=0)
        )
        again = int(row.attempt) + 1
        change(
            connection,
            GAMES,
            GAME,
            game_id,
            "failed",
            "created",
            attempt=again,
            requested_at=None,
            **RELEASED,
        )
        record(connection, game_id, None, "game_retried", f"attempt {again} asked for")
        return again
