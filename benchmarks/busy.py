"""Whether a factory that makes games keeps the memory it has: private memory while a batch is made in V8.

Of what stays, while no run is at work: a run's worker shares its parent's memory, and is gone afterwards.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import sqlalchemy as sa

from benchmarks.idle import GROWTH, environment, factory, sample
from benchmarks.measure import console, print_table
from gamefactory_dagster.database import processes
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.settings import Settings

LOOK_SECONDS = 30
WARM_SHARE = 0.1
"""Of the games, after which what is imported late and remembered once is there."""

_STANDING = """
    SELECT count(*) FILTER (WHERE status = 'published'), count(*) FILTER (WHERE status = 'failed')
    FROM factory.games
"""


def main(games: int) -> None:
    """Start a factory of its own and look at it while it makes so many games."""
    with tempfile.TemporaryDirectory(prefix="gamefactory-busy-") as folder:
        home = Path(folder)
        with factory(home, GAMEFACTORY_BROWSER_CHECKS="false") as dev:
            settings = Settings(home=home, database_url=None, dagster_home_override=None)
            first = max(1, round(games * WARM_SHARE))
            warm = _after(dev, settings, first, first)
            last = _after(dev, settings, games - first, games)
            _report(first, warm, games, last)


def _after(dev: psutil.Process, settings: Settings, count: int, all_games: int) -> dict[str, float]:
    """Order ``count`` games and look on until there are ``all_games``; megabytes once all runs are gone."""
    postmaster = psutil.Process(processes.postmaster(settings))
    _order(settings.home, count)
    ended = 0
    while True:
        seen = {name: memory for name, (_, memory) in sample(dev, postmaster, forks=False).items()}
        told = "  ".join(f"{name} {memory:.1f}" for name, memory in seen.items())
        console.print(f"{ended:>6} games  {told}")
        if ended == all_games:
            return seen
        time.sleep(LOOK_SECONDS)  # in which the last one's run has ended too
        with get_engine(settings).connect() as connection:
            made, failed = connection.execute(sa.text(_STANDING)).one()
        if failed:
            console.print(f"{failed} failed")
        ended = made + failed


def _order(home: Path, count: int) -> None:
    words = ["batch", "submit", "--name", f"{count} games", "--count", str(count), "--seed", "1"]
    subprocess.run(
        [sys.executable, "-m", "gamefactory_dagster.cli", *words],
        env=environment(home),
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _report(first: int, warm: dict[str, float], games: int, last: dict[str, float]) -> None:
    rows = [(name, f"{warm.get(name, 0.0):.1f}", f"{last[name]:.1f}") for name in last]
    rows.append(("all", f"{sum(warm.values()):.1f}", f"{sum(last.values()):.1f}"))
    header = ("process", f"MB after {first} games", f"MB after {games}")
    print_table("A factory that makes games in V8", header, rows)
    growth = sum(last.values()) / sum(warm.values()) - 1
    console.print(f"Private memory: {growth:+.1%} after {first} games, of at most {GROWTH:+.0%}.")
