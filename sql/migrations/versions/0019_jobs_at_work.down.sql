-- What the columns say of jobs is kept under another name, for the next way up. Messages stay in their queues: then each
-- job gets another, and the old ones are nobody's.
DO $$
BEGIN
    IF to_regclass('public.jobs_at_work_kept') IS NULL AND EXISTS (SELECT FROM public.jobs) THEN
        CREATE TABLE public.jobs_at_work_kept AS
        SELECT
            id, lease_owner, lease_epoch, lease_expires_at, queue, run_after, unique_key, cancel_requested_at, retry_of, log
        FROM public.jobs;
        COMMENT ON TABLE public.jobs_at_work_kept IS 'made for background jobs';
        REVOKE ALL ON public.jobs_at_work_kept FROM PUBLIC, anon, authenticated, service_role;
    END IF;
END $$;

DROP FUNCTION IF EXISTS public.enqueue_jobs(jsonb);
DROP TRIGGER IF EXISTS jobs_transition ON public.jobs;
DROP FUNCTION IF EXISTS public.check_job_transition();
DROP INDEX IF EXISTS
    public.jobs_unique_idx, public.jobs_open_idx, public.jobs_due_idx, public.jobs_lease_idx, public.jobs_newest_idx,
    public.jobs_ended_idx, public.jobs_failed_idx, public.jobs_retry_of_idx;
ALTER TABLE public.jobs RESET (fillfactor, autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
ALTER TABLE public.jobs
    DROP COLUMN IF EXISTS lease_owner,
    DROP COLUMN IF EXISTS lease_epoch,
    DROP COLUMN IF EXISTS lease_expires_at,
    DROP COLUMN IF EXISTS queue,
    DROP COLUMN IF EXISTS message_id,
    DROP COLUMN IF EXISTS run_after,
    DROP COLUMN IF EXISTS unique_key,
    DROP COLUMN IF EXISTS cancel_requested_at,
    DROP COLUMN IF EXISTS retry_of,
    DROP COLUMN IF EXISTS log;
