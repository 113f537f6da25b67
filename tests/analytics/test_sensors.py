"""The late events sensor and the schedules, evaluated against a real database and real runs."""

import datetime as dt
from itertools import pairwise

import dagster as dg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamefactory_dagster.analytics.catch_up import LONGEST
from gamefactory_dagster.analytics.defs import sensors
from gamefactory_dagster.analytics.defs.jobs import daily_schedule
from gamefactory_dagster.analytics.defs.sensors import late_events
from gamefactory_dagster.analytics.late import LatePlan
from gamefactory_dagster.analytics.rollup import compute_player_days, refresh
from gamefactory_dagster.analytics.scoring import Scoring
from gamefactory_dagster.analytics.watermark import OVERLAP, Watermark, spans, visible_until
from gamefactory_dagster.definitions import defs
from gamefactory_dagster.orchestration.defs import Factory
from tests.factory_rows import add_game, rows

from .days import TODAY, ago, materialize, play

NOW = dt.datetime(2031, 3, 4, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@given(st.sets(st.dates(dt.date(2020, 1, 1), dt.date(2020, 3, 1))))
def test_spans_cover_the_days_and_nothing_else(days) -> None:
    found = spans(days)
    covered = [
        first + dt.timedelta(days=step) for first, last in found for step in range((last - first).days + 1)
    ]
    assert covered == sorted(days)
    for earlier, later in pairwise(found):
        assert later[0] - earlier[1] > dt.timedelta(days=1)


def test_the_watermark_moves_when_everything_is_done() -> None:
    looked = Watermark(NOW - 9 * HOUR).looked(NOW, ["a", "b"], whole=True)
    assert Watermark.from_json(looked.as_json()) == looked
    assert looked.settled([True, True]) == Watermark(NOW, NOW)
    assert looked.settled([True, True]).look_from == NOW - OVERLAP
    part = Watermark(NOW - 9 * HOUR).looked(NOW, ["a"], whole=False)
    assert part.settled([True]).since == NOW - 9 * HOUR, "the rest is still to do"
    nothing = Watermark(NOW - 9 * HOUR).looked(NOW, [], whole=True)
    assert nothing.settled([]).since == NOW


def test_the_watermark_stays_and_waits_longer_with_every_failure() -> None:
    mark = Watermark(NOW - 9 * HOUR)
    assert not mark.must_wait(NOW)
    waits = []
    for _ in range(8):
        mark = mark.looked(NOW, ["a", "b"], whole=True).settled([True, False])
        assert mark.since == NOW - 9 * HOUR
        waits.append(next(m for m in range(1000) if not mark.must_wait(NOW + dt.timedelta(minutes=m))))
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]
    assert not mark.looked(NOW, [], whole=True).settled([]).must_wait(NOW), "one success ends it"


def test_what_a_transaction_at_work_receives_is_looked_at_again(engine, connection) -> None:
    with engine.begin() as writer:
        started = writer.exec_driver_sql("SELECT now()").scalar_one()
        assert visible_until(connection) <= started
    connection.rollback()
    assert visible_until(connection) > started


@pytest.fixture
def look(engine, settings, instance):
    """Evaluate the sensor as the daemon would, cursor and all."""
    add_game(engine)
    kept: list[str | None] = [None]

    def look(**changes):
        factory = Factory(engine, settings.model_copy(update=changes))
        context = dg.build_sensor_context(
            instance=instance, cursor=kept[0], definitions=defs, resources={"factory": factory}
        )
        found = late_events.evaluate_tick(context)
        kept[0] = found.cursor
        return found

    return look


@pytest.fixture
def carry_out(engine, settings, instance):
    """Run what was asked for."""

    def carry_out(requests) -> None:
        for request in requests:
            span = request.partition_key_range
            first, last = (span.start, span.end) if span else (request.partition_key, None)
            only = [key.to_user_string() for key in request.asset_selection or ()]
            selection = only or ["player_days", "game_metrics"]
            result = materialize(
                engine, settings, instance, first, last, selection=selection, run_key=request.run_key
            )
            assert result.success

    return carry_out


def asked(found) -> list:
    return [
        (request.partition_key_range.start, request.partition_key_range.end)
        if request.partition_key_range
        else request.partition_key
        for request in found.run_requests or ()
    ]


def metrics(engine):
    return rows(engine, "SELECT date, installs, dau, retention_d1, score FROM game_metrics ORDER BY date")


def test_days_nobody_computed_are_asked_for_once(engine, look, carry_out) -> None:
    play(engine, "ann", ago(30), ago(9), ago(8), ago(7), TODAY)
    found = look()
    assert asked(found) == [str(ago(30)), (str(ago(9)), str(ago(7)))]
    assert all(request.job_name in (None, "day_metrics") for request in found.run_requests)
    carry_out(found.run_requests)
    assert [row.installs for row in metrics(engine) if row.installs] == [1]
    again = look()
    assert asked(again) == []
    assert again.skip_message == "every day up to 35 days ago holds its events"


def test_late_events_are_computed_and_what_they_moved_too(engine, settings, look, carry_out) -> None:
    play(engine, "ann", ago(9), ago(8))
    carry_out(look().run_requests)
    play(engine, "ann", ago(10))
    found = look()
    assert asked(found) == [str(ago(10))]
    carry_out(found.run_requests)
    late = metrics(engine)
    assert [(row.date, row.installs, row.retention_d1) for row in late if row.date < ago(7)] == [
        (ago(10), 1, None),
        (ago(9), 0, 1),
        (ago(8), 0, None),
    ]
    with engine.begin() as connection:
        for table in ("player_days", "players", "game_metrics"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    refresh(engine, [row.date for row in late], Scoring.of(settings))
    assert metrics(engine) == late
    assert asked(look()) == []


def test_a_failed_run_is_asked_for_again_under_another_key(
    engine, instance, look, carry_out, monkeypatch
) -> None:
    play(engine, "ann", ago(5))
    [request] = look().run_requests
    instance.create_run_for_job(
        defs.resolve_job_def("day_metrics"),
        tags={"dagster/run_key": request.run_key},
        status=dg.DagsterRunStatus.FAILURE,
    )
    waiting = look()
    assert not waiting.run_requests
    assert waiting.skip_message == "tries that failed in a row: 1; waiting"
    monkeypatch.setattr(Watermark, "must_wait", lambda *_: False)
    again = look()
    assert asked(again) == [str(ago(5))]
    assert again.run_requests[0].run_key != request.run_key
    carry_out(again.run_requests)
    assert asked(look()) == []
    assert len(metrics(engine)) == 1


def test_it_waits_while_days_are_being_computed(engine, instance, look) -> None:
    play(engine, "ann", ago(5))
    job = defs.resolve_job_def("day_metrics")
    run = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    assert look().skip_message == "days are being computed already"
    instance.report_run_failed(run)
    assert asked(look()) == [str(ago(5))]


def test_it_waits_for_its_own_run_however_many_others_wait(engine, instance, look) -> None:
    play(engine, "ann", ago(5))
    own = instance.create_run_for_job(defs.resolve_job_def("day_metrics"), status=dg.DagsterRunStatus.STARTED)
    other = defs.resolve_job_def("maintenance")
    for _ in range(101):
        instance.create_run_for_job(other, status=dg.DagsterRunStatus.STARTED)
    assert look().skip_message == "days are being computed already"
    instance.report_run_failed(own)
    assert asked(look()) == [str(ago(5))]


def test_events_past_the_horizon_are_counted_and_reported(engine, settings, look, carry_out) -> None:
    play(engine, "ann", ago(35), ago(36), ago(400))
    play(engine, "bob", ago(36))
    found = look()
    assert asked(found) == [str(ago(35))]
    late = rows(engine, "SELECT date, late_events FROM rollup_days WHERE late_events > 0 ORDER BY date")
    assert late == [(ago(400), 5), (ago(36), 10)]
    carry_out([dg.RunRequest(partition_key=str(ago(36)))])
    late = rows(engine, "SELECT date, late_events FROM rollup_days WHERE late_events > 0 ORDER BY date")
    assert late == [(ago(400), 5)], "a person computed the other"


def test_a_day_left_stale_is_computed_without_its_events(engine, settings, look, carry_out) -> None:
    play(engine, "ann", ago(9), ago(8))
    carry_out(look().run_requests)
    play(engine, "ann", ago(10))
    compute_player_days(engine, ago(10))
    assert rows(engine, "SELECT 1 FROM rollup_days WHERE stale_since IS NOT NULL")
    found = look()
    [request] = found.run_requests
    assert request.asset_selection == [dg.AssetKey("game_metrics")]
    carry_out([request])
    assert not rows(engine, "SELECT 1 FROM rollup_days WHERE stale_since IS NOT NULL")
    assert asked(look()) == []


def test_many_stretches_are_asked_for_some_at_a_time(engine, look, carry_out) -> None:
    play(engine, "ann", ago(9), ago(7), ago(5))
    for wanted in ([ago(9), ago(7)], [ago(5)], []):
        found = look(runs_per_tick=2)
        assert asked(found) == [str(day) for day in wanted]
        carry_out(found.run_requests or ())


def test_only_days_that_are_partitions_are_asked_for() -> None:
    early, first = dt.date(2014, 12, 31), dt.date(2015, 1, 1)
    wanted = sensors.requests_for(LatePlan((early, first), (early, first), {}), NOW)
    assert [request.partition_key for request in wanted] == [str(first)]
    stale = sensors.requests_for(LatePlan((), (early, first, TODAY), {}), NOW)
    assert [request.partition_key for request in stale] == [str(first)]
    assert not sensors.requests_for(LatePlan((TODAY,), (TODAY,), {}), NOW)


def test_days_before_the_first_partition_come_with_it() -> None:
    early = tuple(dt.date(2014, 12, day) for day in (1, 30, 31))
    for plan in (LatePlan(early, early, {}), LatePlan((), early, {})):
        assert [request.partition_key for request in sensors.requests_for(plan, NOW)] == ["2015-01-01"]
    later = dt.date(2015, 1, 9)
    [one, other] = sensors.requests_for(LatePlan((*early, later), (), {}), NOW)
    assert (one.partition_key, other.partition_key) == ("2015-01-01", str(later))


def test_without_any_partition_nothing_is_asked_for(monkeypatch) -> None:
    monkeypatch.setattr(sensors, "DAYS", dg.DailyPartitionsDefinition(TODAY.isoformat(), timezone="UTC"))
    assert sensors.requests_for(LatePlan((ago(1),), (ago(1),), {}), NOW) == []


@pytest.fixture
def tick(engine, settings, instance):
    """Evaluate the daily schedule; by default at the tick of today."""

    def tick(day: dt.date = TODAY, **changes):
        context = dg.build_schedule_context(
            instance=instance,
            repository_def=defs.get_repository_def(),
            scheduled_execution_time=dt.datetime.combine(day, dt.time(0, 10), dt.UTC),
            resources={"factory": Factory(engine, settings.model_copy(update=changes))},
        )
        return daily_schedule.evaluate_tick(context)

    return tick


def span(found):
    """First and last day asked for."""
    [request] = found.run_requests
    found = request.partition_key_range
    return (found.start, found.end) if found else (request.partition_key, request.partition_key)


def yesterday_back_to(days: int):
    return str(ago(days)), str(ago(1))


def test_the_night_computes_yesterday(engine, settings, tick) -> None:
    assert span(tick()) == yesterday_back_to(1), "nothing was ever computed"
    refresh(engine, [ago(3), ago(2)], Scoring.of(settings))
    assert span(tick()) == yesterday_back_to(1)
    refresh(engine, [ago(1)], Scoring.of(settings))
    assert span(tick()) == yesterday_back_to(1), "again: its last events may have come since"


def test_a_machine_that_slept_makes_up_every_day_in_one_run(engine, settings, tick) -> None:
    refresh(engine, [ago(9), ago(8), ago(5)], Scoring.of(settings))
    assert span(tick()) == yesterday_back_to(7)
    refresh(engine, [ago(2000)], Scoring.of(settings))
    assert span(tick()) == yesterday_back_to(1 + LONGEST.days), "but not the last five years"
    assert span(tick(first_day=ago(4))) == yesterday_back_to(4)


def test_a_day_computed_before_it_was_over_is_computed_again(engine, settings, tick) -> None:
    refresh(engine, [ago(4), ago(3), ago(2), ago(1)], Scoring.of(settings))
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE rollup_days SET player_days_at = '{ago(3)} 23:59+00' WHERE date = '{ago(3)}'"
        )
    assert span(tick()) == yesterday_back_to(3)


def test_missed_ticks_leave_the_work_to_the_last(tick) -> None:
    assert tick(ago(2)).skip_message == "a later tick asks for this day too"
    assert tick(first_day=TODAY).skip_message == f"the first day is {TODAY}"


def test_what_runs_when() -> None:
    ticks = {schedule.name: schedule.cron_schedule for schedule in defs.get_repository_def().schedule_defs}
    assert ticks["daily_metrics"] == "10 0 * * *"
    assert ticks["watch_metrics"] == "40 * * * *"
    assert late_events.minimum_interval_seconds == 60
