-- A month's events that no earlier file of the archive holds, in a total order, so that reading twice in one
-- snapshot gives the same bytes. archived_keys is this transaction's own table of (id, timestamp); the constants
-- prune all partitions but the month's.
SELECT
    id, game_id, event_type, user_id, session_id, level, properties, device_info, timestamp, received_at
FROM factory.analytics_events AS event
WHERE timestamp >= :start AND timestamp < :after
  AND NOT EXISTS (
      SELECT FROM archived_keys
      WHERE archived_keys.id = event.id AND archived_keys.timestamp = event.timestamp
  )
ORDER BY timestamp, id
