-- Document 002, 20241201000001: the run ledger's tables. Safe to run again.

-- Roles as Supabase and PostgREST use them; where they are there already they stay as they are. service_role passes by
-- its policies, so that nobody needs an attribute only a superuser can give. ledger_keeper owns what works with more
-- rights than its caller, and nobody acts as it. Our own role may act as the first three and has none of their rights
-- by itself: before PostgreSQL 16 a grant cannot say so, and the policies do.
DO $$
DECLARE
    role text;
    -- whoever makes a role is its member from PostgreSQL 16 on, and yet may not act as it
    enough text := CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
    plainly text := CASE WHEN current_setting('server_version_num')::int >= 160000
        THEN 'GRANT %I TO %I WITH INHERIT FALSE, SET TRUE' ELSE 'GRANT %I TO %I' END;
BEGIN
    FOREACH role IN ARRAY ARRAY['anon', 'authenticated', 'service_role', 'ledger_keeper'] LOOP
        IF to_regrole(role) IS NULL THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- roles are the whole server's, and another database has just made it
            END;
        END IF;
        IF NOT pg_has_role(role, enough) THEN
            EXECUTE format(plainly, role, current_user);
        END IF;
    END LOOP;
END $$;

-- Who there is, as Supabase has it. The comment tells ours, which goes again with the ledger, from one that was there.
DO $$
BEGIN
    IF to_regnamespace('auth') IS NULL THEN
        CREATE SCHEMA auth;
        COMMENT ON SCHEMA auth IS 'made for the run ledger';
    END IF;
    IF to_regclass('auth.users') IS NULL THEN
        CREATE TABLE auth.users (id uuid PRIMARY KEY);
        COMMENT ON TABLE auth.users IS 'made for the run ledger';
        INSERT INTO auth.users (id) VALUES ('00000000-0000-4000-8000-000000000001'); -- whoever works on this machine
    END IF;
    IF to_regprocedure('auth.uid()') IS NULL THEN
        CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS
            $uid$ SELECT nullif(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub', '')::uuid $uid$;
        COMMENT ON FUNCTION auth.uid() IS 'made for the run ledger';
    END IF;
END $$;

CREATE SCHEMA IF NOT EXISTS ledger;

-- Owners are never missing, though the document lets them be: a row nobody owns could be anybody's. run_id and owner
-- together are what the other tables refer to, so that nothing hangs on another owner's run.
CREATE TABLE IF NOT EXISTS ledger.jobs (
    run_id text PRIMARY KEY,
    project_spec jsonb NOT NULL,
    owner_id uuid NOT NULL REFERENCES auth.users (id),
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    CONSTRAINT jobs_of_owner UNIQUE (run_id, owner_id)
);

CREATE TABLE IF NOT EXISTS ledger.job_events (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    run_id text NOT NULL REFERENCES ledger.jobs (run_id) ON DELETE CASCADE,
    bot_name text NOT NULL,
    event_type text NOT NULL,
    payload jsonb,
    owner_id uuid NOT NULL,
    created_at timestamptz DEFAULT now(),
    CONSTRAINT events_of_owner FOREIGN KEY (run_id, owner_id) REFERENCES ledger.jobs (run_id, owner_id)
        ON DELETE CASCADE
);

CREATE TABLE IF NOT EXISTS ledger.artifacts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    run_id text NOT NULL REFERENCES ledger.jobs (run_id) ON DELETE CASCADE,
    kind text NOT NULL,
    url text,
    meta jsonb,
    owner_id uuid NOT NULL,
    created_at timestamptz DEFAULT now(),
    CONSTRAINT artifacts_of_owner FOREIGN KEY (run_id, owner_id) REFERENCES ledger.jobs (run_id, owner_id)
        ON DELETE CASCADE
);

CREATE TABLE IF NOT EXISTS ledger.prompts (
    id text PRIMARY KEY,
    category text NOT NULL,
    context text NOT NULL,
    prompt_text text NOT NULL,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now()
);

-- An owner's runs from the newest on, and a run's events and artifacts in their order: pages begin after a key.
CREATE INDEX IF NOT EXISTS idx_jobs_owner ON ledger.jobs (owner_id, created_at, run_id);
CREATE INDEX IF NOT EXISTS idx_job_events_run ON ledger.job_events (run_id, created_at, id);
CREATE INDEX IF NOT EXISTS idx_artifacts_run ON ledger.artifacts (run_id, created_at, id);
