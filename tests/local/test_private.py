"""What daemon and code server use of Dagster without its promise: an upgrade that changes it fails here."""

import inspect

import dagster as dg
from dagster._core.storage.schedules.sql_schedule_storage import SqlScheduleStorage
from dagster._daemon import controller, sensor
from dagster._grpc import server_watcher
from dagster._grpc.server import DagsterApiServer, DagsterGrpcServer

from gamefactory_dagster.local.defs import private


def test_what_is_set_is_there_and_is_read_when_it_is_used() -> None:
    assert "RELOAD_WORKSPACE_INTERVAL" in inspect.getsource(
        controller.DagsterDaemonController.check_workspace_freshness
    )
    assert "MIN_INTERVAL_LOOP_TIME" in inspect.getsource(sensor.execute_sensor_iteration_loop)
    assert "WATCH_INTERVAL" in inspect.getsource(server_watcher.watch_grpc_server_thread)
    assert (controller.RELOAD_WORKSPACE_INTERVAL, sensor.MIN_INTERVAL_LOOP_TIME) == (60, 5)


def test_the_server_is_told_to_load_anew_and_to_end_in_these_ways() -> None:
    assert {"ReloadCode", "ShutdownServer", "cleanup"} <= set(dir(DagsterApiServer))
    wanted = {"server_termination_event", "dagster_api_servicer", "logger", "threadpool_executor", "socket"}
    assert wanted <= set(inspect.signature(DagsterGrpcServer).parameters)


def test_a_storage_looks_for_its_tables_once() -> None:
    class Storage:
        looks = 0

        def has_instigators_table(self) -> bool:
            self.looks += 1
            return True

        has_secondary_index_table = has_instigators_table

        def has_built_index(self, name: str) -> bool:
            self.looks += 1
            return True

    class Instance:
        schedule_storage = Storage()

    private.look_once(Instance())  # type: ignore[arg-type]
    for _ in range(3):
        assert Instance.schedule_storage.has_instigators_table()
        assert Instance.schedule_storage.has_built_index("a")
    assert Instance.schedule_storage.looks == 3
    methods = {
        "has_instigators_table",
        "_has_instigators_table",
        "has_secondary_index_table",
        "has_built_index",
    }
    assert methods <= set(dir(SqlScheduleStorage))


def test_sensors_of_a_process_share_an_instance(monkeypatch, instance: dg.DagsterInstance) -> None:
    monkeypatch.setattr(dg.DagsterInstance, "from_ref", dg.DagsterInstance.from_ref)
    private.share(instance)
    for _ in range(2):
        with dg.DagsterInstance.from_ref(None) as found:  # type: ignore[arg-type]
            assert found is instance
    assert instance.get_runs() == [], "it is not closed"
