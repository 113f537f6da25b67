"""Background jobs through the daemon: from every way in to their end, past a worker that is killed."""

import json
from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest

from tests.live import Factory, kill_tree, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.daemon, pytest.mark.faults]

OPEN = "SELECT id, job_type, status, error_message FROM public.jobs WHERE status IN ('pending', 'processing')"
LEFT = (
    "SELECT count(*) AS messages FROM (TABLE pgmq.q_job_queue UNION ALL TABLE pgmq.q_job_queue_high) AS both"
)


@pytest.fixture
def factory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Factory]:
    made = Factory(
        tmp_path_factory.mktemp("jobs"), GAMEFACTORY_LEASE_SECONDS="4", GAMEFACTORY_START_SECONDS="40"
    )
    yield made
    made.close()


def test_every_way_in_and_a_killed_worker(factory: Factory) -> None:
    with factory.daemon() as daemon:
        long = entered(factory, "sample_task", "--param", "seconds=8")

        def holder() -> psutil.Process | None:
            daemon.check()
            [row] = factory.rows("SELECT lease_owner FROM public.jobs WHERE id = :id", id=long)
            return working_run() if row.lease_owner else None

        worker = wait_for("a run that holds the job", 240, holder)
        kill_tree(worker.pid)
        by_sql = [
            {"job_type": "sample_task", "job_parameters": {"text": str(number)}} for number in range(30)
        ]
        with factory.engine.begin() as connection:
            connection.exec_driver_sql("SELECT public.enqueue_jobs(%s::jsonb)", (json.dumps(by_sql),))
        for job_type in ("refresh_metrics", "recompute_weights", "prune_history"):
            entered(factory, job_type, "--priority", "high")
        bad = entered(factory, "sample_task", "--param", "fails=no such thing")
        def ended() -> bool:
            daemon.check()
            return not factory.rows(OPEN)

        wait_for("the end of every job", 300, ended)
    rows = factory.rows("SELECT id, status, error_type, error_message, retry_count FROM public.jobs")
    failed = {str(row.id): row.error_message for row in rows if row.status != "completed"}
    assert failed == {bad: "no such thing"}
    assert len(rows) == 35
    [row] = [row for row in rows if str(row.id) == long]
    assert row.retry_count >= 1, "its first worker was killed"
    assert factory.rows(LEFT)[0].messages == 0
    assert factory.json("jobs", "show", long)["status"] == "completed"


def entered(factory: Factory, *arguments: str) -> str:
    """The id of a job that is entered by the command."""
    [found] = factory.json("jobs", "enqueue", *arguments)["jobs"]
    return str(found["id"])


def working_run() -> psutil.Process | None:
    """The process of the run whose lanes are forked by a process of its own."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            parent = process.parent()
            if _forks(process) and parent is not None and not _forks(parent):
                return parent
    return None


def _forks(process: psutil.Process) -> bool:
    return "gamefactory_dagster.background.hands" in process.cmdline()
