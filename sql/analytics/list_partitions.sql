-- Attached partitions of analytics_events, oldest month first: estimated rows (as of the last ANALYZE) and bytes
-- with indexes. Catalogue only; the month is in the name that ensure_events_partition gives.
SELECT
    to_date(right(partition.relname, 7), 'YYYY_MM') AS month,
    greatest(CAST(partition.reltuples AS bigint), 0) AS events,
    pg_total_relation_size(partition.oid) AS size_bytes
FROM pg_inherits
JOIN pg_class AS partition ON partition.oid = pg_inherits.inhrelid
WHERE pg_inherits.inhparent = CAST('factory.analytics_events' AS regclass)
ORDER BY month
