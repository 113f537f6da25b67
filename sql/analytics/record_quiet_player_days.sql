-- :days have no events and no player_days; that is what computing them would leave. What was found since the day was
-- over is not written again. An event that comes meanwhile is one more than recorded, so its day is out of date.
INSERT INTO factory.rollup_days AS known (date, events, player_days_at)
SELECT date, 0, now()
FROM unnest(CAST(:days AS date[])) AS quiet (date)
ORDER BY date
ON CONFLICT (date) DO UPDATE SET events = 0, player_days_at = excluded.player_days_at
WHERE known.player_days_at IS NULL
   OR known.player_days_at < CAST(known.date + 1 AS timestamp) AT TIME ZONE 'UTC'
