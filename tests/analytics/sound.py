"""A factory in which all is as it should be, for checks to find faults in that a test puts there."""

import datetime as dt
from contextlib import contextmanager

from gamefactory_dagster.analytics.checks import DAY_CHECKS, STATE_CHECKS, check_days, check_state

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


RAW = (
    "INSERT INTO analytics_events (game_id, event_type, user_id, timestamp, received_at)"
    " SELECT id, 'level_complete', 'ann', '{}', '{}' FROM games WHERE slug = 'pear'"
)
"""An event of Pear at a time, received at another."""


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
