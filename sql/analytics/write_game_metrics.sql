-- Make the rows of :day what select_game_metrics says: rows that differ are written, rows that are no longer there
-- are deleted, all others keep their id and are not even locked (ON CONFLICT DO UPDATE would lock them, so they are
-- filtered out before). Tells how many rows there are and how many changed. Relies on the rollups' lock and on
-- unique_game_date; old rows of the day are found by idx_game_metrics_date.
WITH fresh AS (
    {select_game_metrics}
),
known AS (
    SELECT * FROM factory.game_metrics WHERE date = CAST(:day AS date)
),
different AS (
    SELECT fresh.*
    FROM fresh
    LEFT JOIN known USING (game_id)
    WHERE known.id IS NULL OR (
        fresh.installs, fresh.dau, fresh.sessions, fresh.avg_session_duration_seconds, fresh.cohort_d1,
        fresh.retained_d1, fresh.retention_d1, fresh.cohort_d7, fresh.retained_d7, fresh.retention_d7,
        fresh.cohort_d30, fresh.retained_d30, fresh.retention_d30, fresh.levels_completed, fresh.levels_failed,
        fresh.ad_prompts, fresh.ad_impressions, fresh.ad_revenue_cents, fresh.iap_revenue_cents
    ) IS DISTINCT FROM (
        known.installs, known.dau, known.sessions, known.avg_session_duration_seconds, known.cohort_d1,
        known.retained_d1, known.retention_d1, known.cohort_d7, known.retained_d7, known.retention_d7,
        known.cohort_d30, known.retained_d30, known.retention_d30, known.levels_completed, known.levels_failed,
        known.ad_prompts, known.ad_impressions, known.ad_revenue_cents, known.iap_revenue_cents
    )
),
written AS (
    INSERT INTO factory.game_metrics (
        game_id, date,
        installs, dau, sessions, avg_session_duration_seconds, cohort_d1, retained_d1, retention_d1, cohort_d7,
        retained_d7, retention_d7, cohort_d30, retained_d30, retention_d30, levels_completed, levels_failed,
        ad_prompts, ad_impressions, ad_revenue_cents, iap_revenue_cents
    )
    SELECT
        game_id, date,
        installs, dau, sessions, avg_session_duration_seconds, cohort_d1, retained_d1, retention_d1, cohort_d7,
        retained_d7, retention_d7, cohort_d30, retained_d30, retention_d30, levels_completed, levels_failed,
        ad_prompts, ad_impressions, ad_revenue_cents, iap_revenue_cents
    FROM different
    ORDER BY game_id
    ON CONFLICT (game_id, date) DO UPDATE SET
        installs = excluded.installs,
        dau = excluded.dau,
        sessions = excluded.sessions,
        avg_session_duration_seconds = excluded.avg_session_duration_seconds,
        cohort_d1 = excluded.cohort_d1,
        retained_d1 = excluded.retained_d1,
        retention_d1 = excluded.retention_d1,
        cohort_d7 = excluded.cohort_d7,
        retained_d7 = excluded.retained_d7,
        retention_d7 = excluded.retention_d7,
        cohort_d30 = excluded.cohort_d30,
        retained_d30 = excluded.retained_d30,
        retention_d30 = excluded.retention_d30,
        levels_completed = excluded.levels_completed,
        levels_failed = excluded.levels_failed,
        ad_prompts = excluded.ad_prompts,
        ad_impressions = excluded.ad_impressions,
        ad_revenue_cents = excluded.ad_revenue_cents,
        iap_revenue_cents = excluded.iap_revenue_cents
    RETURNING 1
),
gone AS (
    DELETE FROM factory.game_metrics
    WHERE date = CAST(:day AS date) AND game_id NOT IN (SELECT game_id FROM fresh)
    RETURNING 1
)
SELECT
    (SELECT count(*) FROM fresh) AS rows,
    (SELECT count(*) FROM written) + (SELECT count(*) FROM gone) AS changed
