"""Runs on Celery workers through the daemon: made, killed, stopped, without a worker, without a broker."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import psutil
import pytest

from gamefactory_dagster.launching import beats, children
from gamefactory_dagster.launching.defs.broker_launcher import MACHINE_TAG, BrokerRunLauncher
from gamefactory_dagster.launching.defs.private import WorkerStatus
from gamefactory_dagster.local.processes import Child
from gamefactory_dagster.production.dispatch import SHORT
from gamefactory_dagster.settings import get_settings
from gamefactory_dagster.studio.browser.lending import Lent, borrow
from tests.ledger_rows import of_game
from tests.live import Factory, assert_whole, at_work, gone, kill, kill_tree, wait_for
from tests.redis import PASSWORD, Server, needs_redis, redis_server

pytestmark = [
    pytest.mark.slow,
    pytest.mark.daemon,
    pytest.mark.faults,
    needs_redis,
    pytest.mark.skipif(not children.AVAILABLE, reason="workers are for Linux"),
]

NOTICED_SECONDS = 20
"""In which Dagster knows that a worker is gone: it looks every ten."""


class House:
    """A factory with a broker and its daemon, and workers that may be killed."""

    def __init__(self, factory: Factory, redis: Server, daemon: Child, instance: dg.DagsterInstance) -> None:
        self.factory, self.redis, self.daemon, self.instance = factory, redis, daemon, instance

    @contextmanager
    def worker(
        self, name: str = "machine-a", runs: int = 2, **settings: str
    ) -> Iterator[subprocess.Popen[bytes]]:
        settings["GAMEFACTORY_WORKER_NAME"] = name
        environment = {**self.factory.environment, **self.factory.dagster, **settings}
        log = self.factory.settings.home / "logs" / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "gamefactory_dagster.cli", "worker", "--runs", str(runs)],
                env=environment,
                stdout=output,
                stderr=output,
            )
        try:
            yield process
        finally:
            kill_tree(process.pid)
            process.wait()

    def at_work(self, batch: str) -> tuple[str, int]:
        """A run of a batch's game that has begun, and its process."""
        return at_work(self.instance, batch)

    def run(self, run_id: str) -> dg.DagsterRun:
        run = self.instance.get_run_by_id(run_id)
        assert run is not None
        return run

    def becomes(self, run_id: str, status: dg.DagsterRunStatus, seconds: float = NOTICED_SECONDS) -> None:
        wait_for(f"{status} of run {run_id}", seconds, lambda: self.run(run_id).status == status)

    def health(self, run_id: str) -> WorkerStatus:
        return self.instance.run_launcher.check_run_worker_health(self.run(run_id)).status

    @contextmanager
    def ordered(self, name: str, count: int) -> Iterator[str]:
        """A batch that is given up afterwards."""
        batch = self.factory.submit(name, count)
        try:
            yield batch
        finally:
            self.factory.run("batch", "cancel", batch)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("home")
    with redis_server() as redis, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAMEFACTORY_RUN_BROKER", redis.url)
        get_settings.cache_clear()  # the launcher of this process asks there too
        factory = Factory(
            home,
            GAMEFACTORY_LEASE_SECONDS="6",
            GAMEFACTORY_START_SECONDS="20",
            GAMEFACTORY_BROWSER_CHECKS="false",
        )
        factory.run("db", "start")
        try:
            with factory.daemon() as daemon, factory.instance() as instance:
                assert isinstance(instance.run_launcher, BrokerRunLauncher)
                yield House(factory, redis, daemon, instance)
        finally:
            factory.close()
    get_settings.cache_clear()


def test_a_worker_s_process_that_is_killed_is_noticed_and_its_game_is_made_all_the_same(house: House) -> None:
    batch = house.factory.submit("killed", 1)
    with house.worker() as worker:
        run_id, pid = house.at_work(batch)
        assert psutil.Process(pid).ppid() == worker.pid
        assert house.health(run_id) == WorkerStatus.RUNNING
        kill(pid)
        wait_for("that its worker is gone", 15, lambda: house.health(run_id) == WorkerStatus.FAILED)
        house.becomes(run_id, dg.DagsterRunStatus.FAILURE)
        assert house.factory.wait_for_end(house.daemon, batch) == "completed"
    assert_whole(house.factory, batch, 1)
    assert house.run(run_id).tags[MACHINE_TAG] == "machine-a"
    began = house.factory.rows(
        """SELECT DISTINCT metadata->>'host' AS host FROM factory.generation_logs
           WHERE log_type = 'step_started'"""
    )
    assert [row.host for row in began] == ["machine-a"]
    [game] = house.factory.games(batch)
    told = {run.job.project_spec["worker"] for run in of_game(house.factory.engine, game.id)}
    assert told == {"machine-a"}
    logs = [log.read_text(errors="replace") for log in house.factory.settings.home.rglob("*.log")]
    assert logs
    assert not any(PASSWORD in text for text in logs)


def test_with_a_worker_its_runs_go(house: House) -> None:
    with house.ordered("orphaned", 1) as batch, house.worker() as worker:
        run_id, pid = house.at_work(batch)
        processes = psutil.Process(worker.pid).children(recursive=True)
        assert pid in {process.pid for process in processes}
        kill(worker.pid)
        wait_for("the end of its processes", 17, lambda: all(gone(process.pid) for process in processes))
        house.becomes(run_id, dg.DagsterRunStatus.FAILURE)


def test_a_machine_that_is_gone_is_noticed(house: House) -> None:
    with house.ordered("lost", 1) as batch, house.worker() as worker:
        run_id, _ = house.at_work(batch)
        parent = psutil.Process(worker.pid)
        for process in (*parent.children(recursive=True), parent):
            process.suspend()  # nobody can tell of anything
        wait_for("that it is gone", 15, lambda: house.health(run_id) == WorkerStatus.NOT_FOUND)
        house.becomes(run_id, dg.DagsterRunStatus.FAILURE)


def test_a_run_is_stopped_from_any_process(house: House) -> None:
    with house.ordered("stopped", 1) as batch, house.worker():
        run_id, pid = house.at_work(batch)
        assert house.instance.run_launcher.terminate(run_id)
        house.becomes(run_id, dg.DagsterRunStatus.CANCELED)
        wait_for("the end of its process", 15, lambda: gone(pid))
        assert not house.instance.run_launcher.terminate(run_id)


@pytest.mark.browser
def test_a_worker_keeps_browsers_for_its_runs(house: House, chromium: Path) -> None:
    checks = {"GAMEFACTORY_BROWSER_CHECKS": "true", "GAMEFACTORY_CHROMIUM_PATH": str(chromium)}
    with house.worker(**checks) as worker:

        def lent() -> Lent | None:
            return borrow(house.factory.settings.home)

        first = wait_for("a browser", 60, lent)
        keeper = psutil.Process(first.pid).parent()
        assert keeper is not None
        assert keeper.ppid() == worker.pid
        first.close()
        kill(keeper.pid)
        second = wait_for("a browser of another keeper", 60, lent)
        assert second.pid != first.pid
        second.close()
        third = wait_for("a browser", 20, lent)
        kill(worker.pid)
        third.close()
        wait_for("the end of all", 20, lambda: gone(third.pid))


def test_a_worker_that_is_told_to_stop_ends_what_it_has_and_takes_no_more(house: House) -> None:
    with house.ordered("drained", 2) as batch, house.worker(runs=1) as worker:
        run_id, _ = house.at_work(batch)
        worker.send_signal(signal.SIGTERM)
        time.sleep(beats.SILENT_SECONDS + 1)
        if worker.poll() is None:
            health = house.health(run_id)
            if not house.run(run_id).is_finished:  # whose run has ended, ends a moment later
                assert health == WorkerStatus.RUNNING, "who ends in good order is not gone"
            else:
                assert health in (WorkerStatus.RUNNING, WorkerStatus.SUCCESS)
        assert worker.wait(120) == 0
        assert house.run(run_id).status == dg.DagsterRunStatus.SUCCESS
        assert sorted(game.current_step for game in house.factory.games(batch)) == [0, 12]


def test_runs_wait_in_dagsters_queue_for_broker_and_worker(house: House) -> None:
    house.redis.stop()
    with house.ordered("waiting", 1) as batch:
        about = dg.RunsFilter(tags={"gamefactory/batch": batch[:SHORT]})
        [run] = wait_for("its run", 30, lambda: house.instance.get_runs(about))

        def returned() -> bool:
            return any("Not started yet" in entry.message for entry in house.instance.all_logs(run.run_id))

        wait_for("its return to the queue", 60, returned)
        house.redis.start()
        with house.worker():
            assert house.at_work(batch)[0] == run.run_id
        assert house.factory.games(batch)[0].attempt == 1


def test_a_worker_and_its_runs_outlive_the_broker(house: House) -> None:
    with house.ordered("broker", 2) as batch, house.worker(runs=1):
        run_id, _ = house.at_work(batch)
        house.redis.stop()
        time.sleep(beats.SILENT_SECONDS + 1)
        assert house.health(run_id) == WorkerStatus.RUNNING, "a broker that is away says nothing about runs"
        house.redis.start()
        assert house.health(run_id) == WorkerStatus.RUNNING, "nor does one that has just started"
        house.becomes(run_id, dg.DagsterRunStatus.SUCCESS, 120)
        assert house.at_work(batch)[0] != run_id


def test_a_run_that_is_stopped_before_anybody_took_it_is_given_to_nobody(house: House) -> None:
    with house.ordered("early", 1) as batch:
        about = dg.RunsFilter(
            statuses=[dg.DagsterRunStatus.STARTING], tags={"gamefactory/batch": batch[:SHORT]}
        )
        [run] = wait_for("the run", 60, lambda: house.instance.get_runs(about))
        assert house.instance.run_launcher.terminate(run.run_id)
        house.becomes(run.run_id, dg.DagsterRunStatus.CANCELED)
        wait_for("the game's end", 60, lambda: house.factory.games(batch)[0].status == "cancelled")
