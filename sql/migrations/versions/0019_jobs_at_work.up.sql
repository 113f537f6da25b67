-- What working at background jobs needs beside the document's columns: a lease, the message that stands for a job, when
-- and before which others it runs, a key that says which jobs are the same, who was asked to stop, of which job it is
-- another try, and what it said. Safe to run again.
ALTER TABLE public.jobs
    ADD COLUMN IF NOT EXISTS lease_owner text,
    ADD COLUMN IF NOT EXISTS lease_epoch bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS lease_expires_at timestamptz,
    ADD COLUMN IF NOT EXISTS queue text NOT NULL DEFAULT 'job_queue',
    ADD COLUMN IF NOT EXISTS message_id bigint,
    ADD COLUMN IF NOT EXISTS run_after timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS unique_key text,
    ADD COLUMN IF NOT EXISTS cancel_requested_at timestamptz,
    ADD COLUMN IF NOT EXISTS retry_of uuid,
    ADD COLUMN IF NOT EXISTS log text;

-- What was kept of it on a way down. No message is: ids of a queue that was made again begin at 1.
DO $$
BEGIN
    IF obj_description(to_regclass('public.jobs_at_work_kept'), 'pg_class') = 'made for background jobs' THEN
        UPDATE public.jobs SET
            lease_owner = kept.lease_owner,
            lease_epoch = kept.lease_epoch,
            lease_expires_at = kept.lease_expires_at,
            queue = kept.queue,
            run_after = kept.run_after,
            unique_key = kept.unique_key,
            cancel_requested_at = kept.cancel_requested_at,
            retry_of = kept.retry_of,
            log = kept.log
        FROM public.jobs_at_work_kept AS kept
        WHERE kept.id = jobs.id;
        DROP TABLE public.jobs_at_work_kept;
    END IF;
END $$;

-- Of the same jobs one waits or is at work.
CREATE UNIQUE INDEX IF NOT EXISTS jobs_unique_idx ON public.jobs (job_type, user_id, unique_key)
    WHERE unique_key IS NOT NULL AND status IN ('pending', 'processing');

-- Jobs that have not ended, whose they are; and in the order in which recovery looks at them.
CREATE INDEX IF NOT EXISTS jobs_open_idx ON public.jobs (user_id, created_at) WHERE status IN ('pending', 'processing');
CREATE INDEX IF NOT EXISTS jobs_due_idx ON public.jobs (run_after, id) WHERE status IN ('pending', 'processing');
CREATE INDEX IF NOT EXISTS jobs_lease_idx ON public.jobs (lease_expires_at) WHERE status = 'processing';

-- A failed job is entered anew once: then it is the new one's turn.
CREATE UNIQUE INDEX IF NOT EXISTS jobs_retry_of_idx ON public.jobs (retry_of) WHERE retry_of IS NOT NULL;

-- A user's jobs, newest first; and those that ended long ago.
CREATE INDEX IF NOT EXISTS jobs_newest_idx ON public.jobs (user_id, created_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS jobs_ended_idx ON public.jobs (completed_at) WHERE completed_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS jobs_failed_idx ON public.jobs (completed_at, id) WHERE status = 'failed';

-- Rows are written three times in their life and looked at while they are few: vacuum must not wait for a share of all
-- those that ended long ago.
ALTER TABLE public.jobs SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- The document's state transitions, for everybody who may write at all.
CREATE OR REPLACE FUNCTION public.check_job_transition() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    IF (OLD.status, NEW.status) NOT IN (
        ('pending', 'processing'), ('processing', 'completed'), ('processing', 'failed'), ('pending', 'failed')
    ) THEN
        RAISE EXCEPTION 'job % cannot go from % to %', OLD.id, OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER jobs_transition BEFORE UPDATE OF status ON public.jobs
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION public.check_job_transition();

-- Enter jobs, each with its message, in the caller's transaction: both are there or neither. "given" is a list of objects
-- with job_type, and where wanted user_id (default: the local user), id, job_parameters, queue, run_after or delay (in
-- seconds), unique_key, retry_of and at_most (refused where its user had more that have not ended then); null is as if it
-- were not there. Gives ids in the order given; of a job that waits or is at work already (by type, user and unique_key)
-- its id, and nothing is entered. NULL: such a job ended at this very moment; ask again.
CREATE OR REPLACE FUNCTION public.enqueue_jobs(given jsonb) RETURNS SETOF uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    names text[] := ARRAY[
        'job_type', 'user_id', 'id', 'job_parameters', 'queue', 'run_after', 'delay', 'unique_key', 'retry_of',
        'at_most'
    ];
    strange text := (
        SELECT name FROM jsonb_array_elements(given) AS list (one), jsonb_object_keys(one) AS name
        WHERE name <> ALL (names) LIMIT 1
    );
    wanted jsonb := (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'id', gen_random_uuid(), 'user_id', '00000000-0000-4000-8000-000000000001', 'job_parameters', '{}'::jsonb,
            'queue', 'job_queue', 'run_after', now() + make_interval(secs => coalesce((one ->> 'delay')::float8, 0))
        ) || coalesce(set_there, '{}') || jsonb_build_object('place', place) ORDER BY place), '[]')
        FROM jsonb_array_elements(given) WITH ORDINALITY AS list (one, place)
        -- not jsonb_strip_nulls, which would take those in job_parameters as well
        CROSS JOIN LATERAL (SELECT jsonb_object_agg(key, value) FROM jsonb_each(one) WHERE value <> 'null') AS told (set_there)
    );
    crowd record;
    batch record;
    sent bigint[];
    stray bigint[];
BEGIN
    IF strange IS NOT NULL THEN
        RAISE EXCEPTION '% is none of a job''s: %', strange, array_to_string(names, ', ')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOR crowd IN
        SELECT user_id, count(*) AS more, min(at_most) AS most
        FROM jsonb_array_elements(wanted) AS list (one), jsonb_to_record(one) AS job (user_id uuid, at_most int)
        WHERE at_most IS NOT NULL
        GROUP BY user_id
        ORDER BY user_id
    LOOP
        PERFORM pg_advisory_xact_lock(6120017, hashtext(crowd.user_id::text));
        IF crowd.more + (SELECT count(*) FROM (
            SELECT FROM public.jobs
            WHERE user_id = crowd.user_id AND status IN ('pending', 'processing')
            LIMIT crowd.most
        ) AS theirs) > crowd.most THEN
            RAISE EXCEPTION 'user % would have more than % jobs that have not ended', crowd.user_id, crowd.most
                USING ERRCODE = 'program_limit_exceeded';
        END IF;
    END LOOP;
    FOR batch IN
        SELECT queue, run_after, array_agg(one ORDER BY place) AS jobs, array_agg(jsonb_build_object(
            'job_id', id, 'job_type', job_type, 'user_id', user_id, 'job_parameters', job_parameters
        ) ORDER BY place) AS messages
        FROM jsonb_array_elements(wanted) AS list (one), jsonb_to_record(one) AS job
            (id uuid, job_type text, user_id uuid, job_parameters jsonb, queue text, run_after timestamptz, place int)
        GROUP BY queue, run_after
    LOOP
        IF to_regclass(format('pgmq.%I', lower('q_' || batch.queue))) IS NULL THEN
            RAISE EXCEPTION 'there is no queue %', batch.queue USING ERRCODE = 'undefined_table';
        END IF;
        sent := ARRAY(SELECT pgmq.send_batch(batch.queue, batch.messages, NULL::jsonb[], batch.run_after));
        WITH entered AS (
            INSERT INTO public.jobs
                (id, job_type, user_id, job_parameters, queue, run_after, unique_key, retry_of, message_id)
            SELECT
                id, job_type, user_id, job_parameters, batch.queue, batch.run_after, unique_key, retry_of, number
            FROM unnest(batch.jobs, sent) AS list (one, number), jsonb_to_record(one) AS job
                (id uuid, job_type text, user_id uuid, job_parameters jsonb, unique_key text, retry_of uuid)
            ON CONFLICT DO NOTHING
            RETURNING message_id
        )
        SELECT array_agg(number) INTO stray FROM unnest(sent) AS list (number)
        WHERE number NOT IN (SELECT message_id FROM entered);
        IF stray IS NOT NULL THEN
            PERFORM pgmq.delete(batch.queue, stray);
        END IF;
    END LOOP;
    PERFORM pg_notify('background_jobs', '');

    RETURN QUERY
    SELECT coalesce(own.id, same.id)
    FROM jsonb_array_elements(wanted) WITH ORDINALITY AS list (one, place)
    CROSS JOIN jsonb_to_record(one) AS job (id uuid, job_type text, user_id uuid, unique_key text)
    LEFT JOIN public.jobs AS own ON own.id = job.id
    LEFT JOIN public.jobs AS same ON own.id IS NULL AND same.job_type = job.job_type AND same.user_id = job.user_id
        AND same.unique_key = job.unique_key AND same.status IN ('pending', 'processing')
    ORDER BY place;
END
$$;

REVOKE ALL ON FUNCTION public.enqueue_jobs(jsonb), public.check_job_transition()
FROM PUBLIC, anon, authenticated, service_role;
