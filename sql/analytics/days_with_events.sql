-- UTC days that have events from :start up to, not including, :end, in order: one look-up a day in the index on
-- timestamp, however many events a day has, and none for days without.
WITH RECURSIVE days (date) AS (
    SELECT (
        SELECT CAST(timestamp AT TIME ZONE 'UTC' AS date)
        FROM factory.analytics_events
        WHERE timestamp >= :start AND timestamp < :end
        ORDER BY timestamp
        LIMIT 1
    )
    UNION ALL
    SELECT (
        SELECT CAST(timestamp AT TIME ZONE 'UTC' AS date)
        FROM factory.analytics_events
        WHERE timestamp >= CAST(days.date + 1 AS timestamp) AT TIME ZONE 'UTC' AND timestamp < :end
        ORDER BY timestamp
        LIMIT 1
    )
    FROM days
    WHERE days.date IS NOT NULL
)
SELECT date
FROM days
WHERE date IS NOT NULL
