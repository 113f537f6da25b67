-- Runs by the UTC day they were entered on and what has become of them, over some days.
SELECT CAST(created_at AT TIME ZONE 'UTC' AS date) AS day, status, count(*) AS runs
FROM ledger.jobs
WHERE created_at >= :first AND created_at < :end
GROUP BY 1, 2
