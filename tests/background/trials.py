"""Faults, tried many times: workers killed and stopped, the server too, races, poison.

What belongs here: each trial as a function of a desk and of how often, which checks what must hold and gives
figures. Tests try each a few times; ``python -m tests.background.trials NAME --times 300`` tries it as often
as wanted, on a server of its own.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from gamefactory_dagster.background import dispatch, queue
from gamefactory_dagster.background.queue import Result
from gamefactory_dagster.background.reader import Reader
from gamefactory_dagster.background.registry import registry
from gamefactory_dagster.background.service import Order
from gamefactory_dagster.background.states import Failure, verdict
from gamefactory_dagster.background.worker import work_at
from gamefactory_dagster.database import migrations, processes, server
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.errors import GameFactoryError, IllegalTransitionError
from gamefactory_dagster.settings import Settings
from tests.board import Board

from .atomic import SECONDS, atomic_exceptions, atomic_kills, one
from .conftest import SORTS, Desk


@contextmanager
def worker(
    desk: Desk, owner: str, jobs: Sequence[UUID], lease: float = 1.0
) -> Iterator[subprocess.Popen[str]]:
    """A process that works at these jobs."""
    settings = desk.settings.model_copy(update={"lease_seconds": lease})
    given = {"settings": settings.model_dump(mode="json"), "owner": owner, "jobs": list(map(str, jobs))}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.background.trials", "--be", "worker"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(json.dumps(given))
    process.stdin.close()
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def _worker(given: dict[str, Any]) -> None:
    settings = Settings(**given["settings"])
    engine = get_engine(settings, pool_size=2, max_overflow=2)
    jobs = [UUID(job) for job in given["jobs"]]
    counts = Counter[str]()
    for outcome in work_at(engine, settings, given["owner"], jobs, types=SORTS):
        counts[outcome.state] += 1
    print(json.dumps(counts))  # noqa: T201


def _open(desk: Desk) -> list[UUID]:
    """Jobs that have not ended, in a new order each time."""
    with desk.engine.connect() as connection:
        found = connection.execute(
            sa.text("SELECT id FROM public.jobs WHERE status IN ('pending', 'processing') ORDER BY random()")
        )
        return [row.id for row in found]


def _no_pause(desk: Desk) -> None:
    """Let time pass: what waits for another try is due."""
    with desk.engine.begin() as connection:
        connection.execute(
            sa.text(
                "UPDATE public.jobs SET run_after = now() WHERE status = 'processing' AND lease_owner IS NULL"
            )
        )


def assert_all_done(desk: Desk, exact: Sequence[UUID], counted: Sequence[UUID]) -> dict[str, int]:
    """Every job completed, its effect there: exactly once where that is promised, at least once elsewhere."""
    effects = desk.effects()
    wanted = [*exact, *counted]
    with desk.engine.connect() as connection:
        statuses = connection.execute(sa.text("SELECT id, status FROM public.jobs")).all()
    assert {row.status for row in statuses if row.id in set(wanted)} <= {"completed"}
    assert [effects.get(job, 0) for job in exact] == [1] * len(exact)
    assert min((effects.get(job, 0) for job in counted), default=1) >= 1
    assert desk.all_messages() == [] and desk.messages(desk.queues.dead) == []
    return {"effects done more than once": sum(effects.get(job, 0) > 1 for job in counted)}


def killed_workers(desk: Desk, times: int) -> dict[str, Any]:
    """Workers are killed with -9 in the middle of jobs; another goes on."""
    count = max(20 * times, 60)
    exact, counted = _entered(desk, count, {"seconds": 0.02, "then_seconds": 0.02}, {"seconds": 0.02})
    chance, kills = random.Random(2), 0
    for number in range(times * 3):
        if not (jobs := _open(desk)):
            break
        with worker(desk, f"worker {number}", jobs) as process:
            if kills < times:
                assert _holds_jobs(desk, f"worker {number}", process)
                time.sleep(chance.uniform(0.0, 1.0))
                process.kill()
                kills += 1
            else:
                process.wait(SECONDS)
        _wait_for_silence(desk)
        desk.recover()
        _no_pause(desk)
    figures = assert_all_done(desk, exact, counted)
    return {"kills": kills, "jobs": 2 * count, **figures}


def _entered(
    desk: Desk, count: int, exact: dict[str, Any], counted: dict[str, Any]
) -> tuple[list[UUID], list[UUID]]:
    orders = [Order("exact", exact)] * count + [Order("counted", counted)] * count
    ids = [
        entered.id
        for at in range(0, len(orders), 5000)
        for entered in desk.service.create_jobs(orders[at : at + 5000])
    ]
    return ids[:count], ids[count:]


def _holds_jobs(desk: Desk, owner: str, process: subprocess.Popen[str] | None = None) -> bool:
    """Wait until a worker holds jobs; False where its process ends first."""
    until = time.monotonic() + SECONDS
    held = sa.text("SELECT EXISTS (SELECT FROM public.jobs WHERE lease_owner = :owner)")
    while time.monotonic() < until and (process is None or process.poll() is None):
        with desk.engine.connect() as connection:
            if connection.scalar(held, {"owner": owner}):
                return True
        time.sleep(0.01)
    assert time.monotonic() < until, f"{owner} took up nothing"
    return False


def _wait_for_silence(desk: Desk) -> None:
    """Until every lease that nobody renews has run out."""
    until = time.monotonic() + SECONDS
    held = "SELECT count(*) FROM public.jobs WHERE lease_expires_at > clock_timestamp()"
    while one(desk, held)[0] and time.monotonic() < until:
        time.sleep(0.05)


def stopped_workers(desk: Desk, times: int) -> dict[str, Any]:
    """A worker is stopped for twice its lease: others do what it held, what it writes is refused."""
    exact: list[UUID] = []
    counted: list[UUID] = []
    refused = stops = 0
    while stops < times:
        more = _entered(desk, 20, {"seconds": 0.05}, {"seconds": 0.05})
        exact, counted = exact + more[0], counted + more[1]
        owner = f"sleeper {stops}"
        with worker(desk, owner, [*more[0], *more[1]]) as process:
            while stops < times and _holds_jobs(desk, owner, process):
                refused += _stopped_for_twice_its_lease(desk, process)
                stops += 1
            process.wait(SECONDS)
        _finish_open(desk)
    return {
        "stops": stops,
        "refused": refused,
        "jobs": 2 * len(exact),
        **assert_all_done(desk, exact, counted),
    }


def _stopped_for_twice_its_lease(desk: Desk, process: subprocess.Popen[str]) -> int:
    """Stop and continue it; how many jobs were another's when it came back, and stayed so."""
    process.send_signal(signal.SIGSTOP)
    time.sleep(2.0)
    desk.recover()
    _no_pause(desk)
    with desk.engine.begin() as connection:
        taken = queue.take(connection, "other", 60, _open(desk), 1000)
    process.send_signal(signal.SIGCONT)
    time.sleep(1.0)
    there = _still_others(desk, [job.job_id for job in taken])
    with desk.engine.begin() as connection:
        failure = Failure("E", "given back")
        again = verdict(failure, 0, 1)
        results = [Result(job.job_id, "other", job.lease.epoch, again, failure=failure) for job in taken]
        assert len(queue.finish(connection, desk.queues, results)) == len(taken)
    _no_pause(desk)
    return there


def _finish_open(desk: Desk) -> None:
    """Have done what has not ended."""
    for _ in range(50):
        _wait_for_silence(desk)
        desk.recover()
        _no_pause(desk)
        if not (jobs := _open(desk)):
            return
        desk.work(*jobs, owner=str(uuid4()))


def _still_others(desk: Desk, jobs: Sequence[UUID]) -> int:
    """Assert that what others took while it was stopped is theirs still; how many that are."""
    with desk.engine.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT status, lease_owner FROM public.jobs WHERE id = ANY(:jobs)"), {"jobs": list(jobs)}
        ).all()
    assert {tuple(row) for row in rows} <= {("processing", "other")}
    return len(rows)


def restarted_server(
    desk: Desk, times: int, jobs: int = 5000, pause: tuple[float, float] = (5, 40)
) -> dict[str, Any]:
    """The postmaster is killed with -9 and started again under load; needs an embedded server of its own."""
    exact, counted = _entered(desk, jobs // 2, {"seconds": 0.05}, {"seconds": 0.05})
    chance, restarts, number = random.Random(4), 0, 0
    while True:
        desk.engine.dispose()
        if not (left := _open(desk)):
            break
        number += 1
        with worker(desk, f"worker {number}", left, lease=5.0) as process:
            while process.poll() is None:
                if restarts < times:
                    _pause(process, chance.uniform(*pause))
                    os.kill(processes.postmaster(desk.settings) or 0, signal.SIGKILL)
                    restarts += 1
                    server.start(desk.settings)
                else:
                    process.wait(SECONDS)
        desk.engine.dispose()
        _wait_for_silence(desk)
        desk.recover()
        _no_pause(desk)
        assert number < 10 * (times + 3)
    return {"restarts": restarts, "workers": number, "jobs": jobs, **assert_all_done(desk, exact, counted)}


def _pause(process: subprocess.Popen[str], seconds: float) -> None:
    until = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < until:
        time.sleep(0.1)


def two_sensors(desk: Desk, times: int) -> dict[str, Any]:
    """Sensors that read at once never ask for a job twice."""
    jobs = [entered.id for entered in desk.service.create_jobs([Order("sample_task")] * (3 * times))]
    asked: list[str] = []
    lock, gate = threading.Lock(), threading.Barrier(2)

    def sense() -> None:
        reader = Reader(desk.queues)
        for _ in range(times):
            gate.wait()
            with desk.engine.begin() as connection:
                due = reader.read(connection, 2, 600)
            with lock:
                asked.extend(str(one.job_id) for one in due)

    threads = [threading.Thread(target=sense) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(asked) == len(set(asked)) <= len(jobs)
    rest = dispatch.wanted_runs(desk.engine, desk.settings, registry(), 100, 1)
    asked += [job for run in rest for job in run.config["jobs"]]
    assert sorted(asked) == sorted(map(str, jobs))
    return {"ticks at once": times, "jobs": len(jobs)}


def cancelled_or_completed(desk: Desk, times: int) -> dict[str, Any]:
    """Jobs are cancelled while they are completed: each ends as one of the two."""
    jobs = [entered.id for entered in desk.service.create_jobs([Order("exact", {"seconds": 0.004})] * times)]
    ended, refused = Counter[str](), 0
    thread = threading.Thread(target=lambda: desk.work(*jobs))
    thread.start()
    assert _holds_jobs(desk, "worker")
    for job in jobs:
        while desk.row(job).status == "pending" and thread.is_alive():
            time.sleep(0.001)
        try:
            desk.service.cancel_job(job)
        except IllegalTransitionError:
            refused += 1
        except GameFactoryError as error:
            raise AssertionError(f"cancelling job {job}") from error
    thread.join()
    effects = desk.effects()
    for job in jobs:
        row = desk.row(job)
        ended[row.error_type or row.status] += 1
        assert (row.status, row.error_type) in {("completed", None), ("failed", "JobCancelledError")}
        assert effects.get(job, 0) == (row.status == "completed")
    assert desk.all_messages() == [] and desk.messages(desk.queues.dead) == []
    return {"races": times, **ended, "cancelled too late": refused}


def poison(desk: Desk, times: int) -> dict[str, Any]:
    """Good jobs beside poison: one in a hundred that raises, hangs, eats memory or talks without end."""
    good = 100 * times
    alone = _seconds_for(desk, good, [])
    ways = ["hang", "eat", "flood", "kill"]
    bad = [Order("rogue", {"how": ways[number % 4]}) for number in range(times)]
    beside = _seconds_for(desk, good, bad)
    return {"good": good, "poison": times, "alone, jobs/s": good / alone, "beside, jobs/s": good / beside}


def _seconds_for(desk: Desk, good: int, bad: list[Order]) -> float:
    """Seconds from the first to the last good job's end."""
    orders: list[Order] = [Order("sample_task", {"seconds": 0.02})] * good
    for number, order in enumerate(bad):
        orders.insert((number * len(orders)) // len(bad), order)
    entered = [
        one.id
        for at in range(0, len(orders), 5000)
        for one in desk.service.create_jobs(orders[at : at + 5000])
    ]
    desk.work(*entered, owner=str(uuid4()))
    took = sa.text(
        "SELECT extract(epoch FROM max(completed_at) - min(started_at)) FROM public.jobs "
        "WHERE id = ANY(:jobs) AND job_type = 'sample_task' AND status = 'completed'"
    )
    with desk.engine.connect() as connection:
        return float(connection.scalar(took, {"jobs": entered}))


TRIALS = {
    "atomic_exceptions": atomic_exceptions,
    "atomic_kills": atomic_kills,
    "killed_workers": killed_workers,
    "stopped_workers": stopped_workers,
    "restarted_server": restarted_server,
    "two_sensors": two_sensors,
    "cancelled_or_completed": cancelled_or_completed,
    "poison": poison,
}


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trial", choices=list(TRIALS), nargs="?")
    parser.add_argument("--times", type=int, default=300)
    parser.add_argument("--be", choices=["worker"], help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.be:
        _worker(json.load(sys.stdin))
        return
    with tempfile.TemporaryDirectory(prefix="gamefactory-trials-") as folder:
        settings = Settings(home=Path(folder), database_url=None)
        server.ensure(settings)
        try:
            migrations.upgrade(settings)
            desk = Desk(get_engine(settings, pool_size=4, max_overflow=12), settings, Board())
            with desk.engine.begin() as connection:
                connection.exec_driver_sql("CREATE TABLE public.effects (job uuid NOT NULL)")
            print(json.dumps(TRIALS[asked.trial](desk, asked.times), indent=2))  # noqa: T201
        finally:
            server.stop(settings)


if __name__ == "__main__":
    _main()
