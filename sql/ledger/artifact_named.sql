-- Artifacts whose ids lie between two: those that begin alike.
SELECT id, run_id, kind, url, meta, created_at, file_size, content_type, checksum
FROM ledger.artifacts
WHERE id BETWEEN CAST(:first AS uuid) AND CAST(:last AS uuid)
LIMIT 2
