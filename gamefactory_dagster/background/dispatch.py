"""What the sensor of jobs does in one tick: recover what fell silent, read messages, ask for runs.

What belongs here: how many messages are read, and which jobs share a run. What does not: Dagster.
"""

from collections.abc import Sequence
from functools import cache
from time import monotonic

import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.orchestration.runs import PRIORITY_TAG, RunBoard, Wanted
from gamefactory_dagster.orchestration.tick import Tick
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.work.leases import expiry

from . import queue
from .queue import Queues
from .reader import Due, Reader
from .recovery import recover_silent
from .registry import Registry
from .worker import READ_SECONDS

JOBS_PER_RUN = 500
"""Jobs that share a run at most."""

SHARED_RUNS = 2
ALONE_RUNS = 1
"""Runs there may be at a time, waiting ones too: of those that share one, and of those too heavy to."""

LEFT_SECONDS = 10.0
"""How long a job that was read, and that there is no run for, is out of sight: others come before it."""

READING_SECONDS = 5.0
"""How long a tick reads, of the minute Dagster gives a sensor."""

SHARED, ALONE = "shared", "alone"
SHARE_TAG = ".dagster/gamefactory_jobs"
"""Of a run: which of the two it is."""


def tick(
    engine: sa.Engine, settings: Settings, board: RunBoard, types: Registry, shared: int, alone: int
) -> Tick:
    """Move everything on by one; ``shared`` and ``alone`` runs have not ended yet."""
    done = Tick()
    done.attempt("silent workers' jobs", lambda: recover_silent(engine, settings, board, types))

    def ask() -> int:
        done.wanted = wanted_runs(engine, settings, types, SHARED_RUNS - shared, ALONE_RUNS - alone)
        return len(done.wanted)

    done.attempt("runs asked for", ask)
    return done


def wanted_runs(
    engine: sa.Engine, settings: Settings, types: Registry, shared: int, alone: int
) -> tuple[Wanted, ...]:
    """Read messages for so many runs of either sort; a job there is no run for is left to the next tick.

    What is read stays out of others' sight for READ_SECONDS: a run that is never started loses nothing.
    """
    if shared <= 0 and alone <= 0:
        return ()
    queues = Queues.of(settings)
    with transaction(engine) as connection:
        queues.ensure(connection)
        due = _read_past(connection, _reader(queues), types, JOBS_PER_RUN * max(shared, 0))
        runs, left = share_out(due, types, shared, alone)
        later = connection.execute(sa.select(expiry(LEFT_SECONDS))).scalar_one()
        for name in queues.waiting:
            queue.show_at(connection, name, [one.message_id for one in left if one.queue == name], later)
    return tuple(runs)


@cache
def _reader(queues: Queues) -> Reader:
    """The one of this process: it is asked again and again."""
    return Reader(queues)


def _read_past(connection: sa.Connection, reader: Reader, types: Registry, light: int) -> list[Due]:
    """Read until there are so many jobs that share a run: heavy ones in front of them hide none."""
    due: list[Due] = []
    until = monotonic() + READING_SECONDS
    while monotonic() < until:
        page = reader.read(connection, JOBS_PER_RUN, READ_SECONDS)
        due += page
        if not page or sum(not types.is_alone(one.job_type) for one in due) >= light:
            break
    return due


def share_out(due: Sequence[Due], types: Registry, shared: int, alone: int) -> tuple[list[Wanted], list[Due]]:
    """Say which runs are wanted, and which jobs are left for later. Pure."""
    heavy = [one for one in due if types.is_alone(one.job_type)]
    light = [one for one in due if not types.is_alone(one.job_type)]
    groups = [light[at : at + JOBS_PER_RUN] for at in range(0, len(light), JOBS_PER_RUN)]
    taken = [*groups[: max(shared, 0)], *([one] for one in heavy[: max(alone, 0)])]
    left = [one for group in groups[max(shared, 0) :] for one in group] + heavy[max(alone, 0) :]
    return [_wanted(group, types) for group in taken], left


def _wanted(group: Sequence[Due], types: Registry) -> Wanted:
    first = group[0]
    sort = ALONE if types.is_alone(first.job_type) else SHARED
    subject = f"{first.queue}:{first.message_id}"
    tags = {SHARE_TAG: sort}
    if first.queue.endswith("_high"):
        tags[PRIORITY_TAG] = "5"
    return Wanted(subject, first.reads, {"jobs": [str(one.job_id) for one in group]}, tags)
