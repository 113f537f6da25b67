-- From the staging table into the real one: events whose game exists and whose month has a partition. The primary
-- key (id, timestamp) makes it idempotent. In its order, so that two writers with the same events wait for each
-- other instead of deadlocking; ids in the order of time also keep its pages few. Of several events with one key the
-- first given is stored.
INSERT INTO factory.analytics_events
    (id, game_id, event_type, user_id, session_id, level, properties, device_info, timestamp, received_at)
SELECT
    id, game_id, event_type, user_id, session_id, level, properties, device_info, timestamp,
    CAST(:received_at AS timestamptz)
FROM pg_temp.staged_events
ORDER BY id, timestamp, ctid
ON CONFLICT (id, timestamp) DO NOTHING
