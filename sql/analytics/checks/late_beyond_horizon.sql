-- Days with events that came too late for the late sensor, and the games they are of, as far as the events are
-- still here to tell. Few days, each counted by its partition and BRIN on timestamp, and by unique_player_day.
SELECT
    games.slug AS game, rollup_days.date,
    CASE WHEN games.slug IS NULL THEN format('%s events came too late to be computed by itself', late_events)
    ELSE format('%s events came too late to be computed by itself', behind.events) END AS fault
FROM factory.rollup_days
LEFT JOIN LATERAL (
    SELECT raw.game_id, raw.events - COALESCE(rolled.events, 0) AS events
    FROM (
        SELECT game_id, count(*) AS events
        FROM factory.analytics_events
        WHERE timestamp >= CAST(rollup_days.date AS timestamp) AT TIME ZONE 'UTC'
          AND timestamp < CAST(rollup_days.date + 1 AS timestamp) AT TIME ZONE 'UTC'
        GROUP BY game_id
    ) AS raw
    LEFT JOIN (
        SELECT game_id, sum(events) AS events
        FROM factory.player_days
        WHERE player_days.date = rollup_days.date
        GROUP BY game_id
    ) AS rolled ON rolled.game_id = raw.game_id
    WHERE raw.events > COALESCE(rolled.events, 0)
) AS behind ON true
LEFT JOIN factory.games ON games.id = behind.game_id
WHERE rollup_days.late_events > 0
