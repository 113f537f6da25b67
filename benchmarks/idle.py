"""What a factory costs that has nothing to do: CPU of each process, and private memory minute by minute."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from benchmarks.measure import console, postgres_cpu, print_table
from gamefactory_dagster.database import processes, server
from gamefactory_dagster.settings import Settings

FLOOR = 0.05
"""CPU seconds a second that all processes together may cost."""

WARM_MINUTES = 30
"""After which private memory is to stay: what is imported late and remembered once is there by then."""

GROWTH = 0.05
"""Share by which it may grow afterwards."""

BEGIN_SECONDS = 45
"""Until everything has started and has had its first turn."""

MB = 1e6

POSTGRES = "postgres"

Sample = Mapping[str, tuple[float, float]]
"""CPU seconds so far and megabytes of private memory, by process."""


def main(minutes: int) -> None:
    """Start a factory of its own and look at it for so many minutes."""
    with tempfile.TemporaryDirectory(prefix="gamefactory-idle-") as folder, factory(Path(folder)) as dev:
        settings = Settings(home=Path(folder), database_url=None, dagster_home_override=None)
        watch(dev, psutil.Process(processes.postmaster(settings)), minutes)


def watch(dev: psutil.Process, postmaster: psutil.Process, minutes: int) -> None:
    """Print each minute's private memory, and at the end what each process cost and by how much it grew."""
    began = time.monotonic()
    first = last = warm = sample(dev, postmaster)
    console.print(f"{'minute':>6}  " + "  ".join(f"{name} MB" for name in first))
    for minute in range(1, minutes + 1):
        time.sleep(max(0.0, began + 60 * minute - time.monotonic()))
        last = sample(dev, postmaster)
        warm = last if minute == WARM_MINUTES else warm
        console.print(
            f"{minute:>6}  " + "  ".join(f"{name} {memory:.1f}" for name, (_, memory) in last.items())
        )
    _report(first, warm, last, time.monotonic() - began)


def sample(dev: psutil.Process, postmaster: psutil.Process, *, forks: bool = True) -> Sample:
    """Look at everything once; without ``forks`` at what stays, and not at runs and browsers."""
    found: dict[str, tuple[float, float]] = {}
    for process in [dev, *dev.children(recursive=forks)]:
        with suppress(psutil.NoSuchProcess):
            name, times = role(process.cmdline()), process.cpu_times()
            cpu = times.user + times.system + times.children_user + times.children_system
            before = found.get(name, (0.0, 0.0))
            found[name] = (before[0] + cpu, before[1] + process.memory_full_info().uss / MB)
    memory = 0.0
    for process in [postmaster, *postmaster.children()]:
        with suppress(psutil.NoSuchProcess):
            memory += process.memory_full_info().uss / MB
    return {**found, POSTGRES: (postgres_cpu(postmaster), memory)}


def role(command: list[str]) -> str:
    """What a process of the factory is, by its command line."""
    words = " ".join(command)
    for part, name in _ROLES.items():
        if part in words:
            return name
    return "other"


_ROLES = {
    "gamefactory_dagster.local.defs.daemon": "daemon",
    "gamefactory_dagster.local.defs.code_server": "code server",
    "gamefactory_dagster.launching": "workers",
    "gamefactory_dagster.studio.browser": "browsers",
    "gamefactory_dagster.local.ui": "webserver",
    "cli arcade": "arcade",
    "gamefactory dev": "dev",
    "cli dev": "dev",
}


def _report(first: Sample, warm: Sample, last: Sample, seconds: float) -> None:
    rows: list[tuple[object, ...]] = []
    for name in last:
        nothing = (0.0, 0.0)
        cpu = (last[name][0] - first.get(name, nothing)[0]) / seconds
        memory = [each.get(name, nothing)[1] for each in (first, warm, last)]
        rows.append((name, cpu, *(f"{value:.1f}" for value in memory)))
    total = sum(last[name][0] for name in last) - sum(first[name][0] for name in first)
    sums = [sum(memory for _, memory in each.values()) for each in (first, warm, last)]
    rows.append(("all", total / seconds, *(f"{value:.1f}" for value in sums)))
    warm_header = f"after {WARM_MINUTES} min" if warm is not first else "at first"
    header = ("process", "CPU s a second", "MB at first", f"MB {warm_header}", "MB at last")
    print_table(f"An idle factory over {seconds / 60:.0f} minutes", header, rows)
    console.print(f"CPU: {total / seconds:.3f} of at most {FLOOR} seconds a second.")
    console.print(f"Private memory: {sums[2] / sums[1] - 1:+.1%} {warm_header}, of at most {GROWTH:+.0%}.")


def environment(home: Path) -> dict[str, str]:
    """That of a command in this home, and nowhere near the database of whoever measures."""
    outside = ("DATABASE_URL", "DAGSTER_HOME")
    own = {name: value for name, value in os.environ.items() if name not in outside}
    return {**own, "GAMEFACTORY_HOME": str(home)}


@contextmanager
def factory(home: Path, **settings: str) -> Iterator[psutil.Process]:
    """`gamefactory dev` in a home of its own, at work by then, and no database left afterwards."""
    ports = {"GAMEFACTORY_UI_PORT": "0", "GAMEFACTORY_ARCADE_PORT": "0"}
    words = [sys.executable, "-m", "gamefactory_dagster.cli", "dev"]
    dev = subprocess.Popen(words, env={**environment(home), **ports, **settings})
    try:
        time.sleep(BEGIN_SECONDS)
        yield psutil.Process(dev.pid)
    finally:
        dev.send_signal(signal.SIGTERM)
        dev.wait()
        server.stop(Settings(home=home, database_url=None, dagster_home_override=None))
