-- Files of the landing zone that cannot be taken in, all that one look found: failed from the start. They are known
-- again by that: no run was ever asked for, and none had them. Those that are no longer there are forgotten.
WITH found AS (
    SELECT url, fingerprint, size_bytes, fault
    FROM unnest(
        CAST(:urls AS text[]), CAST(:fingerprints AS text[]), CAST(:sizes AS bigint[]), CAST(:faults AS text[])
    ) AS file (url, fingerprint, size_bytes, fault)
),
gone AS (
    DELETE FROM factory.landed_files AS landed
    WHERE landed.status = 'failed' AND landed.requested_at IS NULL AND landed.lease_epoch = 0
      AND NOT EXISTS (
          SELECT FROM found WHERE found.url = landed.url AND found.fingerprint = landed.fingerprint
      )
)
INSERT INTO factory.landed_files (url, fingerprint, size_bytes, status, error_message, finished_at)
SELECT url, fingerprint, size_bytes, 'failed', fault, now()
FROM found
ORDER BY url, fingerprint
ON CONFLICT (url, fingerprint) DO NOTHING
