"""What claiming jobs costs while somebody holds a transaction open: nothing dead is cleared away meanwhile.

Jobs are entered, read, taken and completed in batches, without a pause, by what the worker calls; beside that
bare PGMQ has the same load. What is dead stays where a claim looks, unless it does not look there.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil
import sqlalchemy as sa

from benchmarks.background_ways import QUEUE, Ours, Pgmq, texts
from benchmarks.factory import BenchFactory
from benchmarks.measure import console, print_table

BATCH = 100
END = 0.2
"""The beginning and the end are a fifth of the batches each."""

_DEAD = """
SELECT coalesce(sum(n_dead_tup), 0) FROM pg_stat_user_tables
WHERE schemaname = 'public' AND relname = 'jobs' OR schemaname = 'pgmq' AND relname = :queue
"""


@dataclass
class Load:
    """Milliseconds of read and take, a batch each, on the clock and of the server's processors."""

    wall: list[float] = field(default_factory=list)
    jobs: int = 0
    dead: int = 0
    server: list[float] = field(default_factory=list)


def main(factory: BenchFactory, seconds: float) -> None:
    """Print the table."""
    rows = []
    ours, bare = Ours(factory.engine, factory.settings), Pgmq(factory.engine)

    def work(clock: _Clock) -> None:
        ours.enter(texts(BATCH))
        with clock.timed():
            taken = ours.take(BATCH)
        assert len(taken) == BATCH
        ours.finish(taken)

    def work_bare(clock: _Clock) -> None:
        bare.enter(texts(BATCH))
        with clock.timed():
            found = bare.read(BATCH)
        bare.archive([row.msg_id for row in found])

    for name, one, queue in (
        ("ours: read and take", work, factory.settings.job_queue), ("bare PGMQ: read", work_bare, QUEUE)
    ):  # fmt: skip
        for held in (False, True):
            load = _under_load(factory, one, queue, seconds if held else min(seconds, 20), held=held)
            part = max(int(len(load.wall) * END), 1)
            first, last = statistics.median(load.wall[:part]), statistics.median(load.wall[-part:])
            cpu = [1000 * statistics.fmean(each) for each in (load.server[:part], load.server[-part:])]
            rows.append(
                (name, "held" if held else "none", f"{load.jobs:,}", f"{first:.2f}", f"{last:.2f}",
                 f"{cpu[0]:.2f}", f"{cpu[1]:.2f}", f"{cpu[1] / (cpu[0] or 1):.2f}", f"{load.dead:,}")
            )  # fmt: skip
    print_table(
        f"A transaction held open for {seconds:.0f} s under load: ms a batch of {BATCH}, median",
        (
            "",
            "transaction",
            "jobs",
            "first fifth",
            "last",
            "server's CPU: first",
            "last",
            "ratio",
            "dead rows",
        ),
        rows,
    )
    console.print(
        "A ratio may be 2: claiming slows by less than half. It is of CPU time: the machine is shared."
    )


Batch = Callable[["_Clock"], None]


class _Clock:
    """Times the blocks it is put around."""

    def __init__(self, load: Load, server: psutil.Process) -> None:
        self._load, self._server = load, server

    @contextmanager
    def timed(self) -> Iterator[None]:
        began, used = time.perf_counter(), self._used()
        yield
        self._load.wall.append(1000 * (time.perf_counter() - began))
        self._load.server.append(self._used() - used)

    def _used(self) -> float:
        times = self._server.cpu_times()
        return times.user + times.system


def _under_load(factory: BenchFactory, one: Batch, queue: str, seconds: float, *, held: bool) -> Load:
    load = Load()
    with factory.engine.connect() as connection:
        backend = psutil.Process(connection.scalar(sa.text("SELECT pg_backend_pid()")))
    # the pool hands out the connection that came back last: all of it is one backend's work
    clock = _Clock(load, backend)
    with _open_transaction(factory, held=held):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            one(clock)
            load.jobs += BATCH
        with factory.engine.connect() as connection:
            connection.execute(sa.text("SELECT pg_stat_force_next_flush()"))
            load.dead = connection.scalar(sa.text(_DEAD), {"queue": f"q_{queue}"})
    return load


@contextmanager
def _open_transaction(factory: BenchFactory, *, held: bool) -> Iterator[None]:
    """Somebody's long report: a snapshot that is kept."""
    other = sa.create_engine(factory.engine.url)
    with other.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        if held:
            connection.execute(sa.text("SELECT count(*) FROM public.jobs"))
        yield
    other.dispose()
