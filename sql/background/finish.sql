-- Write down how tries ended, where the job is still in the hands of who made the try. Gives what becomes of its message:
-- it goes with a job that has ended; "dead" says that it is to be among the dead letters.
-- Rows by their primary key: said as "= 'processing'", the state is for the planner an index of few rows, in which all
-- lie that are dead while somebody holds a transaction open.
WITH result AS (
    SELECT given.*, clock_timestamp() AS at FROM jsonb_to_recordset(CAST(:results AS jsonb)) AS given (
        id uuid, owner text, epoch bigint, next text, pause float8, charge int, data_references jsonb,
        error_type text, error_message text, error_context jsonb, log text
    )
)
UPDATE public.jobs
SET
    status = CASE next WHEN 'again' THEN 'processing' ELSE next END,
    data_references = result.data_references,
    error_type = CASE WHEN next = 'again' THEN coalesce(result.error_type, jobs.error_type) ELSE result.error_type END,
    error_message =
        CASE WHEN next = 'again' THEN coalesce(result.error_message, jobs.error_message) ELSE result.error_message END,
    error_context = CASE
        WHEN result.error_type IS NOT NULL
            THEN coalesce(result.error_context, '{}') || jsonb_build_object('tries', retry_count + 1, 'queue', queue)
        WHEN next = 'again' THEN jobs.error_context
    END,
    log = coalesce(result.log, jobs.log),
    retry_count = retry_count + CASE next WHEN 'again' THEN charge ELSE 0 END,
    run_after = CASE next WHEN 'again' THEN at + make_interval(secs => pause) ELSE run_after END,
    completed_at = CASE WHEN next <> 'again' THEN at END,
    updated_at = at,
    lease_owner = NULL,
    lease_expires_at = NULL
FROM result
WHERE jobs.id = result.id
  AND jobs.lease_owner = result.owner
  AND jobs.lease_epoch = result.epoch
  AND jobs.status NOT IN ('pending', 'completed', 'failed')
RETURNING
    jobs.id,
    jobs.queue,
    jobs.message_id,
    jobs.run_after,
    next <> 'again' AS ended,
    next = 'failed' AND result.error_type <> 'JobCancelledError' AS dead
