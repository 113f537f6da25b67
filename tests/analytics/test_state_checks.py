"""Every check of the state of things: each fault is named, and what may be so for a while is none."""

import datetime as dt

import sqlalchemy as sa

from gamefactory_dagster.analytics.checks import STATE_CHECKS, check_room, check_state
from gamefactory_dagster.settings import Settings

from .sound import NOW, RAW, broken, state_of

STATE_FAULTS = [
    (
        "yesterday_present",
        "UPDATE rollup_days SET game_metrics_at = NULL WHERE date = '2031-03-03'",
        "all games, 2031-03-03",
        "was not computed since it is over",
    ),
    (
        "yesterday_present",
        "UPDATE rollup_days SET player_days_at = '2031-03-03 23:59+00'",
        "all games, 2031-03-03",
        "was not computed since it is over",
    ),
    (
        "yesterday_present",
        "DELETE FROM rollup_days",
        "all games, 2031-03-03",
        "was not computed since it is over",
    ),
    (
        "yesterday_present",
        "DELETE FROM game_metrics WHERE date = '2031-03-03' AND ad_prompts = 3"
        " AND game_id = (SELECT id FROM games WHERE slug = 'plum')",
        "plum, 2031-03-03",
        "21 events but no row",
    ),
    (
        "nothing_stale",
        "UPDATE rollup_days SET stale_since = '2031-03-04 10:30+00' WHERE date = '2031-03-02'",
        "all games, 2031-03-02",
        "waits to be computed again since 2031-03-04 10:30 UTC",
    ),
    (
        "late_beyond_horizon",
        RAW.format("2031-03-02", "2031-03-04")
        + "; UPDATE rollup_days SET late_events = 1 WHERE date = '2031-03-02'",
        "pear, 2031-03-02",
        "1 events came too late to be computed by itself",
    ),
    (
        "late_beyond_horizon",
        "UPDATE rollup_days SET late_events = 3 WHERE date = '2031-03-02'",
        "all games, 2031-03-02",
        "3 events came too late to be computed by itself",
    ),
    (
        "ingestion_lag",
        RAW.format("2031-03-04 01:00+00", "2031-03-04 04:30+00")
        + ";"
        + RAW.format("2031-03-04 02:00+00", "2031-03-04 04:30+00"),
        "pear, 2031-03-04",
        "2 of 23 events were received more than 1 h after they happened, the worst after 3.5 h",
    ),
    (
        "quarantine_share",
        "INSERT INTO quarantined_events (id, raw, reason, field, game_id, received_at, source)"
        " SELECT gen_random_uuid(), '', 'out_of_range', 'level', id::text, '2031-03-04 09:00+00', ''"
        " FROM games, generate_series(1, 10) WHERE slug = 'plum'",
        "plum, 2031-03-04",
        "10 events refused: out_of_range level",
    ),
    (
        "files_taken_in",
        "INSERT INTO landed_files (url, fingerprint, size_bytes, status, error_message, found_at)"
        " VALUES ('file:///a.gz', 'x', 1, 'failed', 'not gzip', '2031-03-04 11:59+00')",
        "all games, 2031-03-04",
        "file:///a.gz is failed: not gzip",
    ),
    (
        "files_taken_in",
        "INSERT INTO landed_files (url, fingerprint, size_bytes, found_at)"
        " VALUES ('file:///a.gz', 'x', 1, '2031-03-04 10:59+00')",
        "all games, 2031-03-04",
        "file:///a.gz is pending",
    ),
    (
        "made_ahead",
        "ALTER TABLE analytics_events DETACH PARTITION analytics_events_2031_04",
        "all games, 2031-04-01",
        "the month has no partition",
    ),
]


def test_a_fault_of_the_state_is_named(factory) -> None:
    for check, fault, about, words in STATE_FAULTS:
        with broken(factory, fault):
            finding = state_of(factory, check)
            assert not finding.passed, fault
            assert finding.description == f"{about}: {words}"
    assert {check for check, *_ in STATE_FAULTS} == {check.name for check in STATE_CHECKS}


def test_yesterday_may_be_missing_just_after_midnight(factory) -> None:
    factory.exec_driver_sql("DELETE FROM rollup_days WHERE date = '2031-03-03'")
    midnight = dt.datetime(2031, 3, 4, tzinfo=dt.UTC)
    assert state_of(factory, "yesterday_present", midnight + dt.timedelta(minutes=59)).passed
    assert not state_of(factory, "yesterday_present", midnight + dt.timedelta(minutes=60)).passed


def test_the_month_furthest_ahead_may_be_missing_for_a_while(factory) -> None:
    factory.exec_driver_sql("ALTER TABLE analytics_events DETACH PARTITION analytics_events_2031_05")
    assert state_of(factory, "made_ahead").passed
    (check,) = [check for check in STATE_CHECKS if check.name == "made_ahead"]
    assert not check_state(factory, check, NOW, 3).passed


def test_few_refused_events_alarm_nobody(factory) -> None:
    refuse = sa.text(
        "INSERT INTO quarantined_events (id, raw, reason, received_at, source)"
        " SELECT gen_random_uuid(), '', 'not_json', '2031-03-04 09:00+00', 'x'"
        " FROM generate_series(1, :number)"
    )
    factory.execute(refuse, {"number": 9})
    assert state_of(factory, "quarantine_share").passed
    factory.execute(refuse, {"number": 1})
    assert (
        state_of(factory, "quarantine_share").description
        == "all games, 2031-03-04: 10 events refused: not_json"
    )
    store = "INSERT INTO analytics_events (game_id, event_type, timestamp, received_at)"
    factory.exec_driver_sql(
        f"{store} SELECT id, 'game_start', '2031-03-04', '2031-03-04' FROM games, generate_series(1, 500)"
    )
    assert state_of(factory, "quarantine_share").passed


def test_playtests_which_are_made_afterwards_are_no_lag(factory) -> None:
    late = RAW.format("2031-03-04 01:00+00", "2031-03-04 04:30+00")
    for _ in range(3):
        factory.exec_driver_sql(late)
    assert not state_of(factory, "ingestion_lag").passed
    factory.exec_driver_sql(
        """UPDATE analytics_events SET device_info = '{"traffic": "playtest"}'
           WHERE received_at > timestamp + interval '1 hour'"""
    )
    assert state_of(factory, "ingestion_lag").passed


def test_a_full_disk_is_a_fault(tmp_path):
    found = check_room(Settings(home=tmp_path, database_url=None, free_disk_mb=10**12))
    assert not found.passed
    assert "The disk is full" in found.description
    assert [row["game"] for row in found.rows] == ["all games"]
    assert check_room(Settings(home=tmp_path, database_url=None, free_disk_mb=0)).passed
