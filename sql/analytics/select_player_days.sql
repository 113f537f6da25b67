-- One row for each game and player with an event from :day_start up to, not including, :day_end. A null user_id is
-- everybody who gave none, and has no sessions. A session over midnight counts on both days.
--
-- A plain SELECT that PostgreSQL, DuckDB and Spark run unchanged over a relation raw_events, whose money columns are
-- whole numbers and null on events that earn nothing. An engine without unix_micros(timestamp) is given one.
-- PostgreSQL reads the day by an index on timestamp (the bounds are constants when it plans) and hashes twice: the
-- second time what the first left, which is one row a session.
WITH sessions AS (
    SELECT
        game_id,
        user_id,
        session_id,
        count(*) AS events,
        unix_micros(max(timestamp)) - unix_micros(min(timestamp)) AS micros,
        count(*) FILTER (WHERE event_type = 'level_complete') AS levels_completed,
        count(*) FILTER (WHERE event_type = 'level_fail') AS levels_failed,
        count(*) FILTER (WHERE event_type = 'unlock_prompt_shown') AS ad_prompts,
        count(*) FILTER (WHERE event_type = 'rewarded_ad_started') AS ad_impressions,
        sum(CAST(revenue_micros AS DECIMAL(20, 0))) AS ad_revenue_micros,
        sum(CAST(revenue_cents AS DECIMAL(20, 0))) AS iap_revenue_cents
    FROM raw_events
    WHERE timestamp >= :day_start AND timestamp < :day_end
    GROUP BY game_id, user_id, session_id
)
SELECT
    game_id,
    user_id,
    CAST(sum(events) AS BIGINT) AS events,
    CAST(CASE WHEN user_id IS NULL THEN 0 ELSE count(session_id) END AS INTEGER) AS sessions,
    CAST(
        CASE WHEN user_id IS NULL THEN 0 ELSE coalesce(sum(micros) FILTER (WHERE session_id IS NOT NULL), 0) END
        AS BIGINT
    ) AS session_micros,
    CAST(sum(levels_completed) AS INTEGER) AS levels_completed,
    CAST(sum(levels_failed) AS INTEGER) AS levels_failed,
    CAST(sum(ad_prompts) AS INTEGER) AS ad_prompts,
    CAST(sum(ad_impressions) AS INTEGER) AS ad_impressions,
    coalesce(sum(ad_revenue_micros), 0) AS ad_revenue_micros,
    coalesce(sum(iap_revenue_cents), 0) AS iap_revenue_cents
FROM sessions
GROUP BY game_id, user_id
