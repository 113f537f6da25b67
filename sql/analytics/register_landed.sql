-- Files of the landing zone as they are now. The primary key (url, fingerprint) makes it idempotent. A file that
-- looked otherwise before and was not given out yet was still being written: what it looked like is forgotten.
WITH found AS (
    SELECT url, fingerprint, size_bytes
    FROM unnest(
        CAST(:urls AS text[]), CAST(:fingerprints AS text[]), CAST(:sizes AS bigint[])
    ) AS file (url, fingerprint, size_bytes)
),
forgotten AS (
    DELETE FROM factory.landed_files AS landed
    USING found
    WHERE landed.url = found.url AND landed.fingerprint <> found.fingerprint
      AND landed.status = 'pending' AND landed.requested_at IS NULL AND landed.attempt = 1
)
INSERT INTO factory.landed_files (url, fingerprint, size_bytes)
SELECT url, fingerprint, size_bytes
FROM found
ORDER BY url, fingerprint
ON CONFLICT (url, fingerprint) DO NOTHING
