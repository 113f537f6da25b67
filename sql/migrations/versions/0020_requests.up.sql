-- Document 000: prompt requests. Safe to run again; going down keeps the schema under another name, and coming up again
-- takes it back, so that no request is lost. The comment tells ours from one that was there, which is nobody's to change.
DO $$
BEGIN
    IF to_regnamespace('requests') IS NOT NULL THEN
        IF obj_description(to_regnamespace('requests'), 'pg_namespace') IS DISTINCT FROM 'made for prompt requests' THEN
            RAISE EXCEPTION 'there is a schema requests that is not the factory''s, which needs the name; rename it, or '
                'name another database by DATABASE_URL';
        END IF;
    ELSIF obj_description(to_regnamespace('requests_kept'), 'pg_namespace') = 'made for prompt requests' THEN
        ALTER SCHEMA requests_kept RENAME TO requests;
    ELSE
        CREATE SCHEMA requests;
        COMMENT ON SCHEMA requests IS 'made for prompt requests';
    END IF;
END $$;

-- The document's columns, then ours: whose it is, the game it became, whether the game's name was given, of which it is
-- the second of a pair and another try, and which it waits for; the address it came from, until it has ended.
CREATE TABLE IF NOT EXISTS requests.jobs (
    id serial PRIMARY KEY,
    game_name varchar(255),
    prompt text NOT NULL,
    status varchar(50) NOT NULL DEFAULT 'pending',
    phase_outputs jsonb NOT NULL DEFAULT '{}',
    logs jsonb NOT NULL DEFAULT '[]',
    error jsonb,
    config jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    owner_id uuid,
    game_id uuid,
    is_named boolean NOT NULL DEFAULT false,
    pair_of integer CONSTRAINT jobs_pair_of_fkey REFERENCES requests.jobs (id) ON DELETE SET NULL,
    waits_for integer CONSTRAINT jobs_waits_for_fkey REFERENCES requests.jobs (id) ON DELETE SET NULL,
    retry_of integer CONSTRAINT jobs_retry_of_fkey REFERENCES requests.jobs (id) ON DELETE SET NULL,
    address inet,
    CONSTRAINT jobs_status CHECK (
        status IN ('pending', 'processing', 'phase_1', 'phase_2', 'phase_3', 'phase_4', 'completed', 'failed')
    ),
    CONSTRAINT jobs_prompt CHECK (length(prompt) BETWEEN 1 AND 4000)
);

-- Every line a request's log ever had; the column "logs" has the newest of them.
CREATE TABLE IF NOT EXISTS requests.job_logs (
    id bigserial PRIMARY KEY,
    job_id integer NOT NULL CONSTRAINT job_logs_job_id_fkey REFERENCES requests.jobs (id) ON DELETE CASCADE,
    level varchar(20) NOT NULL,
    message text NOT NULL,
    "timestamp" timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What a game carries that was asked for by itself: what was wished of it, who designs it and whose it is, before which
-- others it is made, and for the ledger what was asked, in the words of whoever asked.
ALTER TABLE factory.games
    ADD COLUMN IF NOT EXISTS wishes jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN IF NOT EXISTS designer text,
    ADD COLUMN IF NOT EXISTS owner_id uuid,
    ADD COLUMN IF NOT EXISTS priority integer NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS asked jsonb;

-- What was kept of it on a way down.
DO $$
BEGIN
    IF to_regclass('requests.games_kept') IS NOT NULL THEN
        UPDATE factory.games SET
            wishes = kept.wishes,
            designer = kept.designer,
            owner_id = kept.owner_id,
            priority = kept.priority,
            asked = kept.asked
        FROM requests.games_kept AS kept
        WHERE kept.id = games.id;
        DROP TABLE requests.games_kept;
    END IF;
END $$;

-- What was kept while the ledger and its users went is somebody's again, where the users are ours to add to; a game that
-- went is gone.
DO $$
DECLARE
    who text;
BEGIN
    IF obj_description('auth.users'::regclass, 'pg_class') = 'made for the run ledger' THEN
        INSERT INTO auth.users (id)
        SELECT owner_id FROM requests.jobs WHERE owner_id IS NOT NULL
        UNION SELECT owner_id FROM factory.games WHERE owner_id IS NOT NULL
        ON CONFLICT DO NOTHING;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'requests.jobs'::regclass AND conname = 'jobs_owner_id_fkey') THEN
        ALTER TABLE requests.jobs
            ADD CONSTRAINT jobs_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES auth.users (id);
    END IF;
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'factory.games'::regclass AND conname = 'games_owner_id_fkey') THEN
        ALTER TABLE factory.games
            ADD CONSTRAINT games_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES auth.users (id);
    END IF;
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'requests.jobs'::regclass AND conname = 'jobs_game_id_fkey') THEN
        UPDATE requests.jobs SET game_id = NULL WHERE game_id NOT IN (SELECT id FROM factory.games);
        ALTER TABLE requests.jobs
            ADD CONSTRAINT jobs_game_id_fkey FOREIGN KEY (game_id) REFERENCES factory.games (id) ON DELETE SET NULL;
    END IF;
EXCEPTION WHEN foreign_key_violation THEN
    GET STACKED DIAGNOSTICS who = PG_EXCEPTION_DETAIL;
    RAISE EXCEPTION 'requests that were kept are of somebody whom auth.users does not have: %', who;
END $$;

-- What may be claimed, the oldest first; what has not ended. However many have ended, these stay small.
CREATE INDEX IF NOT EXISTS jobs_pending_idx ON requests.jobs (created_at, id)
    WHERE status = 'pending' AND waits_for IS NULL;
CREATE INDEX IF NOT EXISTS jobs_open_idx ON requests.jobs (id) WHERE status NOT IN ('completed', 'failed');

-- Everybody's and an owner's requests, newest first; those of a state are counted and listed.
CREATE INDEX IF NOT EXISTS jobs_newest_idx ON requests.jobs (created_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS jobs_owner_idx ON requests.jobs (owner_id, created_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS jobs_status_idx ON requests.jobs (status, created_at DESC, id DESC);

-- A game is one request's; the second of a pair and another try are found from the first.
CREATE UNIQUE INDEX IF NOT EXISTS jobs_game_id_idx ON requests.jobs (game_id) WHERE game_id IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS jobs_pair_of_idx ON requests.jobs (pair_of) WHERE pair_of IS NOT NULL;
CREATE INDEX IF NOT EXISTS jobs_waits_for_idx ON requests.jobs (waits_for) WHERE waits_for IS NOT NULL;
CREATE INDEX IF NOT EXISTS jobs_retry_of_idx ON requests.jobs (retry_of) WHERE retry_of IS NOT NULL;
CREATE INDEX IF NOT EXISTS job_logs_job_idx ON requests.job_logs (job_id, id);

-- Rows are written a dozen times in their life: vacuum must not wait for a share of all those that ended long ago.
ALTER TABLE requests.jobs SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

-- The signed-in see their own requests and change none. Our role owns the tables, and policies are not for it.
REVOKE ALL ON SCHEMA requests FROM PUBLIC, anon, authenticated, service_role;
REVOKE ALL ON ALL TABLES IN SCHEMA requests FROM PUBLIC, anon, authenticated, service_role;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA requests FROM PUBLIC, anon, authenticated, service_role;
ALTER TABLE requests.jobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE requests.job_logs ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS jobs_read ON requests.jobs;
CREATE POLICY jobs_read ON requests.jobs FOR SELECT TO authenticated USING (owner_id = (SELECT ledger.caller()));
DROP POLICY IF EXISTS job_logs_read ON requests.job_logs;
CREATE POLICY job_logs_read ON requests.job_logs FOR SELECT TO authenticated
    USING (EXISTS (SELECT FROM requests.jobs WHERE jobs.id = job_id AND jobs.owner_id = (SELECT ledger.caller())));
GRANT USAGE ON SCHEMA requests TO authenticated;
GRANT SELECT ON requests.jobs, requests.job_logs TO authenticated;
