"""Games a minute through daemon, sensor, queue and run workers: Dagster's own way, and ours.

The same games each way, made by the same code: with Dagster's own workers and a browser for each check, and
with warm workers and browsers that are lent. Dagster's share is what daemon, code servers and workers cost
beyond the steps.
"""

import os
import time
from dataclasses import dataclass

import dagster as dg
import psutil
import sqlalchemy as sa

from benchmarks.factory import BenchFactory, bench_factory
from benchmarks.measure import console, postgres_cpu, print_table
from gamefactory_dagster.database import address
from gamefactory_dagster.local.kept import Kept
from gamefactory_dagster.local.processes import WORKSPACE, makers, started
from gamefactory_dagster.production import batches
from gamefactory_dagster.production.defs import CPU_SECONDS

GAMES = 40
SEED = 99

DAGSTERS_DAEMON = ("daemon", ["dagster._daemon", "run", "-w", WORKSPACE])

LOAD_SECONDS = 15
"""In which daemon and parent of the workers load the definitions, once for however many batches follow."""

_BUNDLES = """
    SELECT games.slug, steps.artifacts -> 'bundle' ->> 'sha256' AS sha256
    FROM factory.games JOIN factory.game_steps AS steps ON steps.game_id = games.id AND steps.step_number = 11
"""


@dataclass(frozen=True, slots=True)
class Made:
    """A batch that was made. Seconds are of CPU but for ``wall``; of the whole batch but for ``share``."""

    wall: float
    workers: float
    """Daemon, code servers, workers and what they started, browsers too where each starts its own."""
    browsers: float
    """Those that are lent."""
    postgres: float
    share: float
    """Dagster's, of a game, where no browser is among what workers start."""
    bundles: dict[str, str | None]
    tables: dict[str, tuple[int, int]]
    """Dagster's: rows and bytes, indexes included, of all games."""

    @property
    def cpu(self) -> float:
        """Of everything."""
        return self.workers + self.browsers + self.postgres


def main() -> None:
    """Print the table, and whether the games are the same."""
    rows, bundles = [], []
    for browser in (True, False):
        made = [_made(browser=browser, ours=ours) for ours in (False, True)]
        for name, one in zip(("Dagster's own workers", "warm workers, lent browsers"), made, strict=True):
            rate = GAMES / one.wall * 60
            share = "" if browser else f"{one.share:.3f}"
            parts = (one.workers / GAMES, one.browsers / GAMES, one.postgres / GAMES)
            checked = "Chromium" if browser else "V8"
            rows.append((f"{name}, checked in {checked}", rate, one.cpu / GAMES, *parts, share))
        console.print(
            f"{'Chromium' if browser else 'V8'}: {made[0].wall / made[1].wall:.2f} times the games a minute"
        )
        bundles += [one.bundles for one in made]
    header = (
        f"{GAMES} games",
        "games a minute",
        "CPU s a game",
        "workers",
        "browsers",
        "PostgreSQL",
        "Dagster's share",
    )
    print_table("A batch through the daemon, the same games each way", header, rows)
    grown = [
        (table, rows / GAMES, size / GAMES / 1000)
        for table, (rows, size) in sorted(made[1].tables.items(), key=lambda one: -one[1][1])
        if rows
    ]
    print_table("Dagster's tables, by warm workers", ("table", "rows a game", "kB a game"), grown)
    same = all(each == bundles[0] for each in bundles) and None not in bundles[0].values()
    console.print("All bundles are equal, each way." if same else "BUNDLES DIFFER, or games failed.")


def _made(*, browser: bool, ours: bool) -> Made:
    """Have a batch made in a factory of its own."""
    with bench_factory(browser=browser) as factory:
        os.environ.update(factory.environment)
        children = makers(factory.settings) if ours else [DAGSTERS_DAEMON]
        with started(factory.settings, *children) as watched:
            processes = {each.child.name: each.child.pid for each in watched if isinstance(each, Kept)}
            time.sleep(LOAD_SECONDS)
            empty = _tables(factory)
            before = {name: _tree_cpu(pid) for name, pid in processes.items()}
            postgres = postgres_cpu(factory.postmaster)
            began = time.perf_counter()
            batch = factory.submit(GAMES, seed=SEED)
            while batches.status(factory.engine, batch)["status"] in {"pending", "running"}:
                for each in watched:
                    each.check()
                time.sleep(0.5)
            wall = time.perf_counter() - began
            spent = {name: _tree_cpu(pid) - before[name] for name, pid in processes.items()}
            postgres = postgres_cpu(factory.postmaster) - postgres
            full = _tables(factory)
        browsers = spent.pop("browsers", 0.0)
        inside = _inside()
        with factory.engine.connect() as connection:
            bundles = {row.slug: row.sha256 for row in connection.execute(sa.text(_BUNDLES))}
        workers = sum(spent.values())
        grown = {name: (rows - empty[name][0], size - empty[name][1]) for name, (rows, size) in full.items()}
        return Made(wall, workers, browsers, postgres, (workers - inside) / GAMES, bundles, grown)


def _tables(factory: BenchFactory) -> dict[str, tuple[int, int]]:
    """Rows and bytes of each of Dagster's tables."""
    engine = sa.create_engine(address.dagster_url(factory.settings))
    with engine.connect() as connection:
        names = connection.scalars(
            sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).all()
        ask = "SELECT count(*), pg_total_relation_size('{0}') FROM {0}"
        found = {name: tuple(connection.execute(sa.text(ask.format(name))).one()) for name in names}
    engine.dispose()
    return {name: (int(rows), int(size)) for name, (rows, size) in found.items()}


def _inside() -> float:
    """CPU seconds of all steps of all games, as their runs have told Dagster."""
    total = 0.0
    with dg.DagsterInstance.get() as instance:
        for run in instance.get_runs(dg.RunsFilter(job_name="make_game")):
            for entry in instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_OUTPUT):
                told = entry.get_dagster_event().step_output_data.metadata[CPU_SECONDS].value
                assert isinstance(told, float)
                total += told
    return total


def _tree_cpu(pid: int) -> float:
    """CPU of a process, its ended descendants, and those alive."""
    top = psutil.Process(pid)
    total = 0.0
    for process in [top, *top.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total
