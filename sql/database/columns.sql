-- The columns of every table that a backup fills: those of schemas factory, ledger, requests and replays that hold rows of
-- their own or their partitions', the jobs, and the users where they are ours. Table, with its schema, and names.
SELECT concat_ws('.', nspname, relname), array_agg(attname::text)
FROM pg_class
JOIN pg_namespace ON pg_namespace.oid = relnamespace
JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
WHERE relkind IN ('r', 'p')
  AND NOT relispartition
  AND (
      nspname IN ('factory', 'ledger', 'requests', 'replays')
      OR pg_class.oid = to_regclass('public.jobs')
      OR (nspname = 'auth' AND relname = 'users' AND obj_description(pg_class.oid, 'pg_class') = 'made for the run ledger')
  )
GROUP BY nspname, relname
