-- UTC days with events received since :since that the rollups do not hold yet: the day's raw events number otherwise
-- than when it was computed (events are only ever added). Candidates are found by the BRIN index on received_at, and
-- each is counted by the index on timestamp. Of an archived month only what arrived afterwards is there to be counted.
WITH candidates AS (
    SELECT DISTINCT CAST(timestamp AT TIME ZONE 'UTC' AS date) AS date
    FROM factory.analytics_events
    WHERE received_at >= :since
)
SELECT
    candidates.date AS day,
    counted.events,
    CASE WHEN archived THEN 0 ELSE coalesce(rollup_days.events, 0) END AS counted,
    archived
FROM candidates
CROSS JOIN LATERAL (
    SELECT EXISTS (
        SELECT FROM factory.event_archives
        WHERE month = CAST(date_trunc('month', CAST(candidates.date AS timestamp)) AS date)
    ) AS archived
) AS archives
CROSS JOIN LATERAL (
    SELECT count(*) AS events
    FROM factory.analytics_events
    WHERE timestamp >= CAST(candidates.date AS timestamp) AT TIME ZONE 'UTC'
      AND timestamp < CAST(candidates.date + 1 AS timestamp) AT TIME ZONE 'UTC'
) AS counted
LEFT JOIN factory.rollup_days ON rollup_days.date = candidates.date
WHERE archived OR counted.events IS DISTINCT FROM rollup_days.events
ORDER BY day
