"""The ledger in Dagster: what an op tells of itself, and the sensor that ends runs nobody tells of any more.

What belongs here: turning Dagster's words into ours and back. What does not: any decision.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import UUID

import dagster as dg
import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.orchestration.defs import RESOURCES, Factory, InstanceBoard
from gamefactory_dagster.terminal import counted

from .accounts import Account, part
from .recording import entry
from .recovery import end_abandoned

_PARTITION = "dagster/partition"
_RANGE = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")


@contextmanager
def told(
    context: dg.OpExecutionContext | dg.AssetExecutionContext,
    factory: Factory,
    kind: str,
    bot: str,
    owner: UUID | None = None,
    *,
    whole: bool = False,
    **spec: Any,
) -> Iterator[Account]:
    """Tell the ledger what the op or asset ``bot`` does in this run, ``owner``'s or the settings' user's.

    ``whole``: it is the only one in its job, and the run ends with it. Else the run ends when the process
    that works at it puts its resources away, or the sensor finds that it has ended.
    """
    run = context.run
    asked = {"kind": kind, "job": run.job_name, **spec}
    days = [run.tags[name] for name in (_PARTITION, *_RANGE) if name in run.tags]
    if days:
        asked |= {"first": days[0], "last": days[-1]}
    if not whole:
        factory.at_end[run.run_id] = partial(end_run, factory.engine, context.instance, run.run_id)
    whose = owner or factory.settings.user
    with part(factory.engine, run.run_id, whose, asked, bot, whole=whole) as account:
        yield account


def end_run(engine: sa.Engine, instance: dg.DagsterInstance, run_id: str) -> None:
    """End a run all of whose ops are done; one that a person is stopping is left to the sensor."""
    run = instance.get_run_by_id(run_id)
    if run is None or run.status is not dg.DagsterRunStatus.STARTED:
        return
    failed = instance.get_run_stats(run_id).steps_failed
    with transaction(engine) as connection, entry(connection, run_id) as ledger:
        if failed:
            ledger.end("failed", f"{counted(failed, 'step')} of it failed")
        else:
            ledger.end("completed")


@dg.sensor(
    minimum_interval_seconds=10,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Ends runs in the ledger whose process died or has ended, and that nobody tells of any more.",
)
def ledger_sensor(context: dg.SensorEvaluationContext, factory: dg.ResourceParam[Factory]) -> dg.SkipReason:
    """Look at what the ledger believes at work; asks for no runs."""
    done = end_abandoned(factory.engine, InstanceBoard(context.instance))
    return dg.SkipReason(f"runs ended: {done}" if done else "every run at work is told of")


defs = dg.Definitions(sensors=[ledger_sensor], resources=RESOURCES)
