-- Claim the oldest requests that wait for nothing; whoever claims at the same time gets others. The oldest come first by
-- jobs_pending_idx, which holds nothing that has ended. The inner query locks, and so is run once.
WITH next AS (
    SELECT id
    FROM requests.jobs
    WHERE status = 'pending' AND waits_for IS NULL
    ORDER BY created_at, id
    LIMIT :limit
    FOR UPDATE SKIP LOCKED
)
UPDATE requests.jobs SET status = 'processing', updated_at = clock_timestamp()
FROM next
WHERE jobs.id = next.id
RETURNING jobs.*
