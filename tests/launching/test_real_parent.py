"""The parent of the workers with everything there is imported."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import psutil
import pytest
import sqlalchemy as sa
from dagster._core.events import DagsterEvent

from gamefactory_dagster.launching import children, wire
from gamefactory_dagster.launching.defs.launcher import WORKER_TAG
from gamefactory_dagster.local.processes import ONE_THREAD
from tests.live import wait_for

from .test_parent import answers, sockets

pytestmark = pytest.mark.skipif(not children.AVAILABLE, reason="warm workers are for Linux")


def environment(home: Path, dagster_home: Path) -> dict[str, str]:
    return {
        **os.environ, **ONE_THREAD, "GAMEFACTORY_HOME": str(home), "DAGSTER_HOME": str(dagster_home)
    }  # fmt: skip


@contextmanager
def real_parent(home: Path, dagster_home: Path) -> Iterator[psutil.Process]:
    process = subprocess.Popen(
        [sys.executable, "-m", "gamefactory_dagster.launching"],
        env=environment(home, dagster_home),
        stdin=subprocess.DEVNULL,
    )
    try:
        wait_for("the parent", 60, lambda: answers(home))
        assert process.poll() is None
        yield psutil.Process(process.pid)
    finally:
        process.kill()
        process.wait()


def test_the_parent_has_one_thread_and_no_connection_when_it_forks(tmp_path: Path) -> None:
    """A thread or a connection would be broken in its children."""
    with real_parent(tmp_path, tmp_path / "none") as here:
        assert "gamefactory_dagster.launching" in here.cmdline()
        assert here.num_threads() == 1
        assert here.net_connections(kind="inet") == []
        wait_for("the end of the last question", 10, lambda: sockets(here.pid) == 1)
        assert any("/numpy/" in one.path for one in here.memory_maps()), "what steps use is imported"


def test_a_run_without_a_worker_that_was_to_stop_ends_as_it_had_ended(tmp_path: Path) -> None:
    """Dagster takes a run that ended between being looked at and being told to stop for one that goes on."""
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:

        def stopped(*events: dg.DagsterEventType) -> str:
            run = instance.add_run(dg.DagsterRun("make_game", status=dg.DagsterRunStatus.STARTED))
            for event in events:
                instance.report_dagster_event(DagsterEvent(event.value, run.job_name), run.run_id)
            instance.report_run_canceling(run)
            return run.run_id

        succeeded, unfinished = stopped(dg.DagsterEventType.RUN_SUCCESS), stopped()
        with real_parent(tmp_path, tmp_path):
            for run_id in (succeeded, unfinished):
                assert wire.ask(tmp_path, "stop", run_id) == wire.Answer("unknown")

            def status(run_id: str) -> str:
                found = instance.get_run_by_id(run_id)
                return "" if found is None else found.status.value

            wait_for("the end of one", 30, lambda: status(unfinished) == "CANCELED")
            wait_for("the end of the other", 30, lambda: status(succeeded) == "SUCCESS")


def test_at_its_start_the_runs_end_that_its_workers_would_be_at(tmp_path: Path) -> None:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:

        def begun(status: dg.DagsterRunStatus, **tags: str) -> str:
            return instance.add_run(dg.DagsterRun("make_game", status=status, tags=tags)).run_id

        ours = {WORKER_TAG: "warm"}
        ends = {
            begun(dg.DagsterRunStatus.STARTING, **ours): dg.DagsterRunStatus.FAILURE,
            begun(dg.DagsterRunStatus.STARTED, **ours): dg.DagsterRunStatus.FAILURE,
            begun(dg.DagsterRunStatus.CANCELING, **ours): dg.DagsterRunStatus.CANCELED,
        }
        commands = begun(dg.DagsterRunStatus.STARTED)
        younger = begun(dg.DagsterRunStatus.STARTED, **ours)
        later = sa.text("UPDATE runs SET update_timestamp = '2100-01-01 00:00:00' WHERE run_id = :run")
        storage: Any = instance.run_storage
        with storage.connect() as connection:
            connection.execute(later, {"run": younger})

        def status(run_id: str) -> dg.DagsterRunStatus | None:
            found = instance.get_run_by_id(run_id)
            return None if found is None else found.status

        with real_parent(tmp_path, tmp_path):
            wait_for("their ends", 30, lambda: {run_id: status(run_id) for run_id in ends} == ends)
        assert status(commands) == status(younger) == dg.DagsterRunStatus.STARTED


RUN = "import sys; from gamefactory_dagster.launching.defs import worker; "
RUN += "sys.exit(worker.run(sys.argv[1], resumes=False, tags={'by': 'this machine'}))"


def test_a_run_that_was_stopped_before_its_worker_began_is_cancelled_and_says_by_whom(tmp_path: Path) -> None:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        run = instance.add_run(dg.DagsterRun("make_game", status=dg.DagsterRunStatus.CANCELING))
        command = [sys.executable, "-c", RUN, run.run_id]
        done = subprocess.run(command, env=environment(tmp_path, tmp_path), check=False, timeout=120)
        assert done.returncode == 0
        found = instance.get_run_by_id(run.run_id)
        assert found is not None and found.status == dg.DagsterRunStatus.CANCELED
        assert found.tags["by"] == "this machine"
