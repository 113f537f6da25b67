-- The foreign keys of schemas factory, ledger, requests and replays and of the jobs, so that they can be dropped and made
-- again: table, with its schema, name, definition, and the column that names a user where it is one that does. Of partitions
-- only their parent's.
SELECT
    concat_ws('.', nspname, relname),
    conname::text,
    pg_get_constraintdef(pg_constraint.oid),
    CASE WHEN confrelid = to_regclass('auth.users') THEN attname::text END
FROM pg_constraint
JOIN pg_class ON pg_class.oid = conrelid
JOIN pg_namespace ON pg_namespace.oid = relnamespace
JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
WHERE contype = 'f'
  AND conparentid = 0
  AND (nspname IN ('factory', 'ledger', 'requests', 'replays') OR conrelid = to_regclass('public.jobs'))
ORDER BY 1, 2
