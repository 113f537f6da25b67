-- Roles are the whole server's and stay; of schema auth goes what was made for the ledger.
DROP SCHEMA IF EXISTS ledger CASCADE;

DO $$
BEGIN
    IF obj_description(to_regprocedure('auth.uid()'), 'pg_proc') = 'made for the run ledger' THEN
        DROP FUNCTION auth.uid();
    END IF;
    IF obj_description(to_regclass('auth.users'), 'pg_class') = 'made for the run ledger' THEN
        DROP TABLE auth.users;
    END IF;
    IF obj_description(to_regnamespace('auth'), 'pg_namespace') = 'made for the run ledger' THEN
        DROP SCHEMA auth;
    END IF;
END $$;
