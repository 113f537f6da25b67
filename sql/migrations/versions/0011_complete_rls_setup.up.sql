-- Document 002, 20241201000004: who may do what with the ledger. Safe to run again. docs/ledger.md has it as a table.

-- Whatever a server grants to everybody by default, on what is made here it is taken back first.
REVOKE ALL ON SCHEMA ledger FROM PUBLIC, anon, authenticated, service_role, ledger_keeper;
REVOKE ALL ON ALL TABLES IN SCHEMA ledger FROM PUBLIC, anon, authenticated, service_role, ledger_keeper;

-- Who asks: the subject of the claims, which a connection that acts for somebody sets for one transaction. Nobody, and
-- no error, for claims that are none, no longer hold, or are another role's. Catching errors is a subtransaction, which
-- parallel workers cannot begin: the function stays PARALLEL UNSAFE. Used as (SELECT ledger.caller()) it runs once a
-- statement and not once a row.
CREATE OR REPLACE FUNCTION ledger.caller() RETURNS uuid LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    claims jsonb;
    subject uuid;
BEGIN
    claims := nullif(current_setting('request.jwt.claims', true), '');
    IF coalesce(claims ->> 'role', 'authenticated') <> 'authenticated'
        OR to_timestamp((claims ->> 'exp')::float8) <= statement_timestamp() THEN
        RETURN NULL;
    END IF;
    subject := claims ->> 'sub';
    RETURN subject;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END
$$;

-- Ids and owners nobody gave. Whoever may not name a run cannot learn from a duplicate that there is one.
CREATE OR REPLACE FUNCTION ledger.complete_job() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    NEW.run_id := coalesce(NEW.run_id, gen_random_uuid()::text);
    NEW.owner_id := coalesce(NEW.owner_id, ledger.caller());
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION ledger.complete_part() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    NEW.owner_id := coalesce(NEW.owner_id, ledger.caller());
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER complete BEFORE INSERT ON ledger.jobs
    FOR EACH ROW EXECUTE FUNCTION ledger.complete_job();
CREATE OR REPLACE TRIGGER complete BEFORE INSERT ON ledger.job_events
    FOR EACH ROW EXECUTE FUNCTION ledger.complete_part();
CREATE OR REPLACE TRIGGER complete BEFORE INSERT ON ledger.artifacts
    FOR EACH ROW EXECUTE FUNCTION ledger.complete_part();

ALTER TABLE ledger.jobs ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.job_events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.artifacts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.prompts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

DO $$
DECLARE
    old record;
BEGIN
    FOR old IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'ledger' LOOP
        EXECUTE format('DROP POLICY %I ON ledger.%I', old.policyname, old.tablename);
    END LOOP;
END $$;

CREATE POLICY jobs_read ON ledger.jobs FOR SELECT TO authenticated
    USING (owner_id = (SELECT ledger.caller()));
CREATE POLICY jobs_create ON ledger.jobs FOR INSERT TO authenticated
    WITH CHECK (owner_id = (SELECT ledger.caller()));

-- A run that is not there and another owner's are refused alike: both are no run of the caller's.
CREATE POLICY job_events_read ON ledger.job_events FOR SELECT TO authenticated
    USING (owner_id = (SELECT ledger.caller()));
CREATE POLICY job_events_create ON ledger.job_events FOR INSERT TO authenticated
    WITH CHECK (
        owner_id = (SELECT ledger.caller())
        AND EXISTS (SELECT FROM ledger.jobs WHERE jobs.run_id = job_events.run_id AND jobs.owner_id = job_events.owner_id)
    );

CREATE POLICY artifacts_read ON ledger.artifacts FOR SELECT TO authenticated
    USING (owner_id = (SELECT ledger.caller()));
CREATE POLICY artifacts_create ON ledger.artifacts FOR INSERT TO authenticated
    WITH CHECK (
        owner_id = (SELECT ledger.caller())
        AND EXISTS (SELECT FROM ledger.jobs WHERE jobs.run_id = artifacts.run_id AND jobs.owner_id = artifacts.owner_id)
    );

CREATE POLICY prompts_read ON ledger.prompts FOR SELECT TO authenticated
    USING ((SELECT ledger.caller()) IS NOT NULL);

-- The service sees and does what its grants allow. It is told by who acts, not by whose rights somebody has: our own
-- role may act as the service and is not it.
CREATE POLICY jobs_service ON ledger.jobs TO service_role
    USING (current_user = 'service_role') WITH CHECK (current_user = 'service_role');
CREATE POLICY job_events_service ON ledger.job_events TO service_role
    USING (current_user = 'service_role') WITH CHECK (current_user = 'service_role');
CREATE POLICY artifacts_service ON ledger.artifacts TO service_role
    USING (current_user = 'service_role') WITH CHECK (current_user = 'service_role');
CREATE POLICY prompts_service ON ledger.prompts TO service_role
    USING (current_user = 'service_role') WITH CHECK (current_user = 'service_role');

-- Their owner's own statements find nothing, as anybody's do; a backup says what it is and reads everything.
CREATE POLICY jobs_backup ON ledger.jobs FOR SELECT TO CURRENT_USER
    USING (current_setting('ledger.backup', true) = 'on');
CREATE POLICY job_events_backup ON ledger.job_events FOR SELECT TO CURRENT_USER
    USING (current_setting('ledger.backup', true) = 'on');
CREATE POLICY artifacts_backup ON ledger.artifacts FOR SELECT TO CURRENT_USER
    USING (current_setting('ledger.backup', true) = 'on');
CREATE POLICY prompts_backup ON ledger.prompts FOR SELECT TO CURRENT_USER
    USING (current_setting('ledger.backup', true) = 'on');

REVOKE ALL ON FUNCTION ledger.caller(), ledger.complete_job(), ledger.complete_part()
    FROM PUBLIC, anon, authenticated, service_role, ledger_keeper;
GRANT USAGE ON SCHEMA ledger TO authenticated, service_role, ledger_keeper;
GRANT EXECUTE ON FUNCTION ledger.caller() TO authenticated, service_role;

GRANT SELECT ON ledger.jobs, ledger.job_events, ledger.artifacts, ledger.prompts TO authenticated;
GRANT INSERT (project_spec, owner_id) ON ledger.jobs TO authenticated;
GRANT INSERT (run_id, owner_id, bot_name, event_type, payload) ON ledger.job_events TO authenticated;
GRANT INSERT (run_id, owner_id, kind, url, meta) ON ledger.artifacts TO authenticated;

-- What was written of a run stays as it is; runs that are old enough go whole.
GRANT SELECT, INSERT, DELETE ON ledger.jobs, ledger.job_events, ledger.artifacts TO service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.prompts TO service_role;
