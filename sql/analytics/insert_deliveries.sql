-- Events whose game exists and whose month has a partition, as one JSON list: building an array a column in the
-- client costs ten times its CPU. In the order of the primary key (id, timestamp), so that two writers with the
-- same events wait for each other instead of deadlocking. Gives the keys of those that were not there yet.
INSERT INTO factory.analytics_events
    (id, game_id, event_type, user_id, session_id, level, properties, device_info, timestamp, received_at)
SELECT id, game_id, event_type, user_id, session_id, level, properties, device_info, timestamp, received_at
FROM json_to_recordset(CAST(:events AS json)) AS event (
    id uuid, game_id uuid, event_type text, user_id text, session_id text, level integer,
    properties jsonb, device_info jsonb, timestamp timestamptz, received_at timestamptz
)
ORDER BY id, timestamp
ON CONFLICT (id, timestamp) DO NOTHING
RETURNING CAST(id AS text), timestamp
