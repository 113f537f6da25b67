-- Requests from the newest on, after a key. Whose they are the policy says where it holds; the key follows
-- jobs_newest_idx, or of one state jobs_status_idx.
SELECT *
FROM requests.jobs
WHERE (created_at, id) < (CAST(:moment AS timestamptz), CAST(:id AS bigint))
    AND (CAST(:status AS text) IS NULL OR status = :status)
ORDER BY created_at DESC, id DESC
LIMIT :limit
