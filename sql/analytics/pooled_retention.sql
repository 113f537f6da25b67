-- Cohorts whose day N was in :first to :last and how many of them came back on it, over all games and days. Pooled
-- from counts: the stored rates have four decimals and cannot be averaged. By idx_game_metrics_date.
SELECT
    coalesce(sum(installs), 0) AS installs,
    coalesce(sum(cohort_d1), 0) AS cohort_d1,
    coalesce(sum(retained_d1), 0) AS retained_d1,
    coalesce(sum(cohort_d7), 0) AS cohort_d7,
    coalesce(sum(retained_d7), 0) AS retained_d7,
    coalesce(sum(cohort_d30), 0) AS cohort_d30,
    coalesce(sum(retained_d30), 0) AS retained_d30
FROM factory.game_metrics
WHERE date BETWEEN CAST(:first AS date) AND CAST(:last AS date)
