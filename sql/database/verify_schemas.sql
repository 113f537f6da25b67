-- What of the protection of requests and of replay analysis is missing, too much, or other than it should be, a sentence a
-- row; no rows where all is well. Columns, constraints and indexes are compared with the models by the verification of the
-- whole schema. FORCE is not among it: whoever owns the tables works at everybody's. Of replays nobody else sees any.
WITH relations AS (
    SELECT pg_class.*, format('%s.%s', nspname, relname) AS thing
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname IN ('requests', 'replays') AND relkind IN ('r', 'S')
),
wanted_policies (relation, name, command, role, permissive, using_what, with_what) AS (
    VALUES
    ('requests.jobs', 'jobs_read', 'SELECT', 'authenticated', 'PERMISSIVE', '(owner_id = ( SELECT ledger.caller() AS caller))', NULL),
    (
        'requests.job_logs', 'job_logs_read', 'SELECT', 'authenticated', 'PERMISSIVE',
        '(EXISTS ( SELECT FROM requests.jobs WHERE ((jobs.id = job_logs.job_id) AND '
        '(jobs.owner_id = ( SELECT ledger.caller() AS caller)))))', NULL
    )
),
found_policies AS (
    SELECT
        format('%s.%s', schemaname, tablename), policyname::text, cmd, array_to_string(roles, ', '), permissive,
        regexp_replace(qual, '\s+', ' ', 'g'), with_check
    FROM pg_policies
    WHERE schemaname IN ('requests', 'replays')
),
wanted_rights (thing, role, rights) AS (
    VALUES
    ('schema requests', 'authenticated', 'USAGE'),
    ('requests.jobs', 'authenticated', 'SELECT'),
    ('requests.job_logs', 'authenticated', 'SELECT')
),
given AS (
    SELECT 'schema ' || nspname AS thing, grantee, privilege_type, nspowner AS owner
    FROM pg_namespace CROSS JOIN aclexplode(nspacl)
    WHERE nspname IN ('requests', 'replays')
    UNION ALL
    SELECT thing, grantee, privilege_type, relowner
    FROM relations CROSS JOIN aclexplode(relacl)
    UNION ALL
    SELECT format('%s (%s)', thing, attname), grantee, privilege_type, relowner
    FROM relations JOIN pg_attribute ON attrelid = relations.oid CROSS JOIN aclexplode(attacl)
),
found_rights AS (
    SELECT thing, coalesce(rolname, 'PUBLIC')::text AS role, string_agg(privilege_type, ', ' ORDER BY privilege_type) AS rights
    FROM given LEFT JOIN pg_roles ON pg_roles.oid = grantee
    WHERE grantee <> owner
    GROUP BY thing, rolname
),
-- Whatever reads them in somebody's name, wherever it is.
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
SELECT format('policy %s of %s is missing or was changed', name, relation)
FROM (TABLE wanted_policies EXCEPT TABLE found_policies) AS lacking
UNION ALL
SELECT format('policy %s of %s should not be', name, relation)
FROM found_policies AS surplus (relation, name)
WHERE (relation, name) NOT IN (SELECT relation, name FROM wanted_policies)
UNION ALL
SELECT format('%s may not %s on %s', role, rights, thing)
FROM wanted_rights
WHERE (thing, role) NOT IN (SELECT thing, role FROM found_rights)
UNION ALL
SELECT format('%s may %s on %s', role, rights, thing)
FROM (TABLE found_rights EXCEPT TABLE wanted_rights) AS surplus
UNION ALL
SELECT format('view %s reads with its owner''s rights', name)
FROM views
WHERE relkind = 'm' OR NOT EXISTS (
    SELECT FROM pg_options_to_table(reloptions) WHERE option_name = 'security_invoker' AND option_value::boolean
)
