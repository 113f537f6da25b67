-- What of the ledger's protection is missing, too much, or other than it should be, a sentence a row; no rows where all
-- is well. docs/ledger.md says the same as a table of who may do what. Columns, constraints and indexes are compared
-- with the models by the verification of the whole schema. Role '' is whoever the table belongs to.
WITH wanted_policies (relation, name, command, role, using_what, with_what) AS (
    VALUES
    ('jobs', 'jobs_read', 'SELECT', 'authenticated', '(owner_id = ( SELECT ledger.caller() AS caller))', NULL),
    ('jobs', 'jobs_create', 'INSERT', 'authenticated', NULL, '(owner_id = ( SELECT ledger.caller() AS caller))'),
    ('jobs', 'jobs_backup', 'SELECT', '', '(current_setting(''ledger.backup''::text, true) = ''on''::text)', NULL),
    ('jobs', 'jobs_service', 'ALL', 'service_role', '(CURRENT_USER = ''service_role''::name)', '(CURRENT_USER = ''service_role''::name)'),
    ('jobs', 'jobs_keeper', 'ALL', 'ledger_keeper', '(CURRENT_USER = ''ledger_keeper''::name)', '(CURRENT_USER = ''ledger_keeper''::name)'),
    ('job_events', 'job_events_read', 'SELECT', 'authenticated', '(owner_id = ( SELECT ledger.caller() AS caller))', NULL),
    ('job_events', 'job_events_create', 'INSERT', 'authenticated', NULL, '((owner_id = ( SELECT ledger.caller() AS caller)) AND (EXISTS ( SELECT FROM ledger.jobs WHERE ((jobs.run_id = job_events.run_id) AND (jobs.owner_id = job_events.owner_id)))))'),
    ('job_events', 'job_events_backup', 'SELECT', '', '(current_setting(''ledger.backup''::text, true) = ''on''::text)', NULL),
    ('job_events', 'job_events_service', 'ALL', 'service_role', '(CURRENT_USER = ''service_role''::name)', '(CURRENT_USER = ''service_role''::name)'),
    ('artifacts', 'artifacts_read', 'SELECT', 'authenticated', '(owner_id = ( SELECT ledger.caller() AS caller))', NULL),
    ('artifacts', 'artifacts_create', 'INSERT', 'authenticated', NULL, '((owner_id = ( SELECT ledger.caller() AS caller)) AND (EXISTS ( SELECT FROM ledger.jobs WHERE ((jobs.run_id = artifacts.run_id) AND (jobs.owner_id = artifacts.owner_id)))))'),
    ('artifacts', 'artifacts_backup', 'SELECT', '', '(current_setting(''ledger.backup''::text, true) = ''on''::text)', NULL),
    ('artifacts', 'artifacts_service', 'ALL', 'service_role', '(CURRENT_USER = ''service_role''::name)', '(CURRENT_USER = ''service_role''::name)'),
    ('prompts', 'prompts_read', 'SELECT', 'authenticated', '(( SELECT ledger.caller() AS caller) IS NOT NULL)', NULL),
    ('prompts', 'prompts_backup', 'SELECT', '', '(current_setting(''ledger.backup''::text, true) = ''on''::text)', NULL),
    ('prompts', 'prompts_service', 'ALL', 'service_role', '(CURRENT_USER = ''service_role''::name)', '(CURRENT_USER = ''service_role''::name)')
),
found_policies AS (
    SELECT
        tablename::text,
        policyname::text,
        cmd,
        array_to_string(array_replace(roles, pg_get_userbyid(relowner), ''), ', '),
        regexp_replace(qual, '\s+', ' ', 'g'),
        regexp_replace(with_check, '\s+', ' ', 'g')
    FROM pg_policies JOIN pg_class ON oid = format('ledger.%I', tablename)::regclass
    WHERE schemaname = 'ledger' AND permissive = 'PERMISSIVE'
),
wanted_rights (thing, columns, role, rights) AS (
    VALUES
    ('schema ledger', NULL, 'authenticated', 'USAGE'),
    ('schema ledger', NULL, 'service_role', 'USAGE'),
    ('schema ledger', NULL, 'ledger_keeper', 'USAGE'),
    ('jobs', NULL, 'authenticated', 'SELECT'),
    ('jobs', 'owner_id, project_spec', 'authenticated', 'INSERT'),
    ('jobs', NULL, 'service_role', 'DELETE, INSERT, SELECT'),
    ('jobs', NULL, 'ledger_keeper', 'SELECT'),
    ('jobs', 'completed_at, error_message, started_at, status, updated_at', 'ledger_keeper', 'UPDATE'),
    ('job_events', NULL, 'authenticated', 'SELECT'),
    ('job_events', 'bot_name, event_type, owner_id, payload, run_id', 'authenticated', 'INSERT'),
    ('job_events', NULL, 'service_role', 'DELETE, INSERT, SELECT'),
    ('artifacts', NULL, 'authenticated', 'SELECT'),
    ('artifacts', 'checksum, content_type, file_size, kind, meta, owner_id, run_id, url', 'authenticated', 'INSERT'),
    ('artifacts', NULL, 'service_role', 'DELETE, INSERT, SELECT'),
    ('prompts', NULL, 'authenticated', 'SELECT'),
    ('prompts', NULL, 'service_role', 'DELETE, INSERT, SELECT, UPDATE'),
    ('function caller', NULL, 'authenticated', 'EXECUTE'),
    ('function caller', NULL, 'service_role', 'EXECUTE'),
    ('function set_status', NULL, 'service_role', 'EXECUTE')
),
relations AS (
    SELECT * FROM pg_class WHERE relnamespace = to_regnamespace('ledger') AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
),
given AS (
    SELECT 'schema ' || nspname AS thing, NULL AS column_name, grantee, privilege_type, nspowner AS owner
    FROM pg_namespace CROSS JOIN aclexplode(nspacl)
    WHERE nspname = 'ledger'
    UNION ALL
    SELECT relname, NULL, grantee, privilege_type, relowner
    FROM relations CROSS JOIN aclexplode(relacl)
    UNION ALL
    SELECT relname, attname, grantee, privilege_type, relowner
    FROM relations JOIN pg_attribute ON attrelid = relations.oid CROSS JOIN aclexplode(attacl)
    UNION ALL
    SELECT 'function ' || proname, NULL, grantee, privilege_type, proowner
    FROM pg_proc CROSS JOIN aclexplode(coalesce(proacl, acldefault('f', proowner)))
    WHERE pronamespace = to_regnamespace('ledger')
),
named AS (
    SELECT thing, column_name, coalesce(pg_roles.rolname, 'PUBLIC') AS role, privilege_type
    FROM given LEFT JOIN pg_roles ON pg_roles.oid = grantee
    WHERE grantee <> owner
),
found_rights AS (
    SELECT thing::text, NULL::text AS columns, role::text, string_agg(privilege_type, ', ' ORDER BY privilege_type) AS rights
    FROM named WHERE column_name IS NULL GROUP BY thing, role
    UNION ALL
    SELECT thing::text, string_agg(column_name, ', ' ORDER BY column_name), role::text, privilege_type
    FROM named WHERE column_name IS NOT NULL GROUP BY thing, role, privilege_type
),
-- A definer's function works as its owner; owner '' is whoever the tables belong to.
wanted_functions (name, owner, definer, volatility) AS (
    VALUES
    ('caller()', '', false, 's'),
    ('complete_job()', '', false, 'v'),
    ('complete_part()', '', false, 'v'),
    ('set_status(text, text, text)', 'ledger_keeper', true, 'v'),
    ('refuse_ended()', 'ledger_keeper', true, 'v')
),
found_functions AS (
    SELECT
        format('%s(%s)', proname, oidvectortypes(proargtypes)),
        CASE WHEN proowner = (SELECT relowner FROM relations WHERE relname = 'jobs') THEN '' ELSE rolname::text END,
        prosecdef,
        provolatile::text
    FROM pg_proc JOIN pg_roles ON pg_roles.oid = proowner
    WHERE pronamespace = to_regnamespace('ledger') AND proconfig = ARRAY['search_path=pg_catalog, pg_temp']
),
wanted_triggers (relation, definition) AS (
    VALUES
    ('jobs', 'CREATE TRIGGER complete BEFORE INSERT ON ledger.jobs FOR EACH ROW EXECUTE FUNCTION ledger.complete_job()'),
    ('job_events', 'CREATE TRIGGER complete BEFORE INSERT ON ledger.job_events FOR EACH ROW EXECUTE FUNCTION ledger.complete_part()'),
    ('artifacts', 'CREATE TRIGGER complete BEFORE INSERT ON ledger.artifacts FOR EACH ROW EXECUTE FUNCTION ledger.complete_part()'),
    ('job_events', 'CREATE TRIGGER refuse_ended AFTER INSERT ON ledger.job_events FOR EACH ROW EXECUTE FUNCTION ledger.refuse_ended()'),
    ('artifacts', 'CREATE TRIGGER refuse_ended AFTER INSERT ON ledger.artifacts FOR EACH ROW EXECUTE FUNCTION ledger.refuse_ended()')
),
-- Whatever reads a table of the ledger in somebody's name, wherever it is.
views AS (
    SELECT DISTINCT
        format('%s.%s', reader.relnamespace::regnamespace, reader.relname) AS name,
        reader.relkind,
        reader.reloptions
    FROM pg_rewrite
    JOIN pg_depend ON classid = 'pg_rewrite'::regclass AND objid = pg_rewrite.oid AND refclassid = 'pg_class'::regclass
    JOIN relations AS read ON read.oid = refobjid
    JOIN pg_class AS reader ON reader.oid = ev_class
    WHERE reader.relkind IN ('v', 'm')
),
found_triggers AS (
    SELECT relname::text, pg_get_triggerdef(pg_trigger.oid)
    FROM pg_trigger JOIN relations ON relations.oid = tgrelid
    WHERE NOT tgisinternal AND tgenabled = 'O'
)
SELECT format('policy %s of ledger.%s is missing or was changed', name, relation) AS problem
FROM (TABLE wanted_policies EXCEPT TABLE found_policies) AS lacking
UNION ALL
SELECT format('policy %s of ledger.%s should not be', policyname, tablename)
FROM pg_policies
WHERE schemaname = 'ledger'
    AND NOT EXISTS (SELECT FROM wanted_policies WHERE relation = tablename AND name = policyname)
UNION ALL
SELECT format('%s may not %s on %s', role, rights, concat_ws(' of ', '(' || columns || ')', thing))
FROM (TABLE wanted_rights EXCEPT TABLE found_rights) AS lacking
UNION ALL
SELECT format('%s may %s on %s', role, rights, concat_ws(' of ', '(' || columns || ')', thing))
FROM (TABLE found_rights EXCEPT TABLE wanted_rights) AS surplus
UNION ALL
SELECT format('function ledger.%s is missing, or its owner, SECURITY, volatility or search_path was changed', name)
FROM (TABLE wanted_functions EXCEPT TABLE found_functions) AS lacking
UNION ALL
SELECT format('function ledger.%s(%s) should not be', proname, oidvectortypes(proargtypes))
FROM pg_proc
WHERE pronamespace = to_regnamespace('ledger')
    AND format('%s(%s)', proname, oidvectortypes(proargtypes)) NOT IN (SELECT name FROM wanted_functions)
UNION ALL
SELECT format('trigger of ledger.%s is missing or switched off: %s', relation, definition)
FROM (TABLE wanted_triggers EXCEPT TABLE found_triggers) AS lacking
UNION ALL
SELECT format('trigger of ledger.%s should not be: %s', relation, definition)
FROM (TABLE found_triggers EXCEPT TABLE wanted_triggers) AS surplus (relation, definition)
UNION ALL
SELECT format('a trigger by which constraint %s of ledger.%s is kept is switched off', conname, relname)
FROM pg_trigger JOIN relations ON relations.oid = tgrelid JOIN pg_constraint ON pg_constraint.oid = tgconstraint
WHERE tgisinternal AND tgenabled <> 'O'
UNION ALL
SELECT format('rule %s of ledger.%s should not be', rulename, tablename)
FROM pg_rules
WHERE schemaname = 'ledger'
UNION ALL
SELECT format('ledger.%s lacks %s', relname, missing)
FROM relations
CROSS JOIN LATERAL (
    VALUES
    ('ROW LEVEL SECURITY', relrowsecurity),
    ('FORCE ROW LEVEL SECURITY', relforcerowsecurity),
    ('a policy', EXISTS (SELECT FROM pg_policy WHERE polrelid = relations.oid))
) AS needs (missing, there)
WHERE relkind IN ('r', 'p') AND NOT there
UNION ALL
SELECT format('view %s reads with its owner''s rights', name)
FROM views
WHERE relkind = 'm' OR NOT EXISTS (
    SELECT FROM pg_options_to_table(reloptions) WHERE option_name = 'security_invoker' AND option_value::boolean
)
UNION ALL
SELECT format('role %s may more than it should: %s', rolname, what)
FROM pg_roles
CROSS JOIN LATERAL (
    VALUES ('SUPERUSER', rolsuper), ('BYPASSRLS', rolbypassrls), ('CREATEROLE', rolcreaterole), ('REPLICATION', rolreplication)
) AS has (what, it)
WHERE rolname IN ('anon', 'authenticated', 'ledger_keeper') AND it
UNION ALL
SELECT format('role %s may act as %s', member.rolname, other.rolname)
FROM pg_roles AS member CROSS JOIN pg_roles AS other
WHERE member.rolname IN ('anon', 'authenticated', 'service_role', 'ledger_keeper')
    AND member.oid <> other.oid
    AND NOT member.rolsuper
    AND (
        other.rolname IN ('anon', 'authenticated', 'service_role', 'ledger_keeper')
        OR other.rolsuper
        OR other.rolbypassrls
        OR other.oid IN (SELECT relowner FROM relations)
    )
    AND pg_has_role(member.oid, other.oid, 'MEMBER')
