"""Players on some days before today, as raw events; and running assets over them."""

import datetime as dt

import dagster as dg
import sqlalchemy as sa

from gamefactory_dagster.analytics.defs import defs
from gamefactory_dagster.days import today
from gamefactory_dagster.orchestration.defs import Factory
from gamefactory_dagster.settings import Settings

TODAY = today()

PLAY = """
INSERT INTO analytics_events (game_id, event_type, user_id, session_id, timestamp, received_at)
SELECT
    id, type, :user, 's', (CAST(:day AS date) + time '12:00') AT TIME ZONE 'UTC',
    COALESCE(CAST(:received AS timestamptz), now())
FROM games, unnest(ARRAY[
    'game_start', 'level_start', 'level_complete', 'unlock_prompt_shown', 'rewarded_ad_started'
]) AS type
WHERE slug = :slug
"""


def ago(days: int) -> dt.date:
    """A UTC day before today."""
    return TODAY - dt.timedelta(days=days)


def play(
    engine: sa.Engine,
    user: str | None,
    *days: dt.date,
    slug: str = "pear",
    received: dt.datetime | None = None,
) -> None:
    """Five events of a player on each of the days, received now if not said otherwise."""
    with engine.begin() as connection:
        for day in days:
            connection.execute(
                sa.text("SELECT ensure_events_partition(CAST(:day AS timestamp) AT TIME ZONE 'UTC')"),
                {"day": day},
            )
            connection.execute(sa.text(PLAY), {"user": user, "day": day, "slug": slug, "received": received})


def materialize(
    engine: sa.Engine,
    settings: Settings,
    instance: dg.DagsterInstance,
    first: dt.date | None = None,
    last: dt.date | None = None,
    selection: list[str] | str = "*",
    expect_success: bool = True,
    run_key: str | None = None,
) -> dg.ExecuteInProcessResult:
    """One run of the assets and checks, over a day or a range of days."""
    tags = {"dagster/run_key": run_key} if run_key else {}
    if last is not None:
        tags |= {
            "dagster/asset_partition_range_start": str(first),
            "dagster/asset_partition_range_end": str(last),
        }
    return dg.materialize(
        [*(defs.assets or ()), *(defs.asset_checks or ())],
        selection=selection,
        instance=instance,
        resources={"factory": Factory(engine, settings)},
        partition_key=str(first) if first and last is None else None,
        tags=tags,
        raise_on_error=expect_success,
    )
