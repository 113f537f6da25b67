"""Runs in warm workers through the daemon: made, killed, stopped, without a parent; one factory for all."""

from collections.abc import Iterator

import dagster as dg
import psutil
import pytest
import sqlalchemy as sa

from gamefactory_dagster.launching import children, wire
from gamefactory_dagster.launching.defs import private
from gamefactory_dagster.launching.defs.launcher import is_ours
from gamefactory_dagster.local.kept import Child
from gamefactory_dagster.local.processes import WORKERS
from gamefactory_dagster.settings import get_settings
from tests.live import Factory, assert_whole, at_work, kill, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.daemon,
    pytest.mark.faults,
    pytest.mark.skipif(not children.AVAILABLE, reason="warm workers are for Linux"),
]

NOTICED_SECONDS = 15
"""In which Dagster knows that a worker is gone."""


class House:
    """A factory, its daemon, and a parent of workers that may be killed."""

    def __init__(self, factory: Factory, daemon: Child, instance: dg.DagsterInstance) -> None:
        self.factory, self.daemon, self.instance = factory, daemon, instance
        self.home = factory.settings.home

    def at_work(self, batch: str) -> tuple[str, int]:
        """A run of a batch's game that has begun, and its process."""
        return at_work(self.instance, batch)

    def state(self, run_id: str) -> dg.DagsterRunStatus:
        run = self.instance.get_run_by_id(run_id)
        assert run is not None
        return run.status

    def becomes(self, run_id: str, status: dg.DagsterRunStatus, seconds: float = NOTICED_SECONDS) -> None:
        wait_for(f"{status} of run {run_id}", seconds, lambda: self.state(run_id) == status)

    def is_warm(self, run_id: str) -> bool:
        run = self.instance.get_run_by_id(run_id)
        assert run is not None
        return is_ours(run)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("home")
    factory = Factory(home, GAMEFACTORY_LEASE_SECONDS="6", GAMEFACTORY_BROWSER_CHECKS="false")
    factory.run("db", "start")
    try:
        with factory.daemon() as daemon, factory.instance() as instance:
            get_settings.cache_clear()  # the launcher of this process asks in that home
            yield House(factory, daemon, instance)
    finally:
        get_settings.cache_clear()
        factory.close()


@pytest.fixture
def workers(house: House) -> Iterator[Child]:
    with house.factory.running(*WORKERS) as parent:
        yield parent


def test_a_worker_that_is_killed_is_noticed_and_its_game_is_made_all_the_same(
    house: House, workers: Child
) -> None:
    batch = house.factory.submit("killed", 2)
    run_id, pid = house.at_work(batch)
    assert psutil.Process(pid).ppid() == workers.pid
    assert house.is_warm(run_id)
    assert house.instance.run_launcher.check_run_worker_health(
        house.instance.get_run_by_id(run_id)
    ).status == (private.WorkerStatus.RUNNING)
    kill(pid)
    house.becomes(run_id, dg.DagsterRunStatus.FAILURE)
    assert house.factory.wait_for_end(house.daemon, batch) == "completed"
    assert_whole(house.factory, batch, 2)
    ended = [
        run.run_id for run in house.instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.SUCCESS]))
    ]
    assert wire.ask(house.home, "look", ended[0]) == wire.Answer("ended", code=0)


def test_a_run_is_stopped_from_any_process(house: House, workers: Child) -> None:
    batch = house.factory.submit("stopped", 1)
    run_id, pid = house.at_work(batch)
    assert house.instance.run_launcher.terminate(run_id)
    house.becomes(run_id, dg.DagsterRunStatus.CANCELED)
    wait_for("the worker's end", 15, lambda: not psutil.pid_exists(pid))
    assert not house.instance.run_launcher.terminate(run_id)
    house.factory.run("batch", "cancel", batch)


def test_with_the_parent_its_workers_go_and_another_goes_on(house: House) -> None:
    with house.factory.running(*WORKERS) as parent:
        batch = house.factory.submit("orphaned", 2)
        run_id, pid = house.at_work(batch)
        kill(parent.pid)
        wait_for("the worker's end", 15, lambda: not psutil.pid_exists(pid))
        house.becomes(run_id, dg.DagsterRunStatus.FAILURE)
    with house.factory.running(*WORKERS):
        assert house.factory.wait_for_end(house.daemon, batch) == "completed"
    assert_whole(house.factory, batch, 2)


def test_without_a_parent_runs_are_dagsters_own(house: House) -> None:
    batch = house.factory.submit("cold", 1)
    run_id, _ = house.at_work(batch)
    assert not house.is_warm(run_id)
    assert house.factory.wait_for_end(house.daemon, batch) == "completed"
    assert_whole(house.factory, batch, 1)


def test_the_storages_keep_a_connection_and_outlive_its_loss(house: House) -> None:
    with private.pooled(house.instance):
        storage = house.instance.run_storage
        before = house.instance.get_runs_count()
        engine = storage._engine  # type: ignore[attr-defined]
        assert engine.pool.checkedin() == 1
        with engine.connect() as other:
            other.execute(
                sa.text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
            assert house.instance.get_runs_count() >= before
        assert house.instance.event_log_storage._engine is engine  # type: ignore[attr-defined]
