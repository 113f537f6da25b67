-- The UTC days of one month that have raw events or were computed: how many events there are, a digest of their
-- keys that does not depend on order (events are only ever added, so keys tell), and whether the day's rollups
-- were computed from exactly these. One scan of the month's partition: the constants prune the others.
WITH raw AS (
    SELECT
        CAST(timestamp AT TIME ZONE 'UTC' AS date) AS date,
        count(*) AS events,
        sum(hash_record_extended(ROW(id, timestamp), 0)) AS digest
    FROM factory.analytics_events
    WHERE timestamp >= :start AND timestamp < :after
    GROUP BY 1
),
computed AS (
    SELECT date, events, player_days_at, game_metrics_at, stale_since
    FROM factory.rollup_days
    WHERE date >= CAST(:start AS timestamptz) AT TIME ZONE 'UTC'
      AND date < CAST(:after AS timestamptz) AT TIME ZONE 'UTC'
)
SELECT
    date,
    coalesce(raw.events, 0) AS events,
    coalesce(raw.digest, 0) AS digest,
    coalesce(raw.events, 0) = coalesce(computed.events, 0)
    AND computed.stale_since IS NULL
    AND (raw.events IS NULL OR (player_days_at IS NOT NULL AND game_metrics_at IS NOT NULL)) AS settled
FROM raw
FULL JOIN computed USING (date)
ORDER BY date
