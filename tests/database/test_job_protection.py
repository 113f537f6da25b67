"""Who may see and do what with background jobs, and that ``gamefactory db verify`` names every weakening."""

import json
from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest

from gamefactory_dagster.database import databases, migrations
from gamefactory_dagster.settings import Settings
from tests.conftest import Database, superusers_url
from tests.ledger.callers import ANN, BEN, CALLERS, acting

LOCAL = UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture
def owner(database: Database) -> Iterator[psycopg.Connection]:
    """Our role, with a job of Ann's, one of Ben's and one of whoever works on this machine."""
    with databases.connect(database.engine.url) as connection:
        connection.execute("INSERT INTO auth.users (id) VALUES (%s), (%s)", [ANN, BEN])
        jobs = [{"job_type": "x", "user_id": str(user)} for user in (ANN, BEN, LOCAL)]
        connection.execute("SELECT public.enqueue_jobs(%s::jsonb)", [json.dumps(jobs)])
        yield connection


ATTEMPTS = {
    "read": "SELECT user_id FROM public.jobs ORDER BY 1",
    "insert": f"INSERT INTO public.jobs (job_type, user_id) VALUES ('x', '{ANN}')",
    "update": "UPDATE public.jobs SET job_parameters = '{}'",
    "change state": "UPDATE public.jobs SET status = 'failed'",
    "lock": "SELECT FROM public.jobs FOR UPDATE",
    "delete": "DELETE FROM public.jobs",
    "empty": "TRUNCATE public.jobs",
    "alter": "ALTER TABLE public.jobs DISABLE ROW LEVEL SECURITY",
    "enqueue": f"""SELECT public.enqueue_jobs('[{{"job_type": "x", "user_id": "{ANN}"}}]')""",
    "read messages": "SELECT FROM pgmq.q_job_queue",
    "read by function": "SELECT FROM pgmq.read('job_queue', 1, 1)",
}
SEEN = {"ann": [ANN], "ben": [BEN]}
SIGNED_IN = [name for name, caller in CALLERS.items() if caller.role == "authenticated"]


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_the_signed_in_see_their_own_and_nobody_else_does_anything(
    owner: psycopg.Connection, attempt: str
) -> None:
    state = "SELECT to_jsonb(jobs) FROM public.jobs ORDER BY id"
    before = owner.execute(state).fetchall()
    for name, caller in CALLERS.items():
        if caller.role is None:
            continue
        with acting(owner, caller):
            if attempt == "read" and caller.role == "authenticated":
                seen = [user for (user,) in owner.execute(ATTEMPTS[attempt].encode()).fetchall()]
                assert seen == SEEN.get(name, []), name
            else:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    owner.execute(ATTEMPTS[attempt].encode())
    assert owner.execute(state).fetchall() == before
    assert len(SIGNED_IN) > 10


def test_our_role_works_at_everybody_s_jobs_because_it_owns_the_table(owner: psycopg.Connection) -> None:
    """Security is not forced, other than the ledger's: workers and recovery are nobody's in particular."""
    found = owner.execute(
        "SELECT relrowsecurity, relforcerowsecurity, row_security_active(oid) FROM pg_class "
        "WHERE oid = 'public.jobs'::regclass AND relowner = current_user::regrole AND NOT (SELECT rolsuper "
        "FROM pg_roles WHERE rolname = current_user)"
    ).fetchall()
    assert found == [(True, False, False)]
    assert len(owner.execute(ATTEMPTS["read"].encode()).fetchall()) == 3


POLICY = "ALTER POLICY jobs_read ON public.jobs"
CHANGED = "policy jobs_read of public.jobs is missing or was changed"
SWITCHED_OFF = "trigger of public.jobs is missing or switched off"
FUNCTION = "missing, or its owner, SECURITY, volatility or search_path was changed"
ENTERING = f"function public.enqueue_jobs(jsonb) is {FUNCTION}"
CHECKING = f"function public.check_job_transition() is {FUNCTION}"

WEAKENED = {
    "ALTER TABLE public.jobs DISABLE ROW LEVEL SECURITY": "public.jobs lacks ROW LEVEL SECURITY",
    "DROP POLICY jobs_read ON public.jobs": CHANGED,
    f"{POLICY} USING (true)": CHANGED,
    f"{POLICY} USING (user_id = auth.uid())": CHANGED,
    f"{POLICY} TO PUBLIC": CHANGED,
    f"{POLICY} RENAME TO others": "policy others of public.jobs should not be",
    "CREATE POLICY more ON public.jobs USING (true)": "policy more of public.jobs should not be",
    "CREATE POLICY less ON public.jobs AS RESTRICTIVE USING (true)":
        "policy less of public.jobs should not be",
    "REVOKE SELECT ON public.jobs FROM authenticated": "authenticated may not SELECT on public.jobs",
    "GRANT SELECT ON public.jobs TO anon": "anon may SELECT on public.jobs",
    "GRANT DELETE ON public.jobs TO service_role": "service_role may DELETE on public.jobs",
    "GRANT TRUNCATE ON public.jobs TO PUBLIC": "PUBLIC may TRUNCATE on public.jobs",
    "GRANT UPDATE ON public.jobs TO authenticated": "authenticated may SELECT, UPDATE on public.jobs",
    "GRANT UPDATE (status) ON public.jobs TO authenticated":
        "authenticated may UPDATE on public.jobs (status)",
    "GRANT SELECT (id) ON public.jobs TO pg_monitor": "pg_monitor may SELECT on public.jobs (id)",
    "GRANT EXECUTE ON FUNCTION public.enqueue_jobs TO authenticated":
        "authenticated may EXECUTE on function public.enqueue_jobs(jsonb)",
    "GRANT EXECUTE ON FUNCTION public.check_job_transition TO PUBLIC":
        "PUBLIC may EXECUTE on function public.check_job_transition()",
    "GRANT SELECT ON pgmq.q_job_queue TO anon": "anon may SELECT on pgmq.q_job_queue",
    "GRANT DELETE ON pgmq.a_job_queue_dead TO PUBLIC": "PUBLIC may DELETE on pgmq.a_job_queue_dead",
    "DROP FUNCTION public.enqueue_jobs": ENTERING,
    "ALTER FUNCTION public.enqueue_jobs SECURITY DEFINER": ENTERING,
    "ALTER FUNCTION public.enqueue_jobs RESET search_path": ENTERING,
    "ALTER FUNCTION public.enqueue_jobs STABLE": ENTERING,
    "ALTER FUNCTION public.check_job_transition SECURITY DEFINER":
        CHECKING,
    "DROP FUNCTION public.check_job_transition CASCADE":
        CHECKING,
    "DROP TRIGGER jobs_transition ON public.jobs": SWITCHED_OFF,
    "ALTER TABLE public.jobs DISABLE TRIGGER jobs_transition": SWITCHED_OFF,
    "ALTER TABLE public.jobs ENABLE REPLICA TRIGGER jobs_transition":
        SWITCHED_OFF,
    "CREATE FUNCTION factory.check_job_transition() RETURNS trigger LANGUAGE plpgsql "
    "AS 'BEGIN RETURN NEW; END'; "
    "CREATE OR REPLACE TRIGGER jobs_transition BEFORE UPDATE OF status ON public.jobs FOR EACH ROW "
    "WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION factory.check_job_transition()":
        SWITCHED_OFF,
    "CREATE TRIGGER more BEFORE UPDATE ON public.jobs FOR EACH ROW "
    "EXECUTE FUNCTION public.check_job_transition()":
        "trigger of public.jobs should not be: CREATE TRIGGER more",
    "CREATE RULE nothing AS ON DELETE TO public.jobs DO INSTEAD NOTHING":
        "rule nothing of public.jobs should not be",
    "CREATE VIEW public.seen AS SELECT * FROM public.jobs": "view public.seen reads with its owner's rights",
    "CREATE MATERIALIZED VIEW factory.seen AS SELECT * FROM public.jobs":
        "view factory.seen reads with its owner's rights",
    "SELECT pgmq.drop_queue('job_queue_low')": "queue job_queue_low is missing",
    "DROP TABLE pgmq.a_job_queue": "queue job_queue is missing, or its archive",
    "DROP FUNCTION pgmq.delete(text, bigint[])": "schema pgmq lacks delete(text,bigint[])",
    "ALTER TABLE public.jobs DROP CONSTRAINT jobs_status": "missing constraint jobs.jobs_status",
    "DROP INDEX public.jobs_unique_idx": "missing index jobs.jobs_unique_idx",
    "ALTER TABLE public.jobs ALTER queue SET DEFAULT 'x'": "missing column jobs.queue",
    "ALTER TABLE public.jobs DROP CONSTRAINT jobs_user_id_fkey": "missing constraint jobs.jobs_user_id_fkey",
}  # fmt: skip


def test_every_weakening_is_named(database: Database) -> None:
    """Each in a transaction of its own that is rolled back: one database does for all."""
    with database.engine.connect() as connection:
        for statement, named in WEAKENED.items():
            with connection.begin() as work:
                connection.exec_driver_sql(statement)
                problems = migrations.faults(connection)
                work.rollback()
            assert any(problem.startswith(named) for problem in problems), (statement, problems)
        assert migrations.faults(connection) == []


BY_A_SUPERUSER = {
    "ALTER TABLE public.jobs DISABLE TRIGGER ALL":
        "a trigger by which constraint jobs_user_id_fkey of public.jobs is kept is switched off",
    "ALTER FUNCTION public.check_job_transition OWNER TO postgres":
        CHECKING,
}  # fmt: skip


@pytest.mark.parametrize("statement", BY_A_SUPERUSER)
def test_so_is_what_only_a_superuser_can_do(server: Settings, database: Database, statement: str) -> None:
    with databases.connect(superusers_url(server, str(database.engine.url.database))) as superuser:
        superuser.execute(statement.encode())
    assert BY_A_SUPERUSER[statement] in migrations.verify(database.settings)


def test_a_view_that_reads_in_the_caller_s_name_is_fine(
    database: Database, owner: psycopg.Connection
) -> None:
    owner.execute(
        "CREATE VIEW public.mine WITH (security_invoker) AS SELECT * FROM public.jobs; "
        "GRANT SELECT ON public.mine TO authenticated"
    )
    assert migrations.verify(database.settings) == []
    with acting(owner, CALLERS["ann"]):
        assert owner.execute("SELECT user_id FROM public.mine").fetchall() == [(ANN,)]
