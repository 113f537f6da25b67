"""What claiming a request and a line of its log cost, with few rows that ended and many, and a bare table.

What belongs here: claims singly and in batches, by one and by eight at once. What does not: planning a game
and making it (``batch.py``, ``whole_games.py``).
"""

import threading
import time
from collections.abc import Callable

import sqlalchemy as sa

from benchmarks.factory import BenchFactory, bench_factory
from benchmarks.measure import print_table
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.requests.queue import QueueManager

WAITING = 2000
FINISHED = 100_000
BATCH = 100
CLAIMERS = 8
LINES = 10_000
ROUNDS = 3

_BARE = """
CREATE TABLE IF NOT EXISTS bare (
    id serial PRIMARY KEY, prompt text, status text DEFAULT 'pending', at timestamptz DEFAULT now()
);
CREATE INDEX IF NOT EXISTS bare_pending ON bare (at, id) WHERE status = 'pending'
"""
_TAKE = sa.text(
    """UPDATE bare SET status = 'processing' WHERE id IN (
        SELECT id FROM bare WHERE status = 'pending' ORDER BY at, id LIMIT :limit FOR UPDATE SKIP LOCKED
    ) RETURNING *"""
)

Claim = Callable[[int], int]
"""Claims up to so many; how many it got."""


def main() -> None:
    """Print the tables."""
    with bench_factory(browser=False) as factory:
        engine = get_engine(factory.settings, pool_size=CLAIMERS, max_overflow=2)
        queue = QueueManager(engine, factory.settings)
        with engine.begin() as connection:
            connection.exec_driver_sql(_BARE)

        def bare(limit: int) -> int:
            with engine.begin() as connection:
                return len(connection.execute(_TAKE, {"limit": limit}).all())

        rows = []
        for finished in (0, FINISHED):
            _finish(factory, finished)
            ways: dict[str, tuple[str, Claim]] = {
                "bare table": ("bare", bare),
                "requests": ("requests.jobs", lambda limit: len(queue.get_next_jobs(limit))),
            }
            for name, (table, claim) in ways.items():
                found = [
                    min(_seconds(factory, table, claim, limit, claimers) for _ in range(ROUNDS))
                    for limit, claimers in ((1, 1), (BATCH, 1), (1, CLAIMERS), (BATCH, CLAIMERS))
                ]
                rows.append((name, f"{finished:,}", *(f"{WAITING / seconds:,.0f}" for seconds in found)))
        columns = ("claims a second", "rows that ended", "singly", f"by {BATCH}")
        more = (f"singly, {CLAIMERS} at once", f"by {BATCH}, {CLAIMERS} at once")
        print_table(f"Claiming {WAITING:,} requests", (*columns, *more), rows)
        _lines(queue)
        engine.dispose()


def _finish(factory: BenchFactory, count: int) -> None:
    """Have so many rows that ended, and nothing that waits."""
    with factory.engine.begin() as connection:
        connection.exec_driver_sql("TRUNCATE requests.jobs, bare RESTART IDENTITY CASCADE")
        for table in ("requests.jobs", "bare"):
            connection.exec_driver_sql(
                f"INSERT INTO {table} (prompt, status) "
                f"SELECT 'a calm puzzle', 'completed' FROM generate_series(1, {count})"
            )
    with factory.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE requests.jobs, bare")


def _seconds(factory: BenchFactory, table: str, claim: Claim, limit: int, claimers: int) -> float:
    """How long it takes to claim what waits, each once."""
    with factory.engine.begin() as connection:
        connection.exec_driver_sql(
            f"INSERT INTO {table} (prompt) SELECT 'a calm puzzle' FROM generate_series(1, {WAITING})"
        )
    claimed: list[int] = []

    def go() -> None:
        while got := claim(limit):
            claimed.append(got)

    threads = [threading.Thread(target=go) for _ in range(claimers)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    assert sum(claimed) == WAITING, f"{sum(claimed)} of {WAITING} claimed"
    return took


def _lines(queue: QueueManager) -> None:
    """Add lines to one request, one by one: what the first thousand cost, and the last."""
    id_ = queue.create_job(None, "a calm puzzle").id
    took = []
    for _ in range(LINES // 1000):
        began = time.perf_counter()
        for number in range(1000):
            queue.add_log(id_, "info", f"line {number} of a thousand")
        took.append(time.perf_counter() - began)
    milliseconds = [f"{seconds:.2f}" for seconds in (took[0], took[len(took) // 2], took[-1])]
    columns = ("ms a line", "first thousand", "in the middle", "last thousand")
    print_table(f"{LINES:,} lines of one request", columns, [("one by one", *milliseconds)])
