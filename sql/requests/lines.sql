-- Lines of a request's log from the oldest on, after a key: they are numbered in their order.
SELECT id, level, message, "timestamp"
FROM requests.job_logs
WHERE job_id = :request AND id > :id AND "timestamp" >= CAST(:moment AS timestamptz)
ORDER BY id
LIMIT :limit
