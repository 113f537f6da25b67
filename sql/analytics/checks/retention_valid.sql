-- Retention outside 0 to 1, without a cohort or missing for one, other than its parts say, or of another cohort
-- than the players who began N days before. Reads the days by idx_metrics_date, the cohorts by
-- idx_players_first_date. A day marked stale is about to be computed again and left out.
WITH began AS (
    SELECT game_id, first_date, count(*) AS players
    FROM factory.players
    WHERE first_date BETWEEN CAST(:first AS date) - 1 AND CAST(:last AS date) - 1
       OR first_date BETWEEN CAST(:first AS date) - 7 AND CAST(:last AS date) - 7
       OR first_date BETWEEN CAST(:first AS date) - 30 AND CAST(:last AS date) - 30
    GROUP BY game_id, first_date
)
SELECT games.slug AS game, game_metrics.date, format('retention_d%s %s', rate.days, wrong.text) AS fault
FROM factory.game_metrics
JOIN factory.games ON games.id = game_metrics.game_id
JOIN factory.rollup_days ON rollup_days.date = game_metrics.date AND rollup_days.stale_since IS NULL
CROSS JOIN LATERAL (
    VALUES
        (1, retention_d1, retained_d1, cohort_d1),
        (7, retention_d7, retained_d7, cohort_d7),
        (30, retention_d30, retained_d30, cohort_d30)
) AS rate (days, value, retained, cohort)
LEFT JOIN began ON began.game_id = game_metrics.game_id AND began.first_date = game_metrics.date - rate.days
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN rate.value NOT BETWEEN 0 AND 1 THEN format('is %s', rate.value)
        WHEN rate.cohort <> COALESCE(began.players, 0)
            THEN format('is of %s players, but %s began', rate.cohort, COALESCE(began.players, 0))
        WHEN rate.cohort = 0 AND rate.value IS NOT NULL THEN format('is %s without a cohort', rate.value)
        WHEN rate.cohort > 0 AND rate.value IS NULL THEN format('is missing for %s players', rate.cohort)
        WHEN rate.cohort > 0 AND rate.value <> round(rate.retained / rate.cohort::numeric, 4)
            THEN format('is %s, but %s of %s returned', rate.value, rate.retained, rate.cohort)
    END AS text
) AS wrong
WHERE game_metrics.date BETWEEN :first AND :last AND wrong.text IS NOT NULL
