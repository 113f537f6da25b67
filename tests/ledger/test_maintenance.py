"""Runs that ended long ago go whole; what is young, pending or at work stays."""

import datetime as dt

import sqlalchemy as sa

from gamefactory_dagster.ledger import maintenance
from gamefactory_dagster.ledger.access import as_service
from gamefactory_dagster.ledger.recording import Made

from .callers import ANN
from .entered import enter, users

NOW = dt.datetime.now(dt.UTC)
INSERT = """
INSERT INTO ledger.jobs (run_id, owner_id, project_spec, status, created_at, completed_at)
VALUES (:run, :owner, '{}', :status, :ended, :ended)
"""


def days_ago(days: int) -> dt.datetime:
    return NOW - dt.timedelta(days=days)


def add_ended(engine: sa.Engine, days: int, status: str = "completed") -> None:
    with engine.begin() as connection, as_service(connection):
        row = {"run": f"{status} {days}", "owner": ANN, "status": status, "ended": days_ago(days)}
        connection.execute(sa.text(INSERT), row)


def left(engine: sa.Engine, table: str = "jobs") -> list[str]:
    with engine.begin() as connection, as_service(connection):
        return list(connection.scalars(sa.text(f"SELECT run_id FROM ledger.{table} ORDER BY 1")))


def test_the_longest_ended_go_first_in_bounded_batches(engine: sa.Engine) -> None:
    users(engine)
    for days in (3, 4, 5, 9, 10, 11, 12):
        add_ended(engine, days)
    before = days_ago(4) - dt.timedelta(hours=1)
    assert maintenance.prune_runs(engine, before, batch=2, batches=2) == 4
    assert left(engine) == ["completed 3", "completed 4", "completed 5"]
    assert maintenance.prune_runs(engine, before, batch=2, batches=2) == 1
    assert maintenance.prune_runs(engine, before) == 0
    assert left(engine) == ["completed 3", "completed 4"]


def test_whatever_has_not_ended_stays(engine: sa.Engine) -> None:
    users(engine)
    for status in ("pending", "running", "completed", "failed", "cancelled"):
        add_ended(engine, 400, status)
    assert maintenance.prune_runs(engine, days_ago(365)) == 3
    assert left(engine) == ["pending 400", "running 400"]


def test_a_run_goes_with_all_that_was_told_of_it(engine: sa.Engine) -> None:
    users(engine)
    made = [Made.of(b"x", "file", "file:///a.txt", "text/plain")]
    for run, status in (("old", "failed"), ("at work", None)):
        enter(engine, run, events=[("pearl", "note", {"message": "hm"})], made=made, status=status)
    assert maintenance.prune_runs(engine, NOW + dt.timedelta(days=1)) == 1
    assert {table: set(left(engine, table)) for table in ("jobs", "job_events", "artifacts")} == {
        "jobs": {"at work"}, "job_events": {"at work"}, "artifacts": {"at work"},
    }  # fmt: skip
