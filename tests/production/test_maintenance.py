"""Old runs and log lines go; what is at work, young, or the last to have computed a partition stays."""

import datetime as dt

import dagster as dg
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from gamefactory_dagster.ledger.access import as_service
from gamefactory_dagster.orchestration.defs import Factory
from gamefactory_dagster.production import maintenance
from gamefactory_dagster.production.defs import InstanceHistory, maintenance_job, nightly_maintenance
from gamefactory_dagster.settings import LOCAL_USER
from tests import factory_rows

NOW = dt.datetime.now(dt.UTC)


class History:
    """A run history in memory."""

    def __init__(self, ended: list[str], newest: set[str]) -> None:
        self.runs = list(ended)
        self._newest = newest

    def ended_before(self, moment):
        yield from list(self.runs)

    def newest(self):
        return self._newest

    def delete(self, run_id):
        self.runs.remove(run_id)

    def forget_ticks(self, idle_before, before):
        pass


@given(
    st.lists(st.text("abc", min_size=1), unique=True), st.sets(st.text("abc", min_size=1)), st.integers(0, 5)
)
def test_runs_go_oldest_first_up_to_the_limit(ended, newest, limit) -> None:
    history = History(ended, newest)
    deleted, kept = maintenance.prune_runs(history, NOW, limit)
    free = [run for run in ended if run not in newest]
    assert deleted == min(limit, len(free))
    assert set(ended) - set(history.runs) == set(free[:limit])
    assert kept <= len(newest)


def materialize(instance, *partitions):
    """One run for each; returns their ids, oldest first."""

    @dg.asset(partitions_def=dg.StaticPartitionsDefinition(["a", "b"]))
    def table() -> None:
        """Nothing."""

    return [dg.materialize([table], instance=instance, partition_key=key).run_id for key in partitions]


def later() -> dt.datetime:
    return dt.datetime.now(dt.UTC) + dt.timedelta(days=1)


def runs(instance) -> set[str]:
    return {run.run_id for run in instance.get_runs()}


@pytest.mark.parametrize("page", [1, 2, 100])
def test_the_newest_run_of_each_partition_stays(instance, page) -> None:
    first, second, third = materialize(instance, "a", "b", "a")
    assert maintenance.prune_runs(InstanceHistory(instance, page), later()) == (1, 2)
    assert runs(instance) == {second, third}
    assert not instance.all_logs(first), "its events are gone with it"
    table = dg.AssetKey("table")
    assert {record.partition_key for record in instance.fetch_materializations(table, limit=9).records} == {
        "a",
        "b",
    }
    assert maintenance.prune_runs(InstanceHistory(instance, page), later()) == (0, 2)


@dg.job
def quick() -> None:
    """No ops: a run with nothing but its own events."""


@pytest.mark.parametrize("page", [1, 2, 100])
def test_every_old_run_is_found_however_many_pages(instance, page) -> None:
    for _ in range(5):
        quick.execute_in_process(instance=instance)
    history = InstanceHistory(instance, page)
    assert maintenance.prune_runs(history, later(), 3) == (3, 0)
    assert maintenance.prune_runs(history, later()) == (2, 0)
    assert runs(instance) == set()


def test_young_and_unfinished_runs_stay(instance) -> None:
    done = quick.execute_in_process(instance=instance).run_id
    waiting = [
        instance.create_run_for_job(quick, status=status).run_id
        for status in (
            dg.DagsterRunStatus.STARTED,
            dg.DagsterRunStatus.CANCELING,
            dg.DagsterRunStatus.NOT_STARTED,
        )
    ]
    assert maintenance.prune_runs(InstanceHistory(instance), NOW - dt.timedelta(days=1)) == (0, 0)
    assert maintenance.prune_runs(InstanceHistory(instance), later()) == (1, 0)
    assert runs(instance) == set(waiting)
    assert done not in runs(instance)


def add_logs(engine, *ages_in_days):
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO generation_logs (log_type, message, created_at)"
                " VALUES ('test', 'x', now() - make_interval(days => :age))"
            ),
            [{"age": age} for age in ages_in_days],
        )


def log_ages(engine):
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT extract(day FROM now() - created_at) FROM generation_logs ORDER BY 1")
        )
        return [int(age) for (age,) in rows]


def test_old_log_lines_go_in_bounded_batches(engine) -> None:
    add_logs(engine, *range(10))
    before = NOW - dt.timedelta(days=3, hours=12)
    assert maintenance.prune_logs(engine, before, batch=2, batches=2) == 4
    assert log_ages(engine) == [0, 1, 2, 3, 4, 5], "the oldest went first"
    assert maintenance.prune_logs(engine, before, batch=2, batches=9) == 2
    assert maintenance.prune_logs(engine, before) == 0
    assert log_ages(engine) == [0, 1, 2, 3]


def test_the_job_reports_what_it_removed(engine, settings, instance) -> None:
    add_logs(engine, 1, 400)
    add_claims(engine, 1, 400)
    for age, at_work in ((364, False), (366, False), (367, True)):
        end_run(engine, str(age), age, at_work=at_work)
    old = quick.execute_in_process(instance=instance).run_id
    resources = {"factory": Factory(engine, settings)}
    result = maintenance_job.execute_in_process(instance=instance, resources=resources)
    [output] = result.filter_events(lambda event: event.is_successful_output)
    shown = {key: value.value for key, value in output.step_output_data.metadata.items()}
    assert shown == {
        "runs deleted": 0, "old runs kept": 0, "log lines deleted": 1, "claims of addresses deleted": 1,
        "runs of the ledger deleted": 1,
    }  # fmt: skip
    assert old in runs(instance)
    assert log_ages(engine) == [1]
    assert ledger_runs(engine) == {"364", "367", result.run_id}
    kept = factory_rows.scalar(engine, "SELECT received_on FROM collector_claims")
    assert kept == NOW.date() - dt.timedelta(days=1)


def end_run(engine, run, age_in_days, *, at_work):
    """A run of the ledger that ended, or one that began then and is at work."""
    with engine.begin() as connection, as_service(connection):
        connection.execute(
            sa.text(
                "INSERT INTO ledger.jobs (run_id, owner_id, project_spec, status, started_at, completed_at)"
                " SELECT :run, :owner, '{}', CASE WHEN :at_work THEN 'running' ELSE 'failed' END, moment,"
                " CASE WHEN NOT :at_work THEN moment END"
                " FROM (SELECT now() - make_interval(days => :age) AS moment)"
            ),
            {"run": run, "owner": LOCAL_USER, "at_work": at_work, "age": age_in_days},
        )


def ledger_runs(engine):
    with engine.begin() as connection, as_service(connection):
        return set(connection.scalars(sa.text("SELECT run_id FROM ledger.jobs")))


def add_claims(engine, *ages_in_days):
    game = factory_rows.add_game(engine)
    for age in ages_in_days:
        received = NOW.date() - dt.timedelta(days=age)
        claim = {"game_id": game, "address": b"x", "received_on": received, "origin": game}
        factory_rows.insert(engine, "collector_claims", **claim)


def test_it_runs_every_night() -> None:
    assert nightly_maintenance.default_status is dg.DefaultScheduleStatus.RUNNING
    assert nightly_maintenance.cron_schedule == "30 3 * * *"
