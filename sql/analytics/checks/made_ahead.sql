-- Months from this one on that have no attached partition, so that their events could not be stored at once.
-- Catalogue look-ups only.
SELECT CAST(NULL AS text) AS game, CAST(month AS date) AS date, 'the month has no partition' AS fault
FROM generate_series(
    date_trunc('month', CAST(:now AS timestamptz) AT TIME ZONE 'UTC'),
    date_trunc('month', CAST(:now AS timestamptz) AT TIME ZONE 'UTC') + make_interval(months => :ahead),
    interval '1 month'
) AS month
WHERE NOT EXISTS (
    SELECT FROM pg_inherits
    WHERE inhparent = CAST('factory.analytics_events' AS regclass)
      AND inhrelid = to_regclass('factory.analytics_events_' || to_char(month, 'YYYY_MM'))
)
