-- Into this connection's staging table, see stage_events.sql.
COPY pg_temp.staged_events
    (id, game_id, event_type, user_id, session_id, level, properties, device_info, timestamp)
FROM STDIN WITH (FORMAT binary)
