-- player_days against the raw events of its days: every event is in it, in the right game. A day that has got
-- events since it was computed is the late sensor's business and left out; a day that has lost some is a fault,
-- unless its month was archived. Reads the days' events once, by partition and BRIN on timestamp.
WITH raw AS (
    SELECT
        game_id, CAST(timestamp AT TIME ZONE 'UTC' AS date) AS date, count(*) AS events,
        count(*) FILTER (WHERE event_type = 'level_complete') AS levels_completed,
        count(*) FILTER (WHERE event_type = 'level_fail') AS levels_failed,
        count(*) FILTER (WHERE event_type = 'unlock_prompt_shown') AS ad_prompts,
        count(*) FILTER (WHERE event_type = 'rewarded_ad_started') AS ad_impressions
    FROM factory.analytics_events
    WHERE timestamp >= :start AND timestamp < :end
    GROUP BY 1, 2
),
rolled AS (
    SELECT
        game_id, date, sum(events) AS events, sum(levels_completed) AS levels_completed,
        sum(levels_failed) AS levels_failed, sum(ad_prompts) AS ad_prompts, sum(ad_impressions) AS ad_impressions
    FROM factory.player_days
    WHERE date BETWEEN :first AND :last
    GROUP BY game_id, date
),
computed AS (
    SELECT rollup_days.date, rollup_days.events, COALESCE(sum(raw.events), 0) AS events_now
    FROM factory.rollup_days
    LEFT JOIN raw ON raw.date = rollup_days.date
    WHERE rollup_days.date BETWEEN :first AND :last
      AND rollup_days.player_days_at IS NOT NULL
      AND NOT EXISTS (
          SELECT FROM factory.event_archives
          WHERE month = CAST(date_trunc('month', CAST(rollup_days.date AS timestamp)) AS date)
      )
    GROUP BY rollup_days.date, rollup_days.events
)
SELECT
    games.slug AS game, computed.date,
    format('%s is %s, but the events say %s', counter.name, counter.rolled, counter.raw) AS fault
FROM raw
FULL JOIN rolled ON rolled.game_id = raw.game_id AND rolled.date = raw.date
JOIN computed ON computed.date = COALESCE(raw.date, rolled.date)
JOIN factory.games ON games.id = COALESCE(raw.game_id, rolled.game_id)
CROSS JOIN LATERAL (
    VALUES
        ('events', COALESCE(rolled.events, 0), COALESCE(raw.events, 0)),
        ('levels_completed', COALESCE(rolled.levels_completed, 0), COALESCE(raw.levels_completed, 0)),
        ('levels_failed', COALESCE(rolled.levels_failed, 0), COALESCE(raw.levels_failed, 0)),
        ('ad_prompts', COALESCE(rolled.ad_prompts, 0), COALESCE(raw.ad_prompts, 0)),
        ('ad_impressions', COALESCE(rolled.ad_impressions, 0), COALESCE(raw.ad_impressions, 0))
) AS counter (name, rolled, raw)
WHERE counter.rolled <> counter.raw AND computed.events >= computed.events_now
