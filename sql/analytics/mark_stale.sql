-- What game_metrics of :days were computed from has changed. Days not computed yet need no mark: whoever computes
-- one waits for the rollups' lock, which the caller holds, and then reads what is new.
UPDATE factory.rollup_days
SET stale_since = coalesce(stale_since, now())
WHERE date = ANY (CAST(:days AS date[])) AND game_metrics_at IS NOT NULL
RETURNING date
