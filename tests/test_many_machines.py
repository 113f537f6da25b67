"""A site: a factory, two machines with workers, and nothing between them but the network.

A batch is made while one worker is killed and the other's link is cut; it is then as one machine makes it.
"""

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import psutil
import pytest

from gamefactory_dagster.launching.defs.broker_launcher import MACHINE_TAG
from gamefactory_dagster.local.processes import WORKERS, Child
from tests import s3
from tests.live import Factory, assert_whole, gone, kill, wait_for
from tests.machines import Site, needs_machines, postgresql_15
from tests.redis import redis_server

pytestmark = [pytest.mark.machines, pytest.mark.slow, pytest.mark.daemon, pytest.mark.faults, needs_machines]

log = logging.getLogger(__name__)

GAMES = 20

SEED = 20261128

CUT_SECONDS = 60

LIMITS = {"GAMEFACTORY_BROWSER_CHECKS": "false"}


class Company:
    """The factory of a site, and its machines."""

    def __init__(self, site: Site, factory: Factory, daemon: Child) -> None:
        self.site, self.factory, self.daemon = site, factory, daemon

    def worker(self, machine: str) -> AbstractContextManager[Any]:
        """``gamefactory worker`` on a machine, two runs at once, with a disk of its own."""
        home = self.factory.settings.home.with_name(f"machine-{machine}")
        own = {"GAMEFACTORY_WORKER_NAME": f"machine-{machine}", "GAMEFACTORY_HOME": str(home)}
        environment = {**self.factory.environment, **own}
        log = self.factory.settings.home / "logs" / f"machine-{machine}.log"
        command = [sys.executable, "-m", "gamefactory_dagster.cli", "worker", "--runs", "2"]
        return self.site.running(machine, command, environment, log)

    def published(self, batch: str) -> int:
        self.daemon.check()
        return sum(game.status == "published" for game in self.factory.games(batch))

    def begun_by(self, machine: str, since: str = "-infinity") -> int:
        """How many steps a machine has begun since."""
        [row] = self.factory.rows(
            """SELECT count(*) AS number FROM factory.generation_logs
               WHERE log_type = 'step_started' AND metadata->>'host' = :host
                   AND created_at > CAST(:since AS timestamptz)""",
            host=f"machine-{machine}",
            since=since,
        )
        return int(row.number)

    def now(self) -> str:
        [row] = self.factory.rows("SELECT clock_timestamp()::text AS now")
        return str(row.now)


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with (
        pytest.MonkeyPatch.context() as patch,
        Site() as site,
        redis_server(site.address) as redis,
        postgresql_15(site.address) as database,
        s3.running(tmp_path / "s3", site.address) as store,
    ):
        place = s3.new_place(store, patch)
        for machine in "ab":
            site.add(machine)
        urls = {
            f"GAMEFACTORY_{what.upper()}_URL": f"{place}/{what}"
            for what in ("artifact", "repository", "published")
        }
        factory = Factory(
            tmp_path / "site", database_url=database, GAMEFACTORY_RUN_BROKER=redis.url, **LIMITS, **urls
        )
        with factory.daemon() as daemon:
            yield Company(site, factory, daemon)
        factory.engine.dispose()


@contextmanager
def alone(home: Path) -> Iterator[tuple[Factory, Child]]:
    """A factory on one machine."""
    factory = Factory(home, **LIMITS)
    factory.run("db", "start")
    try:
        with factory.running(*WORKERS), factory.daemon() as daemon:
            yield factory, daemon
    finally:
        factory.close()


def bundles(factory: Factory, batch: str) -> list[Any]:
    """Of each game its place in the batch, its name, and the SHA-256 of what was built."""
    return [
        tuple(row)
        for row in factory.rows(
            """SELECT game.batch_position, game.slug, build.checksum
               FROM factory.games AS game JOIN factory.game_builds AS build ON build.game_id = game.id
               WHERE game.batch_id = :batch ORDER BY game.batch_position, build.checksum""",
            batch=batch,
        )
    ]


def makers(factory: Factory, batch: str) -> dict[str, set[str]]:
    """Of each game which machines had a step of it, as its runs say."""
    with factory.instance() as instance:
        runs = instance.get_runs(dg.RunsFilter(tags={"gamefactory/batch": batch[:8]}))
    found: dict[str, set[str]] = {}
    for run in runs:
        found.setdefault(run.tags["gamefactory/game"], set()).add(run.tags.get(MACHINE_TAG, "nobody"))
    return found


def test_a_batch_is_as_one_machine_makes_it_though_workers_die_and_links_are_cut(
    company: Company, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        first = stack.enter_context(company.worker("a"))
        second = stack.enter_context(company.worker("b"))
        batch = company.factory.submit("many", GAMES, "--seed", str(SEED))
        wait_for("work of both", 180, lambda: company.begun_by("a") and company.begun_by("b"))
        wait_for("some games", 300, lambda: company.published(batch) >= 4)
        left = psutil.Process(first.pid).children(recursive=True)
        kill(first.pid)
        wait_for("the end of its runs", 20, lambda: all(gone(process.pid) for process in left))
        wait_for("more games", 300, lambda: company.published(batch) >= 7)
        stack.enter_context(company.worker("a"))
        again = company.now()
        wait_for("work of the one started again", 120, lambda: company.begun_by("a", again))
        company.site.cut("b")
        time.sleep(CUT_SECONDS)
        company.site.mend("b")
        mended = company.now()
        assert company.factory.wait_for_end(company.daemon, batch, 900) == "completed"
        more = company.factory.submit("more", 4, "--seed", str(SEED))
        wait_for("new work of the one cut off", 180, lambda: company.begun_by("b", mended))
        assert company.factory.wait_for_end(company.daemon, more) == "completed"
        assert second.poll() is None
    assert_whole(company.factory, batch, GAMES)
    made = makers(company.factory, batch)
    assert len(made) == GAMES
    assert set().union(*made.values()) <= {"machine-a", "machine-b", "nobody"}
    assert {"machine-a", "machine-b"} <= set().union(*made.values())
    log.info("by whom: %s", made)
    with alone(tmp_path / "alone") as (factory, daemon):
        same = factory.submit("many", GAMES, "--seed", str(SEED))
        assert factory.wait_for_end(daemon, same, 900) == "completed"
        assert bundles(company.factory, batch) == bundles(factory, same)
