-- Read messages of one queue that became due "since" then, those due longest first, each with the job whose message it is: none (job_id NULL) where
-- the message is nobody's, and "until" where that job is not to be taken up before then. A job whose worker fell silent,
-- or that was given back when it was to be stopped, is recovery's. Rows are found by their primary key; what is no id is
-- no job's.
-- What pgmq.read does, but in the order of vt and not of msg_id: while somebody holds a transaction open, that passes what
-- is dead of every message since, on a page each; in the order of vt the dead lie together.
-- The update finds its rows by an array: joined to them, the planner may go through all of the queue instead.
WITH visible AS MATERIALIZED (
    SELECT msg_id, vt AS due
    FROM pgmq.q_{queue}
    WHERE vt <= clock_timestamp() AND vt >= coalesce(CAST(:since AS timestamptz), '-infinity')
    ORDER BY vt
    LIMIT :limit
    FOR UPDATE SKIP LOCKED
),
message AS (
    UPDATE pgmq.q_{queue}
    SET vt = clock_timestamp() + make_interval(secs => CAST(:seconds AS int)),
        read_ct = read_ct + 1
    WHERE msg_id = ANY (ARRAY(SELECT visible.msg_id FROM visible))
    RETURNING msg_id, read_ct, message
)
SELECT
    message.msg_id AS message_id,
    message.read_ct AS reads,
    visible.due,
    job.id AS job_id,
    job.job_type,
    CASE
        WHEN job.run_after > clock_timestamp() THEN job.run_after
        WHEN job.lease_owner IS NOT NULL OR job.cancel_requested_at IS NOT NULL
            THEN greatest(job.lease_expires_at, clock_timestamp() + make_interval(secs => CAST(:seconds AS int)))
    END AS until
FROM message
JOIN visible ON visible.msg_id = message.msg_id
LEFT JOIN public.jobs AS job ON job.id = CASE
    WHEN message.message ->> 'job_id' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        THEN CAST(message.message ->> 'job_id' AS uuid)
END
    AND job.queue = :queue
    AND job.message_id = message.msg_id
    AND job.status NOT IN ('completed', 'failed')
ORDER BY visible.due, message.msg_id
