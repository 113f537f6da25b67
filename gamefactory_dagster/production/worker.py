"""One step of one game, done safely: admit, lease, do, check, commit, finish last.

What belongs here: the order of those things and the rows they write. What does not: what a step makes
(``steps/``), its commit (``history.py``), which state may follow which (``lifecycle.py``), Dagster.

A worker may be killed between any two statements. Until the last transaction nothing that counts has changed
but the step's ``running`` state; the commit is idempotent, rows are upserted, and the next worker starts the
step again from the commit of the step before.
"""

import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database.engine import translated_errors
from gamefactory_dagster.database.tables.factory import GameStep
from gamefactory_dagster.database.text import storable
from gamefactory_dagster.errors import LeaseLostError, PermanentError, TransientError
from gamefactory_dagster.ledger.recording import Made
from gamefactory_dagster.work import leases
from gamefactory_dagster.work.heartbeat import kept_alive
from gamefactory_dagster.work.states import change
from gamefactory_dagster.work.stopping import stopped_first

from . import history
from .lifecycle import GAME, PUBLISHED, STEP, STEPS, Admission, Standing, admit, state_after, state_while
from .prompts import keep_games
from .states import BATCHES, GAME_STEPS, GAMES, charge_try, lock_batch, record, reopen_batch
from .steps import RUN, StepJob, StepResult
from .telling import files_of, step_begun, step_ended, step_failed
from .workshop import Workshop

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Done:
    """A finished step; ``result`` is None when it had been finished before."""

    number: int
    artifacts: Mapping[str, Any]
    result: StepResult | None = None
    lines: list[str] = field(default_factory=list)


def perform(shop: Workshop, game_id: UUID, number: int, owner: str) -> Done:
    """Do step ``number`` (1..12) of a game as ``owner`` (the run's id).

    Raises TransientError when another try is due, LeaseLostError when another run has the game,
    CancelledError when it has been cancelled, BegunAnewError when it went back to step 1, PermanentError for
    everything that needs a person. The step's row says the same.
    """
    try:
        with translated_errors():
            lease, row = _begin(shop, game_id, number, owner)
    except PermanentError as error:
        _note_refusal(shop, game_id, number, owner, error)
        raise
    if lease is None:
        log.info("step %s is already done", number)
        return Done(number, row)
    lines: list[str] = []
    with leases.cancelled_if_it_is(shop.engine, GAMES, game_id, "cancelled"):
        try:
            with stopped_first(), translated_errors(), kept_alive(shop.engine, lease) as beat:
                job = history.opened(shop, _job(shop, game_id, lines, beat.check), lease)
                started = time.monotonic()
                result = RUN[number](job)
                beat.check()
                if result.problems:
                    raise PermanentError("; ".join(result.problems))
                with shop.engine.begin() as connection:
                    leases.confirm(connection, lease)  # a commit of another's try must not be replaced
                commit = history.commit_step(shop, job, number, result)
                artifacts = {
                    **result.artifacts,
                    "commit": commit,
                    "took_seconds": round(time.monotonic() - started, 3),
                }
                files = files_of(shop.providers.repositories, job.game, number, result, commit)
                _finish(shop, job, lease, number, result, artifacts, lines, files)
        except (LeaseLostError, history.BegunAnewError):
            raise
        except Exception as error:
            raise _give_up_or_retry(shop, lease, number, error, lines) from error
    return Done(number, artifacts, result, lines)


def _begin(
    shop: Workshop, game_id: UUID, number: int, owner: str
) -> tuple[leases.Lease, Mapping[str, Any]] | tuple[None, Mapping[str, Any]]:
    """Admit the owner, take the lease, and mark the step running; all or nothing."""
    with shop.engine.begin() as connection:
        game, batch = _locked(connection, game_id)
        step = connection.execute(_step(game_id, number)).mappings().one()
        live = connection.scalar(
            sa.select(GAMES.c.lease_expires_at >= sa.func.clock_timestamp()).where(GAMES.c.id == game_id)
        )
        standing = Standing(
            game["status"],
            None if batch is None else batch["status"],
            game["current_step"],
            step["status"],
            game["lease_owner"] if live else None,
        )
        if admit(standing, number, owner) is Admission.DONE:
            return None, step["artifacts"] or {}
        lease = leases.take(connection, GAMES, game_id, owner, shop.settings.lease_seconds)
        if game["status"] == "failed":  # the run was executed again by a person
            reopen_batch(connection, game["batch_id"])
        key = {"game_id": game_id, "step_number": number}
        change(connection, GAMES, GAME, game_id, game["status"], state_while(number), error_message=None)
        change(connection, GAME_STEPS, STEP, key, step["status"], "running", started_at=sa.func.now())
        record(
            connection,
            game_id,
            number,
            "step_started",
            f"{STEPS[number - 1]} started",
            run=owner,
            host=shop.settings.worker_name,
            pid=os.getpid(),
        )
        step_begun(connection, shop.settings, game, batch, number, owner)
        return lease, {}


def _locked(connection: sa.Connection, game_id: UUID) -> tuple[sa.RowMapping, sa.RowMapping | None]:
    """A game, locked, and its batch; that is locked first where the game takes it along."""
    about = sa.select(GAMES.c.status, GAMES.c.batch_id).where(GAMES.c.id == game_id)
    found = connection.execute(about).one_or_none()
    if found is None:
        raise PermanentError(f"there is no game {game_id}")
    if found.status == "failed":
        lock_batch(connection, found.batch_id)
    theirs = sa.select(BATCHES).where(BATCHES.c.id == found.batch_id)
    batch = connection.execute(theirs).mappings().one_or_none()
    locked = sa.select(GAMES).where(GAMES.c.id == game_id).with_for_update(key_share=True)
    game = connection.execute(locked).mappings().one()
    if game["status"] == "failed" != found.status:
        raise TransientError("the game has just failed; its batch has to be locked first")
    return game, batch


def _note_refusal(shop: Workshop, game_id: UUID, number: int, owner: str, error: PermanentError) -> None:
    """Leave a line about a step that was not even begun; the game itself is as it was."""
    with shop.engine.begin() as connection:
        if connection.scalar(sa.select(GAMES.c.id).where(GAMES.c.id == game_id)) is not None:
            record(connection, game_id, number, "step_refused", str(error), level="error", run=owner)


def _step(game_id: UUID, number: int) -> sa.Select[Any]:
    return sa.select(GAME_STEPS).where(GAME_STEPS.c.game_id == game_id, GAME_STEPS.c.step_number == number)


def _job(shop: Workshop, game_id: UUID, lines: list[str], check: Callable[[], None]) -> StepJob:
    """The game and what its finished steps left, but for its files."""
    with shop.engine.connect() as connection:
        game = connection.execute(sa.select(GAMES).where(GAMES.c.id == game_id)).mappings().one()
        steps = connection.execute(
            sa.select(GameStep.step_number, GameStep.artifacts)
            .where(GameStep.game_id == game_id, GameStep.status == "completed")
            .order_by(GameStep.step_number)
        ).all()

    def say(line: str) -> None:
        check()
        lines.append(f"{datetime.now(UTC):%H:%M:%S} {line}")
        log.info(line)

    return StepJob(
        game=dict(game),
        files={},
        artifacts={int(number): made or {} for number, made in steps},
        engine=shop.engine,
        settings=shop.settings,
        providers=shop.providers,
        say=say,
        check=check,
    )


def _finish(
    shop: Workshop,
    job: StepJob,
    lease: leases.Lease,
    number: int,
    result: StepResult,
    artifacts: Mapping[str, Any],
    lines: list[str],
    files: list[Made],
) -> None:
    """Write what the step made and its new state, in one transaction, only if the game is still ours.

    What players see is done here too, while the game is locked: whoever cancels it waits, and finds it
    published, or was first, and nothing is.
    """
    with shop.engine.begin() as connection:
        leases.confirm(connection, lease)
        if result.deliver is not None:
            result.deliver()
        history.write_made(connection, lease.id, result)
        change(
            connection,
            GAME_STEPS,
            STEP,
            {"game_id": lease.id, "step_number": number},
            "running",
            "completed",
            completed_at=sa.func.clock_timestamp(),
            artifacts=dict(artifacts),
            validation_results=result.verdicts,
            logs="\n".join(lines),
        )
        ahead = {"current_step": number, **result.game}
        change(connection, GAMES, GAME, lease.id, state_while(number), state_after(number), **ahead)
        record(
            connection,
            lease.id,
            number,
            "step_completed",
            f"{STEPS[number - 1]} finished",
            run=lease.owner,
            took_seconds=artifacts["took_seconds"],
        )
        step_ended(connection, lease.owner, number, lines, result, artifacts, files)
        if number == PUBLISHED:
            keep_games(connection, job)
            leases.release(connection, lease)


def _give_up_or_retry(
    shop: Workshop, lease: leases.Lease, number: int, error: Exception, lines: list[str]
) -> Exception:
    """Write the failure down and return what to raise: TransientError exactly when another try is due."""
    words = _words(error)
    with shop.engine.begin() as connection:
        leases.confirm(connection, lease)
        transient = isinstance(error, TransientError)
        publisher = shop.providers.publisher
        again, words = charge_try(connection, publisher, lease.id, number, words, transient=transient)
        step_failed(connection, lease.owner, number, words, again=again)
        connection.execute(
            sa.update(GameStep)
            .where(GameStep.game_id == lease.id, GameStep.step_number == number)
            .values(logs="\n".join(lines))
        )
        if again:
            leases.renew(connection, lease)
        else:
            leases.release(connection, lease)
    return TransientError(words) if again else PermanentError(words)


def _words(error: Exception) -> str:
    """What went wrong, for a person: of a database's error what it said, not the statement and its values."""
    said = " ".join(str(error.orig).split()) if isinstance(error, sa.exc.DBAPIError) else str(error)
    return storable(said) or type(error).__name__
