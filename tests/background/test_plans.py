"""What people see of jobs follows the indexes, however many have ended."""

import datetime as dt

import sqlalchemy as sa

from gamefactory_dagster.ledger.access import as_service, owners_view
from tests.ledger.callers import ANN, BEN
from tests.ledger.entered import users
from tests.ledger.test_plans import FILL as RUNS
from tests.ledger.test_plans import explained, scans

FILL = """
INSERT INTO public.jobs (job_type, user_id, status, created_at, completed_at, lease_expires_at)
SELECT
    CASE WHEN number % 1000 = 0 THEN 'prune_history' ELSE 'sample_task' END,
    CASE WHEN number % 2 = 0 THEN CAST(:ann AS uuid) ELSE CAST(:ben AS uuid) END,
    CASE WHEN number <= 100 THEN 'pending' WHEN number % 500 = 0 THEN 'failed' ELSE 'completed' END,
    moment, CASE WHEN number > 100 THEN moment END, NULL
FROM (
    SELECT number, now() - number * interval '1 minute' AS moment FROM generate_series(1, 100000) AS number
) AS given
"""
FIRST = {
    "moment": "infinity",
    "id": str(ANN),
    "limit": 51,
    "status": None,
    "type": None,
    "dead": False,
    "ids": None,
}
MONTH_AGO = str(dt.datetime.now(dt.UTC) - dt.timedelta(days=30))
PAGES = [{}, {"moment": MONTH_AGO}, {"type": "sample_task"}, {"status": "completed"}]
RARE = [{"status": "failed"}, {"status": "pending"}, {"status": "processing"}, {"dead": True}]
DAY = {"first": "2100-01-01", "step": dt.timedelta(minutes=10)}


def test_it_follows_the_indexes(engine):
    """By a hundred open jobs, and by a hundred thousand of two owners that have ended."""
    users(engine)
    with engine.begin() as connection:
        connection.execute(sa.text(FILL), {"ann": ANN, "ben": BEN})
        connection.exec_driver_sql("ANALYZE public.jobs")
    with owners_view(engine, ANN) as connection:
        for asked in PAGES:
            assert ways(connection, "jobs", FIRST | asked) == {"jobs_newest_idx"}, asked
        assert ways(connection, "jobs", FIRST | {"ids": [ANN, BEN]}) == {"jobs_pkey"}
        for asked in RARE:
            assert "Seq Scan" not in ways(connection, "jobs", FIRST | asked), asked
        assert ways(connection, "job_named", {"first": str(ANN), "last": str(BEN)}) == {"jobs_pkey"}
        assert "Seq Scan" not in ways(connection, "counts", {})
    with engine.connect() as connection:
        for statement, asked in (("unended", {}), ("ended", {}), ("day", DAY)):
            assert "Seq Scan" not in ways(connection, statement, asked), statement


def test_a_job_s_runs_are_found_among_all_of_the_ledger(engine):
    users(engine)
    with engine.begin() as connection:
        with as_service(connection):
            connection.execute(sa.text(RUNS), {"owner": ANN})
        connection.exec_driver_sql("ANALYZE ledger.jobs")
    asked = {"job": str(ANN), "first": MONTH_AGO, "last": "infinity"}
    with owners_view(engine, ANN) as connection:
        assert ways(connection, "runs", asked) == {"idx_jobs_kind"}


def ways(connection, statement, asked):
    found = {way for _, way in scans(explained(connection, f"background/{statement}", asked))}
    assert found
    return found
