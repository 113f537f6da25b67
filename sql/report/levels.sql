-- The first :levels levels of each of :games: how many players played one, how often it was started, completed and
-- failed from :start up to :end. Reads raw events, but of these games, types and months only
-- (idx_analytics_game_type_time in each month's partition). Levels are whatever clients sent, so the number of rows
-- is bounded here; ``total`` says how many levels there are. Playtest bots mark their events.
SELECT game_id, level, players, started, completed, failed, simulated, total
FROM (
    SELECT
        game_id,
        level,
        count(DISTINCT user_id) AS players,
        count(*) FILTER (WHERE event_type = 'level_start') AS started,
        count(*) FILTER (WHERE event_type = 'level_complete') AS completed,
        count(*) FILTER (WHERE event_type = 'level_fail') AS failed,
        count(*) FILTER (WHERE device_info @> '{"traffic": "playtest"}') AS simulated,
        row_number() OVER (PARTITION BY game_id ORDER BY level) AS place,
        count(*) OVER (PARTITION BY game_id) AS total
    FROM factory.analytics_events
    WHERE game_id = ANY (CAST(:games AS uuid[]))
      AND event_type IN ('level_start', 'level_complete', 'level_fail')
      AND timestamp >= CAST(:start AS timestamptz)
      AND timestamp < CAST(:end AS timestamptz)
      AND level IS NOT NULL
    GROUP BY game_id, level
) AS counted
WHERE place <= :levels
ORDER BY game_id, level
