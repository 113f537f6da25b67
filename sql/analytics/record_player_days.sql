-- The day's player_days are made of :events events; with them nothing of the day is late any more.
INSERT INTO factory.rollup_days AS known (date, events, player_days_at)
VALUES (:day, :events, now())
ON CONFLICT (date) DO UPDATE
SET events = excluded.events, player_days_at = excluded.player_days_at, late_events = 0
