"""What a job of ours costs by part, in CPU microseconds; and how many a minute a whole factory does.

A part is what the worker calls, called alone on as many jobs at a time as it does. The child is a process
that does the work; Dagster's share is a whole run less the worker's.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psutil
import sqlalchemy as sa

from benchmarks.background_ways import LEASE, OUT_OF_SIGHT, Ours, texts
from benchmarks.factory import BenchFactory, run_python
from benchmarks.measure import Cost, console, measured, print_table
from gamefactory_dagster.background import lanes, queue
from gamefactory_dagster.background.queue import Queues, Taken
from gamefactory_dagster.background.reader import Reader
from gamefactory_dagster.background.worker import work_at
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.local.kept import Child
from gamefactory_dagster.local.processes import DAEMON

ENTERED, READ, TAKEN = 100, 100, 50
"""At a time: by a caller, by a worker that reads, by a worker that takes."""

TARGET = 10_000
"""Jobs a minute, from entering to completed."""

Row = tuple[str, float, float, float]


def main(factory: BenchFactory, jobs: int) -> None:
    """Print the table, and the minute."""
    rows = [*_calls(factory, jobs), *_worker(factory, jobs), *_run(factory, jobs)]
    print_table(
        f"Ours by part, {jobs:,} jobs: CPU microseconds a job",
        ("part", "here", "children", "server", "together"),
        [(name, *(f"{one:,.0f}" for one in (*parts, sum(parts)))) for name, *parts in rows],
    )
    _minute(factory, jobs * 5)


def _calls(factory: BenchFactory, jobs: int) -> Iterator[Row]:
    ours, queues = Ours(factory.engine, factory.settings), Queues.of(factory.settings)
    with measured(factory.postmaster) as cost:
        for at in range(0, jobs, ENTERED):
            ours.enter(texts(jobs)[at : at + ENTERED])
    yield _row("enter, 100 at a time", cost, jobs)
    found: list[UUID] = []
    reader = Reader(queues)
    with measured(factory.postmaster) as cost:
        while len(found) < jobs:
            with transaction(factory.engine) as connection:
                found += [one.job_id for one in reader.read(connection, READ, OUT_OF_SIGHT)]
    yield _row("read, 100 at a time", cost, jobs)
    taken: list[Taken] = []
    with measured(factory.postmaster) as cost:
        for at in range(0, jobs, TAKEN):
            with transaction(factory.engine) as connection:
                taken += queue.take(connection, "benchmark", LEASE, found[at : at + TAKEN], TAKEN)
    yield _row("take, 50 at a time", cost, jobs)
    with measured(factory.postmaster) as cost:
        for at in range(0, jobs, TAKEN):
            ours.finish(taken[at : at + TAKEN])
    yield _row("finish, 50 at a time", cost, jobs)


def _worker(factory: BenchFactory, jobs: int) -> Iterator[Row]:
    """A whole worker less what it costs to start one."""
    with children() as used:
        costs = []
        for count in (1, jobs):
            before = used.cpu
            found = entered(factory, count)
            with measured(factory.postmaster) as cost:
                done = sum(1 for _ in work_at(factory.engine, factory.settings, f"benchmark {count}", found))
            assert done == count
            costs.append((cost, used.cpu - before))
    (start, started), (whole, worked) = costs
    yield ("worker: one job and its start", 1e6 * start.own, 1e6 * started, 1e6 * start.postgres)
    parts = (whole.own - start.own, worked - started, whole.postgres - start.postgres)
    rate = jobs / (whole.wall - start.wall)
    console.print(f"A worker with its children: {rate:,.0f} jobs a second by the clock, after its start.")
    yield ("worker: take, child, finish", *(1e6 * part / jobs for part in parts))  # type: ignore[misc]


def _run(factory: BenchFactory, jobs: int) -> Iterator[Row]:
    """A run of Dagster's, of one job and of many: an output a job."""
    costs = []
    for count in (1, jobs):
        found = entered(factory, count)
        with measured(factory.postmaster) as cost:
            answer = json.loads(run_python(factory, "benchmarks.background_run", *map(str, found)))
        assert answer["done"] == count, answer
        costs.append((answer["cpu"], answer["children"], cost.postgres))
    one, many = costs
    yield ("run: one job and its start", *(1e6 * part for part in one))  # type: ignore[misc]
    each = [1e6 * (late - early) / jobs for early, late in zip(one, many, strict=True)]
    yield ("run: a job more, with its output", *each)  # type: ignore[misc]


def entered(factory: BenchFactory, count: int) -> list[UUID]:
    """Jobs that were entered and read, for a worker."""
    ours, reader = Ours(factory.engine, factory.settings), Reader(Queues.of(factory.settings))
    found: list[UUID] = []
    for at in range(0, count, ENTERED):
        ours.enter(texts(count)[at : at + ENTERED])
        with transaction(factory.engine) as connection:
            found += [one.job_id for one in reader.read(connection, ENTERED, OUT_OF_SIGHT)]
    return found


def _row(name: str, cost: Cost, jobs: int) -> Row:
    return name, 1e6 * cost.own / jobs, 0.0, 1e6 * cost.postgres / jobs


@contextmanager
def children() -> Iterator["Used"]:
    """Count what lanes and the process they come from have used when they are ended."""
    used = Used()
    lane_end, lanes_exit = lanes.Lane.end, lanes.Lanes.__exit__

    def end(lane: lanes.Lane) -> None:
        used.add(lane.pid)
        lane_end(lane)

    def leave(source: lanes.Lanes, *how: object) -> None:
        used.add(source._parent.pid)
        lanes_exit(source, *how)  # type: ignore[arg-type]

    lanes.Lane.end, lanes.Lanes.__exit__ = end, leave  # type: ignore[method-assign,assignment]
    try:
        yield used
    finally:
        lanes.Lane.end, lanes.Lanes.__exit__ = lane_end, lanes_exit  # type: ignore[method-assign]


class Used:
    """CPU seconds of processes that are gone."""

    def __init__(self) -> None:
        self.cpu = 0.0

    def add(self, pid: int) -> None:
        """Take what one has used; it is about to be ended."""
        times = psutil.Process(pid).cpu_times()
        self.cpu += times.user + times.system


def _minute(factory: BenchFactory, jobs: int) -> None:
    """From entering to completed, by daemon, sensor and runs: the rate while there is something to do."""
    ours = Ours(factory.engine, factory.settings)
    daemon = Child(*DAEMON, factory.environment, factory.settings.home / "logs")
    try:
        ours.enter(texts(1))
        _wait(factory, daemon, 180)
        with measured(factory.postmaster) as cost:
            for at in range(0, jobs, ENTERED):
                ours.enter(texts(jobs)[at : at + ENTERED])
            _wait(factory, daemon, 600)
    finally:
        for process in [*psutil.Process(daemon.pid).children(recursive=True), psutil.Process(daemon.pid)]:
            process.kill()
    rate = 60 * jobs / cost.wall
    console.print(
        f"End to end, by daemon, sensor and runs: {jobs:,} jobs in {cost.wall:.1f} s on the clock, "
        f"{rate:,.0f} a minute (at least {TARGET:,}); "
        f"server {1e6 * cost.postgres / jobs:,.0f} microseconds a job."
    )


def _wait(factory: BenchFactory, daemon: Child, seconds: float) -> None:
    """Until no job is open."""
    statement = sa.text("SELECT count(*) FROM public.jobs WHERE status IN ('pending', 'processing')")
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        daemon.check()
        with factory.engine.connect() as connection:
            if connection.scalar(statement) == 0:
                return
        time.sleep(0.2)
    raise SystemExit(f"jobs were not done within {seconds:.0f} s")
