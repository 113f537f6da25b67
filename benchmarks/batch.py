"""Games a minute: a batch of 20 through daemon, sensor, queue and run workers."""

import time

import psutil

from benchmarks.factory import BenchFactory, bench_factory
from benchmarks.measure import postgres_cpu, print_table
from gamefactory_dagster.local.processes import DAEMON, Child, stop
from gamefactory_dagster.production import batches

COUNT = 20


def main() -> None:
    """Print the table, with and without the browser's checks."""
    rows = []
    for browser in (True, False):
        with bench_factory(browser=browser) as factory:
            wall, cpu, failed = _run(factory)
            label = "checked in Chromium" if factory.settings.chromium else "checked in V8 only"
            rows.append((label, COUNT - failed, wall, COUNT / wall * 60, cpu / COUNT))
    print_table(
        f"A batch of {COUNT} through the daemon",
        ("games", "published", "wall seconds", "games a minute", "CPU seconds a game"),
        rows,
    )


def _run(factory: BenchFactory) -> tuple[float, float, int]:
    name, arguments = DAEMON
    before = postgres_cpu(factory.postmaster)
    daemon = Child(name, arguments, factory.environment, factory.settings.home / "logs")
    try:
        time.sleep(10)  # the daemon loads the code location once, however many batches follow
        started = time.perf_counter()
        batch = factory.submit(COUNT, seed=99)
        while (state := batches.status(factory.engine, batch))["status"] in {"pending", "running"}:
            daemon.check()
            time.sleep(0.5)
        wall = time.perf_counter() - started
        cpu = _tree_cpu(daemon.pid) + postgres_cpu(factory.postmaster) - before
    finally:
        stop([daemon])
    return wall, cpu, sum(game["status"] != "published" for game in state["games"])


def _tree_cpu(pid: int) -> float:
    """CPU of a process, its ended descendants, and those alive."""
    top = psutil.Process(pid)
    total = 0.0
    for process in [top, *top.children(recursive=True)]:
        times = process.cpu_times()
        total += times.user + times.system + times.children_user + times.children_system
    return total
