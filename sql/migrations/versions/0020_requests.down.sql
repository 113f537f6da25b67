-- Requests, and what games carry of them, are kept under another name, for the next way up; an empty schema goes. What
-- ways further down take away must not be needed by what is kept.
DO $$
BEGIN
    IF obj_description(to_regnamespace('requests'), 'pg_namespace') = 'made for prompt requests'
        AND to_regclass('requests.games_kept') IS NULL
        AND EXISTS (
            SELECT FROM pg_attribute WHERE attrelid = 'factory.games'::regclass AND attname = 'asked' AND NOT attisdropped
        ) THEN
        CREATE TABLE requests.games_kept AS
        SELECT id, wishes, designer, owner_id, priority, asked
        FROM factory.games
        WHERE wishes <> '{}' OR designer IS NOT NULL OR owner_id IS NOT NULL OR priority <> 0 OR asked IS NOT NULL;
        IF NOT EXISTS (SELECT FROM requests.games_kept) THEN
            DROP TABLE requests.games_kept;
        END IF;
    END IF;
END $$;

ALTER TABLE factory.games
    DROP COLUMN IF EXISTS wishes,
    DROP COLUMN IF EXISTS designer,
    DROP COLUMN IF EXISTS owner_id,
    DROP COLUMN IF EXISTS priority,
    DROP COLUMN IF EXISTS asked;

DO $$
BEGIN
    IF obj_description(to_regnamespace('requests'), 'pg_namespace') IS DISTINCT FROM 'made for prompt requests' THEN
        RETURN;
    END IF;
    IF to_regclass('requests.jobs') IS NOT NULL THEN
        DROP POLICY IF EXISTS jobs_read ON requests.jobs;
        ALTER TABLE requests.jobs DROP CONSTRAINT IF EXISTS jobs_owner_id_fkey, DROP CONSTRAINT IF EXISTS jobs_game_id_fkey;
        IF to_regclass('requests.job_logs') IS NOT NULL THEN
            DROP POLICY IF EXISTS job_logs_read ON requests.job_logs;
        END IF;
    END IF;
    REVOKE ALL ON ALL TABLES IN SCHEMA requests FROM authenticated;
    REVOKE ALL ON SCHEMA requests FROM authenticated;
    IF to_regclass('requests.games_kept') IS NULL
        AND (to_regclass('requests.jobs') IS NULL OR NOT EXISTS (SELECT FROM requests.jobs)) THEN
        DROP SCHEMA requests CASCADE;
    ELSIF to_regnamespace('requests_kept') IS NULL THEN
        ALTER SCHEMA requests RENAME TO requests_kept;
    ELSE
        RAISE EXCEPTION 'there is a schema requests_kept already, which is the name under which requests are kept; rename it';
    END IF;
END $$;
