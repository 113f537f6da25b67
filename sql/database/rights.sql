-- The role of this session, who owns schema factory, and the statements that let the role make what it lacks the right
-- to make, and whose word they take; empty where it may make everything, or where the tables are another role's.
WITH us AS (
    SELECT
        oid,
        rolname::text AS role,
        rolcreaterole OR rolsuper AS makes_roles,
        current_setting('server_version_num')::int >= 160000 AS in_parts,
        NOT EXISTS (
            SELECT FROM pg_namespace WHERE nspname = 'factory' AND NOT pg_has_role(nspowner, 'USAGE')
        ) AS at_home
    FROM pg_roles
    WHERE rolname = current_user
),
needed (place, rolname) AS (
    VALUES (1, 'anon'), (2, 'authenticated'), (3, 'service_role'), (4, 'ledger_keeper')
),
roles AS (
    SELECT
        string_agg(
            CASE WHEN pg_roles.oid IS NULL THEN format('CREATE ROLE %I NOLOGIN; ', needed.rolname) ELSE '' END
            || format(
                CASE WHEN in_parts THEN 'GRANT %I TO %I WITH INHERIT FALSE, SET TRUE' ELSE 'GRANT %I TO %I' END,
                needed.rolname,
                role
            ),
            '; ' ORDER BY place
        ) AS grants
    FROM us CROSS JOIN needed LEFT JOIN pg_roles USING (rolname)
    WHERE at_home
        AND CASE
            WHEN pg_roles.oid IS NULL THEN NOT makes_roles
            WHEN pg_has_role(pg_roles.oid, CASE WHEN in_parts THEN 'SET' ELSE 'MEMBER' END) THEN false
            WHEN in_parts THEN NOT pg_has_role(pg_roles.oid, 'MEMBER WITH ADMIN OPTION')
            ELSE NOT makes_roles
        END
),
auth AS (
    SELECT
        concat_ws(
            '; ',
            CASE
                WHEN NOT has_schema_privilege(pg_namespace.oid, 'USAGE')
                    THEN format('GRANT USAGE ON SCHEMA auth TO %I', role)
            END,
            CASE
                WHEN NOT has_column_privilege(pg_class.oid, 'id', 'SELECT')
                    OR NOT has_column_privilege(pg_class.oid, 'id', 'REFERENCES')
                    THEN format('GRANT SELECT (id), REFERENCES (id) ON auth.users TO %I', role)
            END
        ) AS grants
    FROM us
    CROSS JOIN pg_namespace JOIN pg_class ON relnamespace = pg_namespace.oid
    WHERE at_home AND nspname = 'auth' AND relname = 'users'
),
in_public AS (SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace),
-- PGMQ of somebody else's making: its schema, its list of queues, and those of our queues that are there.
queues AS (
    SELECT format('%I.%I', nspname, relname) AS name, rights, string_to_array(rights, ', ') AS each, pg_class.oid
    FROM pg_namespace
    JOIN pg_class ON relnamespace = pg_namespace.oid
    JOIN (
        VALUES ('meta', 'SELECT, INSERT, DELETE')
        UNION ALL
        SELECT prefix || queue, 'SELECT, INSERT, UPDATE, DELETE'
        FROM
            unnest(ARRAY['q_', 'a_']) AS prefix,
            unnest(ARRAY['job_queue', 'job_queue_high', 'job_queue_low', 'job_queue_dead']) AS queue
    ) AS needed (wanted, rights) ON wanted = relname
    WHERE nspname = 'pgmq'
),
pgmq AS (
    SELECT concat_ws(
        '; ',
        CASE
            WHEN NOT EXISTS (SELECT FROM pg_proc WHERE pronamespace = pg_namespace.oid)
                THEN CASE WHEN NOT pg_has_role(nspowner, 'USAGE') THEN format('ALTER SCHEMA pgmq OWNER TO %I', role) END
            WHEN NOT has_schema_privilege(pg_namespace.oid, 'USAGE') OR NOT has_schema_privilege(pg_namespace.oid, 'CREATE')
                THEN format('GRANT USAGE, CREATE ON SCHEMA pgmq TO %I', role)
        END,
        (
            SELECT string_agg(format('GRANT %s ON %s TO %I', rights, name, role), '; ' ORDER BY name)
            FROM queues
            WHERE EXISTS (SELECT FROM unnest(each) AS one WHERE NOT has_table_privilege(queues.oid, one))
        )
    ) AS grants
    FROM us CROSS JOIN pg_namespace
    WHERE at_home AND nspname = 'pgmq'
)
SELECT
    role,
    (SELECT pg_get_userbyid(nspowner)::text FROM pg_namespace WHERE nspname = 'factory') AS owner,
    CASE
        WHEN roles.grants IS NOT NULL THEN 'a superuser'
        WHEN EXISTS (SELECT FROM auth WHERE grants <> '') THEN 'the owner of auth.users'
        WHEN EXISTS (SELECT FROM pgmq WHERE grants <> '') THEN 'the owner of schema pgmq'
        ELSE 'the database''s owner'
    END AS by_whom,
    concat_ws(
        '; ',
        CASE
            WHEN NOT has_database_privilege(current_database(), 'CREATE')
                AND (
                    to_regnamespace('factory') IS NULL
                    OR at_home AND NOT (
                        SELECT array_agg(nspname::text) @> ARRAY['ledger', 'pgmq', 'requests', 'replays'] FROM pg_namespace
                    )
                )
                THEN format('GRANT CREATE ON DATABASE %I TO %I', current_database(), current_user)
        END,
        CASE
            WHEN NOT has_schema_privilege('public', 'CREATE')
                AND (
                    'alembic_version' NOT IN (SELECT relname FROM in_public)
                    OR 'jobs' NOT IN (SELECT relname FROM in_public) AND at_home
                )
                THEN format('GRANT CREATE ON SCHEMA public TO %I', current_user)
        END,
        roles.grants,
        nullif((SELECT grants FROM auth), ''),
        nullif((SELECT grants FROM pgmq), '')
    ) AS grants
FROM us CROSS JOIN roles
