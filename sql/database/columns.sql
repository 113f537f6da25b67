-- The columns of every table of schema factory that holds rows of its own or its partitions': table and names.
SELECT relname::text, array_agg(attname::text)
FROM pg_class
JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
WHERE relnamespace = 'factory'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
GROUP BY relname
