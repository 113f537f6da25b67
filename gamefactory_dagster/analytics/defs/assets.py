"""The assets: room for events, and the two rollups of a day.

What belongs here: one asset after the other, with what the UI shows of each. What does not: computing
(``rollup.py``), drawing (``plots.py``), checks, and what runs when.
"""

import datetime as dt
import warnings
from collections.abc import Callable
from typing import Any

import dagster as dg
import sqlalchemy as sa

from gamefactory_dagster.analytics import late, partitions, plots, rollup, trends
from gamefactory_dagster.analytics.scoring import Scoring
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.days import first_of, today
from gamefactory_dagster.ledger.defs import told
from gamefactory_dagster.orchestration.defs import RETRIES, Factory, no_second_try, picture, table
from gamefactory_dagster.settings import get_settings

# Dagster calls backfill policies beta on every start of every command.
warnings.filterwarnings("ignore", message=".*backfill_policy", category=dg.BetaWarning)

GROUP = "analytics"
OWNERS = ["team:analytics"]

DAYS = dg.DailyPartitionsDefinition(get_settings().first_day.isoformat(), timezone="UTC")
"""UTC days that are over, from ``settings.first_day`` on."""

DAILY_JOB = "daily_metrics"
"""The night's job, whose runs also look before the first partition."""

MONTHS_SHOWN = 24

analytics_events = dg.AssetSpec(
    "analytics_events",
    deps=["event_partitions", "games"],
    group_name=GROUP,
    kinds={"postgres"},
    owners=OWNERS,
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
    retry_policy=RETRIES,
)
def event_partitions(
    context: dg.AssetExecutionContext, factory: dg.ResourceParam[Factory]
) -> dg.MaterializeResult[None]:
    """Partitions of `analytics_events` for this month and the coming ones.

    Ingestion makes a missing month itself, but that holds up whoever changes a game meanwhile, so they are
    made ahead here. Run it whenever you like. `GAMEFACTORY_PARTITIONS_AHEAD` says how many months.
    """
    with told(context, factory, "metrics", "event_partitions") as account:
        made = partitions.make_ahead(factory.engine, today(), factory.settings.partitions_ahead)
        account.numbers["made"] = [f"{month:%Y-%m}" for month in made]
    with transaction(factory.engine) as connection:
        months = partitions.list_months(connection)
    seen = {"months": len(months), "events, about": sum(month.events for month in months)}
    context.log_event(dg.AssetObservation(analytics_events.key, metadata=seen))
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
    retry_policy=RETRIES,
)
def player_days(context: dg.AssetExecutionContext, factory: dg.ResourceParam[Factory]) -> None:
    """Each player's UTC day in each game, and in `players` the first day they were seen on.

    Computed from the day's raw events alone, whole, in one transaction a day, so any day can be run at any
    time, in any order, again and again. Whoever runs it for a past day should run `game_metrics` after it;
    the job `day_metrics` does both, and the late events sensor picks up what was forgotten.

    Days before the first partition that are out of date are computed along with the first partition, and by
    the night's run. Days without events cost next to nothing.

    Fails without another try when the day's month is archived: its events are no longer in the database.
    """
    days = days_of(context)
    with no_second_try(context), told(context, factory, "metrics", "player_days") as account:
        for day in days_before(context, factory, days, late.changed_days):
            rollup.compute_player_days(factory.engine, day)
        quiet = rollup.pass_over_quiet(factory.engine, days)
        account.numbers |= {"days": len(days), "first": days[0], "last": days[-1]}
        for day in days:
            done = rollup.PlayerDays(day) if day in quiet else rollup.compute_player_days(factory.engine, day)
            context.add_asset_metadata(_player_days_shown(done), partition_key=day.isoformat())


@dg.asset(
    deps=[player_days],
    partitions_def=DAYS,
    backfill_policy=dg.BackfillPolicy.single_run(),
    group_name=GROUP,
    kinds={"postgres"},
    owners=OWNERS,
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
    with no_second_try(context), told(context, factory, "metrics", "game_metrics") as account:
        earlier = days_before(context, factory, days, late.due_days)
        done = rollup.compute_game_metrics(factory.engine, [*earlier, *days], Scoring.of(factory.settings))
        account.numbers |= done.in_numbers()
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


def days_of(context: dg.AssetExecutionContext) -> list[dt.date]:
    """The UTC days this run is for, in order; fails in words when its range is the wrong way round."""
    asked = context.partition_key_range
    check_order(asked.start, asked.end)
    return sorted(dt.date.fromisoformat(key) for key in context.partition_keys)


def check_order(first: str, last: str) -> None:
    """Fail, without another try, when the ``last`` of a range of partitions is before its ``first``."""
    if last < first:
        words = f"there is no day from {first} to {last}: ask for {last} to {first}"
        raise dg.Failure(words, allow_retries=False)


def days_before(
    context: dg.AssetExecutionContext,
    factory: Factory,
    days: list[dt.date],
    which: Callable[[sa.Connection, dt.date, dt.date], list[dt.date]],
) -> list[dt.date]:
    """Days before the first partition that this run computes along: ``which`` says those in a stretch.

    None but in a run of the first partition, the nearest there is to them, and in the night's.
    """
    first = factory.settings.first_day
    if days[0] > first and context.job_name != DAILY_JOB:
        return []
    with transaction(factory.engine) as connection:
        found = which(connection, late.EARLIEST_DAY, first - dt.timedelta(1))
    if found:
        context.log.info(f"computed along, before the first partition: {', '.join(map(str, found))}")
    return found


def repaired(computed: tuple[dt.date, ...], asked: list[dt.date]) -> list[str]:
    """Partitions computed beyond those asked for. A day that is not over yet is no partition."""
    more = sorted(set(computed) - set(asked))
    return [day.isoformat() for day in more if DAYS.has_partition_key(day.isoformat())]


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
