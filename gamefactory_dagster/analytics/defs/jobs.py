"""The jobs over the assets, and when they run.

What belongs here: selections, schedules, and how a run is asked for some days. What does not: which days are
late, and which files are new (``sensors.py``).
"""

import datetime as dt
from collections.abc import Sequence

import dagster as dg

from gamefactory_dagster.analytics.catch_up import first_day_due
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.days import day_of
from gamefactory_dagster.orchestration.defs import Factory

from .assets import DAILY_JOB, event_partitions, game_metrics, player_days
from .checks import ASSET_CHECKS, check_game_metrics, check_player_days, check_state_now

_SOON = {"dagster/priority": "10"}
"""Started before what waits with less, such as the games of a large batch."""

_ROLLUPS = dg.AssetSelection.assets(player_days, game_metrics).without_checks()

day_metrics = dg.define_asset_job(
    "day_metrics",
    selection=_ROLLUPS | dg.AssetSelection.checks(check_player_days, check_game_metrics),
    description="Computes player_days and game_metrics of a day or a range of days, and checks them.",
    executor_def=dg.in_process_executor,
    tags=_SOON,
)

daily_metrics = dg.define_asset_job(
    DAILY_JOB,
    selection=_ROLLUPS
    | dg.AssetSelection.assets(event_partitions).without_checks()
    | dg.AssetSelection.groups("learning")
    | dg.AssetSelection.checks(*ASSET_CHECKS),
    description="The night's work: the days not computed yet, then the weights, the partitions, all checks.",
    executor_def=dg.in_process_executor,
    tags=_SOON,
)

watch_metrics = dg.define_asset_job(
    "watch_metrics",
    selection=dg.AssetSelection.checks(check_state_now),
    description="Asks whether events come in, days are computed and nothing is left waiting.",
    executor_def=dg.in_process_executor,
    tags=_SOON,
)


def run_for(
    first: dt.date, last: dt.date, run_key: str | None = None, only: Sequence[dg.AssetKey] | None = None
) -> dg.RunRequest:
    """Ask for one run of the days ``first`` to ``last``, both included, of the job or ``only`` a part."""
    if first == last:
        return dg.RunRequest(run_key=run_key, partition_key=first.isoformat(), asset_selection=only)
    days = {
        "dagster/asset_partition_range_start": first.isoformat(),
        "dagster/asset_partition_range_end": last.isoformat(),
    }
    return dg.RunRequest(run_key=run_key, tags=days, asset_selection=only)


@dg.schedule(
    name="daily_metrics",
    job=daily_metrics,
    cron_schedule="10 0 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def daily_schedule(
    context: dg.ScheduleEvaluationContext, factory: dg.ResourceParam[Factory]
) -> dg.RunRequest | dg.SkipReason:
    """Ten minutes after midnight UTC: yesterday, and every day that was missed since the last one computed.

    A machine that slept gets one run for all the days it missed, at its first tick after waking. Days before
    the first partition that are out of date are computed by the same run.
    """
    if dt.datetime.now(dt.UTC) - context.scheduled_execution_time > dt.timedelta(days=1):
        return dg.SkipReason("a later tick asks for this day too")
    yesterday = day_of(context.scheduled_execution_time) - dt.timedelta(1)
    if yesterday < factory.settings.first_day:
        return dg.SkipReason(f"the first day is {factory.settings.first_day}")
    with transaction(factory.engine) as connection:
        first = first_day_due(connection, factory.settings.first_day, yesterday)
    return run_for(first, yesterday)


hourly_schedule = dg.ScheduleDefinition(
    name="watch_metrics",
    job=watch_metrics,
    cron_schedule="40 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every hour, so that a collector or a sensor that stands still is seen the same day.",
)
