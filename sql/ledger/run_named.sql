-- Runs whose id is this one, or begins with it where none is; two tell that the beginning is not enough.
SELECT run_id
FROM ledger.jobs
WHERE run_id = :wanted OR (length(:wanted) >= 4 AND starts_with(run_id, :wanted))
ORDER BY run_id <> :wanted
LIMIT 2
