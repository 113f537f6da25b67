"""What warm workers use of Dagster that it does not promise to keep: upgrades that change it show here."""

import inspect
from pathlib import Path

import dagster as dg
import yaml
from dagster._cli import api
from dagster._core.code_pointer import ModuleCodePointer
from dagster._core.launcher.base import RunLauncher
from dagster._serdes import ConfigurableClass

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


def test_our_dagster_yaml_names_ours() -> None:
    launcher = yaml.safe_load(Path(project_file("dagster.yaml")).read_text())["run_launcher"]
    assert launcher == {"module": WarmRunLauncher.__module__, "class": WarmRunLauncher.__name__}


def test_the_module_of_a_run_is_read_from_its_origin() -> None:
    assert ModuleCodePointer("a_module", "defs", None).module == "a_module"
    assert private.module_of(dg.DagsterRun(job_name="one")) is None
    origin = dg.reconstructable(a_job).get_python_origin()
    assert private.module_of(dg.DagsterRun(job_name="one", job_code_origin=origin)) == __name__
