-- The role of this session, who owns schema factory, and the statements that let the role make what it lacks the right
-- to make; empty where it may make everything.
SELECT
    current_user::text AS role,
    (SELECT pg_get_userbyid(nspowner)::text FROM pg_namespace WHERE nspname = 'factory') AS owner,
    concat_ws(
        '; ',
        CASE
            WHEN NOT has_database_privilege(current_database(), 'CREATE') AND to_regnamespace('factory') IS NULL
                THEN format('GRANT CREATE ON DATABASE %I TO %I', current_database(), current_user)
        END,
        CASE
            WHEN NOT has_schema_privilege('public', 'CREATE')
                AND NOT EXISTS (
                    SELECT FROM pg_class
                    WHERE relname = 'alembic_version' AND relnamespace = 'public'::regnamespace
                )
                THEN format('GRANT CREATE ON SCHEMA public TO %I', current_user)
        END
    ) AS grants
