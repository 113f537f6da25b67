-- Of the oldest lines those from longer ago than is kept. Looks at :limit lines, by their primary key.
DELETE FROM requests.job_logs
WHERE id IN (SELECT id FROM requests.job_logs ORDER BY id LIMIT :limit)
    AND "timestamp" < clock_timestamp() - CAST(:kept AS interval)
