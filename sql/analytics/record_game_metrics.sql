-- The day's game_metrics are computed from the player_days and players of now.
INSERT INTO factory.rollup_days (date, game_metrics_at)
VALUES (:day, now())
ON CONFLICT (date) DO UPDATE SET game_metrics_at = excluded.game_metrics_at, stale_since = NULL
