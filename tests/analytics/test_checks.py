"""Every check of days on a sound factory, and on one with a single fault in it."""

import datetime as dt

from gamefactory_dagster.analytics.checks import DAY_CHECKS, ROWS, STATE_CHECKS, check_days, check_state

from .sound import DAYS, RAW, broken, days_of, state_of


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
