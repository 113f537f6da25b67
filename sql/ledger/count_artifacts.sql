-- How much the caller's runs, or one of them, have made.
SELECT count(*) AS files, coalesce(sum(file_size), 0) AS bytes
FROM ledger.jobs JOIN ledger.artifacts USING (run_id)
WHERE CAST(:run AS text) IS NULL OR run_id = :run
