"""Ending runs of which nobody will tell any more: their process died, or told nothing when it ended.

What belongs here: which runs those are, and the words. What does not: runs of games, as long as whoever
recovers the game may tell more of it (``production/dispatch.py``), and Dagster, which is behind ``RunBoard``.
"""

import logging

import sqlalchemy as sa

from gamefactory_dagster.database import locks
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.errors import GameFactoryError, TransientError
from gamefactory_dagster.orchestration.runs import RunBoard, RunView

from .access import services_view
from .recording import Ending, entry

log = logging.getLogger(__name__)

RUNS_AT_ONCE = 200
"""Runs looked at in one go, those first that have been at work longest."""

YOUNG_SECONDS = 30.0
"""A run younger than this is left alone: it may be on its way to its first word to Dagster."""

PATIENCE_SECONDS = 120.0
"""How long after its run has ended a game is left to who recovers it."""

_DIED: tuple[Ending, str | None] = ("failed", "its process died")

_ENDINGS: dict[str, tuple[Ending, str | None]] = {
    "succeeded": ("completed", None),
    "failed": ("failed", "its run failed"),
    "cancelled": ("cancelled", "its run was stopped by a person"),
}


def end_abandoned(engine: sa.Engine, board: RunBoard) -> int:
    """End every run at work that nobody is at; how many that was. Safe at any time, in any process.

    Raises TransientError when some could not be ended, after the others have been.
    """
    with services_view(engine) as connection:
        limits = {"young": YOUNG_SECONDS, "limit": RUNS_AT_ONCE}
        at_work = connection.execute(sa.text(load("ledger/runs_at_work")), limits).all()
    done, faults = 0, []
    for run in at_work:
        try:
            done += _end_if_abandoned(engine, run.run_id, board.by_id(run.run_id), run.kind)
        except (GameFactoryError, sa.exc.SQLAlchemyError) as error:
            log.exception("run %s", run.run_id)
            faults.append(f"run {run.run_id}: {error}")
    if faults:
        raise TransientError(f"{len(faults)} of {len(at_work)} could not be ended: {'; '.join(faults[:3])}")
    return done


def _end_if_abandoned(engine: sa.Engine, run_id: str, view: RunView, kind: str | None) -> bool:
    with transaction(engine) as connection, entry(connection, run_id) as ledger:
        if view.state == "gone":
            found = None if locks.is_kept(connection, run_id) else _DIED
        else:
            found = ending(view, kind)
        return found is not None and ledger.end(*found)


def ending(view: RunView, kind: str | None) -> tuple[Ending, str | None] | None:
    """How a run of Dagster's that told nothing ended; None while it has not, or somebody may yet tell."""
    if kind == "game" and view.age < PATIENCE_SECONDS:
        return None
    return _ENDINGS.get(view.state)
