-- UTC days from :first_day to :last_day whose raw events, between :start and :end, number otherwise than when the day
-- was computed, archived months left out. Reads every event of the range once, from the index on timestamp alone where
-- the table was vacuumed.
WITH present AS (
    SELECT CAST(timestamp AT TIME ZONE 'UTC' AS date) AS date, count(*) AS events
    FROM factory.analytics_events
    WHERE timestamp >= :start AND timestamp < :end
    GROUP BY 1
),
computed AS (
    SELECT date, events
    FROM factory.rollup_days
    WHERE date BETWEEN CAST(:first_day AS date) AND CAST(:last_day AS date)
)
SELECT date
FROM present
FULL JOIN computed USING (date)
WHERE coalesce(present.events, 0) <> coalesce(computed.events, 0)
  AND NOT EXISTS (
      SELECT FROM factory.event_archives
      WHERE month = CAST(date_trunc('month', CAST(date AS timestamp)) AS date)
  )
ORDER BY date
