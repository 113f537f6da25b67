"""A factory of its own for a benchmark: a temporary home with its database, gone afterwards."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psutil
import sqlalchemy as sa

from gamefactory_dagster.database import processes, server
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.local.processes import prepare
from gamefactory_dagster.production import batches
from gamefactory_dagster.production.planning import check_order
from gamefactory_dagster.settings import Settings


@dataclass(frozen=True)
class BenchFactory:
    """Where it is and how to reach it."""

    settings: Settings
    engine: sa.Engine
    environment: dict[str, str]
    postmaster: psutil.Process

    def submit(self, count: int, seed: int) -> UUID:
        """Order a batch."""
        order = check_order("benchmark", count, [], {}, self.settings.max_batch_games)
        return batches.submit(self.engine, order, seed)

    def games(self, batch: UUID) -> list[UUID]:
        """Ids of a batch's games, in order."""
        with self.engine.connect() as connection:
            statement = "SELECT id FROM factory.games WHERE batch_id = :batch ORDER BY batch_position"
            return list(connection.scalars(sa.text(statement), {"batch": batch}))


@contextmanager
def bench_factory(*, browser: bool) -> Iterator[BenchFactory]:
    """Make one, and stop its database at the end."""
    with tempfile.TemporaryDirectory(prefix="gamefactory-bench-") as folder:
        settings = Settings(
            home=Path(folder), database_url=None, dagster_home_override=None, browser_checks=browser
        )
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment |= {
            "GAMEFACTORY_HOME": folder,
            "GAMEFACTORY_BROWSER_CHECKS": str(browser).lower(),
            **prepare(settings),
        }
        engine = get_engine(settings)
        try:
            yield BenchFactory(settings, engine, environment, psutil.Process(processes.postmaster(settings)))
        finally:
            engine.dispose()
            server.stop(settings)


def run_python(factory: BenchFactory, *arguments: str) -> str:
    """Run a module of ours in a fresh interpreter and return what it printed last."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        env=factory.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip().splitlines()[-1]
