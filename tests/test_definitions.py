"""The code location as Dagster sees it: what there is, and that it loads light."""

import subprocess
import sys

import dagster as dg

from gamefactory_dagster.definitions import defs
from gamefactory_dagster.production.lifecycle import STEPS

HEAVY = (
    "PIL",
    "numpy",
    "pandas",
    "py_mini_racer",
    "playwright",
    "soundfile",
    "dulwich",
    "matplotlib",
    "uvicorn",
)


def test_the_names_of_everything() -> None:
    repository = defs.get_repository_def()
    jobs = ["maintenance", "make_game", "submit_batch"]
    assert sorted(job.name for job in repository.get_all_jobs()) == jobs
    assert sorted(sensor.name for sensor in repository.sensor_defs) == ["batch_sensor"]
    assert sorted(schedule.name for schedule in repository.schedule_defs) == ["nightly_maintenance"]


def test_the_game_job_is_the_workflow_in_its_order() -> None:
    job = defs.resolve_job_def("make_game")
    assert [node.name for node in job.graph.nodes_in_topological_order] == list(STEPS)
    for node in job.graph.nodes_in_topological_order:
        assert len(node.definition.description or "") > 60, f"{node.name} says too little in the UI"
    assert job.executor_def is dg.in_process_executor


def test_the_job_takes_one_game_id() -> None:
    job = defs.resolve_job_def("make_game")
    assert dg.validate_run_config(job, {"game_id": "x"})["ops"]["testing"]["config"] == {"game_id": "x"}


def test_harmless_sensors_run_by_default() -> None:
    for sensor in defs.get_repository_def().sensor_defs:
        assert sensor.default_status is dg.DefaultSensorStatus.RUNNING


def test_the_code_location_loads_light() -> None:
    code = (
        "import sys; import gamefactory_dagster.definitions; "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
