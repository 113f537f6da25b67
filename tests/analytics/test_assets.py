"""The assets and their checks, run by Dagster on a real database."""

import datetime as dt

import dagster as dg
import pytest

from gamefactory_dagster.analytics.checks import GRACE
from gamefactory_dagster.analytics.rollup import refresh
from gamefactory_dagster.analytics.scoring import Scoring
from gamefactory_dagster.days import day_of
from tests.factory_rows import add_game, rows

from .days import ago, materialize, play

ROLLUPS = ["player_days", "game_metrics"]


@pytest.fixture
def run(engine, settings, instance):
    """Materialize assets; see ``days.materialize``."""
    add_game(engine)

    def run(*days, selection=ROLLUPS, **more):
        return materialize(engine, settings, instance, *days, selection=selection, **more)

    return run


def metadata(result, asset) -> dict:
    """Metadata of each materialization, by partition."""
    return {
        event.partition: {name: value.value for name, value in event.materialization.metadata.items()}
        for event in result.get_asset_materialization_events()
        if event.asset_key == dg.AssetKey(asset)
    }


def metrics(engine) -> list:
    return rows(
        engine,
        "SELECT date, installs, dau, retention_d1, levels_completed, score FROM game_metrics ORDER BY 1",
    )


def failed(result) -> dict:
    return {
        evaluation.check_name: evaluation.description
        for evaluation in result.get_asset_check_evaluations()
        if not evaluation.passed
    }


def test_a_range_is_one_run_with_a_materialization_a_day(engine, run) -> None:
    play(engine, "ann", ago(3), ago(2))
    play(engine, None, ago(2))
    result = run(ago(3), ago(1))
    player_days, game_metrics = metadata(result, "player_days"), metadata(result, "game_metrics")
    assert sorted(player_days) == sorted(game_metrics) == [str(ago(3)), str(ago(2)), str(ago(1))]
    assert [(day["events"], day["players"], day["installs"]) for day in player_days.values()] == [
        (5, 1, 1),
        (10, 1, 0),
        (0, 0, 0),
    ]
    assert [row[:5] for row in metrics(engine)] == [
        (ago(3), 1, 1, None, 1),
        (ago(2), 0, 1, 1, 2),
    ]
    assert not failed(result)


@pytest.mark.slow
def test_only_the_last_day_of_a_run_carries_pictures(engine, run) -> None:
    play(engine, "ann", ago(3), ago(2))
    shown = metadata(run(ago(40), ago(2)), "game_metrics")
    assert len(shown) == 39
    pictures = {"players and installs", "retention", "top games"}
    assert [day for day, values in shown.items() if pictures & values.keys()] == [str(ago(2))]
    last = shown[str(ago(2))]
    assert all(last[name].startswith("![](data:image/png;base64,iVBOR") for name in pictures)
    assert [record.data["active players"] for record in last["days"].records[-2:]] == [1, 1]
    assert [record.data["game"] for record in last["games"].records] == ["pear"]
    assert sum(len(str(values)) for values in shown.values()) < 250_000


def test_single_days_carry_pictures_only_when_they_are_yesterday(engine, run) -> None:
    play(engine, "ann", ago(2), ago(1))
    assert "retention" not in metadata(run(ago(2)), "game_metrics")[str(ago(2))]
    assert "retention" in metadata(run(ago(1)), "game_metrics")[str(ago(1))]


@pytest.mark.slow
def test_any_order_gives_the_same_and_reports_repaired_days(engine, run) -> None:
    days = [ago(9), ago(8), ago(2), ago(1)]
    play(engine, "ann", *days)
    play(engine, "bob", ago(8), ago(1))
    bare = dg.AssetSelection.assets(*ROLLUPS).without_checks()
    run(ago(9), ago(1), selection=bare)
    in_order = [row for row in metrics(engine) if row.date in days]
    for table in ("player_days", "players", "rollup_days", "game_metrics"):
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DELETE FROM {table}")
    reports = [metadata(run(day, selection=bare), "game_metrics") for day in reversed(days)]
    assert [row for row in metrics(engine) if row.date in days] == in_order
    repaired = {day: found for report in reports for day, found in report.items() if "repaired with" in found}
    assert str(ago(1)) in repaired, "its cohorts of the week before were not known when it was computed"


def test_repaired_days_that_are_no_partition_are_not_reported(engine, settings, run) -> None:
    today = ago(0)
    play(engine, "ann", ago(1), today)
    refresh(engine, [today], Scoring.of(settings))
    assert set(metadata(run(ago(1)), "game_metrics")) == {str(ago(1))}
    assert [row.installs for row in metrics(engine)] == [1, 0], "but it is computed"


def test_an_archived_day_fails_without_another_try(engine, run) -> None:
    month = ago(60).replace(day=1)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO event_archives (month, part, url, events, size_bytes, checksum)"
            f" VALUES ('{month}', 1, 'file:///x', 1, 1, '')"
        )
    result = run(month, expect_success=False)
    assert not result.success
    assert not result.filter_events(lambda event: event.is_step_up_for_retry)
    [failure] = result.filter_events(lambda event: event.is_step_failure)
    assert "archived at file:///x" in failure.step_failure_data.user_failure_data.description


@pytest.mark.parametrize("asset", ROLLUPS)
@pytest.mark.parametrize("what", ["asset", "checks"])
def test_a_range_the_wrong_way_round_is_refused_in_words(run, asset, what) -> None:
    selections = {
        "asset": dg.AssetSelection.assets(asset).without_checks(),
        "checks": dg.AssetSelection.checks_for_assets(asset),
    }
    result = run(ago(1), ago(2), selection=selections[what], expect_success=False)
    failures = result.filter_events(lambda event: event.is_step_failure)
    said = {failure.step_failure_data.user_failure_data.description for failure in failures}
    assert said == {f"there is no day from {ago(1)} to {ago(2)}: ask for {ago(2)} to {ago(1)}"}
    assert not result.filter_events(lambda event: event.is_step_up_for_retry)


def test_quiet_days_of_a_range_are_materialized_too(engine, run) -> None:
    play(engine, "ann", ago(50))
    result = run(ago(60), ago(1), selection=dg.AssetSelection.assets(*ROLLUPS).without_checks())
    shown = metadata(result, "player_days")
    assert len(shown) == len(metadata(result, "game_metrics")) == 60
    assert [day for day, values in shown.items() if values["events"]] == [str(ago(50))]
    assert rows(
        engine, "SELECT count(*), min(date) FROM rollup_days WHERE game_metrics_at > player_days_at"
    ) == [(60, ago(60))]
    assert [row.date for row in metrics(engine)] == [ago(50 - age) for age in (0, 1, 7, 30)]


def test_checks_judge_the_days_of_their_run(engine, run) -> None:
    play(engine, "ann", ago(20), ago(3))
    assert failed(run(ago(20))).keys() == {"yesterday_present"}, "so far"
    with engine.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO players SELECT id, 'ghost', '{ago(20)}' FROM games")
    fault = f"pear, {ago(20)}: player 'ghost' began here but was not active"
    assert failed(run(ago(20)))["first_days"] == fault
    assert "first_days" not in failed(run(ago(3)))
    assert failed(run(ago(21), ago(3)))["first_days"] == fault


@pytest.mark.slow
def test_checks_without_days_judge_the_last_week_and_now(engine, run) -> None:
    play(engine, "ann", ago(20), ago(3))
    run(ago(20), ago(3))
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE player_days SET sessions = -1")
        next_month = (ago(0).replace(day=1) + dt.timedelta(days=40)).replace(day=1)
        connection.exec_driver_sql(f"DROP TABLE analytics_events_{next_month:%Y_%m}")
    only = dg.AssetSelection.checks_for_assets("player_days", "game_metrics", "event_partitions")
    found = failed(run(selection=only))
    assert found["no_negative_counts"] == f"pear, {ago(3)}: sessions of player 'ann' is -1"
    over = day_of(dt.datetime.now(dt.UTC) - GRACE) - dt.timedelta(1)
    assert found["yesterday_present"] == f"all games, {over}: was not computed since it is over"
    assert found["made_ahead"] == f"all games, {next_month}: the month has no partition"


def test_event_partitions_are_made_and_shown(engine, run) -> None:
    result = run(selection=["event_partitions"])
    [shown] = metadata(result, "event_partitions").values()
    third = (ago(0).replace(day=1) + dt.timedelta(days=70)).replace(day=1)
    assert shown["made"] == f"{third:%Y-%m}", "the migration made two"
    assert [record.data["month"] for record in shown["newest months"].records][-1] == f"{third:%Y-%m}"
    assert not failed(result)
    [seen] = [event.event_specific_data.asset_observation for event in result.get_asset_observation_events()]
    assert seen.asset_key.to_user_string() == "analytics_events"
    assert seen.metadata["months"].value == len(shown["newest months"].records)
    [again] = metadata(run(selection=["event_partitions"]), "event_partitions").values()
    assert again["made"] == "none was missing"
