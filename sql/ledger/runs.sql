-- Runs from the newest on, after a key. Whose they are the policies say; the key follows idx_jobs_owner.
SELECT run_id, project_spec, owner_id, status, started_at, completed_at, error_message, created_at
FROM ledger.jobs
WHERE (created_at, run_id) < (CAST(:moment AS timestamptz), :id)
    AND (CAST(:status AS text) IS NULL OR status = :status)
    AND (CAST(:kind AS text) IS NULL OR kind = :kind)
ORDER BY created_at DESC, run_id DESC
LIMIT :limit
