REVOKE ALL ON ALL TABLES IN SCHEMA ledger FROM authenticated, service_role;
REVOKE ALL ON SCHEMA ledger FROM authenticated, service_role, ledger_keeper;

DROP POLICY IF EXISTS jobs_read ON ledger.jobs;
DROP POLICY IF EXISTS jobs_create ON ledger.jobs;
DROP POLICY IF EXISTS jobs_service ON ledger.jobs;
DROP POLICY IF EXISTS jobs_backup ON ledger.jobs;
DROP POLICY IF EXISTS job_events_read ON ledger.job_events;
DROP POLICY IF EXISTS job_events_create ON ledger.job_events;
DROP POLICY IF EXISTS job_events_service ON ledger.job_events;
DROP POLICY IF EXISTS job_events_backup ON ledger.job_events;
DROP POLICY IF EXISTS artifacts_read ON ledger.artifacts;
DROP POLICY IF EXISTS artifacts_create ON ledger.artifacts;
DROP POLICY IF EXISTS artifacts_service ON ledger.artifacts;
DROP POLICY IF EXISTS artifacts_backup ON ledger.artifacts;
DROP POLICY IF EXISTS prompts_read ON ledger.prompts;
DROP POLICY IF EXISTS prompts_service ON ledger.prompts;
DROP POLICY IF EXISTS prompts_backup ON ledger.prompts;

ALTER TABLE ledger.jobs DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.job_events DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.artifacts DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.prompts DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;

DROP TRIGGER IF EXISTS complete ON ledger.jobs;
DROP TRIGGER IF EXISTS complete ON ledger.job_events;
DROP TRIGGER IF EXISTS complete ON ledger.artifacts;
DROP FUNCTION IF EXISTS ledger.complete_job();
DROP FUNCTION IF EXISTS ledger.complete_part();
DROP FUNCTION IF EXISTS ledger.caller();
