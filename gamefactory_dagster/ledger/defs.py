"""The ledger in Dagster: what an op tells of itself, and the sensor that ends runs nobody tells of any more.

What belongs here: turning Dagster's words into ours and back. What does not: any decision.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import dagster as dg

from gamefactory_dagster.orchestration.defs import RESOURCES, Factory, InstanceBoard

from .accounts import Account, part
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
    **spec: Any,
) -> Iterator[Account]:
    """Tell the ledger what the op or asset ``bot`` does in this run, ``owner``'s or the settings' user's."""
    run = context.run
    asked = {"kind": kind, "job": run.job_name, **spec}
    days = [run.tags[name] for name in (_PARTITION, *_RANGE) if name in run.tags]
    if days:
        asked |= {"first": days[0], "last": days[-1]}
    with part(factory.engine, run.run_id, owner or factory.settings.user, asked, bot) as account:
        yield account


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
