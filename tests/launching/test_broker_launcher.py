"""What the launcher makes of what Redis and Celery say, without either."""

from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest
from dagster._core.events import DagsterEvent

from gamefactory_dagster.launching import beats
from gamefactory_dagster.launching.defs import broker, broker_launcher, private
from gamefactory_dagster.launching.defs.broker_launcher import NODE_TAG, BrokerRunLauncher
from gamefactory_dagster.launching.defs.launcher import DEFINITIONS, WarmRunLauncher
from gamefactory_dagster.launching.defs.private import TASK_TAG, LaunchRunContext, WorkerStatus
from gamefactory_dagster.settings import get_settings

OURS = {TASK_TAG: "task-1", NODE_TAG: "1f@machine"}


class AwayError(Exception):
    """What Redis raises that does not answer."""


class Broker:
    """Knows one task and one worker, and what it was told."""

    queue = "gamefactory-0"
    away = (AwayError,)

    def __init__(self) -> None:
        self.status, self.alive, self.served, self.is_away = "STARTED", True, True, False
        self.waiting = 0
        self.told: list[str] = []
        self.redis = self.launcher = self

    @property
    def app(self) -> Any:
        if self.is_away:
            raise AwayError("no answer")
        meta = {"status": self.status, "result": "why"}
        return SimpleNamespace(
            backend=SimpleNamespace(get_task_meta=lambda _: meta),
            control=SimpleNamespace(revoke=lambda task, terminate: self.told.append(f"revoke {task}")),
        )

    def exists(self, key: str) -> int:
        if self.is_away:
            raise AwayError("no answer")
        return self.served if ":queue:" in key else self.alive

    def llen(self, queue: str) -> int:
        assert queue == self.queue
        return self.waiting

    def info(self, _: str) -> dict[str, int]:
        return {"uptime_in_seconds": 1000}

    def register_instance(self, _: object) -> None:
        """Nothing."""

    def launch_run(self, context: LaunchRunContext) -> None:
        self.told.append(f"launch {context.dagster_run.run_id}")

    def resume_run(self, context: private.ResumeRunContext) -> None:
        self.told.append(f"resume {context.dagster_run.run_id}")


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch) -> Broker:
    made = Broker()
    monkeypatch.setattr(broker, "opened", lambda _: made)
    monkeypatch.setattr(broker_launcher, "WAIT_SHARE", 0.0)
    monkeypatch.setattr(private, "module_of", lambda _: DEFINITIONS)
    monkeypatch.setattr(private, "enqueue_again", lambda _, run: made.told.append(f"queue {run.run_id}"))
    return made


@pytest.fixture
def launcher(way: Broker, instance: dg.DagsterInstance) -> BrokerRunLauncher:
    made = BrokerRunLauncher()
    made.register_instance(instance)
    return made


def run_in(
    instance: dg.DagsterInstance, status: dg.DagsterRunStatus = dg.DagsterRunStatus.STARTED, **tags: str
) -> dg.DagsterRun:
    run = dg.DagsterRun(job_name="make_game", run_id=f"run-{len(tags)}", status=status, tags=tags)
    return instance.add_run(run)


def status_of(instance: dg.DagsterInstance, run: dg.DagsterRun) -> dg.DagsterRunStatus:
    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    return found.status


@pytest.mark.parametrize(
    ("status", "alive", "expected"),
    [
        ("STARTED", True, WorkerStatus.RUNNING),
        ("STARTED", False, WorkerStatus.NOT_FOUND),
        ("PENDING", True, WorkerStatus.RUNNING),
        ("SUCCESS", False, WorkerStatus.SUCCESS),
        ("FAILURE", True, WorkerStatus.FAILED),
        ("REVOKED", True, WorkerStatus.FAILED),
    ],
    ids=["at work", "worker gone", "forgotten by Redis", "done", "process killed", "stopped"],
)
def test_health_is_what_celery_says_of_the_task_and_redis_of_the_worker(
    launcher: BrokerRunLauncher, instance: dg.DagsterInstance, way: Broker,
    status: str, alive: bool, expected: WorkerStatus,
) -> None:  # fmt: skip
    way.status, way.alive = status, alive
    assert launcher.check_run_worker_health(run_in(instance, **OURS)).status == expected


def test_a_broker_that_is_away_says_nothing_about_a_run(
    launcher: BrokerRunLauncher, instance: dg.DagsterInstance, way: Broker
) -> None:
    way.is_away = True
    health = launcher.check_run_worker_health(run_in(instance, **OURS))
    assert (health.status, health.transient) == (WorkerStatus.RUNNING, True)


def test_a_run_that_a_command_executes_itself_is_left_alone(
    launcher: BrokerRunLauncher, instance: dg.DagsterInstance, way: Broker
) -> None:
    way.is_away = True
    assert launcher.check_run_worker_health(run_in(instance)).status == WorkerStatus.RUNNING
    assert not launcher.terminate(run_in(instance, a="b").run_id)
    assert way.told == []


@pytest.mark.parametrize("hindrance", ["no worker", "no broker", "another waits"])
def test_a_run_nobody_would_begin_goes_back_into_the_queue(
    launcher: BrokerRunLauncher, instance: dg.DagsterInstance, way: Broker, hindrance: str
) -> None:
    way.served, way.is_away = hindrance != "no worker", hindrance == "no broker"
    way.waiting = int(hindrance == "another waits")
    run = run_in(instance, dg.DagsterRunStatus.STARTING)
    launcher.launch_run(LaunchRunContext(run, None))
    assert way.told == [f"queue {run.run_id}"]
    assert any("Not started yet" in entry.message for entry in instance.all_logs(run.run_id))
    way.served, way.is_away, way.waiting = True, False, 0
    again = run_in(instance, dg.DagsterRunStatus.STARTING, a="b")
    launcher.launch_run(LaunchRunContext(again, None))
    assert way.told[1:] == [f"launch {again.run_id}"]


def test_a_run_stopped_while_it_waits_for_a_worker_is_given_to_nobody(
    launcher: BrokerRunLauncher, instance: dg.DagsterInstance, way: Broker
) -> None:
    run = run_in(instance, dg.DagsterRunStatus.STARTING)
    assert launcher.terminate(run.run_id)
    launcher.launch_run(LaunchRunContext(run, None))
    assert status_of(instance, run) == dg.DagsterRunStatus.CANCELED
    assert way.told == []


def test_stopping_a_run_is_told_to_dagster_first(
    launcher: BrokerRunLauncher, instance: dg.DagsterInstance, way: Broker
) -> None:
    run = run_in(instance, **OURS)
    assert launcher.terminate(run.run_id)
    assert status_of(instance, run) == dg.DagsterRunStatus.CANCELING, "its worker says when it is cancelled"
    assert way.told == ["revoke task-1"]


@pytest.mark.parametrize("tags", [OURS, {TASK_TAG: "task-1"}], ids=["worker gone", "not begun"])
def test_a_run_nobody_is_at_is_cancelled_at_once(
    launcher: BrokerRunLauncher, instance: dg.DagsterInstance, way: Broker, tags: dict[str, str]
) -> None:
    way.alive = False
    run = run_in(instance, **tags)
    assert launcher.terminate(run.run_id)
    assert status_of(instance, run) == dg.DagsterRunStatus.CANCELED
    assert not launcher.terminate(run.run_id)


def test_a_run_is_to_be_cancelled_though_the_broker_is_away(
    launcher: BrokerRunLauncher, instance: dg.DagsterInstance, way: Broker
) -> None:
    way.is_away, run = True, run_in(instance, **OURS)
    assert not launcher.terminate(run.run_id), "nobody was told"
    assert status_of(instance, run) == dg.DagsterRunStatus.CANCELING


def test_a_run_goes_back_into_the_queue_when_the_broker_leaves_as_it_is_given_one(
    launcher: BrokerRunLauncher, instance: dg.DagsterInstance, way: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leave(_: LaunchRunContext) -> None:
        raise AwayError("connection lost")

    monkeypatch.setattr(way, "launch_run", leave)
    run = run_in(instance, dg.DagsterRunStatus.STARTING)
    launcher.launch_run(LaunchRunContext(run, None))
    assert way.told == [f"queue {run.run_id}"]
    [said] = [entry.message for entry in instance.all_logs(run.run_id)]
    assert "Not started yet: the broker does not answer: connection lost." in said


def succeed(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    event = DagsterEvent(dg.DagsterEventType.RUN_SUCCESS.value, run.job_name)
    instance.report_dagster_event(event, run.run_id)


def test_a_run_that_ended_just_before_it_was_told_to_stop_is_what_it_was(
    launcher: BrokerRunLauncher, instance: dg.DagsterInstance, way: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, report = run_in(instance, **OURS), instance.report_run_canceling

    def late(told: dg.DagsterRun) -> None:
        succeed(instance, told)
        report(told)

    monkeypatch.setattr(instance, "report_run_canceling", late)
    assert not launcher.terminate(run.run_id)
    assert status_of(instance, run) == dg.DagsterRunStatus.SUCCESS
    assert way.told == []


def test_a_run_that_ends_while_it_is_told_to_stop_is_what_it_was(
    launcher: BrokerRunLauncher, instance: dg.DagsterInstance, way: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_in(instance, **OURS)
    look = launcher._health

    def late(told: dg.DagsterRun) -> private.CheckRunHealthResult:
        succeed(instance, told)
        way.status = "SUCCESS"
        return look(told)

    monkeypatch.setattr(launcher, "_health", late)
    assert launcher.terminate(run.run_id)
    assert status_of(instance, run) == dg.DagsterRunStatus.SUCCESS


def test_a_run_is_resumed_where_it_was_begun(
    launcher: BrokerRunLauncher, instance: dg.DagsterInstance, way: Broker
) -> None:
    run = run_in(instance, **OURS)
    launcher.resume_run(private.ResumeRunContext(run, None, resume_attempt_number=1))
    assert way.told == [f"resume {run.run_id}"]


def test_a_setting_says_which_launcher_it_is(way: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    get_settings.cache_clear()
    assert type(WarmRunLauncher.from_config_value(None, {})) is WarmRunLauncher
    monkeypatch.setenv("GAMEFACTORY_RUN_BROKER", "redis://localhost/0")
    get_settings.cache_clear()
    assert type(WarmRunLauncher.from_config_value(None, {})) is BrokerRunLauncher
    get_settings.cache_clear()


def test_a_server_that_was_just_started_has_not_heard_of_everybody(way: Broker) -> None:
    way.alive = False
    redis: Any = way
    assert not beats.lives(redis, "1f@machine")
    redis.info = lambda _: {"uptime_in_seconds": 1}
    assert beats.lives(redis, "1f@machine")
