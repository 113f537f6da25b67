"""Whether a factory that makes games keeps the memory it has: private memory while a batch is made in V8.

Of what stays: the workers a parent forks are gone with their runs.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import sqlalchemy as sa

from benchmarks.idle import GROWTH, factory, sample
from benchmarks.measure import console, print_table
from gamefactory_dagster.database import processes
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.settings import Settings

LOOK_SECONDS = 30
WARM_SHARE = 0.1
"""Of the games, after which what is imported late and remembered once is there."""

_STANDING = "SELECT count(*) FILTER (WHERE status = 'published'), count(*) FILTER (WHERE status = 'failed') \
FROM factory.games"


def main(games: int) -> None:
    """Start a factory of its own and look at it while it makes so many games."""
    with tempfile.TemporaryDirectory(prefix="gamefactory-busy-") as folder:
        home = Path(folder)
        with factory(home, GAMEFACTORY_BROWSER_CHECKS="false") as dev:
            settings = Settings(home=home, database_url=None, dagster_home_override=None)
            _submit(home, games)
            _watch(dev, settings, games)


def _submit(home: Path, games: int) -> None:
    words = ["batch", "submit", "--name", "busy", "--count", str(games), "--seed", "1"]
    environment = {**psutil.Process().environ(), "GAMEFACTORY_HOME": str(home)}
    subprocess.run(
        [sys.executable, "-m", "gamefactory_dagster.cli", *words],
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _watch(dev: psutil.Process, settings: Settings, games: int) -> None:
    postmaster = psutil.Process(processes.postmaster(settings))
    warm, began, made, failed = None, time.monotonic(), 0, 0
    while made + failed < games:
        time.sleep(LOOK_SECONDS)
        with get_engine(settings).connect() as connection:
            made, failed = connection.execute(sa.text(_STANDING)).one()
        last = {name: memory for name, (_, memory) in sample(dev, postmaster, forks=False).items()}
        if warm is None and made >= WARM_SHARE * games:
            warm, at = last, made
        console.print(
            f"{made:>6} games  " + "  ".join(f"{name} {memory:.1f}" for name, memory in last.items())
        )
    assert warm is not None
    rows = [(name, f"{warm.get(name, 0.0):.1f}", f"{last[name]:.1f}") for name in last]
    rows.append(("all", f"{sum(warm.values()):.1f}", f"{sum(last.values()):.1f}"))
    minutes = (time.monotonic() - began) / 60
    title = f"A factory that made {made} games in V8 in {minutes:.0f} minutes, {failed} failed"
    print_table(title, ("process", f"MB after {at} games", "MB at last"), rows)
    growth = sum(last.values()) / sum(warm.values()) - 1
    console.print(f"Private memory: {growth:+.1%} after {at} games, of at most {GROWTH:+.0%}.")
