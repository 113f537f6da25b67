-- How many events of :days came too late for the rollups to be computed again; the same when said twice.
INSERT INTO factory.rollup_days (date, late_events)
SELECT date, events
FROM unnest(CAST(:days AS date[]), CAST(:events AS bigint[])) AS late (date, events)
ORDER BY date
ON CONFLICT (date) DO UPDATE SET late_events = excluded.late_events
