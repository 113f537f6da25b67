-- The tables, with their schema, whose own owner is under their policies too: none before the ledger has any.
SELECT concat_ws('.', nspname, relname)
FROM pg_class
JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname IN ('factory', 'ledger') AND relkind IN ('r', 'p') AND relforcerowsecurity
ORDER BY 1
