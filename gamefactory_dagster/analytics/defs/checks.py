"""The asset checks: each question of ``analytics/checks.py`` as Dagster shows it.

What belongs here: which days a check is asked about, and how its answer looks. What does not: any question.

Each asset's checks are one op: a dozen ops a run would cost more than the questions.
"""

import datetime as dt
from collections.abc import Iterator

import dagster as dg

from gamefactory_dagster.analytics.checks import (
    DAY_CHECKS,
    RAW_DAYS,
    ROOM,
    STATE_CHECKS,
    Check,
    Finding,
    check_days,
    check_room,
    check_state,
)
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.days import first_of, yesterday
from gamefactory_dagster.orchestration.defs import Factory, table

from .assets import check_order


def spec_of(check: Check) -> dg.AssetCheckSpec:
    """The check as Dagster knows it."""
    return dg.AssetCheckSpec(check.name, asset=check.asset, description=check.meaning)


def result_of(check: Check, finding: Finding) -> dg.AssetCheckResult:
    """The answer as the UI shows it."""
    return dg.AssetCheckResult(
        check_name=check.name,
        asset_key=check.asset,
        passed=finding.passed,
        description=finding.description,
        severity=dg.AssetCheckSeverity.ERROR if check.serious else dg.AssetCheckSeverity.WARN,
        metadata={"faults": table(finding.rows)},
    )


def wanted(checks: tuple[Check, ...], context: dg.AssetCheckExecutionContext) -> list[Check]:
    """Those of the checks that this run asks."""
    keys = context.selected_asset_check_keys
    return [check for check in checks if dg.AssetCheckKey(dg.AssetKey(check.asset), check.name) in keys]


def window(context: dg.AssetCheckExecutionContext) -> tuple[dt.date, dt.date]:
    """First and last of the days just computed; of the last week when the run is about no days.

    By the run's tags: to a run of checks alone Dagster does not tell the days it is about.
    """
    tags = context.run.tags
    day = tags.get("dagster/partition")
    first = tags.get("dagster/asset_partition_range_start", day)
    last = tags.get("dagster/asset_partition_range_end", day)
    if first is None or last is None:
        return first_of(RAW_DAYS, yesterday()), yesterday()
    check_order(first, last)
    return dt.date.fromisoformat(first), dt.date.fromisoformat(last)


def day_checks(asset: str) -> dg.AssetChecksDefinition:
    """What must be true of an asset's days."""
    checks = tuple(check for check in DAY_CHECKS if check.asset == asset)

    @dg.multi_asset_check(
        name=f"check_{asset}",
        specs=[spec_of(check) for check in checks],
        can_subset=True,
        description=f"Asks whether the days of {asset} just computed, or those of the last week, are right.",
    )
    def ask(
        context: dg.AssetCheckExecutionContext, factory: dg.ResourceParam[Factory]
    ) -> Iterator[dg.AssetCheckResult]:
        first, last = window(context)
        with transaction(factory.engine) as connection:
            for check in wanted(checks, context):
                yield result_of(check, check_days(connection, check, first, last))

    return ask


@dg.multi_asset_check(
    specs=[spec_of(check) for check in (*STATE_CHECKS, ROOM)],
    can_subset=True,
    description="Asks whether events come in, days are computed and nothing is left waiting.",
)
def check_state_now(
    context: dg.AssetCheckExecutionContext, factory: dg.ResourceParam[Factory]
) -> Iterator[dg.AssetCheckResult]:
    """What must be true at any time."""
    now = dt.datetime.now(dt.UTC)
    with transaction(factory.engine) as connection:
        for check in wanted(STATE_CHECKS, context):
            yield result_of(check, check_state(connection, check, now, factory.settings.partitions_ahead))
    for check in wanted((ROOM,), context):
        yield result_of(check, check_room(factory.settings))


check_player_days = day_checks("player_days")
check_game_metrics = day_checks("game_metrics")

ASSET_CHECKS = [check_player_days, check_game_metrics, check_state_now]
