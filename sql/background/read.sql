-- Read messages of one queue, in their order, each with the job whose message it is: none (job_id NULL) where the message
-- is nobody's, and "until" where that job is not to be taken up before then. A job whose worker fell silent, or
-- that was given back when it was to be stopped, is recovery's.
-- The rows are found by their primary key; what is no id is no job's.
SELECT
    message.msg_id AS message_id,
    message.read_ct AS reads,
    job.id AS job_id,
    job.job_type,
    CASE
        WHEN job.run_after > clock_timestamp() THEN job.run_after
        WHEN job.lease_owner IS NOT NULL OR job.cancel_requested_at IS NOT NULL
            THEN greatest(job.lease_expires_at, clock_timestamp() + make_interval(secs => CAST(:seconds AS int)))
    END AS until
FROM pgmq.read(CAST(:queue AS text), CAST(:seconds AS int), CAST(:limit AS int)) AS message
LEFT JOIN public.jobs AS job ON job.id = CASE
    WHEN message.message ->> 'job_id' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        THEN CAST(message.message ->> 'job_id' AS uuid)
END
    AND job.queue = :queue
    AND job.message_id = message.msg_id
    AND job.status IN ('pending', 'processing')
ORDER BY message.msg_id
