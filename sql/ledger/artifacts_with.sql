-- For each content an artifact that has it, and for each address the newest artifact there.
(
    SELECT DISTINCT ON (checksum) checksum AS found, id, run_id, meta, url
    FROM ledger.artifacts
    WHERE checksum = ANY(:checksums)
    ORDER BY checksum, created_at, id
)
UNION ALL
(
    SELECT DISTINCT ON (url) url, id, run_id, meta, url
    FROM ledger.artifacts
    WHERE url = ANY(:urls)
    ORDER BY url, created_at DESC, id DESC
)
