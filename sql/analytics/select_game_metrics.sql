-- The metrics of every game that has something to say on :day, all but its score: an event on the day, or players
-- whose first day was 1, 7 or 30 days before.
--
-- A plain SELECT that PostgreSQL, DuckDB and Spark run unchanged over relations player_days and players. Rates are
-- worked out in whole numbers by half_up(numerator, denominator), the nearest whole number to the quotient with
-- halves up; every engine is given one. Integer columns hold at most 2147483647, so money is cut off there.
-- Reads only the day's player_days (unique_player_day) and four days of players (idx_players_first_date): it costs
-- what the day holds, however long the history.
WITH today AS (
    SELECT
        game_id,
        count(user_id) AS dau,
        sum(sessions) AS sessions,
        sum(session_micros) AS session_micros,
        sum(levels_completed) AS levels_completed,
        sum(levels_failed) AS levels_failed,
        sum(ad_prompts) AS ad_prompts,
        sum(ad_impressions) AS ad_impressions,
        least(sum(ad_revenue_micros), 21474836470000) AS ad_revenue_micros,
        least(sum(iap_revenue_cents), 2147483647) AS iap_revenue_cents
    FROM player_days
    WHERE date = CAST(:day AS DATE)
    GROUP BY game_id
),
cohorts AS (
    SELECT
        players.game_id,
        count(*) FILTER (WHERE first_date = CAST(:day AS DATE)) AS installs,
        count(*) FILTER (WHERE first_date = CAST(:day AS DATE) - 1) AS cohort_d1,
        count(player_days.user_id) FILTER (WHERE first_date = CAST(:day AS DATE) - 1) AS retained_d1,
        count(*) FILTER (WHERE first_date = CAST(:day AS DATE) - 7) AS cohort_d7,
        count(player_days.user_id) FILTER (WHERE first_date = CAST(:day AS DATE) - 7) AS retained_d7,
        count(*) FILTER (WHERE first_date = CAST(:day AS DATE) - 30) AS cohort_d30,
        count(player_days.user_id) FILTER (WHERE first_date = CAST(:day AS DATE) - 30) AS retained_d30
    FROM players
    LEFT JOIN player_days
        ON player_days.date = CAST(:day AS DATE)
        AND player_days.game_id = players.game_id
        AND player_days.user_id = players.user_id
    WHERE first_date IN (
        CAST(:day AS DATE), CAST(:day AS DATE) - 1, CAST(:day AS DATE) - 7, CAST(:day AS DATE) - 30
    )
    GROUP BY players.game_id
),
totals AS (
    SELECT
        game_id,
        coalesce(installs, 0) AS installs,
        coalesce(dau, 0) AS dau,
        CAST(coalesce(sessions, 0) AS BIGINT) AS sessions,
        CAST(coalesce(session_micros, 0) AS BIGINT) AS session_micros,
        coalesce(cohort_d1, 0) AS cohort_d1,
        coalesce(retained_d1, 0) AS retained_d1,
        coalesce(cohort_d7, 0) AS cohort_d7,
        coalesce(retained_d7, 0) AS retained_d7,
        coalesce(cohort_d30, 0) AS cohort_d30,
        coalesce(retained_d30, 0) AS retained_d30,
        coalesce(levels_completed, 0) AS levels_completed,
        coalesce(levels_failed, 0) AS levels_failed,
        coalesce(ad_prompts, 0) AS ad_prompts,
        coalesce(ad_impressions, 0) AS ad_impressions,
        CAST(coalesce(ad_revenue_micros, 0) AS BIGINT) AS ad_revenue_micros,
        coalesce(iap_revenue_cents, 0) AS iap_revenue_cents
    FROM today
    FULL JOIN cohorts USING (game_id)
)
SELECT
    game_id,
    CAST(:day AS DATE) AS date,
    CAST(installs AS INTEGER) AS installs,
    CAST(dau AS INTEGER) AS dau,
    CAST(sessions AS INTEGER) AS sessions,
    CAST(
        CASE WHEN sessions > 0 THEN half_up(session_micros, sessions * 1000000) ELSE 0 END AS INTEGER
    ) AS avg_session_duration_seconds,
    CAST(cohort_d1 AS INTEGER) AS cohort_d1,
    CAST(retained_d1 AS INTEGER) AS retained_d1,
    CASE WHEN cohort_d1 > 0
        THEN CAST(0.0001 * half_up(retained_d1 * 10000, cohort_d1) AS DECIMAL(5, 4)) END AS retention_d1,
    CAST(cohort_d7 AS INTEGER) AS cohort_d7,
    CAST(retained_d7 AS INTEGER) AS retained_d7,
    CASE WHEN cohort_d7 > 0
        THEN CAST(0.0001 * half_up(retained_d7 * 10000, cohort_d7) AS DECIMAL(5, 4)) END AS retention_d7,
    CAST(cohort_d30 AS INTEGER) AS cohort_d30,
    CAST(retained_d30 AS INTEGER) AS retained_d30,
    CASE WHEN cohort_d30 > 0
        THEN CAST(0.0001 * half_up(retained_d30 * 10000, cohort_d30) AS DECIMAL(5, 4)) END AS retention_d30,
    CAST(levels_completed AS INTEGER) AS levels_completed,
    CAST(levels_failed AS INTEGER) AS levels_failed,
    CAST(ad_prompts AS INTEGER) AS ad_prompts,
    CAST(ad_impressions AS INTEGER) AS ad_impressions,
    CAST(half_up(ad_revenue_micros, 10000) AS INTEGER) AS ad_revenue_cents,
    CAST(iap_revenue_cents AS INTEGER) AS iap_revenue_cents
FROM totals
