"""The sensor of days whose events came late.

What belongs here: asking for runs. What does not: which days (``late.py``).
"""

import datetime as dt
from collections.abc import Iterable

import dagster as dg

from gamefactory_dagster.analytics import late
from gamefactory_dagster.analytics.rollup import stale_days
from gamefactory_dagster.analytics.watermark import Watermark, spans, visible_until
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.orchestration.defs import Factory, InstanceBoard, unfinished

from .assets import DAYS, game_metrics, player_days
from .jobs import daily_metrics, day_metrics, run_for

DAY_JOBS = {day_metrics.name, daily_metrics.name}


@dg.sensor(
    job=day_metrics,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def late_events(
    context: dg.SensorEvaluationContext, factory: dg.ResourceParam[Factory]
) -> dg.SensorResult | dg.SkipReason:
    """Asks for past days with events that are not in their metrics yet, and for days left out of date.

    Looks at what was received since the last look whose runs succeeded, so a failed run is asked for again,
    after a growing pause. Waits while any run computes days. Events later than the horizon
    (`GAMEFACTORY_LATE_HORIZON_DAYS`) are counted, shown by the check `late_beyond_horizon`, and taken into
    account when their day is materialized by hand.
    """
    horizon = factory.settings.late_horizon_days
    now = dt.datetime.now(dt.UTC)
    if computing(context.instance):
        return dg.SkipReason("days are being computed already")
    mark = Watermark.from_json(context.cursor) if context.cursor else Watermark.start(now, horizon)
    mark = mark.settled([succeeded(context.instance, key) for key in mark.run_keys])
    if mark.must_wait(now):
        return dg.SensorResult(
            skip_reason=f"tries that failed in a row: {mark.failures}; waiting", cursor=mark.as_json()
        )
    with transaction(factory.engine) as connection:
        seen = visible_until(connection)
        touched = late.touched_days(connection, mark.look_from)
        todo = late.plan(touched, stale_days(connection), now.date(), horizon)
        late.record_late(connection, todo.late)
    if todo.late:
        context.log.warning(
            f"events that came later than the horizon: {sum(todo.late.values())}, of "
            + ", ".join(str(day) for day in sorted(todo.late))
        )
    requests = requests_for(todo, seen)
    asked = requests[: factory.settings.runs_per_tick]
    keys = [request.run_key or "" for request in asked]
    cursor = mark.looked(seen, keys, whole=asked == requests).as_json()
    reason = None if asked else f"every day up to {horizon} days ago holds its events"
    return dg.SensorResult(run_requests=asked, skip_reason=reason, cursor=cursor)


def requests_for(todo: late.LatePlan, seen: dt.datetime) -> list[dg.RunRequest]:
    """One run for each stretch of days; each computes stale days too, so these want a run only if alone."""
    days = partitions_for(todo.player_days)
    if days:
        return [run_for(first, last, f"late {first} {last} {seen}") for first, last in spans(days)]
    stale = partitions_for(todo.game_metrics)
    return [run_for(day, day, f"stale {day} {seen}", [game_metrics.key]) for day in stale[-1:]]


def partitions_for(days: Iterable[dt.date]) -> list[dt.date]:
    """The partitions whose runs compute ``days``, in order: for those before the first, the first."""
    earliest = DAYS.get_first_partition_key()
    if earliest is None:
        return []
    found = {max(day.isoformat(), earliest) for day in days}
    return [dt.date.fromisoformat(key) for key in sorted(found) if DAYS.has_partition_key(key)]


def computing(instance: dg.DagsterInstance) -> bool:
    """Whether a run that computes days is waiting or at work, however many others are."""
    rollups = {player_days.key, game_metrics.key}
    return any(
        run.job_name in DAY_JOBS or rollups & (run.asset_selection or set()) for run in unfinished(instance)
    )


def succeeded(instance: dg.DagsterInstance, run_key: str) -> bool:
    """Whether the run asked for under this key has ended well."""
    run = InstanceBoard(instance).by_key(run_key)
    return run is not None and run.state == "succeeded"
