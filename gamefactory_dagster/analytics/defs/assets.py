"""The assets: room for events, and the two rollups of a day.

What belongs here: one asset after the other, with what the UI shows of each. What does not: computing
(``rollup.py``), drawing (``plots.py``), checks, and what runs when.
"""

import datetime as dt
import warnings
from typing import Any

import dagster as dg
import sqlalchemy as sa

from gamefactory_dagster.analytics import partitions, plots, rollup, trends
from gamefactory_dagster.analytics.scoring import Scoring
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.days import first_of, today
from gamefactory_dagster.orchestration.defs import RETRIES, Factory, no_second_try, picture, table
from gamefactory_dagster.settings import get_settings

# Dagster calls backfill policies beta on every start of every command.
warnings.filterwarnings("ignore", message=".*backfill_policy", category=dg.BetaWarning)

GROUP = "analytics"
OWNERS = ["team:analytics"]
TAGS = {"gamefactory/kind": "analytics"}

DAYS = dg.DailyPartitionsDefinition(get_settings().first_day.isoformat(), timezone="UTC")
"""UTC days that are over, from ``settings.first_day`` on."""

MONTHS_SHOWN = 24

analytics_events = dg.AssetSpec(
    "analytics_events",
    deps=["event_partitions", "games"],
    group_name=GROUP,
    kinds={"postgres"},
    owners=OWNERS,
    tags=TAGS,
    description=(
        "Raw events of players, one row each, in monthly partitions. They come in by the arcade's collector, "
        "`gamefactory events import` and the landing zone, not by a run of Dagster; refused ones are in "
        "`quarantined_events`: see `gamefactory events quarantine list`."
    ),
)


@dg.asset(
    group_name=GROUP,
    kinds={"postgres"},
    owners=OWNERS,
    tags=TAGS,
    retry_policy=RETRIES,
)
def event_partitions(factory: dg.ResourceParam[Factory]) -> dg.MaterializeResult[None]:
    """Partitions of `analytics_events` for this month and the coming ones.

    Ingestion makes a missing month itself, but that holds up whoever changes a game meanwhile, so they are
    made ahead here. Run it whenever you like. `GAMEFACTORY_PARTITIONS_AHEAD` says how many months.
    """
    made = partitions.make_ahead(factory.engine, today(), factory.settings.partitions_ahead)
    with transaction(factory.engine) as connection:
        months = partitions.list_months(connection)
    shown = [
        {
            "month": f"{month.month:%Y-%m}",
            "events, about": month.events,
            "MB": round(month.size_bytes / 1e6, 1),
        }
        for month in months[-MONTHS_SHOWN:]
    ]
    return dg.MaterializeResult(
        metadata={
            "made": ", ".join(f"{month:%Y-%m}" for month in made) or "none was missing",
            "months": len(months),
            "newest months": table(shown),
        }
    )


@dg.asset(
    deps=[analytics_events],
    partitions_def=DAYS,
    backfill_policy=dg.BackfillPolicy.single_run(),
    group_name=GROUP,
    kinds={"postgres"},
    owners=OWNERS,
    tags=TAGS,
    retry_policy=RETRIES,
)
def player_days(context: dg.AssetExecutionContext, factory: dg.ResourceParam[Factory]) -> None:
    """Each player's UTC day in each game, and in `players` the first day they were seen on.

    Computed from the day's raw events alone, whole, in one transaction a day, so any day can be run at any
    time, in any order, again and again. Whoever runs it for a past day should run `game_metrics` after it;
    the job `day_metrics` does both, and the late events sensor picks up what was forgotten.

    Fails without another try when the day's month is archived: its events are no longer in the database.
    """
    with no_second_try():
        for day in days_of(context):
            done = rollup.compute_player_days(factory.engine, day)
            context.add_asset_metadata(_player_days_shown(done), partition_key=day.isoformat())


@dg.asset(
    deps=[player_days],
    partitions_def=DAYS,
    backfill_policy=dg.BackfillPolicy.single_run(),
    group_name=GROUP,
    kinds={"postgres"},
    owners=OWNERS,
    tags=TAGS,
    retry_policy=RETRIES,
)
def game_metrics(context: dg.AssetExecutionContext, factory: dg.ResourceParam[Factory]) -> None:
    """Each game's UTC day: installs, players, sessions, retention, levels, ads, revenue, score.

    Computed from `player_days` and `players`, so it costs what the day holds, not what history holds. Other
    days that are out of date, because a player turned out to have begun earlier, are computed along with
    those asked for and reported as materialized too. Safe at any time, in any order, again and again.

    A range of days, and yesterday, come with pictures and tables; see the last day's metadata.
    """
    days = days_of(context)
    with no_second_try():
        done = rollup.compute_game_metrics(factory.engine, days, Scoring.of(factory.settings))
    last = days[-1]
    numbers = {"rows changed in this run": done.changed, "scores changed in this run": done.scored}
    context.add_asset_metadata(numbers, partition_key=last.isoformat())
    if len(days) > 1 or context.partition_key == DAYS.get_last_partition_key():
        with transaction(factory.engine) as connection:
            context.add_asset_metadata(_overview(connection, last), partition_key=last.isoformat())
    for day in repaired(done.days, days):
        context.log_event(
            dg.AssetMaterialization(
                context.asset_key, partition=day, metadata={"repaired with": f"{days[0]} to {last}"}
            )
        )


def days_of(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> list[dt.date]:
    """The UTC days this run is for, in order."""
    return sorted(dt.date.fromisoformat(key) for key in context.partition_keys)


def repaired(computed: tuple[dt.date, ...], asked: list[dt.date]) -> list[str]:
    """Partitions computed beyond those asked for. A day that is not over yet is no partition."""
    return [
        day.isoformat() for day in computed if day not in asked and DAYS.has_partition_key(day.isoformat())
    ]


def _player_days_shown(done: rollup.PlayerDays) -> dict[str, Any]:
    return {
        "events": done.events,
        "players": done.players,
        "installs": done.installs,
        "first days moved back": done.moved,
        "days of game_metrics out of date": ", ".join(map(str, done.stale)) or "none",
    }


def _overview(connection: sa.Connection, until: dt.date) -> dict[str, dg.MetadataValue]:
    """Pictures and tables of the 30 days to ``until``; about 100 kB."""
    first = first_of(plots.SPAN, until)
    days = [
        {
            "day": str(day.date),
            "installs": day.installs,
            "active players": day.dau,
            "ad revenue, cents": day.ad_revenue_cents,
            "in-app revenue, cents": day.iap_revenue_cents,
        }
        for day in trends.days(connection, first, until)
        if day.computed
    ]
    games = [
        {"game": game.name, "genre": game.genre, "score": float(game.score)}
        for game in trends.best_games(connection, first, until, plots.TOP)
    ]
    return {
        "players and installs": picture(plots.activity(connection, until)),
        "retention": picture(plots.retention(connection, until)),
        "top games": picture(plots.top_games(connection, until)),
        "days": table(days),
        "games": table(games),
    }
