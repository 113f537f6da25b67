DROP FUNCTION IF EXISTS public.enqueue_jobs(jsonb);
DROP INDEX IF EXISTS public.jobs_unique_idx, public.jobs_lease_idx, public.jobs_waiting_idx;
ALTER TABLE public.jobs
    DROP COLUMN IF EXISTS lease_owner,
    DROP COLUMN IF EXISTS lease_epoch,
    DROP COLUMN IF EXISTS lease_expires_at,
    DROP COLUMN IF EXISTS queue,
    DROP COLUMN IF EXISTS message_id,
    DROP COLUMN IF EXISTS run_after,
    DROP COLUMN IF EXISTS unique_key,
    DROP COLUMN IF EXISTS cancel_requested_at;
