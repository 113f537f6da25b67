-- Tables of these schemas of which this session might not see every row: policies hold for it, and none of them shows
-- it all because it says that it is a backup, or a further one takes away again.
SELECT concat_ws('.', nspname, relname)
FROM pg_class
JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = ANY (%(schemas)s)
  AND relkind IN ('r', 'p')
  AND row_security_active(pg_class.oid)
  AND (
      current_setting('ledger.backup', true) IS DISTINCT FROM 'on'
      OR EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND NOT polpermissive)
      OR NOT EXISTS (
          SELECT FROM pg_policy
          WHERE polrelid = pg_class.oid
            AND polcmd IN ('r', '*')
            AND pg_get_expr(polqual, polrelid) = $$(current_setting('ledger.backup'::text, true) = 'on'::text)$$
            AND EXISTS (SELECT FROM unnest(polroles) AS role WHERE role = 0 OR pg_has_role(role, 'USAGE'))
      )
  )
ORDER BY 1
