-- The better factory.ensure_events_partition stays; the first revision drops it.
DROP TABLE factory.quarantined_events;
