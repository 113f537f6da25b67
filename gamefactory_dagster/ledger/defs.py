"""The ledger in Dagster: the asset ``run_ledger``, its checks, and when they are asked.

What belongs here: turning Dagster's words into ours and back. What does not: any question.
"""

import datetime as dt

import dagster as dg

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.migrations import unprotected
from gamefactory_dagster.days import today
from gamefactory_dagster.orchestration.defs import RESOURCES, RETRIES, Factory, picture, table

from .checks import Sample, unfinished_games, wrong_files
from .files import Files
from .overview import overview, runs_chart

_SHOWN = 20


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
    resources=RESOURCES,
)
