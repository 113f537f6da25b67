-- A message in a queue for each of these jobs, which is theirs from here on; of a job that has failed, with what went
-- wrong beside it.
WITH letters AS (
    SELECT
        array_agg(id ORDER BY run_after, id) AS ids,
        array_agg(jsonb_build_object(
            'job_id', id, 'job_type', job_type, 'user_id', user_id, 'job_parameters', job_parameters
        ) ORDER BY run_after, id) AS messages,
        array_agg(
            CASE status WHEN 'failed'
                THEN jsonb_build_object('error_type', error_type, 'error_message', error_message)
            END
            ORDER BY run_after, id
        ) AS headers
    FROM public.jobs
    WHERE id = ANY(CAST(:jobs AS uuid[]))
),
sent AS (
    SELECT ids[place] AS id, message_id
    FROM letters, pgmq.send_batch(CAST(:queue AS text), messages, headers) WITH ORDINALITY AS list (message_id, place)
)
UPDATE public.jobs SET queue = :queue, message_id = sent.message_id FROM sent WHERE jobs.id = sent.id
