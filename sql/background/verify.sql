-- What of the protection of background jobs is missing, too much, or other than it should be, a sentence a row; no rows
-- where all is well. Columns, constraints and indexes are compared with the models by the verification of the whole schema.
-- FORCE is not among it: whoever owns the table works at everybody's jobs.
WITH relations AS (
    SELECT * FROM pg_class WHERE oid = to_regclass('public.jobs')
),
-- Ours by name, wherever PGMQ's come from.
messages AS (
    SELECT pg_class.*
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = 'pgmq' AND relname ~ '^[qa]_job_queue(_high|_low|_dead)?$'
),
wanted_policies (name, command, role, permissive, using_what, with_what) AS (
    VALUES ('jobs_read', 'SELECT', 'authenticated', 'PERMISSIVE', '(user_id = ( SELECT ledger.caller() AS caller))', NULL)
),
found_policies AS (
    SELECT policyname::text, cmd, array_to_string(roles, ', '), permissive, regexp_replace(qual, '\s+', ' ', 'g'), with_check
    FROM pg_policies
    WHERE schemaname = 'public' AND tablename = 'jobs'
),
wanted_rights (thing, role, rights) AS (VALUES ('public.jobs', 'authenticated', 'SELECT')),
wanted_functions (name, definer, volatility) AS (
    VALUES ('enqueue_jobs(jsonb)', false, 'v'), ('check_job_transition()', false, 'v')
),
functions AS (
    SELECT *, format('%s(%s)', proname, oidvectortypes(proargtypes)) AS name
    FROM pg_proc
    WHERE pronamespace = to_regnamespace('public')
),
given AS (
    SELECT 'public.jobs' AS thing, grantee, privilege_type, relowner AS owner
    FROM relations CROSS JOIN aclexplode(relacl)
    UNION ALL
    SELECT 'public.jobs (' || attname || ')', grantee, privilege_type, relowner
    FROM relations JOIN pg_attribute ON attrelid = relations.oid CROSS JOIN aclexplode(attacl)
    UNION ALL
    SELECT 'function public.' || name, grantee, privilege_type, proowner
    FROM functions CROSS JOIN aclexplode(coalesce(proacl, acldefault('f', proowner)))
    WHERE name IN (SELECT name FROM wanted_functions)
    UNION ALL
    SELECT 'pgmq.' || relname, grantee, privilege_type, relowner
    FROM messages CROSS JOIN aclexplode(relacl)
    WHERE grantee = 0 OR grantee IN (SELECT oid FROM pg_roles WHERE rolname IN ('anon', 'authenticated', 'service_role'))
),
found_rights AS (
    SELECT thing, coalesce(rolname, 'PUBLIC')::text AS role, string_agg(privilege_type, ', ' ORDER BY privilege_type) AS rights
    FROM given LEFT JOIN pg_roles ON pg_roles.oid = grantee
    WHERE grantee <> owner
    GROUP BY thing, rolname
),
found_functions AS (
    SELECT name, prosecdef, provolatile::text
    FROM functions
    WHERE proconfig = ARRAY['search_path=pg_catalog, pg_temp'] AND proowner = (SELECT relowner FROM relations)
),
wanted_triggers (definition) AS (
    VALUES (
        'CREATE TRIGGER jobs_transition BEFORE UPDATE OF status ON public.jobs FOR EACH ROW '
        'WHEN ((old.status IS DISTINCT FROM new.status)) EXECUTE FUNCTION public.check_job_transition()'
    )
),
-- pg_get_triggerdef leaves out the function's schema where the session searches it.
found_triggers AS (
    SELECT format(
        '%s EXECUTE FUNCTION %s.%s()',
        split_part(pg_get_triggerdef(pg_trigger.oid), ' EXECUTE FUNCTION ', 1), pronamespace::regnamespace, proname
    )
    FROM pg_trigger JOIN relations ON relations.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE NOT tgisinternal AND tgenabled = 'O'
),
-- Whatever reads jobs in somebody's name, wherever it is.
views AS (
    SELECT DISTINCT format('%s.%s', reader.relnamespace::regnamespace, reader.relname) AS name, reader.relkind, reader.reloptions
    FROM pg_rewrite
    JOIN pg_depend ON classid = 'pg_rewrite'::regclass AND objid = pg_rewrite.oid AND refclassid = 'pg_class'::regclass
    JOIN relations AS read ON read.oid = refobjid
    JOIN pg_class AS reader ON reader.oid = ev_class
    WHERE reader.relkind IN ('v', 'm')
)
SELECT format('queue %s is missing, or its archive', queue) AS problem
FROM unnest(ARRAY['job_queue', 'job_queue_high', 'job_queue_low', 'job_queue_dead']) AS queue
WHERE NOT ARRAY['q_' || queue, 'a_' || queue] <@ ARRAY(SELECT relname::text FROM messages)
UNION ALL
SELECT 'public.jobs lacks ROW LEVEL SECURITY'
FROM relations
WHERE NOT relrowsecurity
UNION ALL
SELECT format('policy %s of public.jobs is missing or was changed', name)
FROM (TABLE wanted_policies EXCEPT TABLE found_policies) AS lacking
UNION ALL
SELECT format('policy %s of public.jobs should not be', name)
FROM found_policies AS surplus (name)
WHERE name NOT IN (SELECT name FROM wanted_policies)
UNION ALL
SELECT format('%s may not %s on %s', role, rights, thing)
FROM (TABLE wanted_rights EXCEPT TABLE found_rights) AS lacking
UNION ALL
SELECT format('%s may %s on %s', role, rights, thing)
FROM (TABLE found_rights EXCEPT TABLE wanted_rights) AS surplus
UNION ALL
SELECT format('function public.%s is missing, or its owner, SECURITY, volatility or search_path was changed', name)
FROM (TABLE wanted_functions EXCEPT TABLE found_functions) AS lacking
UNION ALL
SELECT format('trigger of public.jobs is missing or switched off: %s', definition)
FROM (TABLE wanted_triggers EXCEPT TABLE found_triggers) AS lacking
UNION ALL
SELECT format('trigger of public.jobs should not be: %s', definition)
FROM (TABLE found_triggers EXCEPT TABLE wanted_triggers) AS surplus (definition)
UNION ALL
SELECT format('a trigger by which constraint %s of public.jobs is kept is switched off', conname)
FROM pg_trigger JOIN relations ON relations.oid = tgrelid JOIN pg_constraint ON pg_constraint.oid = tgconstraint
WHERE tgisinternal AND tgenabled <> 'O'
UNION ALL
SELECT format('rule %s of public.jobs should not be', rulename)
FROM pg_rules
WHERE schemaname = 'public' AND tablename = 'jobs'
UNION ALL
SELECT format('view %s reads with its owner''s rights', name)
FROM views
WHERE relkind = 'm' OR NOT EXISTS (
    SELECT FROM pg_options_to_table(reloptions) WHERE option_name = 'security_invoker' AND option_value::boolean
)
