-- Archived events back into analytics_events, from this transaction's own table restored_events. Those that came
-- in again meanwhile stay as they are (primary key), those of games deleted meanwhile stay away. In the order of
-- the primary key, so that two writers with the same events do not deadlock.
INSERT INTO factory.analytics_events
    (id, game_id, event_type, user_id, session_id, level, properties, device_info, timestamp, received_at)
SELECT
    event.id, game_id, event_type, user_id, session_id, level, properties, device_info, timestamp, received_at
FROM restored_events AS event
JOIN factory.games ON games.id = event.game_id
ORDER BY event.id, timestamp
ON CONFLICT (id, timestamp) DO NOTHING
