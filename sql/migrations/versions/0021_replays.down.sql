-- Jobs, and what was fetched, are kept under another name, for the next way up; an empty schema goes. What ways further
-- down take away must not be needed by what is kept.
DO $$
DECLARE
    held boolean := false;
BEGIN
    IF obj_description(to_regnamespace('replays'), 'pg_namespace') IS DISTINCT FROM 'made for replay analysis' THEN
        RETURN;
    END IF;
    IF to_regclass('replays.jobs') IS NOT NULL THEN
        ALTER TABLE replays.jobs DROP CONSTRAINT IF EXISTS jobs_owner_id_fkey;
        held := EXISTS (SELECT FROM replays.jobs);
    END IF;
    IF NOT held AND to_regclass('replays.scraped_data') IS NOT NULL THEN
        held := EXISTS (SELECT FROM replays.scraped_data);
    END IF;
    IF NOT held THEN
        DROP SCHEMA replays CASCADE;
    ELSIF to_regnamespace('replays_kept') IS NULL THEN
        ALTER SCHEMA replays RENAME TO replays_kept;
    ELSE
        RAISE EXCEPTION 'there is a schema replays_kept already, which is the name under which jobs are kept; rename it';
    END IF;
END $$;
