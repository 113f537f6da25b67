"""Finding jobs nobody works at any more, and rows and messages that have lost each other.

What belongs here: which those are, and what becomes of each kind (design: "Recovery"). What does not: when
that is looked for (``defs.py``), and Dagster, which is behind ``RunBoard``.

A job whose lease is renewed is never touched. Each transaction moves some rows that others have not locked;
pages are by key or by what is moved out of sight, so that no page of long jobs hides what comes after it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database import locks
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.tables.background import OPEN
from gamefactory_dagster.orchestration.runs import RunBoard, RunView
from gamefactory_dagster.orchestration.tick import Tick, repeated
from gamefactory_dagster.settings import Settings

from . import queue
from .queue import JOBS, Queues, Result
from .registry import Registry
from .states import CANCELLED, Failure, JobTimeoutError, PendingTimeoutError, Verdict, verdict

AT_ONCE = 200
"""Rows a transaction."""

_BEGINNING = (datetime.min, UUID(int=0))


def recover(
    engine: sa.Engine, settings: Settings, board: RunBoard, types: Registry, runs: Iterable[RunView] = ()
) -> Tick:
    """Look for every kind of orphan and do what becomes of it; safe at any time, in any number of processes.

    ``runs`` are those that work at jobs and have not ended, as the orchestrator believes.
    """
    done = Tick()
    stages: dict[str, Callable[[], int]] = {
        "silent workers' jobs": lambda: recover_silent(engine, settings, board, types),
        "dead runs ended": lambda: end_dead_runs(engine, settings, board, runs),
        "jobs cancelled": lambda: repeated(partial(_cancel_next, engine, settings)),
        "jobs given up": lambda: repeated(partial(_give_up_next, engine, settings)),
        "messages sent again": lambda: send_missing(engine, settings),
        "messages archived": lambda: archive_strays(engine, settings),
    }
    for name, stage in stages.items():
        done.attempt(name, stage)
    return done


def recover_silent(engine: sa.Engine, settings: Settings, board: RunBoard, types: Registry) -> int:
    """Jobs whose worker fell silent are tried again or fail; a run still believed alive is ended."""
    return repeated(partial(_recover_next, engine, settings, board, types))


def _recover_next(engine: sa.Engine, settings: Settings, board: RunBoard, types: Registry) -> int | None:
    columns = JOBS.c
    silent = (
        sa.select(JOBS)
        .where(columns.status == "processing", columns.lease_expires_at < sa.func.clock_timestamp())
        .order_by(columns.lease_expires_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, key_share=True)
    )
    with transaction(engine) as connection:
        rows = connection.execute(silent).mappings().all()
        runs = {owner: board.by_id(owner) for owner in {row["lease_owner"] for row in rows}}
        results = [_after_silence(row, runs[row["lease_owner"]], types) for row in rows]
        if results:
            queue.finish(connection, Queues.of(settings), results)
    for run in runs.values():
        if run.state == "alive":
            board.give_up(run.run_id, "its worker fell silent")
    return len(rows) or None


def _after_silence(row: sa.RowMapping, run: RunView, types: Registry) -> Result:
    """What becomes of a job whose worker fell silent. Pure."""
    mine = partial(Result, row["id"], row["lease_owner"], row["lease_epoch"])
    kind = types.get(row["job_type"])
    stopped = run.state == "cancelled" and kind is not None and kind.alone
    if stopped or row["cancel_requested_at"] is not None:
        words = f"run {run.run_id} was stopped by a person" if stopped else CANCELLED.message
        return mine(Verdict("failed"), failure=replace(CANCELLED, message=words))
    if run.state == "cancelled":
        return mine(Verdict("again"), charged=False)
    failure = Failure(JobTimeoutError.__name__, f"the worker of run {run.run_id} fell silent")
    return mine(verdict(failure, row["retry_count"], kind.retries if kind else 0), failure=failure)


def end_dead_runs(engine: sa.Engine, settings: Settings, board: RunBoard, runs: Iterable[RunView]) -> int:
    """End runs in whose name no process is at work: they would keep their places for ever."""
    ended = 0
    for run in runs:
        if run.state == "alive" and run.age > settings.start_seconds:
            with transaction(engine) as connection:
                is_dead = not locks.is_kept(connection, run.run_id)
            if is_dead:
                board.give_up(run.run_id, "its process died")
                ended += 1
    return ended


def _cancel_next(engine: sa.Engine, settings: Settings) -> int | None:
    """Fail jobs that were given back by a worker that was asked to stop them."""
    columns = JOBS.c
    asked = (
        sa.select(columns.id)
        .where(
            columns.status.in_(OPEN), columns.lease_owner.is_(None), columns.cancel_requested_at.is_not(None)
        )
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, key_share=True)
    )
    with transaction(engine) as connection:
        jobs = connection.scalars(asked).all()
        queue.give_up(connection, Queues.of(settings), jobs, CANCELLED)
    return len(jobs) or None


def _give_up_next(engine: sa.Engine, settings: Settings) -> int | None:
    """Fail jobs nobody has taken up for longer than one may wait."""
    columns = JOBS.c
    hours = settings.job_patience_hours
    overdue = (
        sa.select(columns.id, columns.status)
        .where(
            columns.status.in_(OPEN),
            columns.lease_owner.is_(None),
            columns.run_after
            < sa.func.clock_timestamp() - sa.func.make_interval(0, 0, 0, 0, 0, 0, hours * 3600),
        )
        .order_by(columns.run_after, columns.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, key_share=True)
    )
    words = f"nobody took it up within {hours:g} hours of when it was due"
    with transaction(engine) as connection:
        rows = connection.execute(overdue).all()
        for status, error in (("pending", PendingTimeoutError), ("processing", JobTimeoutError)):
            jobs = [row.id for row in rows if row.status == status]
            queue.give_up(connection, Queues.of(settings), jobs, Failure(error.__name__, words))
    return len(rows) or None


def send_missing(engine: sa.Engine, settings: Settings) -> int:
    """Jobs nobody is at and whose message is gone get another."""
    sent, after = 0, _BEGINNING
    while True:
        with transaction(engine) as connection:
            count, last = _send_page(connection, Queues.of(settings), after)
        sent += count
        if last is None:
            return sent
        after = last


def _send_page(
    connection: sa.Connection, queues: Queues, after: tuple[datetime, UUID]
) -> tuple[int, tuple[datetime, UUID] | None]:
    columns = JOBS.c
    page = (
        sa.select(columns.id, columns.run_after, columns.queue, columns.message_id)
        .where(
            columns.status.in_(OPEN),
            columns.lease_owner.is_(None),
            sa.tuple_(columns.run_after, columns.id) > sa.tuple_(*map(sa.literal, after)),
        )
        .order_by(columns.run_after, columns.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, key_share=True)
    )
    rows: Sequence[Any] = connection.execute(page).all()
    by_queue: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_queue[row.queue if row.queue in queues.waiting else queues.normal].append(row)
    sent = 0
    for name, jobs in by_queue.items():
        theirs = [row.message_id for row in jobs if row.message_id is not None and row.queue == name]
        messages = queue.messages_in(name)
        there = set(connection.scalars(sa.select(messages.c.msg_id).where(messages.c.msg_id.in_(theirs))))
        lost = [row.id for row in jobs if row.queue != name or row.message_id not in there]
        queue.send(connection, name, lost)
        sent += len(lost)
    return sent, (rows[-1].run_after, rows[-1].id) if len(rows) == AT_ONCE else None


def archive_strays(engine: sa.Engine, settings: Settings) -> int:
    """Messages that are no job's any more go into their queue's archive."""
    queues = Queues.of(settings)
    states = {**dict.fromkeys(queues.waiting, OPEN), queues.dead: ("failed",)}
    return sum(repeated(partial(_archive_next, engine, name, of)) for name, of in states.items())


def _archive_next(engine: sa.Engine, name: str, states: tuple[str, ...]) -> int | None:
    messages = queue.messages_in(name)
    owned = sa.exists().where(
        JOBS.c.queue == name, JOBS.c.message_id == messages.c.msg_id, JOBS.c.status.in_(states)
    )
    strays = sa.select(messages.c.msg_id).where(~owned).order_by(messages.c.msg_id).limit(AT_ONCE)
    with transaction(engine) as connection:
        found = list(connection.scalars(strays))
        queue.archive(connection, name, found)
    return len(found) or None
