"""Analytics in Dagster: events, rollups and metrics as assets, what checks them, and what runs them when.

What belongs here: turning Dagster's words into ours and back. What does not: any decision, and any SQL.
"""

import dagster as dg

from gamefactory_dagster.orchestration.defs import RESOURCES

from .assets import analytics_events, event_partitions, game_metrics, player_days
from .checks import ASSET_CHECKS
from .jobs import daily_metrics, daily_schedule, day_metrics, hourly_schedule, watch_metrics
from .landing import import_events, landing_zone
from .sensors import late_events

defs = dg.Definitions(
    assets=[analytics_events, event_partitions, player_days, game_metrics],
    asset_checks=ASSET_CHECKS,
    jobs=[day_metrics, daily_metrics, watch_metrics, import_events],
    sensors=[late_events, landing_zone],
    schedules=[daily_schedule, hourly_schedule],
    resources=RESOURCES,
)
