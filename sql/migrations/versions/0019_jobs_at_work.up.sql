-- What working at background jobs needs beside the document's columns: a lease, the message that stands for a job, when
-- and before which others it runs, a key that says which jobs are the same, and who was asked to stop. Safe to run again.
ALTER TABLE public.jobs
    ADD COLUMN IF NOT EXISTS lease_owner text,
    ADD COLUMN IF NOT EXISTS lease_epoch bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS lease_expires_at timestamptz,
    ADD COLUMN IF NOT EXISTS queue text NOT NULL DEFAULT 'job_queue',
    ADD COLUMN IF NOT EXISTS message_id bigint,
    ADD COLUMN IF NOT EXISTS run_after timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS unique_key text,
    ADD COLUMN IF NOT EXISTS cancel_requested_at timestamptz;

-- Of the same jobs one waits or is at work.
CREATE UNIQUE INDEX IF NOT EXISTS jobs_unique_idx ON public.jobs (job_type, user_id, unique_key)
    WHERE unique_key IS NOT NULL AND status IN ('pending', 'processing');

-- Jobs at work whose worker fell silent, and jobs that wait, by when they were to run.
CREATE INDEX IF NOT EXISTS jobs_lease_idx ON public.jobs (lease_expires_at) WHERE status = 'processing';
CREATE INDEX IF NOT EXISTS jobs_waiting_idx ON public.jobs (run_after, id) WHERE status = 'pending';

-- Rows are written three times in their life and looked at while they are few: vacuum must not wait for a share of all
-- those that ended long ago.
ALTER TABLE public.jobs SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- Enter jobs, each with its message, in the caller's transaction: both are there or neither. "given" is a list of objects
-- with job_type and user_id, and where wanted id, job_parameters, queue, run_after and unique_key. Gives ids in the order
-- given; of a job that waits or is at work already (by type, user and unique_key) its id, and nothing is entered. A
-- message says when it is to be read; what stands in the row counts.
CREATE OR REPLACE FUNCTION public.enqueue_jobs(given jsonb) RETURNS SETOF uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    wanted jsonb := (
        SELECT jsonb_agg(jsonb_build_object('id', gen_random_uuid()) || one ORDER BY place)
        FROM jsonb_array_elements(given) WITH ORDINALITY AS list (one, place)
    );
    sent bigint;
BEGIN
    WITH entered AS (
        INSERT INTO public.jobs (id, job_type, user_id, job_parameters, queue, run_after, unique_key)
        SELECT
            id, job_type, user_id, coalesce(job_parameters, '{}'), coalesce(queue, 'job_queue'),
            coalesce(run_after, now()), unique_key
        FROM jsonb_to_recordset(wanted) AS job
            (id uuid, job_type text, user_id uuid, job_parameters jsonb, queue text, run_after timestamptz, unique_key text)
        ON CONFLICT (job_type, user_id, unique_key)
            WHERE unique_key IS NOT NULL AND status IN ('pending', 'processing') DO NOTHING
        RETURNING *
    ),
    batches AS (
        SELECT queue, run_after, array_agg(jsonb_build_object(
            'job_id', id, 'job_type', job_type, 'user_id', user_id, 'job_parameters', job_parameters
        )) AS messages
        FROM entered
        GROUP BY queue, run_after
    )
    SELECT count(*) INTO sent FROM batches, pgmq.send_batch(queue, messages, NULL::jsonb[], run_after);

    RETURN QUERY
    SELECT coalesce(same.id, job.id)
    FROM jsonb_array_elements(wanted) WITH ORDINALITY AS list (one, place)
    CROSS JOIN jsonb_to_record(one) AS job (id uuid, job_type text, user_id uuid, unique_key text)
    LEFT JOIN public.jobs AS same ON same.job_type = job.job_type AND same.user_id = job.user_id
        AND same.unique_key = job.unique_key AND same.status IN ('pending', 'processing')
    ORDER BY place;
END
$$;
