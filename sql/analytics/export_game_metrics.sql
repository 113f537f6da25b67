-- Metrics of the days from :first_day to :last_day, a day's games together; days are found by idx_game_metrics_date.
SELECT
    game_id, date, installs, dau, sessions, avg_session_duration_seconds,
    cohort_d1, retained_d1, retention_d1, cohort_d7, retained_d7, retention_d7,
    cohort_d30, retained_d30, retention_d30,
    levels_completed, levels_failed, ad_impressions, ad_revenue_cents, iap_revenue_cents,
    ad_prompts, score
FROM factory.game_metrics
WHERE date BETWEEN CAST(:first_day AS date) AND CAST(:last_day AS date)
ORDER BY date, game_id
