DROP TRIGGER IF EXISTS refuse_ended ON ledger.job_events;
DROP TRIGGER IF EXISTS refuse_ended ON ledger.artifacts;
SET ROLE ledger_keeper;
DROP FUNCTION IF EXISTS ledger.refuse_ended();
DROP FUNCTION IF EXISTS ledger.set_status(text, text, text);
RESET ROLE;
REVOKE ALL ON ledger.jobs FROM ledger_keeper;
DROP POLICY IF EXISTS jobs_keeper ON ledger.jobs;
ALTER TABLE ledger.jobs
    DROP COLUMN IF EXISTS status,
    DROP COLUMN IF EXISTS started_at,
    DROP COLUMN IF EXISTS completed_at,
    DROP COLUMN IF EXISTS error_message;
