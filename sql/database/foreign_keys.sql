-- The foreign keys of schema factory, so that they can be dropped and made again: of partitions only their parent's.
SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid)
FROM pg_constraint
WHERE contype = 'f' AND conparentid = 0 AND connamespace = 'factory'::regnamespace
ORDER BY 1, 2
