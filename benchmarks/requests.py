"""What claiming a request and a line of its log cost, with few rows that ended and many, and a bare table.

What belongs here: claims singly and in batches, by one and by eight at once. What does not: planning a game
and making it (``batch.py``, ``whole_games.py``).
"""

import statistics
import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack

import sqlalchemy as sa

from benchmarks.factory import BenchFactory, bench_factory
from benchmarks.measure import Cost, measured, print_table
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.requests.queue import QueueManager

WAITING = 2000
FINISHED = 100_000
BATCH = 100
CLAIMERS = 8
LINES = 10_000
ROUNDS = 5

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
    with ExitStack() as stack:
        sites = [_Site(stack, finished) for finished in (0, FINISHED)]
        kinds = [(limit, claimers) for claimers in (1, CLAIMERS) for limit in (1, BATCH)]
        costs: dict[tuple[str, int, int, int], list[Cost]] = defaultdict(list)
        for limit, claimers in kinds:
            for number in range(ROUNDS):  # in turns: what else the machine does falls on both
                for site in sites if number % 2 else sites[::-1]:
                    for name, (table, claim) in site.ways.items():
                        cost = _cost(site.factory, table, claim, limit, claimers)
                        costs[name, site.finished, limit, claimers].append(cost)
        rows = [
            (name, f"{site.finished:,}", *(_shown(costs[name, site.finished, *kind]) for kind in kinds))
            for site in sites
            for name in site.ways
        ]
        columns = ("a second; CPU each", "ended", "singly", f"by {BATCH}")
        more = (f"singly, {CLAIMERS} at once", f"by {BATCH}, {CLAIMERS} at once")
        print_table(f"Claiming {WAITING:,} requests", (*columns, *more), rows)
        _lines(sites[0])


class _Site:
    """A database of its own with so many requests, and rows of a bare table, that ended."""

    def __init__(self, stack: ExitStack, finished: int) -> None:
        self.finished = finished
        self.factory = stack.enter_context(bench_factory(browser=False))
        self._engine = get_engine(self.factory.settings, pool_size=CLAIMERS, max_overflow=2)
        stack.callback(self._engine.dispose)
        self.queue = QueueManager(self._engine, self.factory.settings)
        with self._engine.begin() as connection:
            connection.exec_driver_sql(_BARE)
        _finish(self.factory, finished)
        self.ways: dict[str, tuple[str, Claim]] = {
            "bare table": ("bare", self._bare),
            "requests": ("requests.jobs", lambda limit: len(self.queue.get_next_jobs(limit))),
        }

    def _bare(self, limit: int) -> int:
        with self._engine.begin() as connection:
            return len(connection.execute(_TAKE, {"limit": limit}).all())


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


def _cost(factory: BenchFactory, table: str, claim: Claim, limit: int, claimers: int) -> Cost:
    """What it costs to claim what waits, each once."""
    with factory.engine.begin() as connection:
        connection.exec_driver_sql(
            f"INSERT INTO {table} (prompt) SELECT 'a calm puzzle' FROM generate_series(1, {WAITING})"
        )
    claimed: list[int] = []

    def go() -> None:
        while got := claim(limit):
            claimed.append(got)

    threads = [threading.Thread(target=go) for _ in range(claimers)]
    with measured(factory.postmaster) as cost:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(claimed) == WAITING, f"{sum(claimed)} of {WAITING} claimed"
    return cost


def _shown(rounds: list[Cost]) -> str:
    """The median of the rounds: claims a second, and CPU of client and server for one."""
    wall, cpu = (statistics.median(given) for given in zip(*((c.wall, c.cpu) for c in rounds), strict=True))
    return f"{WAITING / wall:,.0f}; {cpu / WAITING * 1e6:,.0f} µs"


def _lines(site: _Site) -> None:
    """Add lines to one request, one by one: what the first thousand cost, and the last."""
    id_ = site.queue.create_job(None, "a calm puzzle").id
    costs = []
    for _ in range(LINES // 1000):
        with measured(site.factory.postmaster) as cost:
            for number in range(1000):
                site.queue.add_log(id_, "info", f"line {number} of a thousand")
        costs.append(cost)
    shown = [f"{c.wall:.2f}; {c.cpu:.2f}" for c in (costs[0], costs[len(costs) // 2], costs[-1])]
    columns = ("ms a line; CPU", "first thousand", "in the middle", "last thousand")
    print_table(f"{LINES:,} lines of one request", columns, [("one by one", *shown)])
