-- Background jobs from the newest on, after a key. Whose they are the policy says; the key follows jobs_newest_idx.
SELECT
    id, job_type, status, user_id, job_parameters, error_message, error_type, error_context, data_references, retry_count,
    created_at, updated_at, started_at, completed_at, queue, message_id, run_after, unique_key,
    cancel_requested_at, retry_of, lease_expires_at, now() AS seen_at
FROM public.jobs
WHERE (created_at, id) < (CAST(:moment AS timestamptz), CAST(:id AS uuid))
    AND (CAST(:status AS text) IS NULL OR status = :status)
    AND (CAST(:type AS text) IS NULL OR job_type = :type)
    AND (CAST(:ids AS uuid[]) IS NULL OR id = ANY(CAST(:ids AS uuid[])))
    AND (NOT :dead OR (status = 'failed' AND queue LIKE '%\_dead' AND message_id IS NOT NULL))
ORDER BY created_at DESC, id DESC
LIMIT :limit
