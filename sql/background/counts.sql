-- An owner's background jobs: those that have not ended, and those that ended within 24 hours. One is at work while
-- somebody holds its lease.
SELECT
    open.all_of_them - open.leased AS waiting,
    open.leased AS at_work,
    ended.completed,
    ended.failed
FROM (
    SELECT count(*) AS all_of_them, count(lease_expires_at) AS leased
    FROM public.jobs
    WHERE status IN ('pending', 'processing')
) AS open
CROSS JOIN (
    SELECT
        count(*) FILTER (WHERE status = 'completed') AS completed,
        count(*) FILTER (WHERE status = 'failed') AS failed
    FROM public.jobs
    WHERE completed_at > now() - interval '1 day'
) AS ended
