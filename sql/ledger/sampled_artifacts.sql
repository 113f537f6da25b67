-- Some artifacts: what the newest runs made, and what comes after a random id. Ids are random, so theirs is no order.
(
    SELECT id, run_id, kind, url, meta, artifacts.created_at, file_size, content_type, checksum
    FROM (SELECT run_id FROM ledger.jobs ORDER BY created_at DESC, run_id DESC LIMIT 20) AS newest
    JOIN ledger.artifacts USING (run_id)
    ORDER BY artifacts.created_at DESC, id
    LIMIT :number
)
UNION ALL
(
    SELECT id, run_id, kind, url, meta, created_at, file_size, content_type, checksum
    FROM ledger.artifacts
    WHERE id >= CAST(:anywhere AS uuid)
    ORDER BY id
    LIMIT :number
)
