-- Make the partitions of :months (a moment in each) where they are missing; a look-up when they are there.
SELECT factory.ensure_events_partition(month)
FROM unnest(CAST(:months AS timestamptz[])) AS month
