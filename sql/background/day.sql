-- Background jobs from a moment on in steps of equal length, counted from 0: entered, ended, failed. Steps in which
-- nothing happened are left out.
SELECT
    CAST(floor(extract(epoch FROM moment - CAST(:first AS timestamptz)) / extract(epoch FROM CAST(:step AS interval)))
        AS int) AS step,
    count(*) FILTER (WHERE what = 'entered') AS entered,
    count(*) FILTER (WHERE what <> 'entered') AS ended,
    count(*) FILTER (WHERE what = 'failed') AS failed
FROM (
    SELECT created_at AS moment, 'entered' AS what FROM public.jobs WHERE created_at >= :first
    UNION ALL
    SELECT completed_at, status FROM public.jobs WHERE completed_at >= :first
) AS happened
GROUP BY 1
