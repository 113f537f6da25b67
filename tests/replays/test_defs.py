"""Replay jobs in Dagster: the launchpad, the sensor, the run, the asset, and what the ledger says of it."""

import dagster as dg
import pytest

from gamefactory_dagster.ledger import reading
from gamefactory_dagster.ledger.access import owners_view
from gamefactory_dagster.orchestration.defs import Factory
from gamefactory_dagster.replays import defs

from .site import Site


@pytest.fixture
def site(settings, engine) -> Site:
    return Site(settings, engine)


def test_from_the_launchpad_to_the_ledger(site: Site, instance: dg.DagsterInstance) -> None:
    resources = {"factory": Factory(site.engine, site.settings)}

    def run(job: dg.JobDefinition, config: dict[str, object]) -> dg.ExecuteInProcessResult:
        return job.execute_in_process(
            instance=instance, resources=resources, run_config=config, raise_on_error=False
        )

    def submit(**config: object) -> dg.ExecuteInProcessResult:
        return run(defs.submit_replays, {"ops": {"enter_replay_job": {"config": config}}})

    refused = submit(links=["https://elsewhere.example/replay?id=1"])
    [failure] = [event for event in refused.all_events if event.is_step_failure]
    assert "expected a link such as" in failure.event_specific_data.error_display_string
    assert not any(event.event_type_value == "STEP_UP_FOR_RETRY" for event in refused.all_events)
    assert submit(links=[site.record(1)], player="Bob").success

    def sensed() -> dg.SensorResult | dg.SkipReason:
        context = dg.build_sensor_context(instance, resources=resources)
        return defs.replays_sensor(context)  # type: ignore[return-value]

    [asked] = sensed().run_requests
    assert sensed().skip_message == "no replay job waits"
    assert asked.tags["dagster/priority"] == "10"
    assert run(defs.analyze_replay_job, asked.run_config).success
    row = site.row(asked.run_config["job_id"])
    assert (row.status, row.owner_id) == ("COMPLETED", site.settings.user)
    second = site.record(2)
    elsewhere = (site.settings.home / "replays").rename(site.settings.home / "elsewhere")
    assert submit(links=[second], player="Bob").success
    [asked] = sensed().run_requests
    assert run(defs.analyze_replay_job, {**asked.run_config, "place": str(elsewhere)}).success
    assert site.row(asked.run_config["job_id"]).status == "COMPLETED"
    missing = run(defs.analyze_replay_job, {"job_id": str(site.settings.user)})
    assert not missing.success
    with owners_view(site.engine, site.settings.user) as connection:
        runs = reading.runs(connection, kind="replays").rows
        made = reading.artifacts(connection, runs[0].run_id, after=None, limit=10).rows
    assert [one.status for one in runs] == ["completed", "completed", "completed", "completed", "failed"]
    assert [(one.kind, one.url) for one in made] == [("report", row.report_url)]
    shown = dg.materialize([defs.replay_jobs], resources=resources, instance=instance)
    [told] = shown.asset_materializations_for_node("replay_jobs")
    assert (told.metadata["jobs completed"].value, told.metadata["jobs pending"].value) == (2, 0)
    assert told.metadata["newest"].value.records[0].data["links done"] == 1
