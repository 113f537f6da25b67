-- Each day from :first to :last over all games, and whether its metrics were computed at all: a day without rows is
-- a quiet one only if somebody looked. Reads game_metrics by idx_game_metrics_date, one row a game and day.
SELECT
    CAST(day AS date) AS date,
    rollup_days.game_metrics_at IS NOT NULL OR count(game_metrics.id) > 0 AS computed,
    coalesce(sum(game_metrics.installs), 0) AS installs,
    coalesce(sum(game_metrics.dau), 0) AS dau,
    coalesce(sum(game_metrics.ad_revenue_cents), 0) AS ad_revenue_cents,
    coalesce(sum(game_metrics.iap_revenue_cents), 0) AS iap_revenue_cents
FROM generate_series(CAST(:first AS timestamp), CAST(:last AS timestamp), interval '1 day') AS day
LEFT JOIN factory.game_metrics
    ON game_metrics.date = CAST(day AS date)
    AND game_metrics.date BETWEEN CAST(:first AS date) AND CAST(:last AS date)
LEFT JOIN factory.rollup_days ON rollup_days.date = CAST(day AS date)
GROUP BY day, rollup_days.game_metrics_at
ORDER BY day
