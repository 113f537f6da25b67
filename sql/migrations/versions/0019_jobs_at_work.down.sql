-- Messages stay in their queues: on the way up again each job gets another, and the old ones are nobody's.
DROP FUNCTION IF EXISTS public.enqueue_jobs(jsonb);
DROP TRIGGER IF EXISTS jobs_transition ON public.jobs;
DROP FUNCTION IF EXISTS public.check_job_transition();
DROP INDEX IF EXISTS
    public.jobs_unique_idx, public.jobs_open_idx, public.jobs_due_idx, public.jobs_lease_idx, public.jobs_newest_idx,
    public.jobs_ended_idx, public.jobs_failed_idx,
    public.jobs_retry_of_idx;
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
