"""What the batch sensor does in one tick: plan, recover, finish, request. Runs are behind ``RunBoard``.

What belongs here: reading where everything stands and moving it on by one, each in a transaction of its own,
so that a crash between any two statements loses nothing and a second daemon doubles nothing.
What does not: the rules themselves (``lifecycle.py``, ``planning.py``).
"""

import secrets
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database.sql import load
from gamefactory_dagster.database.tables.factory import Batch, Game
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.settings import Settings

from .lifecycle import STEPS, WORKING, outcome
from .planning import SEED_BITS, Order, PlannedGame, check_order, plan_games
from .states import charge_try, record, set_batch, set_game, table_of

PLAN_LOCK = 4_820_002
"""Advisory lock: one batch is planned at a time, so that two never settle on the same slug."""

RunState = Literal["unsubmitted", "waiting", "alive", "ended", "cancelled", "gone"]


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as the orchestrator believes it to be; ``age`` is seconds since that last changed."""

    run_id: str
    state: RunState
    age: float


class RunBoard(Protocol):
    """What the orchestrator knows of its runs, and the two things we tell it."""

    def by_id(self, run_id: str) -> RunView:
        """The run with this id; state ``gone`` when there is none."""

    def by_key(self, run_key: str) -> RunView | None:
        """The newest run asked for under this key."""

    def give_up(self, run_id: str, why: str) -> None:
        """Report a run failed that the orchestrator still believes alive: it would keep its slot for ever."""

    def stop(self, game_id: UUID) -> None:
        """End every run of a game that has not ended."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A run to ask for."""

    run_key: str
    game_id: UUID
    batch_id: UUID | None
    genre: str

    @property
    def tags(self) -> dict[str, str]:
        """Tags the run carries in the UI."""
        tags = {"gamefactory/game": str(self.game_id), "gamefactory/genre": self.genre}
        return {**tags, "gamefactory/batch": str(self.batch_id)} if self.batch_id else tags


@dataclass(slots=True)
class Tick:
    """What one tick did."""

    planned: int = 0
    recovered: int = 0
    finished: int = 0
    wanted: tuple[Wanted, ...] = ()

    def __str__(self) -> str:
        return (
            f"planned {self.planned} games, recovered {self.recovered}, "
            f"finished {self.finished} batches, asked for {len(self.wanted)} runs"
        )


def run_key(game_id: UUID, attempt: int) -> str:
    """Key of the run that makes a game: never used again, so it carries the attempt."""
    return f"{game_id}:{attempt}"


def tick(engine: sa.Engine, settings: Settings, board: RunBoard) -> Tick:
    """Move everything on by one; safe at any time, in any number of processes."""
    done = Tick()
    while (planned := plan_next(engine, settings)) is not None:
        done.planned += planned
    done.recovered = recover_silent(engine, settings, board) + recover_unclaimed(engine, settings, board)
    stop_cancelled(engine, settings, board)
    done.finished = finish_batches(engine)
    done.wanted = want_runs(engine, settings)
    return done


def plan_next(engine: sa.Engine, settings: Settings) -> int | None:
    """Plan the oldest pending batch; how many games it became, None when no batch is pending.

    A batch that cannot be planned becomes ``failed`` and says why; it makes no games and stops no other.
    """
    with engine.begin() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(PLAN_LOCK)))
        batch = (
            connection.execute(
                sa.select(table_of(Batch))
                .where(Batch.status == "pending")
                .order_by(Batch.created_at, Batch.id)
                .limit(1)
                .with_for_update(skip_locked=True)
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
        except InputError as error:
            set_batch(
                connection,
                batch["id"],
                "pending",
                "failed",
                error_message=str(error),
                completed_at=sa.func.now(),
            )
            return 0
        seed = batch["seed"] if batch["seed"] is not None else secrets.randbits(SEED_BITS)
        games = _plan_unique(connection, order, seed)
        _insert_games(connection, batch["id"], games)
        set_batch(connection, batch["id"], "pending", "running", seed=seed, started_at=sa.func.now())
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
        }
        for game in games
    ]
    connection.execute(sa.insert(Game), rows)
    connection.execute(
        sa.text(load("production/insert_steps")),
        {"batch_id": batch_id, "names": list(STEPS)},
    )


def recover_silent(engine: sa.Engine, settings: Settings, board: RunBoard) -> int:
    """Games whose worker stopped renewing its lease go back to be made, from their last finished step."""
    silent = (
        sa.select(Game.id, Game.status, Game.current_step, Game.attempt, Game.lease_owner)
        .where(Game.status.in_(WORKING), Game.lease_expires_at < sa.func.clock_timestamp())
        .order_by(Game.lease_expires_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    for count in range(settings.runs_per_tick):
        with engine.begin() as connection:
            game = connection.execute(silent).mappings().first()
            if game is None:
                return count
            run = board.by_id(game["lease_owner"])
            if run.state == "cancelled":
                cancel_game(
                    connection, game["id"], game["status"], f"run {run.run_id} was stopped by a person"
                )
                continue
            why = f"the worker of run {run.run_id} died in step {_next_step(game)}"
            if run.state != "ended":
                board.give_up(run.run_id, why)
            _start_over(connection, game, why)
    return settings.runs_per_tick


def recover_unclaimed(engine: sa.Engine, settings: Settings, board: RunBoard) -> int:
    """Games that were asked for but taken up by no worker: see what became of the run."""
    look_after = settings.start_seconds / 4
    with engine.connect() as connection:
        games = connection.execute(
            sa.select(Game.id)
            .where(
                Game.status == "created",
                Game.requested_at
                < sa.func.clock_timestamp() - sa.func.make_interval(0, 0, 0, 0, 0, 0, look_after),
            )
            .order_by(Game.requested_at)
            .limit(settings.runs_per_tick)
        ).scalars()
        ids = list(games)
    return sum(_recover_one(engine, settings, board, game_id) for game_id in ids)


def _recover_one(engine: sa.Engine, settings: Settings, board: RunBoard, game_id: UUID) -> bool:
    with engine.begin() as connection:
        game = (
            connection.execute(
                sa.select(Game.id, Game.status, Game.current_step, Game.attempt)
                .where(Game.id == game_id, Game.status == "created", Game.requested_at.is_not(None))
                .with_for_update(skip_locked=True)
            )
            .mappings()
            .first()
        )
        if game is None:
            return False
        run = board.by_key(run_key(game["id"], game["attempt"]))
        if run is None or run.state == "unsubmitted":
            # The daemon died before the run was queued: asking again under the same key carries on there.
            return _ask_again(connection, game_id, None)
        # A busy machine starts runs slowly; giving up sooner each time would only make it busier.
        patience = settings.start_seconds * game["attempt"]
        if run.state == "waiting" or (run.state == "alive" and run.age < patience):
            return _ask_again(connection, game_id, sa.func.now())
        if run.state == "cancelled":
            cancel_game(connection, game_id, "created", f"run {run.run_id} was stopped by a person")
            return True
        why = f"run {run.run_id} never took the game up"
        if run.state == "alive":
            board.give_up(run.run_id, why)
        _start_over(connection, game, why)
        return True


def _ask_again(connection: sa.Connection, game_id: UUID, requested_at: Any) -> bool:
    connection.execute(sa.update(Game).where(Game.id == game_id).values(requested_at=requested_at))
    return requested_at is None


def _next_step(game: sa.RowMapping) -> int:
    return int(min(game["current_step"] + 1, len(STEPS)))


def _start_over(connection: sa.Connection, game: sa.RowMapping, why: str) -> None:
    """Put a game back with its next attempt, charged to the step it was in; fail it when none is left."""
    again, _ = charge_try(connection, game["id"], _next_step(game), why, transient=True)
    cleared = {"lease_owner": None, "lease_expires_at": None, "requested_at": None}
    if again:
        set_game(connection, game["id"], game["status"], "created", attempt=game["attempt"] + 1, **cleared)
    else:
        connection.execute(sa.update(Game).where(Game.id == game["id"]).values(**cleared))


def cancel_game(connection: sa.Connection, game_id: UUID, status: str, why: str) -> None:
    """Cancel a game. Its lease moves on to the next epoch: a worker still at it can write nothing more."""
    set_game(connection, game_id, status, "cancelled", error_message=why, lease_epoch=Game.lease_epoch + 1)
    connection.execute(sa.text(load("production/cancel_steps")), {"game_id": game_id, "why": why})
    record(connection, game_id, None, "game_cancelled", why, level="warning")


def stop_cancelled(engine: sa.Engine, settings: Settings, board: RunBoard) -> None:
    """End the runs of cancelled games; a game that still names a run has not been looked at yet."""
    running = sa.or_(Game.requested_at.is_not(None), Game.lease_owner.is_not(None))
    with engine.begin() as connection:
        games = connection.scalars(
            sa.select(Game.id)
            .where(Game.status == "cancelled", running)
            .limit(settings.runs_per_tick)
            .with_for_update(skip_locked=True)
        ).all()
        for game_id in games:
            board.stop(game_id)
            connection.execute(
                sa.update(Game)
                .where(Game.id == game_id)
                .values(requested_at=None, lease_owner=None, lease_expires_at=None)
            )


def finish_batches(engine: sa.Engine) -> int:
    """Give running batches whose games have all ended their own end."""
    finished = 0
    with engine.begin() as connection:
        batches = connection.scalars(
            sa.select(Batch.id).where(Batch.status == "running").with_for_update(skip_locked=True)
        ).all()
        for batch_id in batches:
            states = connection.scalars(sa.select(Game.status).where(Game.batch_id == batch_id)).all()
            if (end := outcome(states)) is not None:
                set_batch(connection, batch_id, "running", end, completed_at=sa.func.now())
                finished += 1
    return finished


def want_runs(engine: sa.Engine, settings: Settings) -> tuple[Wanted, ...]:
    """The next games to ask runs for, oldest batch first, marked as asked for."""
    with engine.begin() as connection:
        games = (
            connection.execute(sa.text(load("production/want_runs")), {"limit": settings.runs_per_tick})
            .mappings()
            .all()
        )
    return tuple(
        Wanted(run_key(game["id"], game["attempt"]), game["id"], game["batch_id"], game["genre"])
        for game in games
    )
