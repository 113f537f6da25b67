-- What all games came to from :first to :last, in one row. The span is read by idx_game_metrics_date.
SELECT
    coalesce(sum(installs), 0) AS installs,
    coalesce(sum(dau), 0) AS player_days,
    coalesce(sum(sessions), 0) AS sessions,
    coalesce(sum(cohort_d1), 0) AS cohort_d1,
    coalesce(sum(retained_d1), 0) AS retained_d1,
    coalesce(sum(cohort_d7), 0) AS cohort_d7,
    coalesce(sum(retained_d7), 0) AS retained_d7,
    coalesce(sum(levels_completed), 0) AS levels_completed,
    coalesce(sum(levels_failed), 0) AS levels_failed,
    coalesce(sum(ad_prompts), 0) AS ad_prompts,
    coalesce(sum(ad_impressions), 0) AS ad_impressions,
    coalesce(sum(ad_revenue_cents), 0) AS ad_revenue_cents,
    coalesce(sum(iap_revenue_cents), 0) AS iap_revenue_cents
FROM factory.game_metrics
WHERE date BETWEEN CAST(:first AS date) AND CAST(:last AS date)
