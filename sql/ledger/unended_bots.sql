-- Who has begun something in a run and not ended it.
SELECT bot_name
FROM ledger.job_events
WHERE run_id = :run AND event_type IN ('start', 'end', 'error')
GROUP BY bot_name
HAVING sum(CASE WHEN event_type = 'start' THEN 1 ELSE -1 END) > 0
ORDER BY min(created_at)
