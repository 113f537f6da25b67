-- Fail jobs in nobody's hands, whose rows this transaction has locked. Gives what becomes of their messages.
UPDATE public.jobs
SET
    status = 'failed',
    error_type = :error_type,
    error_message = :error_message,
    error_context = jsonb_build_object('tries', retry_count, 'queue', queue),
    completed_at = clock_timestamp(),
    updated_at = clock_timestamp()
WHERE id = ANY(CAST(:jobs AS uuid[])) AND status IN ('pending', 'processing')
RETURNING id, queue, message_id, error_type <> 'JobCancelledError' AS dead
