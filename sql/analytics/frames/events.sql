-- Raw events from :day_start to before :day_end, in time; the range on timestamp prunes to one partition.
SELECT
    id AS event_id, game_id, event_type, timestamp, user_id, session_id, level, properties, device_info, received_at
FROM factory.analytics_events
WHERE timestamp >= :day_start AND timestamp < :day_end
ORDER BY timestamp, id
