-- The runs that ended first, of those that ended before :before, at most :limit of them; events and artifacts go with
-- them. Reads idx_jobs_ended.
DELETE FROM ledger.jobs
WHERE run_id IN (
    SELECT run_id
    FROM ledger.jobs
    WHERE completed_at < :before AND status NOT IN ('pending', 'running')
    ORDER BY completed_at
    LIMIT :limit
)
