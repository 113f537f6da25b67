-- Runs at work for longer than a while, the oldest first, by idx_jobs_open. What an owner entered and nobody began is
-- pending, and stays.
SELECT run_id, kind
FROM ledger.jobs
WHERE status = 'running' AND created_at < clock_timestamp() - make_interval(secs => :young)
ORDER BY created_at
LIMIT :limit
