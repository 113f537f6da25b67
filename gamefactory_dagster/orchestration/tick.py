"""One tick over a table whose rows want a run each: recover, stop, request. Runs are behind ``RunBoard``.

What belongs here: finding out what became of rows and their runs, and moving each on by one, in a transaction
of its own, so that a crash between any two statements loses nothing and a second daemon doubles nothing.
What does not: what starting over or being cancelled means to a row; its slice says that (``Work``).
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any

import sqlalchemy as sa

from gamefactory_dagster.errors import TransientError
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.work.leases import RELEASED, key_of, matching

from .runs import RunBoard, RunView, Wanted

log = logging.getLogger(__name__)

Row = sa.RowMapping
Stage = Callable[[], int]
"""Does one kind of thing as often as it is due; returns how often that was."""

LOOKS_WHILE_STARTING = 4
"""A run that is starting is looked at this often before it counts as one that never will."""

PLANNING_SECONDS = 20.0
"""A third of the minute Dagster gives a sensor: the other stages want their turn in every tick."""

PATIENCE_SECONDS = 6.5
"""How long a sensor may look again and again: a daemon that is to stop waits for it."""


@dataclass(frozen=True, slots=True)
class Work:
    """A table whose rows want a run each.

    It has ``status``, ``attempt`` (of the run that is wanted or at work, from 1), ``requested_at`` (NULL: no
    run is asked for) and the columns of a lease, whose owner is the id of the run.
    """

    table: sa.Table
    waiting: str
    """State of a row whose run has not taken it up."""
    working: Collection[str]
    """States of a row some run holds the lease of."""
    cancelled: str | None
    """State of a row a person ended, whose runs are to be stopped; None where there is no such state."""
    next: sa.Select[Any]
    """Rows of the table to ask runs for, the first to be served first; those asked for already left out."""
    wanted: Callable[[Row], Wanted]
    """The run that makes a row's current attempt."""
    start_over: Callable[[sa.Connection, Row, str], None]
    """Put a row whose run died back with its next attempt, unheld and not asked for; or fail it."""
    cancel: Callable[[sa.Connection, Row, str], None]
    """End a row whose run a person stopped."""

    def silent(self) -> sa.ColumnElement[bool]:
        """Rows whose worker stopped renewing its lease."""
        columns = self.table.c
        return sa.and_(columns.status.in_(self.working), columns.lease_expires_at < sa.func.clock_timestamp())

    def unclaimed(self, seconds: float) -> sa.ColumnElement[bool]:
        """Rows a run was asked for so many seconds ago, and no worker has taken up."""
        columns = self.table.c
        since = sa.func.clock_timestamp() - sa.func.make_interval(0, 0, 0, 0, 0, 0, seconds)
        return sa.and_(columns.status == self.waiting, columns.requested_at < since)

    def held_though_cancelled(self) -> sa.ColumnElement[bool]:
        """Cancelled rows that still name a run: nobody has stopped it yet."""
        columns = self.table.c
        named = sa.or_(columns.requested_at.is_not(None), columns.lease_owner.is_not(None))
        return sa.and_(columns.status == self.cancelled, named)


@dataclass(slots=True)
class Tick:
    """What one tick did: how often each stage did something, what it failed with, and the runs it wants."""

    done: dict[str, int] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    wanted: tuple[Wanted, ...] = ()

    def __str__(self) -> str:
        counts = [f"{name}: {count}" for name, count in self.done.items() if count]
        faults = [f"{name} failed: {why}" for name, why in self.failed.items()]
        return ", ".join([*counts, *faults]) or "nothing to do"

    def attempt(self, name: str, stage: Stage) -> None:
        """Do a stage; when it fails the others still have their turn."""
        try:
            self.done[name] = stage()
        except Exception as error:
            log.exception("%s failed", name)
            self.failed[name] = " ".join(str(error).split()) or type(error).__name__


def tick(
    engine: sa.Engine,
    settings: Settings,
    board: RunBoard,
    work: Work,
    *,
    before: Mapping[str, Stage] | None = None,
    after: Mapping[str, Stage] | None = None,
) -> Tick:
    """Move everything on by one; safe at any time, in any number of processes.

    A slice's own stages go ``before`` and ``after`` those that every slice has.
    """
    done = Tick()
    stages: dict[str, Stage] = {
        **(before or {}),
        "silent workers replaced": lambda: recover_silent(engine, settings, board, work),
        "runs not taken up": lambda: recover_unclaimed(engine, settings, board, work),
        "cancelled runs stopped": lambda: stop_cancelled(engine, settings, board, work),
        **(after or {}),
    }
    for name, stage in stages.items():
        done.attempt(name, stage)

    def request() -> int:
        done.wanted = request_next(engine, settings, work)
        return len(done.wanted)

    done.attempt("runs asked for", request)
    return done


def patiently(look: Callable[[], Tick], every: float) -> Tick:
    """Look every so many seconds until there was something to do, or PATIENCE_SECONDS have passed.

    Gives what the last look did. What an orchestrator does around a look costs several times the look.
    """
    until = monotonic() + PATIENCE_SECONDS
    while True:
        done = look()
        if done.wanted or done.failed or any(done.done.values()) or monotonic() + every > until:
            return done
        sleep(every)


def repeated(step: Callable[[], int | None], seconds: float = PLANNING_SECONDS) -> int:
    """Do a step until it gives None or the time is used up; the sum of what it gave."""
    total, until = 0, monotonic() + seconds
    while monotonic() < until and (count := step()) is not None:
        total += count
    return total


def recover_silent(engine: sa.Engine, settings: Settings, board: RunBoard, work: Work) -> int:
    """Rows whose worker fell silent start over; a run the orchestrator still believes in is ended."""

    def recover(connection: sa.Connection, row: Row) -> bool:
        run = board.by_id(row["lease_owner"])
        if run.state == "cancelled":
            work.cancel(connection, row, _stopped_by_a_person(run))
            return True
        why = f"the worker of run {run.run_id} died"
        if not run.ended:
            board.give_up(run.run_id, why)
        work.start_over(connection, row, why)
        return True

    columns = work.table.c
    return _each(engine, work, work.silent(), [columns.lease_expires_at], settings.runs_per_tick, recover)


def recover_unclaimed(engine: sa.Engine, settings: Settings, board: RunBoard, work: Work) -> int:
    """Rows that were asked for but taken up by no worker: see what became of the run."""

    def ask_again(connection: sa.Connection, row: Row, requested_at: Any) -> bool:
        key = key_of(work.table, row)
        connection.execute(
            sa.update(work.table).where(matching(work.table, key)).values(requested_at=requested_at)
        )
        return requested_at is None

    def recover(connection: sa.Connection, row: Row) -> bool:
        run = board.by_key(work.wanted(row).run_key)
        if run is None or run.state == "unsubmitted":
            # The daemon died before the run was queued: asking again under the same key carries on there.
            return ask_again(connection, row, None)
        # A busy machine starts runs slowly; giving up sooner each time would only make it busier.
        patience = settings.start_seconds * row["attempt"]
        if run.state == "waiting" or (run.state == "alive" and run.age < patience):
            return ask_again(connection, row, sa.func.now())
        if run.state == "cancelled":
            work.cancel(connection, row, _stopped_by_a_person(run))
            return True
        why = f"run {run.run_id} never took it up"
        if run.state == "alive":
            board.give_up(run.run_id, why)
        work.start_over(connection, row, why)
        return True

    where = work.unclaimed(settings.start_seconds / LOOKS_WHILE_STARTING)
    return _each(engine, work, where, [work.table.c.requested_at], settings.runs_per_tick, recover)


def stop_cancelled(engine: sa.Engine, settings: Settings, board: RunBoard, work: Work) -> int:
    """End the runs of cancelled rows, each once."""
    if work.cancelled is None:
        return 0

    def stop(connection: sa.Connection, row: Row) -> bool:
        board.stop(work.wanted(row).subject)
        key = key_of(work.table, row)
        cleared = sa.update(work.table).where(matching(work.table, key))
        connection.execute(cleared.values(requested_at=None, **RELEASED))
        return True

    return _each(engine, work, work.held_though_cancelled(), [], settings.runs_per_tick, stop)


def request_next(engine: sa.Engine, settings: Settings, work: Work) -> tuple[Wanted, ...]:
    """The next rows to ask runs for, in the order of ``work.next``, marked as asked for.

    Rows that others look at are skipped, so two daemons never mark the same row; the mark is what recovery
    looks at.
    """
    chosen = work.next.limit(settings.runs_per_tick)
    with engine.begin() as connection:
        rows = (
            connection.execute(chosen.with_for_update(of=work.table, skip_locked=True, key_share=True))
            .mappings()
            .all()
        )
        if rows:
            key = sa.tuple_(*work.table.primary_key.columns)
            asked = sa.update(work.table).where(key.in_([key_of(work.table, row) for row in rows]))
            connection.execute(asked.values(requested_at=sa.func.clock_timestamp()))
    return tuple(work.wanted(row) for row in rows)


def _each(
    engine: sa.Engine,
    work: Work,
    where: sa.ColumnElement[bool],
    order_by: Sequence[sa.ColumnElement[Any]],
    limit: int,
    do: Callable[[sa.Connection, Row], bool],
) -> int:
    """Do something to each row, locked and in a transaction of its own; how many it did something to.

    A row that fails holds up no other; its fault is raised when all have had their turn.
    """
    table = work.table
    with engine.connect() as connection:
        first = sa.select(*table.primary_key.columns).where(where).order_by(*order_by).limit(limit)
        keys = [tuple(row) for row in connection.execute(first)]
    done, faults = 0, []
    for key in keys:
        locked = sa.select(table).where(matching(table, key), where)
        try:
            with engine.begin() as connection:
                row = (
                    connection.execute(locked.with_for_update(skip_locked=True, key_share=True))
                    .mappings()
                    .first()
                )
                done += row is not None and do(connection, row)
        except Exception as error:
            log.exception("%s %s", table.name, key)
            faults.append(f"{table.name} {' '.join(map(str, key))}: {error}")
    if faults:
        raise TransientError(f"{len(faults)} of {len(keys)} could not be moved on: {'; '.join(faults[:3])}")
    return done


def _stopped_by_a_person(run: RunView) -> str:
    return f"run {run.run_id} was stopped by a person"
