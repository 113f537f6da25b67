-- The ledger's runs that tell of a background job's tries. Whose they are the policies say; follows idx_jobs_kind.
SELECT run_id
FROM ledger.jobs
WHERE kind = 'job' AND created_at BETWEEN :first AND :last AND project_spec ->> 'job_id' = :job
ORDER BY created_at, run_id
