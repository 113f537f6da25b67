-- :days have no game_metrics and nothing to make any of; that is what computing them would leave.
INSERT INTO factory.rollup_days AS known (date, game_metrics_at)
SELECT date, now()
FROM unnest(CAST(:days AS date[])) AS quiet (date)
ORDER BY date
ON CONFLICT (date) DO UPDATE SET game_metrics_at = excluded.game_metrics_at
WHERE known.game_metrics_at IS NULL
