-- Artifacts of a run in their order, after a key.
SELECT id, run_id, kind, url, meta, created_at, file_size, content_type, checksum
FROM ledger.artifacts
WHERE run_id = :run AND (created_at, id) > (CAST(:moment AS timestamptz), CAST(:id AS uuid))
ORDER BY created_at, id
LIMIT :limit
