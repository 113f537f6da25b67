"""Every check on a sound factory, and on one with a single fault in it."""

import datetime as dt
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from gamefactory_dagster.analytics.checks import DAY_CHECKS, ROWS, STATE_CHECKS, check_days, check_state

DAYS = [dt.date(2031, 3, 1), dt.date(2031, 3, 2), dt.date(2031, 3, 3)]
FIRST, _, LAST = DAYS
NOW = dt.datetime(2031, 3, 4, 12, 0, tzinfo=dt.UTC)

SOUND = """
SELECT factory.ensure_events_partition(make_timestamptz(2031, 2 + month, 1, 0, 0, 0, 'UTC'))
FROM generate_series(1, 4) AS month;
INSERT INTO games (name, slug, genre) VALUES ('Pear', 'pear', 'runner'), ('Plum', 'plum', 'puzzle');
INSERT INTO analytics_events (game_id, event_type, user_id, session_id, properties, timestamp, received_at)
SELECT
    games.id, event_type, player, player || date,
    CASE event_type WHEN 'rewarded_ad_completed' THEN '{"revenue_micros": 15000}'::jsonb
    WHEN 'iap_completed' THEN '{"revenue_cents": 99}' ELSE '{}' END,
    (date + time '23:00') AT TIME ZONE 'UTC', (date + time '23:10') AT TIME ZONE 'UTC'
FROM games, unnest(ARRAY['ann', 'bob', NULL]) AS player,
    generate_series(timestamp '2031-03-01', '2031-03-03', '1 day') AS date,
    unnest(ARRAY[
        'game_start', 'level_complete', 'level_fail', 'unlock_prompt_shown', 'rewarded_ad_started',
        'rewarded_ad_completed', 'iap_completed'
    ]) AS event_type
WHERE player IS DISTINCT FROM 'bob' OR date <> '2031-03-02';
INSERT INTO player_days
SELECT
    (timestamp AT TIME ZONE 'UTC')::date, game_id, user_id, count(*), count(DISTINCT session_id), 0,
    count(*) FILTER (WHERE event_type = 'level_complete'), count(*) FILTER (WHERE event_type = 'level_fail'),
    count(*) FILTER (WHERE event_type = 'unlock_prompt_shown'),
    count(*) FILTER (WHERE event_type = 'rewarded_ad_started'),
    15000 * count(*) FILTER (WHERE event_type = 'rewarded_ad_completed'),
    99 * count(*) FILTER (WHERE event_type = 'iap_completed')
FROM analytics_events GROUP BY 1, 2, 3;
INSERT INTO players
SELECT game_id, user_id, min(date) FROM player_days WHERE user_id IS NOT NULL GROUP BY 1, 2;
INSERT INTO rollup_days
SELECT date, sum(events), '2031-03-04', '2031-03-04' FROM player_days GROUP BY 1;
INSERT INTO game_metrics (
    game_id, date, installs, dau, sessions, levels_completed, levels_failed, ad_prompts, ad_impressions,
    ad_revenue_cents, iap_revenue_cents, cohort_d1, retained_d1,
    retention_d1, retention_d7, retention_d30, score
)
SELECT
    game_id, date, CASE date WHEN '2031-03-01' THEN 2 ELSE 0 END, count(user_id), sum(sessions),
    sum(levels_completed), sum(levels_failed), sum(ad_prompts), sum(ad_impressions),
    round(sum(ad_revenue_micros) / 10000), sum(iap_revenue_cents),
    CASE date WHEN '2031-03-02' THEN 2 ELSE 0 END, CASE date WHEN '2031-03-02' THEN 1 ELSE 0 END,
    CASE date WHEN '2031-03-02' THEN 0.5 END, NULL, NULL, 50
FROM player_days GROUP BY 1, 2;
"""


@pytest.fixture
def factory(connection):
    """Two games, two players and three days, all as they should be; nothing is committed."""
    connection.exec_driver_sql(SOUND)
    return connection


@contextmanager
def broken(connection, fault):
    """The factory with one thing wrong, for the block."""
    savepoint = connection.begin_nested()
    connection.exec_driver_sql(fault)
    yield
    savepoint.rollback()


def days_of(connection, name, first=FIRST, last=None):
    (check,) = [check for check in DAY_CHECKS if check.name == name]
    return check_days(connection, check, first, last or (LAST if first == FIRST else first))


def state_of(connection, name, now=NOW):
    (check,) = [check for check in STATE_CHECKS if check.name == name]
    return check_state(connection, check, now, 2)


def test_a_sound_factory_passes_everything(factory) -> None:
    for check in DAY_CHECKS:
        finding = days_of(factory, check.name)
        assert finding.passed, finding
        assert finding.description == f"2031-03-01 to 2031-03-03: {check.meaning}"
    for check in STATE_CHECKS:
        finding = state_of(factory, check.name)
        assert finding.passed, finding


def test_an_empty_factory_has_nothing_wrong(connection) -> None:
    now = dt.datetime.now(dt.UTC)
    for check in DAY_CHECKS:
        assert check_days(connection, check, now.date(), now.date()).passed
    for check in STATE_CHECKS:
        assert check_state(connection, check, now, 1).passed


PEAR = "game_id = (SELECT id FROM games WHERE slug = 'pear') AND date = '2031-03-02'"
ANN = f"{PEAR} AND user_id = 'ann'"
COPY = "ALTER TABLE {0} DROP CONSTRAINT {1}; INSERT INTO {0} SELECT * FROM {0} WHERE {2}"
RAW = (
    "INSERT INTO analytics_events (game_id, event_type, user_id, timestamp, received_at)"
    " SELECT id, 'level_complete', 'ann', '{}', '{}' FROM games WHERE slug = 'pear'"
)


DAY_FAULTS = [
    ("unique_players", COPY.format("player_days", "unique_player_day", ANN), "2 rows of player 'ann'"),
    (
        "unique_players",
        COPY.format("player_days", "unique_player_day", f"{PEAR} AND user_id IS NULL"),
        "2 rows of player NULL",
    ),
    (
        "no_negative_counts",
        f"UPDATE player_days SET sessions = -1 WHERE {ANN}",
        "sessions of player 'ann'",
    ),
    (
        "player_totals",
        f"UPDATE player_days SET levels_completed = 4 WHERE {ANN}",
        "levels_completed is 5, but the events say 2",
    ),
    (
        "player_totals",
        f"DELETE FROM player_days WHERE {PEAR}",
        "ad_impressions is 0, but the events say 2",
    ),
    (
        "player_totals",
        "DELETE FROM analytics_events WHERE user_id = 'ann' AND timestamp::date = '2031-03-02'"
        " AND game_id = (SELECT id FROM games WHERE slug = 'pear')",
        "ad_impressions is 2, but the events say 1",
    ),
    (
        "first_days",
        "DELETE FROM players WHERE user_id = 'ann' AND game_id = (SELECT id FROM games WHERE slug = 'pear')",
        "player 'ann' has no first day",
    ),
    (
        "first_days",
        "UPDATE players SET first_date = '2031-03-03' WHERE user_id = 'ann'"
        " AND game_id = (SELECT id FROM games WHERE slug = 'pear')",
        "player 'ann' is active before the first day, 2031-03-03",
    ),
    (
        "first_days",
        "UPDATE players SET first_date = '2031-03-02' WHERE user_id = 'bob'"
        " AND game_id = (SELECT id FROM games WHERE slug = 'pear')",
        "player 'bob' began here but was not active",
    ),
    (
        "unique_games",
        "ALTER TABLE game_metrics DROP CONSTRAINT unique_game_date;"
        f"INSERT INTO game_metrics (game_id, date) SELECT game_id, date FROM game_metrics WHERE {PEAR}",
        "2 rows",
    ),
    ("no_negative_metrics", f"UPDATE game_metrics SET installs = -1 WHERE {PEAR}", "installs is -1"),
    ("no_negative_metrics", f"UPDATE game_metrics SET score = 100.5 WHERE {PEAR}", "score is 100.5"),
    (
        "players_within_events",
        f"UPDATE game_metrics SET dau = 99 WHERE {PEAR}",
        "99 active players of only 14 events",
    ),
    (
        "players_within_events",
        f"UPDATE game_metrics SET installs = 2 WHERE {PEAR}",
        "2 installs of only 1 active players",
    ),
    (
        "players_within_events",
        f"UPDATE game_metrics SET sessions = 15 WHERE {PEAR}",
        "15 sessions of only 14 events",
    ),
    (
        "retention_valid",
        f"UPDATE game_metrics SET retention_d1 = 1.2 WHERE {PEAR}",
        "retention_d1 is 1.2",
    ),
    (
        "retention_valid",
        f"UPDATE game_metrics SET retention_d1 = NULL WHERE {PEAR}",
        "retention_d1 is missing for 2 players",
    ),
    (
        "retention_valid",
        f"UPDATE game_metrics SET retention_d30 = 0 WHERE {PEAR}",
        "retention_d30 is 0.0000 without a cohort",
    ),
    (
        "retention_valid",
        f"UPDATE game_metrics SET retained_d1 = 2 WHERE {PEAR}",
        "retention_d1 is 0.5000, but 2 of 2 returned",
    ),
    (
        "retention_valid",
        f"UPDATE game_metrics SET cohort_d7 = 3, retention_d7 = 0 WHERE {PEAR}",
        "retention_d7 is of 3 players, but 0 began",
    ),
    (
        "metric_totals",
        f"UPDATE game_metrics SET iap_revenue_cents = 1 WHERE {PEAR}",
        "iap_revenue_cents is 1, but the events say 198",
    ),
    (
        "metric_totals",
        f"UPDATE game_metrics SET ad_revenue_cents = 2 WHERE {PEAR}",
        "ad_revenue_cents is 2, but the events say 3",
    ),
    (
        "metric_totals",
        f"UPDATE game_metrics SET levels_failed = NULL WHERE {PEAR}",
        "levels_failed is , but the events say 2",
    ),
    ("metric_totals", f"DELETE FROM game_metrics WHERE {PEAR}", "no row, but there are events"),
]


def test_a_fault_of_a_day_is_named(factory) -> None:
    for check, fault, words in DAY_FAULTS:
        with broken(factory, fault):
            finding = days_of(factory, check, DAYS[1])
            assert not finding.passed, fault
            assert finding.description.startswith(f"pear, 2031-03-02: {words}"), finding
            assert {(row["game"], row["date"]) for row in finding.rows} == {("pear", "2031-03-02")}
            # a first day that is wrong is wrong for the player's other days too
            assert check == "first_days" or days_of(factory, check, DAYS[2]).passed, fault
    assert {check for check, *_ in DAY_FAULTS} == {check.name for check in DAY_CHECKS}


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


def test_events_that_came_since_are_no_fault_of_the_totals(factory) -> None:
    factory.exec_driver_sql(RAW.format("2031-03-02 10:00+00", "2031-03-04"))
    assert days_of(factory, "player_totals").passed
    assert days_of(factory, "metric_totals").passed


def test_archived_months_have_no_events_to_compare(factory) -> None:
    factory.exec_driver_sql("DELETE FROM analytics_events")
    assert not days_of(factory, "player_totals").passed
    factory.exec_driver_sql(
        "INSERT INTO event_archives (month, part, url, events, size_bytes, checksum)"
        " VALUES ('2031-03-01', 1, 'x', 1, 1, '')"
    )
    assert days_of(factory, "player_totals").passed
    assert days_of(factory, "metric_totals").passed


def test_a_stale_day_is_not_judged_before_it_is_computed_again(factory) -> None:
    faults = f"UPDATE game_metrics SET dau = 99, levels_failed = 99, retention_d1 = 0.1 WHERE {PEAR}"
    factory.exec_driver_sql(faults)
    names = ("players_within_events", "metric_totals", "retention_valid")
    assert not any(days_of(factory, name).passed for name in names)
    factory.exec_driver_sql("UPDATE rollup_days SET stale_since = now() WHERE date = '2031-03-02'")
    assert all(days_of(factory, name).passed for name in names)


def test_raw_events_are_read_of_the_last_days_only(factory) -> None:
    factory.exec_driver_sql(f"UPDATE player_days SET levels_completed = 4 WHERE {ANN}")
    assert not days_of(factory, "player_totals", last=dt.date(2031, 3, 8)).passed
    assert days_of(factory, "player_totals", last=dt.date(2031, 3, 9)).passed


def test_many_faults_are_counted_and_some_shown(factory) -> None:
    factory.exec_driver_sql(
        "INSERT INTO players SELECT id, 'ghost ' || n, '2031-03-01' FROM games, generate_series(1, 50) n"
    )
    finding = days_of(factory, "first_days")
    assert len(finding.rows) == ROWS
    assert finding.description.endswith("and 99 more")


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
