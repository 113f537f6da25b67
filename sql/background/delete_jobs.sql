-- Jobs that ended before, the longest ended first; their dead letters are nobody's then, and recovery archives those.
-- Uses jobs_ended_idx.
DELETE FROM public.jobs
WHERE id IN (
    SELECT id
    FROM public.jobs
    WHERE completed_at < :before AND status IN ('completed', 'failed')
    ORDER BY completed_at
    LIMIT :limit
    FOR UPDATE SKIP LOCKED
)
