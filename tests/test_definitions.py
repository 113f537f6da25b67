"""The code location as Dagster sees it: what there is, and that it loads light."""

import subprocess
import sys

import dagster as dg
import yaml

from gamefactory_dagster.definitions import defs
from gamefactory_dagster.orchestration.runs import KIND_TAG
from gamefactory_dagster.production.lifecycle import STEPS
from gamefactory_dagster.settings import project_file

HEAVY = (
    "PIL",
    "numpy",
    "pandas",
    "py_mini_racer",
    "playwright",
    "soundfile",
    "dulwich",
    "matplotlib",
    "pyarrow",
    "duckdb",
    "uvicorn",
)


def test_the_names_of_everything() -> None:
    repository = defs.get_repository_def()
    assert sorted(job.name for job in repository.get_all_jobs()) == [
        "__ASSET_JOB",
        "analyze_replay_job",
        "daily_metrics",
        "day_metrics",
        "enqueue_job",
        "import_events",
        "maintenance",
        "make_game",
        "recover_jobs",
        "submit_batch",
        "submit_replays",
        "submit_request",
        "watch_jobs",
        "watch_ledger",
        "watch_metrics",
        "work_jobs",
    ]
    assert sorted(sensor.name for sensor in repository.sensor_defs) == [
        "batch_sensor",
        "jobs_sensor",
        "landing_zone",
        "late_events",
        "ledger_sensor",
        "replays_sensor",
        "requests_sensor",
    ]
    assert sorted(schedule.name for schedule in repository.schedule_defs) == [
        "daily_metrics",
        "nightly_maintenance",
        "prune_history",
        "recover_jobs_every_minute",
        "watch_jobs",
        "watch_ledger",
        "watch_metrics",
    ]


def test_the_names_of_assets_and_their_checks() -> None:
    graph = defs.resolve_asset_graph()
    assert sorted(key.to_user_string() for key in graph.get_all_asset_keys()) == [
        "analytics_events",
        "event_partitions",
        "game_metrics",
        "games",
        "job_queue",
        "learning_weights",
        "player_days",
        "replay_jobs",
        "request_queue",
        "run_ledger",
    ]
    assert sorted(key.to_user_string() for key in graph.asset_check_keys) == [
        "analytics_events:files_taken_in",
        "analytics_events:ingestion_lag",
        "analytics_events:quarantine_share",
        "analytics_events:room_on_disk",
        "event_partitions:made_ahead",
        "game_metrics:metric_totals",
        "game_metrics:no_negative_metrics",
        "game_metrics:nothing_stale",
        "game_metrics:players_within_events",
        "game_metrics:retention_valid",
        "game_metrics:unique_games",
        "game_metrics:yesterday_present",
        "job_queue:in_time",
        "learning_weights:a_weight_for_every_pair",
        "learning_weights:no_game_stands_still",
        "learning_weights:weights_follow_the_metrics",
        "player_days:first_days",
        "player_days:late_beyond_horizon",
        "player_days:no_negative_counts",
        "player_days:player_totals",
        "player_days:unique_players",
        "run_ledger:files_as_made",
        "run_ledger:protected",
        "run_ledger:twelve_ends",
    ]


def test_the_night_computes_days_before_what_reads_them() -> None:
    order = [node.name for node in defs.resolve_job_def("daily_metrics").graph.nodes_in_topological_order]
    assert set(order) >= {"event_partitions", "player_days", "game_metrics", "learning_weights"}
    assert order.index("player_days") < order.index("game_metrics") < order.index("learning_weights")
    assert order.index("check_state_now") > order.index("game_metrics")


def test_assets_say_what_they_are_and_run_in_one_process() -> None:
    for asset in defs.resolve_asset_graph().asset_nodes:
        assert len(asset.description or "") > 60, f"{asset.key} says too little in the UI"
        assert asset.owners
        assert asset.kinds
        assert asset.group_name in {
            *("analytics", "background", "learning", "ledger", "production", "replays", "requests")
        }
    for job in defs.get_repository_def().get_all_jobs():
        assert job.executor_def is dg.in_process_executor, job.name


def test_a_batch_of_any_size_leaves_room_for_metrics_and_landed_files() -> None:
    queue = yaml.safe_load(project_file("dagster.yaml").read_text())["run_queue"]
    limits = {limit["value"]: limit["limit"] for limit in queue["tag_concurrency_limits"]}
    kinds = {job.name: job.tags.get(KIND_TAG) for job in defs.get_repository_def().get_all_jobs()}
    together = limits[kinds["make_game"]] + limits["request"] + limits[kinds["import_events"]]
    assert together < queue["max_concurrent_runs"]
    rollups = ("day_metrics", "daily_metrics", "watch_metrics")
    assert not {kinds[name] for name in rollups} & limits.keys()
    priority = {
        job.name: int(job.tags.get("dagster/priority", 0)) for job in defs.get_repository_def().get_all_jobs()
    }
    assert priority["make_game"] < priority["import_events"] < min(priority[name] for name in rollups)


def test_the_game_job_is_the_workflow_in_its_order() -> None:
    job = defs.resolve_job_def("make_game")
    assert [node.name for node in job.graph.nodes_in_topological_order] == list(STEPS)
    for node in job.graph.nodes_in_topological_order:
        assert len(node.definition.description or "") > 60, f"{node.name} says too little in the UI"
    assert job.executor_def is dg.in_process_executor


def test_the_job_takes_one_game_id() -> None:
    job = defs.resolve_job_def("make_game")
    assert dg.validate_run_config(job, {"game_id": "x"})["ops"]["testing"]["config"] == {"game_id": "x"}


def test_harmless_sensors_and_schedules_run_by_default() -> None:
    repository = defs.get_repository_def()
    for sensor in repository.sensor_defs:
        assert sensor.default_status is dg.DefaultSensorStatus.RUNNING
    for schedule in repository.schedule_defs:
        assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
        assert schedule.execution_timezone == "UTC"


def test_the_code_location_loads_light() -> None:
    code = (
        "import sys; import gamefactory_dagster.definitions; "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
