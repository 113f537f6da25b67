-- Document 002, 20241201000005: what became of a run, and the one way to say so. Safe to run again.

ALTER TABLE ledger.jobs
    ADD COLUMN IF NOT EXISTS status text NOT NULL DEFAULT 'pending',
    ADD COLUMN IF NOT EXISTS started_at timestamptz,
    ADD COLUMN IF NOT EXISTS completed_at timestamptz,
    ADD COLUMN IF NOT EXISTS error_message text,
    DROP CONSTRAINT IF EXISTS valid_status,
    ADD CONSTRAINT valid_status CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled'));

-- What has not ended is counted and looked after; there is little of it.
CREATE INDEX IF NOT EXISTS idx_jobs_open ON ledger.jobs (status, created_at) WHERE status IN ('pending', 'running');

-- An owner's runs that failed, were cancelled or have not ended, from the newest on: there is little of these too.
CREATE INDEX IF NOT EXISTS idx_jobs_status ON ledger.jobs (owner_id, status, created_at, run_id)
    WHERE status <> 'completed';

-- Runs that ended long ago go, those that ended first before others.
CREATE INDEX IF NOT EXISTS idx_jobs_ended ON ledger.jobs (completed_at) WHERE completed_at IS NOT NULL;

-- The keeper sees and changes runs' states for the two functions below, and nothing else.
DROP POLICY IF EXISTS jobs_keeper ON ledger.jobs;
CREATE POLICY jobs_keeper ON ledger.jobs TO ledger_keeper
    USING (current_user = 'ledger_keeper') WITH CHECK (current_user = 'ledger_keeper');
GRANT SELECT ON ledger.jobs TO ledger_keeper;
GRANT UPDATE (status, started_at, completed_at, error_message, updated_at) ON ledger.jobs TO ledger_keeper;

-- What works with more rights than its caller belongs to the keeper, who may make things here for this moment only.
GRANT CREATE ON SCHEMA ledger TO ledger_keeper;
SET ROLE ledger_keeper;
DROP FUNCTION IF EXISTS ledger.set_status(text, text, text);
DROP FUNCTION IF EXISTS ledger.refuse_ended() CASCADE;

-- Take a run from where it stands to "status"; whether it went. A run that has ended stays as it is: whoever comes late
-- is told false. Only the service may call it, and nobody can change a state otherwise.
CREATE FUNCTION ledger.set_status(run text, status text, error text DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    IF set_status.status NOT IN ('running', 'completed', 'failed', 'cancelled') THEN
        RAISE EXCEPTION 'a run does not become %; it becomes running, completed, failed or cancelled', set_status.status
            USING ERRCODE = 'check_violation';
    END IF;
    UPDATE ledger.jobs SET
        status = set_status.status,
        started_at = coalesce(jobs.started_at, CASE WHEN set_status.status = 'running' THEN clock_timestamp() END),
        completed_at = CASE WHEN set_status.status <> 'running' THEN clock_timestamp() END,
        error_message = set_status.error,
        updated_at = clock_timestamp()
    WHERE jobs.run_id = run
        AND jobs.status IN ('pending', 'running')
        AND jobs.status <> set_status.status;
    RETURN FOUND;
END
$$;

-- Nothing is added to a run that has ended. The row is locked against ending in between. It comes after the policies,
-- for a trigger before them would say of another owner's run that it has ended.
CREATE FUNCTION ledger.refuse_ended() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    PERFORM FROM ledger.jobs WHERE run_id = NEW.run_id AND status IN ('pending', 'running') FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'run % has ended; nothing is added to it', NEW.run_id
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    RETURN NULL;
END
$$;

RESET ROLE;
CREATE TRIGGER refuse_ended AFTER INSERT ON ledger.job_events
    FOR EACH ROW EXECUTE FUNCTION ledger.refuse_ended();
CREATE TRIGGER refuse_ended AFTER INSERT ON ledger.artifacts
    FOR EACH ROW EXECUTE FUNCTION ledger.refuse_ended();

-- Whoever could hang the latter on a table of their own would be told which runs have ended.
SET ROLE ledger_keeper;
REVOKE ALL ON FUNCTION ledger.set_status(text, text, text), ledger.refuse_ended()
    FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION ledger.set_status(text, text, text) TO service_role;
RESET ROLE;
REVOKE CREATE ON SCHEMA ledger FROM ledger_keeper;
