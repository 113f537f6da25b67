-- Document 004: background jobs. Safe to run again; going down keeps the table under another name, and coming up again
-- takes it back, so that no job is lost. The comment tells ours from one that was there, which is nobody's to change.
DO $$
BEGIN
    IF to_regclass('public.jobs') IS NOT NULL THEN
        IF obj_description('public.jobs'::regclass, 'pg_class') IS DISTINCT FROM 'made for background jobs' THEN
            RAISE EXCEPTION 'there is a public.jobs that is not the factory''s, which needs the name; rename it, or name '
                'another database by DATABASE_URL';
        END IF;
    ELSIF obj_description(to_regclass('public.jobs_kept'), 'pg_class') = 'made for background jobs' THEN
        ALTER TABLE public.jobs_kept RENAME TO jobs;
    ELSE
        CREATE TABLE public.jobs (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            job_type text NOT NULL,
            status text NOT NULL DEFAULT 'pending',
            user_id uuid NOT NULL,
            job_parameters jsonb,
            error_message text,
            error_type text,
            error_context jsonb,
            data_references jsonb,
            retry_count int NOT NULL DEFAULT 0,
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now(),
            started_at timestamptz,
            completed_at timestamptz,
            CONSTRAINT jobs_status CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
            CONSTRAINT jobs_retry_count CHECK (retry_count >= 0)
        );
        COMMENT ON TABLE public.jobs IS 'made for background jobs';
    END IF;
END $$;

-- Jobs that were kept while the ledger and its users went are somebody's again, where the users are ours to add to.
DO $$
DECLARE
    who text;
BEGIN
    IF EXISTS (
        SELECT FROM pg_constraint WHERE conname = 'jobs_user_id_fkey' AND conrelid = 'public.jobs'::regclass
    ) THEN
        RETURN;
    END IF;
    IF obj_description('auth.users'::regclass, 'pg_class') = 'made for the run ledger' THEN
        INSERT INTO auth.users (id) SELECT DISTINCT user_id FROM public.jobs ON CONFLICT DO NOTHING;
    END IF;
    ALTER TABLE public.jobs ADD CONSTRAINT jobs_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users (id);
EXCEPTION WHEN foreign_key_violation THEN
    GET STACKED DIAGNOSTICS who = PG_EXCEPTION_DETAIL;
    RAISE EXCEPTION 'jobs that were kept are of somebody whom auth.users does not have: %', who;
END $$;

CREATE INDEX IF NOT EXISTS jobs_status_idx ON public.jobs (status);
CREATE INDEX IF NOT EXISTS jobs_user_id_idx ON public.jobs (user_id);
CREATE INDEX IF NOT EXISTS jobs_created_at_idx ON public.jobs (created_at);

-- Schema public is open to the signed-in where a server has such defaults: they see their own jobs and change none. Our
-- role owns the table, and policies are not for it.
REVOKE ALL ON public.jobs FROM PUBLIC, anon, authenticated, service_role;
ALTER TABLE public.jobs ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS jobs_read ON public.jobs;
CREATE POLICY jobs_read ON public.jobs FOR SELECT TO authenticated USING (user_id = (SELECT ledger.caller()));
GRANT SELECT ON public.jobs TO authenticated;
