"""Background jobs in Dagster, on the database."""

import datetime as dt

import dagster as dg
import pytest
import sqlalchemy as sa

from gamefactory_dagster.background import defs, dispatch
from gamefactory_dagster.background.worker import Stay
from gamefactory_dagster.ledger import reading
from gamefactory_dagster.ledger.access import owners_view
from gamefactory_dagster.orchestration.defs import Factory

from .conftest import Desk

SHARED = {dispatch.SHARE_TAG: dispatch.SHARED}


@pytest.fixture
def factory(desk: Desk, monkeypatch) -> Factory:
    monkeypatch.setattr(defs, "STAY", Stay(for_next=0.0))  # nothing comes later here
    return Factory(desk.engine, desk.settings)


@pytest.fixture
def run(factory, instance):
    """Run a job of these definitions in this process."""

    def do(job, config=None, tags=None, raises=True):
        return job.execute_in_process(
            instance=instance,
            resources={"factory": factory},
            run_config=config,
            tags=tags or {},
            raise_on_error=raises,
        )

    return do


def test_every_job_has_its_own_output_log_and_error(desk: Desk, run):
    jobs = [desk.enter(text="a", lines=2), desk.enter(fails="no such thing"), desk.enter(failing_tries=1)]
    done = run(defs.work_jobs, {"jobs": [str(job) for job in jobs]}, SHARED)
    assert done.success, "a job that fails fails alone"
    outputs = {
        event.event_specific_data.mapping_key: event.event_specific_data.metadata
        for event in done.all_events
        if event.event_type_value == "STEP_OUTPUT"
    }
    good, bad, again = (outputs[job.hex] for job in jobs)
    assert [one["state"].value for one in (good, bad, again)] == ["completed", "failed", "again"]
    assert good["log"].value == desk.row(jobs[0]).log
    assert good["data references"].value == desk.row(jobs[0]).data_references
    assert bad["error"].value == "PermanentError: no such thing"
    assert {one["type"].value for one in outputs.values()} == {"sample_task"}


def test_a_run_of_jobs_is_a_run_of_the_ledger(desk: Desk, run):
    run(defs.work_jobs, {"jobs": [str(desk.enter()), str(desk.enter(fails="no"))]}, SHARED)
    with owners_view(desk.engine, desk.settings.user) as connection:
        [found] = reading.runs(connection, kind="jobs").rows
        events = reading.events(connection, found.run_id).rows
    assert found.status == "completed"
    end = next(event for event in events if event.bot_name == "work" and event.event_type == "end")
    assert (end.payload["completed"], end.payload["failed"]) == (1, 1)


def test_a_run_is_for_ids(run):
    done = run(defs.work_jobs, {"jobs": ["x'; DROP TABLE jobs"]}, raises=False)
    [failure] = [event for event in done.all_events if event.is_step_failure]
    assert "jobs: " in failure.event_specific_data.error_display_string
    assert not any(event.event_type_value == "STEP_UP_FOR_RETRY" for event in done.all_events)


def order(config):
    return {"ops": {"enqueue": {"config": config}}}


def sensed(factory, instance):
    context = dg.build_sensor_context(instance=instance, resources={"factory": factory})
    return defs.jobs_sensor(context)


def test_the_sensor_asks_for_runs_that_do_what_is_due(desk: Desk, factory, instance, run):
    jobs = [desk.enter(text=str(number)) for number in range(3)]
    answer = sensed(factory, instance)
    [request] = answer.run_requests
    assert isinstance(sensed(factory, instance), dg.SkipReason)
    done = defs.work_jobs.execute_in_process(
        instance=instance,
        resources={"factory": factory},
        run_config=request.run_config,
        tags=request.tags,
    )
    assert done.success
    assert {desk.row(job).status for job in jobs} == {"completed"}
    assert desk.all_messages() == []


def test_the_sensor_asks_for_no_more_while_its_runs_have_not_ended(desk: Desk, factory, instance):
    for number in range(dispatch.SHARED_RUNS):
        instance.create_run_for_job(defs.work_jobs, run_config={"jobs": []}, tags=SHARED)
        desk.enter(text=str(number))
    assert isinstance(sensed(factory, instance), dg.SkipReason)
    heavy = desk.enter("recompute_weights"), desk.enter("prune_history")
    [request] = sensed(factory, instance).run_requests
    assert request.run_config["jobs"] == [str(heavy[1])]
    assert request.tags[dispatch.SHARE_TAG] == dispatch.ALONE


@pytest.mark.parametrize(
    ("status", "ends"),
    [(dg.DagsterRunStatus.CANCELING, "failed"), (dg.DagsterRunStatus.STARTED, "processing")],
    ids=["stopped by a person", "put down"],
)
def test_a_heavy_job_ends_with_a_run_that_a_person_stops(desk: Desk, factory, instance, status, ends):
    job, done = desk.enter("recompute_weights"), desk.enter()
    desk.work(done)
    desk.change(job, status="processing")
    run = instance.create_run_for_job(defs.work_jobs, run_config={"jobs": []}, status=status)
    defs.cancel_if_stopped(instance, run.run_id, factory, [job, done])
    assert (desk.row(job).status, desk.row(done).status) == (ends, "completed")


def test_the_launchpad_enters_a_job(desk: Desk, run):
    given = {"job_type": "sample_task", "job_parameters": {"text": "a"}, "priority": "low"}
    done = run(defs.enqueue_job, order(given))
    [output] = [event for event in done.all_events if event.event_type_value == "STEP_OUTPUT"]
    job = output.event_specific_data.metadata["job"].value
    row = desk.row(job)
    assert (row.job_type, row.job_parameters["text"], row.queue) == ("sample_task", "a", "job_queue_low")


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"job_type": "sample"}, "job_type: 'sample' is not accepted"),
        ({"job_type": "sample_task", "job_parameters": {"seconds": -1}}, "job_parameters.seconds: -1"),
        ({"job_type": "sample_task", "priority": "urgent"}, "priority: 'urgent'"),
        ({"job_type": "sample_task", "user": "me"}, "user: 'me'"),
        ({"job_type": "analyze_replays", "job_parameters": {"links": ["a"]}}, "job_parameters.links"),
    ],
    ids=["type", "parameter", "priority", "user", "links"],
)
def test_the_launchpad_says_what_will_not_do(desk: Desk, run, config, words):
    done = run(defs.enqueue_job, order(config), raises=False)
    [failure] = [event for event in done.all_events if event.is_step_failure]
    assert words in failure.event_specific_data.error_display_string
    assert desk.all_messages() == []


def test_the_schedule_recovers_without_a_run(desk: Desk, factory, tmp_path):
    job = desk.enter()
    desk.change(job, message_id=None)
    with (
        dg.DagsterInstance.local_temp(str(tmp_path)) as instance,
        dg.build_schedule_context(
            instance=instance,
            resources={"factory": factory},
            scheduled_execution_time=dt.datetime(2031, 3, 4, tzinfo=dt.UTC),
        ) as context,
    ):
        answer = defs.recover_jobs_every_minute(context)
    assert isinstance(answer, dg.SkipReason) and "messages sent again: 1" in answer.skip_message
    assert desk.read() == [job]


def test_recovery_by_hand_and_the_run_of_a_dead_worker(desk: Desk, instance, run):
    job = desk.enter()
    started = dg.DagsterRunStatus.STARTED
    dead = instance.create_run_for_job(defs.work_jobs, run_config={"jobs": []}, status=started, tags=SHARED)
    desk.change(
        job,
        status="processing",
        lease_owner=dead.run_id,
        lease_expires_at=sa.text("now() - interval '1 minute'"),
    )
    assert run(defs.recover_jobs).success
    assert desk.row(job).retry_count == 1
    assert instance.get_run_by_id(dead.run_id).status is dg.DagsterRunStatus.FAILURE, "its place is free"


def test_the_asset_counts_and_its_check_warns(desk: Desk, factory, instance):
    desk.work(desk.enter(), desk.enter(fails="no"))
    desk.enter()
    made, said = looked_at(factory, instance)
    assert made["jobs not ended"].value == 1 and made["dead letters"].value == 1
    assert "data:image/png" in made["last day"].value
    assert said.passed
    late = desk.enter()
    seconds = desk.settings.job_promise_seconds + 60
    desk.change(late, run_after=sa.func.now() - dt.timedelta(seconds=seconds))
    made, said = looked_at(factory, instance)
    assert made["oldest waiting, seconds"].value >= seconds
    assert not said.passed and said.severity is dg.AssetCheckSeverity.WARN
    assert "promised are 300" in said.description and "1 are dead letters" in said.description


def looked_at(factory, instance):
    wanted = [defs.job_queue, defs.in_time]
    done = dg.materialize(wanted, instance=instance, resources={"factory": factory})
    [made] = done.asset_materializations_for_node("job_queue")
    [said] = done.get_asset_check_evaluations()
    return made.metadata, said


def test_every_night_history_is_pruned_by_a_job(desk: Desk, factory):
    context = dg.build_schedule_context(resources={"factory": factory})
    first, second = defs.nightly_pruning(context), defs.nightly_pruning(context)
    assert first.skip_message.endswith("entered") and second.skip_message.endswith("has not ended yet")
    [job] = desk.read()
    assert desk.row(job).job_type == "prune_history"
