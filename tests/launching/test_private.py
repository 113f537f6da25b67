"""What run workers use of Dagster that it does not promise to keep: upgrades that change it show here."""

import inspect
import subprocess
import sys
from pathlib import Path

import dagster as dg
import yaml
from dagster._cli import api
from dagster._core.code_pointer import ModuleCodePointer
from dagster._core.events import DagsterEvent, DagsterEventType
from dagster._core.execution import compute_logs
from dagster._core.launcher.base import RunLauncher
from dagster._grpc.types import ExecuteRunArgs, ResumeRunArgs
from dagster._serdes import ConfigurableClass, pack_value
from dagster_celery import config, tags
from dagster_celery.launcher import CeleryRunLauncher

from gamefactory_dagster.launching.defs import private
from gamefactory_dagster.launching.defs.launcher import WarmRunLauncher
from gamefactory_dagster.settings import project_file


@dg.job
def a_job() -> None:
    """Nothing."""


def names(function: object) -> list[str]:
    return list(inspect.signature(function).parameters)  # type: ignore[arg-type]


def test_runs_are_executed_as_by_dagsters_own_command() -> None:
    expected = ["run_id", "instance", "write_stream_fn", "set_exit_code_on_failure"]
    assert names(api._execute_run_command_body) == expected
    assert names(api._resume_run_command_body) == expected


def test_a_launcher_is_what_it_was() -> None:
    assert issubclass(private.DefaultRunLauncher, RunLauncher)
    assert issubclass(private.DefaultRunLauncher, ConfigurableClass)
    for name in ("launch_run", "resume_run"):
        assert names(getattr(RunLauncher, name)) == ["self", "context"]
    assert names(RunLauncher.terminate) == ["self", "run_id"]
    assert names(RunLauncher.check_run_worker_health) == ["self", "run"]
    assert {one.name for one in private.WorkerStatus} >= {"RUNNING", "NOT_FOUND", "FAILED", "SUCCESS"}
    run = dg.DagsterRun(job_name="one", tags={".dagster/grpc_info": "{}"})
    assert private.has_server(run)


CAPTURING = """
import os, sys
from dagster._core.storage.local_compute_log_manager import LocalComputeLogManager
import psutil
from gamefactory_dagster.launching.defs import private
private.capture_alone()
logs = LocalComputeLogManager(sys.argv[1])
with logs.capture_logs(["run", "key"]):
    print("said", flush=True)
    os.write(2, b"moaned")
    assert not psutil.Process().children()
found = logs.get_log_data(["run", "key"])
assert (found.stdout, found.stderr) == (b"said\\n", b"moaned"), found
print("and on")
"""


def test_what_a_run_prints_is_kept_without_processes_of_their_own(tmp_path: Path) -> None:
    assert names(compute_logs.mirror_stream_to_file) == ["stream", "filepath"]
    command = [sys.executable, "-c", CAPTURING, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "and on\n", "")


def test_our_dagster_yaml_names_ours() -> None:
    launcher = yaml.safe_load(Path(project_file("dagster.yaml")).read_text())["run_launcher"]
    assert launcher == {"module": WarmRunLauncher.__module__, "class": WarmRunLauncher.__name__}


def test_the_module_of_a_run_is_read_from_its_origin() -> None:
    assert ModuleCodePointer("a_module", "defs", None).module == "a_module"
    assert private.module_of(dg.DagsterRun(job_name="one")) is None
    origin = dg.reconstructable(a_job).get_python_origin()
    assert private.module_of(dg.DagsterRun(job_name="one", job_code_origin=origin)) == __name__


def test_dagster_celerys_launcher_is_what_it_was() -> None:
    assert (config.TASK_EXECUTE_JOB_NAME, config.TASK_RESUME_JOB_NAME) == (
        private.EXECUTE_TASK,
        private.RESUME_TASK,
    )
    assert tags.DAGSTER_CELERY_TASK_ID_TAG == private.TASK_TAG
    made = private.celery_launcher("redis://localhost/0", "a-queue", {"worker_prefetch_multiplier": 1})
    assert isinstance(made, CeleryRunLauncher)
    assert (made.broker, made.backend, made.default_queue) == ("redis://localhost/0",) * 2 + ("a-queue",)
    assert names(CeleryRunLauncher.launch_run) == names(CeleryRunLauncher.resume_run) == ["self", "context"]


def test_a_task_tells_its_run() -> None:
    origin = dg.reconstructable(a_job).get_python_origin()
    for kind in (ExecuteRunArgs, ResumeRunArgs):
        assert private.run_of(pack_value(kind(origin, "run-1", None))) == "run-1"


def test_a_run_can_be_put_back_into_the_queue() -> None:
    event = DagsterEvent.job_enqueue(dg.DagsterRun(job_name="one"))
    assert event.event_type == DagsterEventType.RUN_ENQUEUED


def test_how_a_run_ended_is_known_after_it_was_told_to_stop(instance: dg.DagsterInstance) -> None:
    run = instance.add_run(dg.DagsterRun("one", status=dg.DagsterRunStatus.STARTED))
    assert private.end_told(instance, run.run_id) is None
    ended = instance.report_run_failed(run, "broken")
    instance.report_run_canceling(run)
    assert private.end_told(instance, run.run_id) == ended
