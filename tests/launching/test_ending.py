"""What Dagster is told of a run that nobody is at."""

import dagster as dg
import pytest
from dagster._core.events import DagsterEvent

from gamefactory_dagster.launching.defs import ending

WHY = "Its worker is gone."


def run_in(instance: dg.DagsterInstance, status: dg.DagsterRunStatus) -> dg.DagsterRun:
    return instance.add_run(dg.DagsterRun("make_game", status=status))


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.FAILURE),
        (dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.FAILURE),
        (dg.DagsterRunStatus.CANCELING, dg.DagsterRunStatus.CANCELED),
    ],
)
def test_it_ends_and_says_why(
    instance: dg.DagsterInstance, was: dg.DagsterRunStatus, becomes: dg.DagsterRunStatus
) -> None:
    run = run_in(instance, was)
    ending.end(instance, run.run_id, WHY)
    found = instance.get_run_by_id(run.run_id)
    assert found is not None and found.status == becomes
    assert WHY in instance.all_logs(run.run_id)[-1].message


def test_one_that_has_ended_is_not_told_of_again(instance: dg.DagsterInstance) -> None:
    run = run_in(instance, dg.DagsterRunStatus.STARTED)
    event = DagsterEvent(dg.DagsterEventType.RUN_SUCCESS.value, run.job_name)
    instance.report_dagster_event(event, run.run_id)
    ending.end(instance, run.run_id, WHY)
    ending.end(instance, "deleted", WHY)
    assert len(instance.all_logs(run.run_id)) == 1
    instance.report_run_canceling(run)
    ending.end(instance, run.run_id, WHY)
    found = instance.get_run_by_id(run.run_id)
    assert found is not None and found.status == dg.DagsterRunStatus.SUCCESS
