-- game_metrics against the raw events of its days, past player_days and written apart from what computes it. Days
-- that have got events since, are marked stale, or are archived, are left out. Reads the days' events once, by
-- partition and BRIN on timestamp.
WITH raw AS (
    SELECT
        game_id, CAST(timestamp AT TIME ZONE 'UTC' AS date) AS date, count(*) AS events,
        count(*) FILTER (WHERE event_type = 'level_complete') AS levels_completed,
        count(*) FILTER (WHERE event_type = 'level_fail') AS levels_failed,
        count(*) FILTER (WHERE event_type = 'unlock_prompt_shown') AS ad_prompts,
        count(*) FILTER (WHERE event_type = 'rewarded_ad_started') AS ad_impressions,
        COALESCE(sum(CAST(properties ->> 'revenue_micros' AS numeric))
            FILTER (WHERE event_type = 'rewarded_ad_completed'), 0) AS revenue_micros,
        COALESCE(sum(CAST(properties ->> 'revenue_cents' AS numeric))
            FILTER (WHERE event_type = 'iap_completed'), 0) AS revenue_cents
    FROM factory.analytics_events
    WHERE timestamp >= :start AND timestamp < :end
    GROUP BY 1, 2
),
computed AS (
    SELECT rollup_days.date
    FROM factory.rollup_days
    LEFT JOIN raw ON raw.date = rollup_days.date
    WHERE rollup_days.date BETWEEN :first AND :last
      AND rollup_days.game_metrics_at IS NOT NULL AND rollup_days.stale_since IS NULL
      AND NOT EXISTS (
          SELECT FROM factory.event_archives
          WHERE month = CAST(date_trunc('month', CAST(rollup_days.date AS timestamp)) AS date)
      )
    GROUP BY rollup_days.date, rollup_days.events
    HAVING rollup_days.events = COALESCE(sum(raw.events), 0)
),
metrics AS (SELECT * FROM factory.game_metrics WHERE date BETWEEN :first AND :last)
SELECT
    games.slug AS game, computed.date,
    CASE WHEN metrics.game_id IS NULL THEN 'no row, but there are events'
    ELSE format('%s is %s, but the events say %s', total.name, total.ours, total.raw) END AS fault
FROM raw
FULL JOIN metrics ON metrics.game_id = raw.game_id AND metrics.date = raw.date
JOIN computed ON computed.date = COALESCE(raw.date, metrics.date)
JOIN factory.games ON games.id = COALESCE(raw.game_id, metrics.game_id)
CROSS JOIN LATERAL (
    VALUES
        ('levels_completed', metrics.levels_completed, COALESCE(raw.levels_completed, 0)::numeric),
        ('levels_failed', metrics.levels_failed, COALESCE(raw.levels_failed, 0)),
        ('ad_prompts', metrics.ad_prompts, COALESCE(raw.ad_prompts, 0)),
        ('ad_impressions', metrics.ad_impressions, COALESCE(raw.ad_impressions, 0)),
        ('ad_revenue_cents', metrics.ad_revenue_cents, round(COALESCE(raw.revenue_micros, 0) / 10000)),
        ('iap_revenue_cents', metrics.iap_revenue_cents, COALESCE(raw.revenue_cents, 0))
) AS total (name, ours, raw)
WHERE total.ours IS DISTINCT FROM total.raw AND (metrics.game_id IS NOT NULL OR total.name = 'levels_completed')
