-- What of the protection of replay analysis is missing or too much, a sentence a row; no rows where all is well. Columns,
-- constraints and indexes are compared with the models by the verification of the whole schema. FORCE is not among it:
-- whoever owns the tables works at everybody's jobs, and nobody else sees any.
WITH relations AS (
    SELECT pg_class.*, 'replays.' || relname AS thing
    FROM pg_class
    WHERE relnamespace = to_regnamespace('replays') AND relkind IN ('r', 'S')
),
given AS (
    SELECT 'schema ' || nspname AS thing, grantee, privilege_type, nspowner AS owner
    FROM pg_namespace CROSS JOIN aclexplode(nspacl)
    WHERE nspname = 'replays'
    UNION ALL
    SELECT thing, grantee, privilege_type, relowner
    FROM relations CROSS JOIN aclexplode(relacl)
    UNION ALL
    SELECT format('%s (%s)', thing, attname), grantee, privilege_type, relowner
    FROM relations JOIN pg_attribute ON attrelid = relations.oid CROSS JOIN aclexplode(attacl)
),
-- Whatever reads it in somebody's name, wherever it is.
views AS (
    SELECT DISTINCT format('%s.%s', reader.relnamespace::regnamespace, reader.relname) AS name, reader.relkind, reader.reloptions
    FROM pg_rewrite
    JOIN pg_depend ON classid = 'pg_rewrite'::regclass AND objid = pg_rewrite.oid AND refclassid = 'pg_class'::regclass
    JOIN relations AS read ON read.oid = refobjid
    JOIN pg_class AS reader ON reader.oid = ev_class
    WHERE reader.relkind IN ('v', 'm')
)
SELECT format('%s lacks ROW LEVEL SECURITY', thing) AS problem
FROM relations
WHERE relkind = 'r' AND NOT relrowsecurity
UNION ALL
SELECT format('policy %s of replays.%s should not be', policyname, tablename)
FROM pg_policies
WHERE schemaname = 'replays'
UNION ALL
SELECT format('%s may %s on %s', coalesce(rolname, 'PUBLIC'), string_agg(privilege_type, ', ' ORDER BY privilege_type), thing)
FROM given LEFT JOIN pg_roles ON pg_roles.oid = grantee
WHERE grantee <> owner
GROUP BY thing, rolname
UNION ALL
SELECT format('view %s reads with its owner''s rights', name)
FROM views
WHERE relkind = 'm' OR NOT EXISTS (
    SELECT FROM pg_options_to_table(reloptions) WHERE option_name = 'security_invoker' AND option_value::boolean
)
