"""Row and message change together: statements that fail and processes that are killed, wherever they are.

What belongs here: entering, taking and finishing, broken off. What does not: jobs being done (``trials.py``).
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from gamefactory_dagster.background import queue
from gamefactory_dagster.background.queue import Queues, Result
from gamefactory_dagster.background.service import JobQueueService, Order
from gamefactory_dagster.background.states import Failure, verdict
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.settings import Settings

from .conftest import Desk

SECONDS = 600.0
"""How long something may take to come to its end on a busy machine."""

COUNTS = """
SELECT
    (SELECT count(*) FROM public.jobs WHERE status IN ('pending', 'processing')) AS open,
    (SELECT count(*) FROM public.jobs WHERE status = 'completed') AS completed,
    (SELECT count(*) FROM public.jobs WHERE status = 'failed') AS failed,
    (SELECT count(*) FROM pgmq.q_job_queue) AS messages,
    (SELECT count(*) FROM pgmq.q_job_queue_dead) AS dead
"""

LONELY = """
SELECT count(*) FROM public.jobs FULL JOIN pgmq.q_job_queue AS message ON message.msg_id = jobs.message_id
    AND jobs.queue = 'job_queue' AND jobs.status IN ('pending', 'processing')
WHERE (jobs.status IN ('pending', 'processing')) IS DISTINCT FROM (message.msg_id IS NOT NULL)
"""
"""Rows of jobs that have not ended without a message, and messages without such a row."""

LONELY_DEAD = """
SELECT count(*)
FROM public.jobs FULL JOIN pgmq.q_job_queue_dead AS message ON message.msg_id = jobs.message_id
    AND jobs.queue = 'job_queue_dead' AND jobs.status = 'failed'
WHERE (
    jobs.status = 'failed' AND jobs.error_type <> 'JobCancelledError'
    AND NOT EXISTS (SELECT FROM public.jobs AS later WHERE later.retry_of = jobs.id)
) IS DISTINCT FROM (message.msg_id IS NOT NULL)
"""


def one(desk: Desk, statement: str) -> Any:
    with desk.engine.connect() as connection:
        return connection.execute(sa.text(statement)).one()


def assert_paired(desk: Desk) -> None:
    """Each job that has not ended has its message and each message its job; the dead likewise."""
    assert one(desk, LONELY)[0] == 0
    assert one(desk, LONELY_DEAD)[0] == 0


def atomic_exceptions(desk: Desk, times: int) -> dict[str, Any]:
    """An exception at every statement of entering, taking and finishing leaves all or nothing."""
    tried = Counter[str]()
    for name, call in STATEMENTS.items():
        at = 0
        while sum(tried.values()) < times:
            prepared = call(desk)
            before = one(desk, COUNTS)
            broke = _breaks_at(desk, prepared, at)
            assert_paired(desk)
            if not broke:
                break
            tried[name] += 1
            assert one(desk, COUNTS) == before, f"{name} broken off at statement {at}"
            at += 1
    return dict(tried)


class BrokenError(Exception):
    """What is put in the way of a statement."""


def _breaks_at(desk: Desk, call: Callable[[], Any], at: int) -> bool:
    """Do ``call`` with an exception before its statement ``at``; whether there was one."""
    seen = 0

    def before(connection, cursor, statement, *_):
        nonlocal seen
        seen += 1
        if seen == at + 1:
            raise BrokenError

    sa.event.listen(desk.engine, "before_cursor_execute", before)
    try:
        call()
    except BrokenError:
        return True
    finally:
        sa.event.remove(desk.engine, "before_cursor_execute", before)
    return False


def _entering(desk: Desk) -> Any:
    orders = [Order("sample_task", unique_key=str(uuid4())), Order("sample_task")]
    return lambda: desk.service.create_jobs(orders)


def _finishing(failure: Failure | None) -> Any:
    def prepare(desk: Desk) -> Any:
        jobs = [entered.id for entered in desk.service.create_jobs([Order("sample_task")] * 3)]
        with desk.engine.begin() as connection:
            taken = queue.take(connection, "run", 60, jobs, 3)

        def finish() -> None:
            result = verdict(failure, 0, 1)
            with desk.engine.begin() as connection:
                queue.finish(
                    connection,
                    desk.queues,
                    [Result(job.job_id, "run", job.lease.epoch, result, failure=failure) for job in taken],
                )

        return finish

    return prepare


def _retrying(desk: Desk) -> Any:
    job = desk.enter()
    with desk.engine.begin() as connection:
        [taken] = queue.take(connection, "run", 60, [job], 1)
        failure = Failure("E", "e", may_pass=False)
        result = Result(job, "run", taken.lease.epoch, verdict(failure, 0, 0), failure=failure)
        queue.finish(connection, desk.queues, [result])
    return lambda: desk.service.retry_job(job)


def _cancelling(desk: Desk) -> Any:
    job = desk.enter()
    return lambda: desk.service.cancel_job(job)


STATEMENTS = {
    "entering": _entering,
    "completing": _finishing(None),
    "failing": _finishing(Failure("E", "e", may_pass=False)),
    "trying again": _finishing(Failure("E", "e")),
    "entering anew": _retrying,
    "cancelling": _cancelling,
}


def atomic_kills(desk: Desk, times: int) -> dict[str, Any]:
    """kill -9 at random of who enters, takes and finishes leaves row and message, or neither."""
    given = {"settings": desk.settings.model_dump(mode="json"), "times": times}
    command = [sys.executable, "-m", "tests.background.atomic"]
    subprocess.run(command, input=json.dumps(given), text=True, check=True)
    _wait_for_sessions(desk)
    assert_paired(desk)
    counts = one(desk, COUNTS)._asdict()
    assert counts["completed"] > times / 4 and counts["failed"] > 0 and counts["open"] > 0, counts
    return {"kills": times, **counts}


def _wait_for_sessions(desk: Desk) -> None:
    """PostgreSQL may still be at what it was asked by one that was killed."""
    busy = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    until = time.monotonic() + SECONDS
    while one(desk, f"{busy} AND state <> 'idle'")[0] and time.monotonic() < until:
        time.sleep(0.05)


def forker(given: dict[str, Any]) -> None:
    """Fork someone who works at the queue, kill him a moment later, again and again."""
    settings = Settings(**given["settings"])
    engine = get_engine(settings)
    for _ in range(3):
        began = time.monotonic()
        _work_through(engine, settings, "before")
        engine.dispose()  # who is forked has to connect as well, and no connection is there to be shared
        once = time.monotonic() - began
    chance = random.Random(1)
    for number in range(given["times"]):
        pid = os.fork()
        if pid == 0:
            while True:
                _work_through(engine, settings, f"run {number}")
        time.sleep(chance.uniform(1, 6) * once)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _work_through(engine: sa.Engine, settings: Settings, owner: str) -> None:
    """Enter three jobs, take them, and write down three ends."""
    failures = [None, Failure("E", "e", may_pass=False), Failure("E", "e")]
    jobs = [one.id for one in JobQueueService(engine, settings).create_jobs([Order("sample_task")] * 3)]
    with engine.begin() as connection:
        taken = queue.take(connection, owner, 60, jobs, 3)
    with engine.begin() as connection:
        results = [
            Result(job.job_id, owner, job.lease.epoch, verdict(failure, 0, 1), failure=failure)
            for job, failure in zip(taken, failures, strict=True)
        ]
        queue.finish(connection, Queues.of(settings), results)


if __name__ == "__main__":
    forker(json.load(sys.stdin))
