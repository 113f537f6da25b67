-- One background job, with what it said and the job that is another try of it.
SELECT
    id, job_type, status, user_id, job_parameters, error_message, error_type, error_context, data_references, retry_count,
    created_at, updated_at, started_at, completed_at, queue, message_id, run_after, unique_key,
    cancel_requested_at, retry_of, lease_expires_at, now() AS seen_at, log,
    (SELECT newer.id FROM public.jobs AS newer WHERE newer.retry_of = job.id) AS retried_as
FROM public.jobs AS job
WHERE id = :id
