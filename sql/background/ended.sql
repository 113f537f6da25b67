-- Background jobs that ended within the hour and within the day, and the tries after the first of the latter.
SELECT
    count(*) FILTER (WHERE completed_at > now() - interval '1 hour' AND status = 'completed') AS completed_hour,
    count(*) FILTER (WHERE completed_at > now() - interval '1 hour' AND status = 'failed') AS failed_hour,
    count(*) FILTER (WHERE status = 'completed') AS completed_day,
    count(*) FILTER (WHERE status = 'failed') AS failed_day,
    CAST(coalesce(sum(retry_count), 0) AS bigint) AS retries
FROM public.jobs
WHERE completed_at > now() - interval '1 day'
