-- Events of a run in their order, after a key.
SELECT id, run_id, bot_name, event_type, payload, created_at
FROM ledger.job_events
WHERE run_id = :run AND (created_at, id) > (CAST(:moment AS timestamptz), CAST(:id AS uuid))
ORDER BY created_at, id
LIMIT :limit
