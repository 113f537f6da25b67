-- One run with what there is of it: events by type; artifacts by kind, how many and how many bytes.
SELECT
    run_id, project_spec, owner_id, status, started_at, completed_at, error_message, created_at,
    (
        SELECT coalesce(jsonb_object_agg(event_type, number), '{}')
        FROM (SELECT event_type, count(*) AS number FROM ledger.job_events WHERE run_id = :run GROUP BY 1) AS types
    ) AS events,
    (
        SELECT coalesce(jsonb_object_agg(kind, jsonb_build_object('files', files, 'bytes', bytes)), '{}')
        FROM (
            SELECT kind, count(*) AS files, coalesce(sum(file_size), 0) AS bytes
            FROM ledger.artifacts WHERE run_id = :run GROUP BY 1
        ) AS kinds
    ) AS artifacts
FROM ledger.jobs
WHERE run_id = :run
