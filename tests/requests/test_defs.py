"""Requests in Dagster: the sensor, the launchpad, the asset."""

import dagster as dg

from gamefactory_dagster.ledger import reading
from gamefactory_dagster.ledger.access import owners_view
from gamefactory_dagster.orchestration.defs import Factory
from gamefactory_dagster.requests import defs, dispatch

from .conftest import Counter


def test_the_launchpad_asks_for_a_game_and_the_sensor_for_its_run(
    counter: Counter, instance: dg.DagsterInstance, monkeypatch
) -> None:
    factory = Factory(counter.engine, counter.shop.settings)

    def submit(**config: object) -> dg.ExecuteInProcessResult:
        return defs.submit_request.execute_in_process(
            instance=instance,
            resources={"factory": factory},
            run_config={"ops": {"enter_request": {"config": config}}},
            raise_on_error=False,
        )

    assert submit(prompt="a calm puzzle", config={"seed": 3}).success
    refused = submit(prompt="a", config={"colour": "red"})
    [failure] = [event for event in refused.all_events if event.is_step_failure]
    assert "config: 'colour' is not accepted" in failure.event_specific_data.error_display_string
    assert not any(event.event_type_value == "STEP_UP_FOR_RETRY" for event in refused.all_events)
    [row] = counter.queue.get_jobs()
    with owners_view(counter.engine, counter.shop.settings.user) as connection:
        runs = reading.runs(connection, kind="request").rows
    assert [run.status for run in runs] == ["failed", "completed"]

    monkeypatch.setattr(dispatch, "WAIT_SECONDS", 0.0)
    shop = {"workshop": counter.shop}
    [asked] = defs.requests_sensor(dg.build_sensor_context(instance, resources=shop)).run_requests
    assert asked.run_key == f"{counter.row(row.id).game_id}:1"
    assert asked.tags["dagster/priority"] == "20"
    again = defs.requests_sensor(
        dg.build_sensor_context(instance=instance, resources={"workshop": counter.shop})
    )
    assert again.skip_message == "no request waits"

    made = dg.materialize([defs.request_queue], resources={"factory": factory}, instance=instance)
    [shown] = made.asset_materializations_for_node("request_queue")
    assert shown.metadata["requests processing"].value == 1
