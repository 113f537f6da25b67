-- What runs made, run after run from the newest on, after a key; of one run where one is named. The first comparison
-- repeats the second's beginning: it is what the index can follow.
SELECT
    artifacts.id, run_id, artifacts.kind, url, meta, artifacts.created_at, file_size, content_type, checksum,
    jobs.created_at AS run_created_at
FROM ledger.jobs JOIN ledger.artifacts USING (run_id)
WHERE (CAST(:run AS text) IS NULL OR run_id = :run)
    AND (jobs.created_at, run_id) <= (CAST(:run_moment AS timestamptz), :after_run)
    AND (
        (jobs.created_at, run_id) < (CAST(:run_moment AS timestamptz), :after_run)
        OR (artifacts.created_at, artifacts.id) > (CAST(:moment AS timestamptz), CAST(:id AS uuid))
    )
ORDER BY jobs.created_at DESC, run_id DESC, artifacts.created_at, artifacts.id
LIMIT :limit
