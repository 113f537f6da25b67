"""Whose run is whose: the launcher looks after those of warm workers alone."""

import dagster as dg
import pytest

from gamefactory_dagster.errors import TransientError
from gamefactory_dagster.home import NobodyThereError
from gamefactory_dagster.launching import children, wire
from gamefactory_dagster.launching.defs import launcher, private
from gamefactory_dagster.launching.defs.launcher import WORKER_TAG, WarmRunLauncher, is_ours
from gamefactory_dagster.launching.wire import Answer

pytestmark = pytest.mark.skipif(not children.AVAILABLE, reason="warm workers are for Linux")

SERVER = {".dagster/grpc_info": "{}"}


def a_run(**tags: str) -> dg.DagsterRun:
    return dg.DagsterRun(job_name="make_game", run_id="1", status=dg.DagsterRunStatus.STARTED, tags=tags)


def test_a_run_is_ours_where_a_warm_worker_was_given_it() -> None:
    assert is_ours(a_run(**{WORKER_TAG: "warm"}))
    assert not is_ours(a_run())
    assert not is_ours(a_run(**{WORKER_TAG: "warm"}, **SERVER))


def health(monkeypatch: pytest.MonkeyPatch, answer: Answer | Exception) -> private.CheckRunHealthResult:
    def ask(*_: object) -> Answer:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(wire, "ask", ask)
    return WarmRunLauncher().check_run_worker_health(a_run(**{WORKER_TAG: "warm"}))


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Answer("running", 7), private.WorkerStatus.RUNNING),
        (Answer("ended", code=0), private.WorkerStatus.SUCCESS),
        (Answer("ended", code=-9), private.WorkerStatus.FAILED),
        (Answer("unknown"), private.WorkerStatus.NOT_FOUND),
        (NobodyThereError("gone"), private.WorkerStatus.NOT_FOUND),
        (TransientError("busy"), private.WorkerStatus.RUNNING),
    ],
    ids=["runs", "succeeded", "killed", "unknown", "no parent", "no answer in time"],
)
def test_the_health_of_a_worker_is_what_its_parent_says(
    monkeypatch: pytest.MonkeyPatch, answer: Answer | Exception, status: private.WorkerStatus
) -> None:
    found = health(monkeypatch, answer)
    assert found.status == status
    assert found.transient is (True if type(answer) is TransientError else None)


def test_a_run_that_is_being_given_to_a_worker_can_be_stopped(
    monkeypatch: pytest.MonkeyPatch, instance: dg.DagsterInstance
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(wire, "ask", lambda home, verb, run_id, seconds: asked.append(f"{verb} {run_id}"))
    monkeypatch.setattr(private, "module_of", lambda _: launcher.DEFINITIONS)
    way = WarmRunLauncher()
    way.register_instance(instance)
    for run_id in ("1", "2"):
        instance.add_run(dg.DagsterRun("make_game", run_id=run_id, status=dg.DagsterRunStatus.STARTING))
    assert way.terminate("1")
    monkeypatch.setattr(private, "module_of", lambda _: "another")
    assert not way.terminate("2")
    assert asked == ["stop 1"]
    assert instance.get_runs_count(dg.RunsFilter(statuses=[dg.DagsterRunStatus.CANCELING])) == 2


def test_a_run_that_a_command_executes_itself_is_stopped_dagsters_way(
    monkeypatch: pytest.MonkeyPatch, instance: dg.DagsterInstance
) -> None:
    monkeypatch.setattr(wire, "ask", lambda *_: pytest.fail("it was asked for"))
    monkeypatch.setattr(private, "module_of", lambda _: launcher.DEFINITIONS)
    way = WarmRunLauncher()
    way.register_instance(instance)
    instance.add_run(a_run())
    assert not way.terminate("1")


def test_a_run_is_given_to_a_worker_where_there_is_a_parent(
    monkeypatch: pytest.MonkeyPatch, instance: dg.DagsterInstance
) -> None:
    said: dict[wire.Verb, Answer | None] = {"look": Answer("unknown"), "launch": Answer("running", 7)}
    dagsters: list[str] = []

    def ask(_: object, verb: wire.Verb, *__: object) -> Answer:
        if answer := said[verb]:
            return answer
        raise NobodyThereError("there is none")

    monkeypatch.setattr(wire, "ask", ask)
    monkeypatch.setattr(private, "module_of", lambda _: launcher.DEFINITIONS)
    monkeypatch.setattr(
        private.DefaultRunLauncher,
        "launch_run",
        lambda _, context: dagsters.append(context.dagster_run.run_id),
    )
    way = WarmRunLauncher()
    way.register_instance(instance)

    def launched(run_id: str) -> dict[str, str]:
        run = dg.DagsterRun("make_game", run_id=run_id, status=dg.DagsterRunStatus.STARTING)
        way.launch_run(private.LaunchRunContext(instance.add_run(run), None))
        found = instance.get_run_by_id(run_id)
        return {} if found is None else dict(found.tags)

    assert WORKER_TAG in launched("1")
    said["launch"] = Answer("unknown", error="the definitions cannot be loaded: no such thing")
    with pytest.raises(dg.Failure, match="no such thing"):
        launched("2")
    assert dagsters == []
    said["look"] = None
    assert WORKER_TAG not in launched("3"), "which could not be taken back"
    assert dagsters == ["3"]


def test_a_run_is_to_be_cancelled_though_no_parent_is_at_work(
    monkeypatch: pytest.MonkeyPatch, instance: dg.DagsterInstance
) -> None:
    def ask(*_: object) -> Answer:
        raise NobodyThereError("it starts again")

    monkeypatch.setattr(wire, "ask", ask)
    way = WarmRunLauncher()
    way.register_instance(instance)
    instance.add_run(a_run(**{WORKER_TAG: "warm"}))
    assert not way.terminate("1"), "nobody was told"
    assert instance.get_runs_count(dg.RunsFilter(statuses=[dg.DagsterRunStatus.CANCELING])) == 1


def test_a_run_that_has_ended_cannot_be_stopped(
    monkeypatch: pytest.MonkeyPatch, instance: dg.DagsterInstance
) -> None:
    monkeypatch.setattr(wire, "ask", lambda *_: pytest.fail("it was asked for"))
    way = WarmRunLauncher()
    way.register_instance(instance)
    ended = dg.DagsterRun(
        "make_game", run_id="1", status=dg.DagsterRunStatus.SUCCESS, tags={WORKER_TAG: "warm"}
    )
    instance.add_run(ended)
    assert not way.terminate("1")
    assert not way.terminate("there is none")
    assert instance.get_runs_count(dg.RunsFilter(statuses=[dg.DagsterRunStatus.SUCCESS])) == 1


def test_a_run_that_a_command_executes_itself_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "ask", lambda *_: pytest.fail("it was asked for"))
    for run in (a_run(), a_run(**SERVER)):
        assert WarmRunLauncher().check_run_worker_health(run).status == private.WorkerStatus.RUNNING
