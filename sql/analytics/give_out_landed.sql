-- Files to take in, the longest known first, at most :limit: those found at least :settle seconds ago and not given
-- out in the last :again seconds, and those whose import died. Who takes a file in holds its lock, see
-- hold_landed.sql: one at work whose lock is free is dead. Reads idx_landed_files_open, a few rows.
WITH due AS (
    SELECT url, fingerprint
    FROM factory.landed_files
    WHERE (
        status = 'pending'
        AND found_at <= now() - make_interval(secs => :settle)
        AND (requested_at IS NULL OR requested_at <= now() - make_interval(secs => :again))
    ) OR (
        status = 'running'
        AND pg_try_advisory_xact_lock(hashtextextended(url || ' ' || fingerprint, 0))
    )
    ORDER BY found_at, url, fingerprint
    LIMIT :limit
    FOR UPDATE SKIP LOCKED
),
given AS (
    UPDATE factory.landed_files AS landed
    SET status = 'pending', requested_at = now()
    FROM due
    WHERE landed.url = due.url AND landed.fingerprint = due.fingerprint
    RETURNING landed.*
)
SELECT url, fingerprint, size_bytes, attempt, requested_at
FROM given
ORDER BY found_at, url, fingerprint
