-- A run enters the ledger, pending; nothing where it is there already. Its primary key says whether it is.
INSERT INTO ledger.jobs (run_id, owner_id, project_spec, created_at)
VALUES (:run, :owner, CAST(:spec AS jsonb), clock_timestamp())
ON CONFLICT (run_id) DO NOTHING
