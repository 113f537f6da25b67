-- Background jobs that have not ended: waiting and due, by priority, which is told by the queue; not due yet; at work,
-- which is while somebody holds the lease; seconds the oldest that is due has waited; tries after the first.
SELECT
    count(*) FILTER (WHERE is_due AND priority = 'high') AS high,
    count(*) FILTER (WHERE is_due AND priority = 'normal') AS normal,
    count(*) FILTER (WHERE is_due AND priority = 'low') AS low,
    count(*) FILTER (WHERE NOT is_leased AND NOT is_due) AS not_due,
    count(*) FILTER (WHERE is_leased) AS at_work,
    CAST(extract(epoch FROM now() - min(run_after) FILTER (WHERE is_due)) AS double precision) AS oldest_seconds,
    CAST(coalesce(sum(retry_count), 0) AS bigint) AS retries
FROM (
    SELECT
        run_after, retry_count,
        lease_expires_at IS NOT NULL AS is_leased,
        lease_expires_at IS NULL AND run_after <= now() AS is_due,
        CASE WHEN queue LIKE '%\_high' THEN 'high' WHEN queue LIKE '%\_low' THEN 'low' ELSE 'normal' END AS priority
    FROM public.jobs
    WHERE status IN ('pending', 'processing')
) AS open
