"""Dagster's own tables: after maintenance nothing is left of old runs in any of them, nor of old ticks."""

import datetime as dt
from collections.abc import Iterator

import dagster as dg
import pytest
import sqlalchemy as sa
from dagster._core.scheduler.instigation import InstigatorTick, TickData, TickStatus

from gamefactory_dagster.database import address
from gamefactory_dagster.definitions import defs
from gamefactory_dagster.production import maintenance
from gamefactory_dagster.production.defs import InstanceHistory
from tests.live import Factory

RUN_COLUMNS = """
SELECT table_name, column_name
FROM information_schema.columns JOIN information_schema.tables USING (table_name)
WHERE columns.table_schema = 'public' AND table_type = 'BASE TABLE' AND column_name = 'run_id'
"""


@dg.asset
def thing(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """Says something, and is tagged."""
    return dg.MaterializeResult(tags={"kind": "trial"}, metadata={"n": 1})


@dg.asset_check(asset=thing)
def sound() -> dg.AssetCheckResult:
    """It is."""
    return dg.AssetCheckResult(passed=True)


@pytest.fixture(scope="module")
def factory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Factory]:
    made = Factory(tmp_path_factory.mktemp("tables"))
    yield made
    made.close()


@pytest.fixture
def tables(factory: Factory) -> Iterator[sa.Engine]:
    """Dagster's database."""
    engine = sa.create_engine(address.dagster_url(factory.settings))
    yield engine
    engine.dispose()


def left_of(engine: sa.Engine, run_ids: list[str]) -> dict[str, int]:
    """How many rows each table has of these runs, where it has any."""
    with engine.connect() as connection:
        names = [name for name, _ in connection.execute(sa.text(RUN_COLUMNS))]
        assert {"runs", "run_tags", "event_logs", "asset_check_executions"} <= set(names)
        count = "SELECT count(*) FROM {} WHERE run_id = ANY(:runs)"
        found = {
            name: connection.scalar(sa.text(count.format(name)), {"runs": run_ids}) or 0 for name in names
        }
    return {name: rows for name, rows in found.items() if rows}


def test_nothing_is_left_of_old_runs_in_any_table(factory: Factory, tables: sa.Engine) -> None:
    with factory.instance() as instance:
        done = [
            dg.materialize([thing, sound], instance=instance, tags={"trial": str(number)}).run_id
            for number in range(6)
        ]
        assert {"runs", "run_tags", "event_logs", "asset_check_executions"} <= set(left_of(tables, done))
        soon = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
        assert maintenance.prune_runs(InstanceHistory(instance), soon) == (5, 1)
        assert left_of(tables, done[:-1]) == {}
        assert "event_logs" in left_of(tables, done[-1:]), "the newest of an asset stays"
        with tables.connect() as connection:
            tags = "SELECT count(*) FROM asset_event_tags WHERE event_timestamp IS NOT NULL"
            assert connection.scalar(sa.text(tags)) == 1


def test_old_ticks_go_and_those_that_asked_for_nothing_sooner(factory: Factory, tables: sa.Engine) -> None:
    now = dt.datetime.now(dt.UTC)
    [sensor] = [one for one in defs.sensors or () if one.name == "batch_sensor"]
    with factory.instance() as instance:
        state = entered(instance, sensor.name)
        for status in (TickStatus.SKIPPED, TickStatus.SUCCESS):
            for days in (0.5, 2, 29, 31):
                at = (now - dt.timedelta(days=days)).timestamp()
                instance.create_tick(
                    TickData(
                        state.instigator_origin_id,
                        sensor.name,
                        state.instigator_type,
                        status,
                        at,
                        run_ids=[],
                        selector_id=state.selector_id,
                    )
                )
        InstanceHistory(instance).forget_ticks(
            now - maintenance.IDLE_TICKS_KEPT, now - maintenance.TICKS_KEPT
        )
        ticks: list[InstigatorTick] = list(instance.get_ticks(state.instigator_origin_id, state.selector_id))
    left = sorted((tick.status.value, round((now.timestamp() - tick.timestamp) / 86400, 1)) for tick in ticks)
    assert left == [
        ("SKIPPED", 0.5),
        ("SUCCESS", 0.5), ("SUCCESS", 2.0), ("SUCCESS", 29.0),
    ]  # fmt: skip


def entered(instance: dg.DagsterInstance, name: str):
    """The state of a sensor, as the daemon enters it."""
    from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteInstigatorOrigin
    from dagster._core.remote_origin import RemoteRepositoryOrigin as Repository
    from dagster._core.scheduler.instigation import (
        InstigatorState,
        InstigatorStatus,
        InstigatorType,
        SensorInstigatorData,
    )

    origin = RemoteInstigatorOrigin(
        Repository(RegisteredCodeLocationOrigin("gamefactory"), "__repository__"), name
    )
    data = SensorInstigatorData(min_interval=3)
    state = InstigatorState(origin, InstigatorType.SENSOR, InstigatorStatus.DECLARED_IN_CODE, data)
    return instance.add_instigator_state(state)
