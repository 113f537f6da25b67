-- Document 003: replay analysis. Safe to run again; going down keeps the schema under another name, and coming up again
-- takes it back, so that no job is lost. The comment tells ours from one that was there, which is nobody's to change.
DO $$
BEGIN
    IF to_regnamespace('replays') IS NOT NULL THEN
        IF obj_description(to_regnamespace('replays'), 'pg_namespace') IS DISTINCT FROM 'made for replay analysis' THEN
            RAISE EXCEPTION 'there is a schema replays that is not the factory''s, which needs the name; rename it, or '
                'name another database by DATABASE_URL';
        END IF;
    ELSIF obj_description(to_regnamespace('replays_kept'), 'pg_namespace') = 'made for replay analysis' THEN
        ALTER SCHEMA replays_kept RENAME TO replays;
    ELSE
        CREATE SCHEMA replays;
        COMMENT ON SCHEMA replays IS 'made for replay analysis';
    END IF;
END $$;

DO $$
BEGIN
    IF to_regtype('replays.job_type') IS NULL THEN
        CREATE TYPE replays.job_type AS ENUM ('INDIVIDUAL', 'GFWL');
    END IF;
    IF to_regtype('replays.job_status') IS NULL THEN
        CREATE TYPE replays.job_status AS ENUM (
            'PENDING', 'RUNNING', 'AWAITING_CONFIRMATION', 'COMPLETED', 'FAILED', 'CANCELLED'
        );
    END IF;
END $$;

CREATE TABLE IF NOT EXISTS replays.users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    clerk_user_id varchar NOT NULL
);

-- The document's columns, then ours: in whose name the ledger is told, whose matches it is about, where the report is,
-- and what a row has that wants a run, which one worker at a time holds.
CREATE TABLE IF NOT EXISTS replays.jobs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    user_id uuid NOT NULL CONSTRAINT jobs_user_id_fkey REFERENCES replays.users (id),
    job_type replays.job_type NOT NULL,
    status replays.job_status NOT NULL DEFAULT 'PENDING',
    urls json NOT NULL,
    team_data json,
    total_urls integer NOT NULL,
    processed_urls integer NOT NULL DEFAULT 0,
    error_message varchar,
    shareable_id uuid NOT NULL DEFAULT gen_random_uuid(),
    is_public boolean NOT NULL DEFAULT false,
    started_at timestamptz,
    completed_at timestamptz,
    owner_id uuid NOT NULL,
    player text,
    report_url text,
    attempt integer NOT NULL DEFAULT 1,
    requested_at timestamptz,
    lease_owner text,
    lease_epoch bigint NOT NULL DEFAULT 0,
    lease_expires_at timestamptz,
    CONSTRAINT jobs_processed_urls CHECK (processed_urls >= 0 AND processed_urls <= total_urls),
    CONSTRAINT jobs_completed CHECK (status <> 'COMPLETED' OR processed_urls = total_urls AND report_url IS NOT NULL)
);

CREATE TABLE IF NOT EXISTS replays.scraped_data (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    url varchar NOT NULL,
    s3_key varchar NOT NULL
);

CREATE TABLE IF NOT EXISTS replays.gfwl_team_submissions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    job_id uuid NOT NULL CONSTRAINT gfwl_team_submissions_job_id_fkey REFERENCES replays.jobs (id) ON DELETE CASCADE,
    team_name varchar NOT NULL,
    discovered_players json NOT NULL DEFAULT '[]',
    confirmed_players json,
    confirmation_status varchar NOT NULL DEFAULT 'pending',
    CONSTRAINT gfwl_team_submissions_confirmation_status CHECK (confirmation_status IN ('pending', 'confirmed')),
    CONSTRAINT gfwl_team_submissions_team_name CHECK (length(team_name) BETWEEN 1 AND 100)
);

-- What became of each link of a job: leaving "pending" is what raises jobs.processed_urls, so that none counts twice.
CREATE TABLE IF NOT EXISTS replays.job_urls (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    job_id uuid NOT NULL CONSTRAINT job_urls_job_id_fkey REFERENCES replays.jobs (id) ON DELETE CASCADE,
    url text NOT NULL,
    position integer NOT NULL,
    state text NOT NULL DEFAULT 'pending',
    reason text,
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT job_urls_once UNIQUE (job_id, url),
    CONSTRAINT job_urls_state CHECK (state IN ('pending', 'done', 'failed')),
    CONSTRAINT job_urls_reason CHECK ((state = 'failed') = (reason IS NOT NULL))
);

-- What was kept while the ledger and its users went is somebody's again, where the users are ours to add to.
DO $$
DECLARE
    who text;
BEGIN
    IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'replays.jobs'::regclass AND conname = 'jobs_owner_id_fkey') THEN
        RETURN;
    END IF;
    IF obj_description('auth.users'::regclass, 'pg_class') = 'made for the run ledger' THEN
        INSERT INTO auth.users (id) SELECT DISTINCT owner_id FROM replays.jobs ON CONFLICT DO NOTHING;
    END IF;
    ALTER TABLE replays.jobs ADD CONSTRAINT jobs_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES auth.users (id);
EXCEPTION WHEN foreign_key_violation THEN
    GET STACKED DIAGNOSTICS who = PG_EXCEPTION_DETAIL;
    RAISE EXCEPTION 'replay jobs that were kept are of somebody whom auth.users does not have: %', who;
END $$;

-- The document's indexes.
CREATE UNIQUE INDEX IF NOT EXISTS users_clerk_user_id_idx ON replays.users (clerk_user_id);
CREATE INDEX IF NOT EXISTS jobs_user_id_idx ON replays.jobs (user_id);
CREATE UNIQUE INDEX IF NOT EXISTS jobs_shareable_id_idx ON replays.jobs (shareable_id);
CREATE INDEX IF NOT EXISTS jobs_user_id_status_idx ON replays.jobs (user_id, status);
CREATE INDEX IF NOT EXISTS jobs_status_created_at_idx ON replays.jobs (status, created_at);
CREATE INDEX IF NOT EXISTS jobs_user_id_job_type_idx ON replays.jobs (user_id, job_type);
CREATE UNIQUE INDEX IF NOT EXISTS scraped_data_url_idx ON replays.scraped_data (url);
CREATE INDEX IF NOT EXISTS gfwl_team_submissions_job_id_idx ON replays.gfwl_team_submissions (job_id);
CREATE INDEX IF NOT EXISTS gfwl_team_submissions_job_id_confirmation_status_idx
    ON replays.gfwl_team_submissions (job_id, confirmation_status);

-- A user's jobs, newest first, also to count those of the last hour.
CREATE INDEX IF NOT EXISTS jobs_newest_idx ON replays.jobs (user_id, created_at DESC, id DESC);

-- What waits for a run, was asked for, is at work, or is to be stopped. However many have ended, these stay small; of
-- links a job has a hundred at most, which it is found by.
CREATE INDEX IF NOT EXISTS jobs_to_request_idx ON replays.jobs (created_at, id)
    WHERE status = 'PENDING' AND requested_at IS NULL;
CREATE INDEX IF NOT EXISTS jobs_requested_idx ON replays.jobs (requested_at) WHERE status = 'PENDING';
CREATE INDEX IF NOT EXISTS jobs_lease_idx ON replays.jobs (lease_expires_at) WHERE status = 'RUNNING';
CREATE INDEX IF NOT EXISTS jobs_cancelled_held_idx ON replays.jobs (id)
    WHERE status = 'CANCELLED' AND (requested_at IS NOT NULL OR lease_owner IS NOT NULL);

-- A job is written once a link, and by every renewal of its lease: vacuum must not wait for a share of all there are.
ALTER TABLE replays.jobs SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
ALTER TABLE replays.job_urls SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

-- Nobody sees any of it but our role, which owns the tables: whose a job is, is said by users who are none of the
-- database's. Security is on without a policy, so that a grant by mistake still shows nothing.
REVOKE ALL ON SCHEMA replays FROM PUBLIC, anon, authenticated, service_role;
REVOKE ALL ON ALL TABLES IN SCHEMA replays FROM PUBLIC, anon, authenticated, service_role;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA replays FROM PUBLIC, anon, authenticated, service_role;
ALTER TABLE replays.users ENABLE ROW LEVEL SECURITY;
ALTER TABLE replays.jobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE replays.scraped_data ENABLE ROW LEVEL SECURITY;
ALTER TABLE replays.gfwl_team_submissions ENABLE ROW LEVEL SECURITY;
ALTER TABLE replays.job_urls ENABLE ROW LEVEL SECURITY;
