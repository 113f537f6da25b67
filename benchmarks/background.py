"""What a background job costs: ours against bare PGMQ, a bare table and peers, on one server; ours by part.

``--peer`` is the Python of an environment with procrastinate or pgqueuer in it: neither is a dependency.
``--jobs`` are entered and completed each way; ``--held``: how long a transaction is kept open under load.
"""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from benchmarks import background_held, background_parts
from benchmarks.background_ways import Ours, Pgmq, Table, Way, texts
from benchmarks.factory import BenchFactory, bench_factory
from benchmarks.measure import Cost, console, measured, print_table
from gamefactory_dagster.database.uri import render

SINGLY = 10
"""Of so many jobs one is entered and completed singly: that takes its time."""

BATCH = 100
CONCURRENCY = 100
"""Of a peer's worker: jobs at a time, which suits it where jobs are small."""

ROUNDS = 3
PEERS_ROUNDS = 2
"""One job a statement takes procrastinate its time."""

PEERS = ("procrastinate", "pgqueuer")
_PEER = Path(__file__).with_name("background_peer.py")


@dataclass(frozen=True)
class Took:
    """A phase: of how many jobs, seconds on the clock, of the client's processors, of the server's."""

    jobs: int
    wall: float
    client: float
    server: float


Phases = dict[str, list[Took]]
NAMES = ("enter singly", "enter in batches", "complete singly", "complete in batches")


def main(jobs: int, held: float, peer: str) -> None:
    """Print the tables."""
    with bench_factory(browser=False) as factory:
        found = {
            "bare PGMQ": _ours(factory, Pgmq(factory.engine), jobs),
            "bare table": _ours(factory, Table(factory.engine), jobs),
            **_peers(factory, peer, jobs),
            "ours, no child": _ours(factory, Ours(factory.engine, factory.settings), jobs),
        }
        for name in NAMES:
            _print(name, {way: phases[name] for way, phases in found.items() if name in phases})
        background_parts.main(factory, jobs)
    with bench_factory(browser=False) as factory:
        background_held.main(factory, held)


def _print(name: str, ways: dict[str, list[Took]]) -> None:
    rows = []
    for way, rounds in ways.items():
        best = min(rounds, key=lambda took: took.client + took.server)
        parts = (best.client, best.server, best.client + best.server)
        speeds = sorted(took.jobs / took.wall for took in rounds)
        rows.append(
            (
                way,
                *(f"{1e6 * one / best.jobs:,.0f}" for one in parts),
                f"{speeds[len(speeds) // 2]:,.0f}",
                f"{best.jobs:,}",
            )
        )
    print_table(
        f"{name}: the cheapest round, CPU microseconds a job; jobs a second by the clock, median",
        ("", "client", "server", "both", "jobs/s", "jobs"),
        rows,
    )


def _ours(factory: BenchFactory, way: Way, jobs: int) -> Phases:
    found: Phases = {name: [] for name in NAMES}
    way.enter(texts(1))  # prepares statements, opens connections
    way.complete(1)
    for _ in range(ROUNDS):
        for size, count, how in ((1, jobs // SINGLY, "singly"), (BATCH, jobs, "in batches")):
            with measured(factory.postmaster) as cost:
                for at in range(0, count, size):
                    way.enter(texts(count)[at : at + size])
            found[f"enter {how}"].append(_took(count, cost))
            done = 0
            with measured(factory.postmaster) as cost:
                while more := way.complete(size):
                    done += more
            assert done == count
            found[f"complete {how}"].append(_took(count, cost))
    return found


def _took(jobs: int, cost: Cost) -> Took:
    return Took(jobs, cost.wall, cost.own, cost.postgres)


def _peers(factory: BenchFactory, python: str, jobs: int) -> dict[str, Phases]:
    found = {}
    for name in PEERS:
        if _has(python, name):
            found[name] = _peer(factory, python, name, jobs)
        else:
            console.print(f"{name} is not installed for {python}: not measured. See --peer.")
    return found


def _has(python: str, name: str) -> bool:
    try:
        done = subprocess.run([python, "-c", f"import {name}"], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def _peer(factory: BenchFactory, python: str, name: str, jobs: int) -> Phases:
    found: Phases = {name: [] for name in NAMES if name != "complete singly"}
    with _database(factory, name) as address, _process(python, name, address) as process:

        def do(words: str, count: int) -> Took:
            assert process.stdin is not None and process.stdout is not None
            with measured(factory.postmaster) as cost:
                process.stdin.write(words + "\n")
                process.stdin.flush()
                answer = json.loads(process.stdout.readline())
            return Took(count, answer["wall"], answer["cpu"], cost.postgres)

        do("enter 1 1", 1)
        do("complete 1", 1)
        for _ in range(PEERS_ROUNDS):
            found["enter singly"].append(do(f"enter {jobs // SINGLY} 1", jobs // SINGLY))
            do(f"complete {CONCURRENCY}", 1)
            found["enter in batches"].append(do(f"enter {jobs} {BATCH}", jobs))
            found["complete in batches"].append(do(f"complete {CONCURRENCY}", jobs))
    return found


@contextmanager
def _database(factory: BenchFactory, name: str) -> Iterator[str]:
    """One of its own on the same server, as whoever tries it out would make."""
    admin = sa.create_engine(factory.engine.url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield render(factory.engine.url.set(database=name), "postgresql")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@contextmanager
def _process(python: str, name: str, address: str) -> Iterator[subprocess.Popen[str]]:
    command = [python, str(_PEER), name, address]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()
