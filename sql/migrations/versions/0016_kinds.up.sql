-- What kind of run each is, as its spec says, in a column of its own: reading it out of the spec is not leakproof, so
-- that under the policies no index could help, and who has many runs of other kinds would wait for all of them.
ALTER TABLE ledger.jobs ADD COLUMN IF NOT EXISTS kind text GENERATED ALWAYS AS (project_spec ->> 'kind') STORED;

-- An owner's runs of one kind from the newest on.
CREATE INDEX IF NOT EXISTS idx_jobs_kind ON ledger.jobs (owner_id, kind, created_at, run_id);
