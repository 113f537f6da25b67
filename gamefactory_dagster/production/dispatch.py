"""What the batch sensor does in one tick: plan batches, move games on, end batches, ask for runs.

What belongs here: planning and ending batches, and what a game is to ``orchestration/tick.py``: which state
means what, and what starting over and being cancelled mean to it. What does not: the tick itself, and the
rules (``lifecycle.py``, ``planning.py``).
"""

import secrets
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database import locks
from gamefactory_dagster.database.locks import Lock
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.database.tables.factory import Batch, Game
from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.orchestration.runs import KIND_TAG, PRIORITY_TAG, RunBoard, Wanted
from gamefactory_dagster.orchestration.tick import Tick, Work, repeated
from gamefactory_dagster.orchestration.tick import tick as tick_over
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.studio.shipping.publisher import Publisher
from gamefactory_dagster.work.leases import RELEASED
from gamefactory_dagster.work.states import change

from .lifecycle import BATCH, GAME, STEPS, WORKING, outcome
from .planning import SEED_BITS, Order, PlannedGame, check_order, plan_games
from .prompts import keep_factorys
from .states import BATCHES, GAMES, cancel_game, charge_try, record_batch
from .telling import run_ended
from .workshop import Workshop

GAME_TAG = ".dagster/gamefactory_game_id"
"""Of a run: the whole id of its game. Dagster does not show such tags: those people read are short."""

SHORT = 8
"""Characters of an id that people read."""

NEXT_GAMES = (
    sa.select(GAMES)
    .outerjoin(BATCHES, BATCHES.c.id == GAMES.c.batch_id)
    .where(
        GAMES.c.status == "created",
        GAMES.c.requested_at.is_(None),
        GAMES.c.seed.is_not(None),
        sa.or_(GAMES.c.batch_id.is_(None), BATCHES.c.status == "running"),
    )
    .order_by(GAMES.c.priority.desc(), BATCHES.c.created_at.nulls_first(), GAMES.c.batch_position, GAMES.c.id)
)
"""Games to ask runs for: of a batch at work or of none; those of a priority, then the oldest batch's first.

Uses idx_games_to_request, which holds those that wait and no others.
"""


def tick(shop: Workshop, board: RunBoard) -> Tick:
    """Move everything on by one; safe at any time, in any number of processes."""
    engine, settings = shop.engine, shop.settings
    return tick_over(
        engine,
        settings,
        board,
        game_work(shop.providers.publisher),
        before={"games planned": lambda: repeated(partial(plan_next, engine, settings))},
        after={"batches finished": lambda: finish_batches(engine)},
    )


def game_work(publisher: Publisher) -> Work:
    """Games as work: what their states mean, and what becomes of one whose run died or was stopped."""
    return Work(
        table=GAMES,
        waiting="created",
        working=WORKING,
        cancelled="cancelled",
        next=NEXT_GAMES,
        wanted=wanted,
        start_over=lambda connection, game, why: start_over(connection, publisher, game, why),
        cancel=lambda connection, game, why: cancel_game(connection, publisher, game, why),
    )


def wanted(game: sa.RowMapping) -> Wanted:
    """The run that makes a game."""
    game_id = str(game["id"])
    tags = {
        GAME_TAG: game_id,
        "gamefactory/game": game["name"],
        "gamefactory/game_id": game_id[:SHORT],
    }
    if game["batch_id"]:
        tags["gamefactory/batch"] = str(game["batch_id"])[:SHORT]
    if game["priority"]:
        tags |= {PRIORITY_TAG: str(game["priority"]), KIND_TAG: "request"}
    return Wanted(game_id, game["attempt"], {"game_id": game_id}, tags)


def start_over(connection: sa.Connection, publisher: Publisher, game: sa.RowMapping, why: str) -> None:
    """Put a game back with its next attempt, charged to the step it was in; fail it when none is left."""
    step = min(game["current_step"] + 1, len(STEPS))
    words = f"{why} in step {step}" if game["lease_owner"] else why
    again, _ = charge_try(connection, publisher, game["id"], step, words, transient=True)
    run_ended(connection, game["lease_owner"], "failed", words)
    cleared: dict[str, Any] = {"requested_at": None, **RELEASED}
    if again:
        cleared["attempt"] = game["attempt"] + 1
        change(connection, GAMES, GAME, game["id"], game["status"], "created", **cleared)
    else:
        change(connection, GAMES, GAME, game["id"], "failed", "failed", **cleared)


def plan_next(engine: sa.Engine, settings: Settings) -> int | None:
    """Plan the oldest pending batch; how many games it became, None when no batch is pending.

    A batch that cannot be planned becomes ``failed`` and says why; it makes no games and stops no other.
    """
    with engine.begin() as connection:
        locks.take(connection, Lock.PLANNING)
        batch = (
            connection.execute(
                sa.select(BATCHES)
                .where(Batch.status == "pending")
                .order_by(Batch.created_at, Batch.id)
                .limit(1)
                .with_for_update(skip_locked=True, key_share=True)
            )
            .mappings()
            .first()
        )
        if batch is None:
            return None
        try:
            order = check_order(
                batch["name"],
                batch["game_count"],
                batch["genre_mix"],
                batch["constraints"],
                settings.max_batch_games,
            )
            seed = batch["seed"] if batch["seed"] is not None else secrets.randbits(SEED_BITS)
            games = _plan_unique(connection, order, seed)
        except PermanentError as error:
            ended = {"error_message": str(error), "completed_at": sa.func.now()}
            change(connection, BATCHES, BATCH, batch["id"], "pending", "failed", **ended)
            record_batch(connection, batch["id"], "failed", str(error))
            return 0
        _insert_games(connection, batch["id"], games)
        keep_factorys(connection)
        begun = {"seed": seed, "started_at": sa.func.now()}
        change(connection, BATCHES, BATCH, batch["id"], "pending", "running", **begun)
        record_batch(connection, batch["id"], "running")
        return len(games)


def _plan_unique(connection: sa.Connection, order: Order, seed: int) -> list[PlannedGame]:
    """Plan again, around the slugs that are taken, until none is."""
    taken: set[str] = set()
    while True:
        games = plan_games(order, seed, taken)
        slugs = [game.slug for game in games]
        clashes = set(connection.scalars(sa.select(Game.slug).where(Game.slug.in_(slugs))))
        if not clashes:
            return games
        taken |= clashes


def _insert_games(connection: sa.Connection, batch_id: UUID, games: list[PlannedGame]) -> None:
    rows = [
        {
            "batch_id": batch_id,
            "batch_position": game.position,
            "name": game.name,
            "slug": game.slug,
            "genre": game.genre,
            "theme": game.theme,
            "style": game.style,
            "seed": game.seed,
            "wishes": game.wishes.as_json(),
        }
        for game in games
    ]
    connection.execute(sa.insert(Game), rows)
    connection.execute(
        sa.text(load("production/insert_steps")),
        {"batch_id": batch_id, "names": list(STEPS)},
    )


def finish_batches(engine: sa.Engine) -> int:
    """Give running batches whose games have all ended their own end."""
    finished = 0
    with engine.begin() as connection:
        batches = connection.scalars(
            sa.select(Batch.id)
            .where(Batch.status == "running")
            .with_for_update(skip_locked=True, key_share=True)
        ).all()
        for batch_id in batches:
            states = connection.scalars(sa.select(Game.status).where(Game.batch_id == batch_id)).all()
            if (end := outcome(states)) is not None:
                change(connection, BATCHES, BATCH, batch_id, "running", end, completed_at=sa.func.now())
                record_batch(connection, batch_id, end)
                finished += 1
    return finished
