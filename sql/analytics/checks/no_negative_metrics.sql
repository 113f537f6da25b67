-- Metrics below zero, and scores outside 0 to 100. Reads the days by idx_metrics_date.
SELECT games.slug AS game, game_metrics.date, format('%s is %s', metric.name, metric.value) AS fault
FROM factory.game_metrics
JOIN factory.games ON games.id = game_metrics.game_id
CROSS JOIN LATERAL (
    VALUES
        ('installs', installs::numeric), ('dau', dau), ('sessions', sessions),
        ('avg_session_duration_seconds', avg_session_duration_seconds), ('levels_completed', levels_completed),
        ('levels_failed', levels_failed), ('ad_prompts', ad_prompts), ('ad_impressions', ad_impressions),
        ('ad_revenue_cents', ad_revenue_cents), ('iap_revenue_cents', iap_revenue_cents), ('score', score)
) AS metric (name, value)
WHERE game_metrics.date BETWEEN :first AND :last
  AND (metric.value < 0 OR metric.name = 'score' AND metric.value > 100)
