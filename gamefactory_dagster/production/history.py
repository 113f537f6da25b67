"""A game's history: a commit for each finished step, made again where the repository was lost.

What belongs here: what the next step is given, its commit, and what becomes of a game whose repository is
gone or damaged. What does not: the step that is due (``worker.py``), repositories (``studio/shipping``).

A step makes the same of the same design and files, so the finished steps of a game are its history: done once
more they give the same commits. By a newer version of the factory they may give others; then their rows are
written again with them, so that rows, history and build agree. Where even that cannot be, the game starts at
step 1 with a new design.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError

from gamefactory_dagster.database.tables.base import table_of
from gamefactory_dagster.database.tables.factory import Game, GameAsset, GameBuild, GameStep
from gamefactory_dagster.errors import LeaseLostError, PermanentError, TransientError
from gamefactory_dagster.studio.design.gdd import GDD
from gamefactory_dagster.studio.shipping.objects import RepositoryLostError
from gamefactory_dagster.studio.shipping.repository import RepositoryHost
from gamefactory_dagster.work import leases
from gamefactory_dagster.work.leases import RELEASED, Lease
from gamefactory_dagster.work.states import change

from .lifecycle import GAME, STEP, STEPS, may_be_served
from .states import GAME_STEPS, GAMES, record, upsert
from .steps import RUN, StepJob, StepResult
from .telling import step_failed
from .workshop import Workshop

AUTHOR = "GameFactory <factory@localhost>"


class BegunAnewError(PermanentError):
    """The game was put back to step 1: its next run makes it, and this one has nothing left to do."""


class Way(StrEnum):
    """How a game goes on."""

    ON = "goes on"
    REBUILD = "rebuilds its repository"
    ANEW = "starts at step 1"


def way(lost: bool, finished: int, design: Any) -> Way:
    """How a game with so many ``finished`` steps goes on; ``lost``: they are not in its repository."""
    if finished == 0:
        return Way.ANEW
    if not lost:
        return Way.ON
    try:
        GDD.model_validate(design)
    except ValidationError:
        return Way.ANEW
    return Way.REBUILD


def look(engine: sa.Engine, repositories: RepositoryHost, game_id: Any) -> tuple[Way, str]:
    """How a game will go on, and that in words for a person."""
    with engine.connect() as connection:
        game = connection.execute(sa.select(Game.current_step, Game.gdd_spec).where(Game.id == game_id)).one()
        last = sa.select(GameStep.artifacts).filter_by(game_id=game_id, step_number=game.current_step)
        made = connection.scalar(last) or {}
    finished = int(game.current_step)
    try:
        _read(repositories, str(game_id), finished, made.get("commit"))
        chosen = way(False, finished, game.gdd_spec)
    except RepositoryLostError:
        chosen = way(True, finished, game.gdd_spec)
    return chosen, _told(chosen, finished)


def _told(chosen: Way, finished: int) -> str:
    if chosen is Way.ON:
        return f"It goes on after step {finished} ({STEPS[finished - 1]})."
    if chosen is Way.REBUILD:
        again = "made again from the design, by the steps that were finished"
        return (
            f"Its repository is gone or damaged: it is {again} ({finished}), and the game goes on after them."
        )
    return (
        "Its repository and its design are lost: it starts at step 1." if finished else "It starts at step 1."
    )


def _read(repositories: RepositoryHost, repo_id: str, finished: int, commit: str | None) -> dict[str, bytes]:
    """The files after the last finished step, of which ``commit`` is the commit; RepositoryLostError."""
    if finished and not commit:
        raise RepositoryLostError(f"no commit of step {finished} is known")
    repositories.check(repo_id, commit)
    return repositories.read(repo_id, commit) if commit else {}


def parent_of(artifacts: Mapping[int, Mapping[str, Any]], number: int) -> str | None:
    """The commit that step ``number`` follows; None for the first."""
    return artifacts[number - 1].get("commit") if number > 1 else None


def commit_step(shop: Workshop, job: StepJob, number: int, result: StepResult) -> str:
    """One commit a step, timed by the game's creation, so that doing it again gives the same id."""
    checks = "\n".join(f"- {check}: passed" for check in result.checks)
    return shop.providers.repositories.commit(
        str(job.id),
        parent_of(job.artifacts, number),
        result.changes,
        f"{number:02} {STEPS[number - 1]}\n\n{checks}\n",
        job.created_at.replace(microsecond=0) + timedelta(seconds=number),
        AUTHOR,
    )


def opened(shop: Workshop, job: StepJob, lease: Lease) -> StepJob:
    """``job`` with the files of its repository, made again first where it was lost.

    Raises BegunAnewError when that could not be: the game has been put back to step 1.
    """
    repositories = shop.providers.repositories
    finished = len(job.artifacts)
    number = finished + 1
    try:
        files = _read(repositories, str(job.id), finished, parent_of(job.artifacts, number))
        return replace(job, files=files)
    except RepositoryLostError as lost:
        words = str(lost)
    job.say(f"{words}; it is set aside")
    with shop.engine.begin() as connection:
        leases.confirm(connection, lease)  # another's repository must not be set aside
    repositories.set_aside(str(job.id))
    if finished == 0:
        return job
    if way(True, finished, job.game["gdd_spec"]) is Way.ANEW:
        raise _begin_anew(shop, job, lease, number, f"{words}; its design cannot be read")
    try:
        return _made_again(shop, job, lease, words)
    except _UnrepeatableError as error:
        raise _begin_anew(shop, job, lease, number, f"{words}; {error}") from error


class _UnrepeatableError(Exception):
    """A finished step could not be done once more."""


def _made_again(shop: Workshop, job: StepJob, lease: Lease, words: str) -> StepJob:
    """Do the finished steps once more, in order, and write those again that gave another commit."""
    now = replace(job, artifacts={}, files={})
    others: dict[int, StepResult] = {}
    for number in job.artifacts:
        job.say(f"step {number} ({STEPS[number - 1]}) is done once more")
        result = _repeated(now, number)
        commit = commit_step(shop, now, number, result)
        made = job.artifacts[number]
        if made.get("commit") != commit:
            others[number] = result
            made = {**made, **result.artifacts, "commit": commit}
        files = shop.providers.repositories.read(str(job.id), commit)
        now = replace(now, artifacts={**now.artifacts, number: made}, files=files)
    same = "as they were" if not others else f"all but {', '.join(STEPS[number - 1] for number in others)}"
    told = f"the repository was made again from the design; {len(job.artifacts)} commits, {same}"
    with shop.engine.begin() as connection:
        leases.confirm(connection, lease)
        for number, result in others.items():
            _write_again(connection, job.id, number, result, now.artifacts[number])
        record(connection, job.id, None, "history_rebuilt", told, level="warning", because=words)
    job.say(told)
    return now


def _repeated(job: StepJob, number: int) -> StepResult:
    try:
        result = RUN[number](job)
    except (TransientError, LeaseLostError):
        raise
    except Exception as error:
        raise _UnrepeatableError(f"step {number} cannot be done again: {error}") from error
    if result.problems:
        raise _UnrepeatableError(f"step {number} cannot be done again: {'; '.join(result.problems)}")
    return result


def _write_again(
    connection: sa.Connection, game_id: Any, number: int, result: StepResult, artifacts: Mapping[str, Any]
) -> None:
    write_made(connection, game_id, result)
    step = sa.update(GAME_STEPS).where(GAME_STEPS.c.game_id == game_id, GAME_STEPS.c.step_number == number)
    connection.execute(step.values(artifacts=dict(artifacts), validation_results=result.verdicts))
    if result.game:
        connection.execute(sa.update(GAMES).where(GAMES.c.id == game_id).values(**result.game))


def write_made(connection: sa.Connection, game_id: Any, result: StepResult) -> None:
    """The rows of what a step made, besides its own."""
    if result.assets:
        upsert(connection, GameAsset, game_id, result.assets, ("game_id", "filename"))
    if result.builds:
        upsert(connection, GameBuild, game_id, result.builds, ("game_id", "build_number", "platform"))


def _begin_anew(shop: Workshop, job: StepJob, lease: Lease, number: int, why: str) -> BegunAnewError:
    """Put the game back to step 1, without its design; what to raise."""
    told = f"{why}: the game starts at step 1, in its next run"
    with shop.engine.begin() as connection:
        leases.confirm(connection, lease)
        game = connection.execute(sa.select(GAMES).where(GAMES.c.id == job.id)).mappings().one()
        for step, status in connection.execute(
            sa.select(GAME_STEPS.c.step_number, GAME_STEPS.c.status).where(GAME_STEPS.c.game_id == job.id)
        ).all():
            key = {"game_id": job.id, "step_number": step}
            empty: dict[str, Any] = {
                "artifacts": {},
                "validation_results": {},
                "retry_count": 0,
                "completed_at": None,
            }
            change(connection, GAME_STEPS, STEP, key, status, "pending", **empty)
        for made in (GameAsset, GameBuild):
            rows = table_of(made)
            connection.execute(sa.delete(rows).where(rows.c.game_id == job.id))
        again: dict[str, Any] = {
            "attempt": game["attempt"] + 1,
            "current_step": 0,
            "gdd_spec": {},
            "requested_at": None,
        }
        change(connection, GAMES, GAME, job.id, game["status"], "created", **again, **RELEASED)
        if may_be_served(game["current_step"]):
            shop.providers.publisher.withdraw(game["slug"])
        record(connection, job.id, number, "game_begun_anew", told, level="warning")
        step_failed(connection, lease.owner, number, told, again=False)
    return BegunAnewError(told)
