"""The ledger in Dagster: what an op tells of itself, the sensor that ends runs nobody tells of, the asset.

What belongs here: turning Dagster's words into ours and back. What does not: any decision.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import UUID

import dagster as dg
import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.migrations import unprotected
from gamefactory_dagster.days import today
from gamefactory_dagster.orchestration.defs import (
    RESOURCES,
    RETRIES,
    Factory,
    InstanceBoard,
    picture,
    table,
)
from gamefactory_dagster.terminal import counted

from .accounts import Account, part
from .checks import Sample, unfinished_games, wrong_files
from .files import Files
from .overview import overview, runs_chart
from .recording import entry
from .recovery import end_abandoned

_SHOWN = 20
"""Faults or owners named; all are counted."""

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


@dg.asset(
    group_name="ledger",
    kinds={"postgres"},
    owners=["team:production"],
    retry_policy=RETRIES,
)
def run_ledger(factory: dg.ResourceParam[Factory]) -> dg.MaterializeResult[None]:
    """What every run did and made, for its owner and nobody else: here only how many there are.

    Runs by state, by kind and by owner, and how many a day. What one did is on the arcade's page of runs and
    in `gamefactory runs`, for whoever ordered it. It writes nothing, and may be run at any time.
    """
    with transaction(factory.engine) as connection:
        found = overview(connection, today())
    owners = [{"owner": owner, "runs": runs} for owner, runs in found.owners.items()]
    return dg.MaterializeResult(
        metadata={
            "runs": found.runs,
            "by state": table([{"state": state, "runs": runs} for state, runs in found.statuses.items()]),
            "by kind": table([{"kind": kind, "runs": runs} for kind, runs in found.kinds.items()]),
            "by owner": table(owners[:_SHOWN]),
            "owners": len(owners),
            "runs a day": picture(runs_chart(found.days)),
        }
    )


def _told(faults: list[str], well: str) -> str:
    more = f"; and {len(faults) - _SHOWN:,} more" if len(faults) > _SHOWN else ""
    return "; ".join(faults[:_SHOWN]) + more if faults else well


@dg.asset_check(asset=run_ledger)
def twelve_ends(factory: dg.ResourceParam[Factory]) -> dg.AssetCheckResult:
    """Every game finished in the last week has an end of each of its twelve steps, over all its runs."""
    with transaction(factory.engine) as connection:
        faults = unfinished_games(connection, dt.datetime.now(dt.UTC))
    return dg.AssetCheckResult(passed=not faults, description=_told(faults, "every step has ended"))


@dg.asset_check(asset=run_ledger)
def files_as_made(factory: dg.ResourceParam[Factory]) -> dg.AssetCheckResult:
    """The newest artifacts' files, and some of all, are there as they were made, by size and SHA-256."""
    found = wrong_files(factory.engine, Files.of(factory.settings), Sample())
    faults = [
        f"{one.artifact.name} of run {one.artifact.run_id} is {one.state}: {one.words}" for one in found.wrong
    ]
    return dg.AssetCheckResult(
        passed=not faults,
        description=_told(faults, "all as they were made"),
        metadata={"files looked at": found.files},
    )


@dg.asset_check(asset=run_ledger)
def protected(factory: dg.ResourceParam[Factory]) -> dg.AssetCheckResult:
    """No table of the ledger is without row level security, FORCE and policies; rights are as documented."""
    with transaction(factory.engine) as connection:
        faults = unprotected(connection)
    return dg.AssetCheckResult(passed=not faults, description=_told(faults, "protected as it should be"))


watch_ledger = dg.define_asset_job(
    "watch_ledger",
    selection=dg.AssetSelection.groups("ledger"),
    description="Counts runs by state, kind and owner, and checks steps, files and protection of the ledger.",
    executor_def=dg.in_process_executor,
)

nightly_ledger = dg.ScheduleDefinition(
    name="watch_ledger",
    description="Once a night: the newest files and some of all, so that none is lost for long unseen.",
    job=watch_ledger,
    cron_schedule="50 3 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)

defs = dg.Definitions(
    assets=[run_ledger],
    asset_checks=[twelve_ends, files_as_made, protected],
    jobs=[watch_ledger],
    schedules=[nightly_ledger],
    sensors=[ledger_sensor],
    resources=RESOURCES,
)
