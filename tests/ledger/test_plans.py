"""Pages follow their indexes, under the policies, however many runs an owner has."""

import json
from typing import Any

import pytest
import sqlalchemy as sa

from gamefactory_dagster.database.sql import load
from gamefactory_dagster.ledger.access import as_service, owners_view

from .callers import ANN
from .entered import users

FILL = """
INSERT INTO ledger.jobs (run_id, owner_id, project_spec, status, created_at, completed_at)
SELECT
    'run ' || number, :owner,
    jsonb_build_object('kind', CASE WHEN number % 700 = 0 THEN 'report' ELSE 'game' END),
    CASE WHEN number % 500 = 0 THEN 'failed' ELSE 'completed' END, moment, moment
FROM (
    SELECT number, now() - number * interval '1 minute' AS moment FROM generate_series(1, 5000) AS number
) AS given
"""
FIRST = {"moment": "infinity", "id": "", "limit": 51, "status": None, "kind": None}
PART = {"run": "run 7", "moment": "-infinity", "id": "00000000-0000-4000-8000-000000000000", "limit": 1001}


@pytest.fixture
def filled(engine: sa.Engine) -> sa.Engine:
    users(engine)
    with engine.begin() as connection:
        with as_service(connection):
            connection.execute(sa.text(FILL), {"owner": ANN})
        connection.exec_driver_sql("ANALYZE ledger.jobs")
    return engine


def scans(plan: dict[str, Any]) -> list[tuple[str, str]]:
    """How each table is read, and by which index."""
    here = (
        [(plan["Relation Name"], plan.get("Index Name", plan["Node Type"]))]
        if "Relation Name" in plan
        else []
    )
    return [*here, *(scan for part in plan.get("Plans", ()) for scan in scans(part))]


def explained(connection: sa.Connection, statement: str, asked: dict[str, Any]) -> dict[str, Any]:
    found = connection.execute(
        sa.text(f"EXPLAIN (ANALYZE, FORMAT JSON) {load(statement)}"), asked
    ).scalar_one()
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


@pytest.mark.parametrize(
    ("statement", "asked", "index"),
    [
        ("ledger/runs", FIRST, "idx_jobs_owner"),
        ("ledger/runs", FIRST | {"moment": "2000-01-01"}, "idx_jobs_owner"),
        ("ledger/runs", FIRST | {"status": "failed"}, "idx_jobs_status"),
        ("ledger/runs", FIRST | {"kind": "report"}, "idx_jobs_kind"),
        ("ledger/runs", FIRST | {"kind": "archive"}, "idx_jobs_kind"),
        ("ledger/events", PART, "idx_job_events_run"),
        ("ledger/artifacts", PART, "idx_artifacts_run"),
    ],
)
def test_an_owners_page_follows_its_index(
    filled: sa.Engine, statement: str, asked: dict[str, Any], index: str
) -> None:
    with owners_view(filled, ANN) as connection:
        [(_, found)] = scans(explained(connection, statement, asked))
    assert found == index


def test_old_runs_are_found_by_when_they_ended(filled: sa.Engine) -> None:
    with filled.begin() as connection, as_service(connection):
        asked = {"before": "2000-01-01", "limit": 200}
        assert ("jobs", "idx_jobs_ended") in scans(explained(connection, "ledger/delete_runs", asked))
