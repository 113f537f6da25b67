"""Each kind of orphan is found and nothing that lives is touched."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import UUID, uuid4

import psycopg
import pytest
import sqlalchemy as sa

from gamefactory_dagster.background import recovery
from gamefactory_dagster.background.recovery import AT_ONCE, CANCELLED
from gamefactory_dagster.background.service import Order
from gamefactory_dagster.database import databases, locks
from gamefactory_dagster.orchestration.runs import RunView

from .conftest import SORTS, Desk

LATER = sa.func.now() + timedelta(minutes=5)
LONG_AGO = sa.func.now() - timedelta(minutes=5)


def held(desk: Desk, *jobs: UUID, owner: str = "run 1", until=LONG_AGO, **columns) -> None:
    desk.change(
        *jobs, status="processing", lease_owner=owner, lease_epoch=1, lease_expires_at=until, **columns
    )


def test_nothing_is_done_where_all_is_well(desk: Desk):
    waiting, later = desk.enter(), desk.service.create_job("sample_task", delay=timedelta(hours=1)).id
    at_work = desk.enter()
    held(desk, at_work, until=LATER)
    desk.work(desk.enter(fails="no"), desk.enter())
    before = [desk.row(job) for job in (waiting, later, at_work)]
    messages = desk.messages()
    assert sum(desk.recover().done.values()) == 0
    assert [desk.row(job) for job in (waiting, later, at_work)] == before
    assert desk.messages() == messages and desk.board.given_up == []


def test_a_job_whose_worker_fell_silent_is_tried_again(desk: Desk):
    job = desk.enter()
    assert desk.read() == [job]
    held(desk, job)
    desk.board.put("run 1", "alive")
    desk.recover()
    row = desk.row(job)
    assert (row.status, row.retry_count, row.lease_owner, row.error_type) == (
        "processing", 1, None, "JobTimeoutError",
    )  # fmt: skip
    assert "run 1" in row.error_message
    assert desk.board.given_up == ["run 1"], "its place is free"
    desk.change(job, run_after=sa.func.now())
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE pgmq.q_job_queue SET vt = now()")
    assert desk.read() == [job]
    assert [outcome.state for outcome in desk.work(job)] == ["completed"]


def test_a_job_whose_workers_fell_silent_too_often_has_failed(desk: Desk):
    job = desk.enter()
    held(desk, job, retry_count=3)
    desk.recover()
    row = desk.row(job)
    assert (row.status, row.error_type, row.retry_count) == ("failed", "JobTimeoutError", 3)
    assert desk.all_messages() == [] and len(desk.messages(desk.queues.dead)) == 1


def test_a_heartbeat_keeps_a_job(desk: Desk):
    job = desk.enter()
    held(desk, job, until=LATER)
    before = desk.row(job)
    desk.recover()
    assert desk.row(job) == before


def view(state, run_id="run 1"):
    return RunView(run_id, state, 10.0)


SILENT = {
    "id": UUID(int=1),
    "lease_owner": "run 1",
    "lease_epoch": 4,
    "retry_count": 0,
    "cancel_requested_at": None,
}


@pytest.mark.parametrize(
    ("state", "changes", "next_", "charged", "error"),
    [
        ("gone", {}, "again", True, "JobTimeoutError"),
        ("alive", {}, "again", True, "JobTimeoutError"),
        ("failed", {}, "again", True, "JobTimeoutError"),
        ("alive", {"retry_count": 3}, "failed", True, "JobTimeoutError"),
        ("alive", {"job_type": "unknown"}, "failed", True, "JobTimeoutError"),
        ("cancelled", {}, "again", False, None),
        ("cancelled", {"retry_count": 3}, "again", False, None),
        ("cancelled", {"job_type": "heavy"}, "failed", True, "JobCancelledError"),
        ("gone", {"cancel_requested_at": "now"}, "failed", True, "JobCancelledError"),
    ],
)
def test_what_becomes_of_a_job_whose_worker_fell_silent(state, changes, next_, charged, error):
    row = SILENT | {"job_type": "sample_task"} | changes
    result = recovery._after_silence(row, view(state), SORTS)
    assert (result.job_id, result.owner, result.epoch) == (UUID(int=1), "run 1", 4)
    assert (result.verdict.next, result.charged) == (next_, charged)
    assert (result.failure.error_type if result.failure else None) == error


def test_a_run_in_whose_name_nobody_works_is_ended(desk: Desk):
    runs = [view("alive", "dead"), view("alive", "at work"), view("waiting", "queued")]
    runs = [RunView(run.run_id, run.state, 1000.0) for run in runs] + [view("alive", "young")]
    with databases.connect(desk.engine.url) as connection:
        locks.keep(connection, "at work")
        assert recovery.end_dead_runs(desk.engine, desk.settings, desk.board, runs) == 1
    assert desk.board.given_up == ["dead"]


@pytest.mark.parametrize("status", ["pending", "processing"])
def test_a_job_without_its_message_gets_one(desk: Desk, status):
    job = desk.enter()
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM pgmq.q_job_queue")
    desk.change(job, status=status)
    assert desk.read() == []
    assert desk.recover().done["messages sent again"] == 1
    assert desk.read() == [job]
    assert [outcome.state for outcome in desk.work(job)] == ["completed"]
    assert desk.all_messages() == []


def test_a_job_that_never_had_a_message_gets_one(desk: Desk):
    """As after a restored backup, or the way down and up again."""
    job = desk.enter()
    desk.change(job, message_id=None)
    desk.recover()
    assert desk.read() == [job], "by the new message, the old one is nobody's"
    assert len(desk.all_messages()) == 1


def test_a_job_in_a_queue_nobody_reads_is_moved_to_one_that_is(desk: Desk):
    job = desk.enter()
    desk.change(job, queue="forgotten")
    desk.recover()
    assert desk.row(job).queue == "job_queue" and desk.read() == [job]


def test_a_job_at_work_needs_no_message(desk: Desk):
    job = desk.enter()
    held(desk, job, until=LATER)
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM pgmq.q_job_queue")
    assert desk.recover().done["messages sent again"] == 0


@pytest.mark.parametrize(
    ("status", "error"), [("pending", "PendingTimeoutError"), ("processing", "JobTimeoutError")]
)
def test_a_job_nobody_took_up_for_too_long_has_failed(desk: Desk, status, error):
    job, young = desk.enter(), desk.enter()
    hours = desk.settings.job_patience_hours
    desk.change(job, run_after=sa.func.now() - timedelta(hours=hours, seconds=1), status=status)
    desk.change(young, run_after=sa.func.now() - timedelta(hours=hours) + timedelta(minutes=1), status=status)
    assert desk.recover().done["jobs given up"] == 1
    row = desk.row(job)
    assert (row.status, row.error_type) == ("failed", error)
    assert row.completed_at is not None and f"{hours:g} hours" in row.error_message
    assert desk.row(young).status == status
    assert desk.all_messages() == [str(young)]
    assert [found for found, _ in desk.messages(desk.queues.dead)] == [str(job)]


def test_one_that_is_due_long_after_it_was_entered_is_not_too_old(desk: Desk):
    job = desk.enter()
    desk.change(job, created_at=sa.func.now() - timedelta(days=30))
    desk.recover()
    assert desk.row(job).status == "pending"


def test_one_given_back_that_was_to_be_stopped_is_cancelled(desk: Desk):
    job = desk.enter()
    desk.change(job, status="processing", cancel_requested_at=sa.func.now())
    assert desk.read() == [] and desk.work(job) == []
    desk.recover()
    row = desk.row(job)
    assert (row.status, row.error_type, row.error_message) == (
        "failed", CANCELLED.error_type, CANCELLED.message,
    )  # fmt: skip
    assert desk.all_messages() == desk.messages(desk.queues.dead) == []


STRAYS = {
    "of no job": '{"job_id": "00000000-0000-4000-8000-00000000dead"}',
    "no id": '{"job_id": "x"}',
    "something else": '[1, "a"]',
    "empty": "{}",
    "number": '{"job_id": 5}',
}


@pytest.mark.parametrize("by", ["reading", "recovery"])
def test_messages_that_are_nobodys_are_archived_not_lost(desk: Desk, by):
    job = desk.enter()
    with desk.engine.begin() as connection:
        for text in [*STRAYS.values(), f'{{"job_id": "{job}"}}']:
            connection.execute(sa.text("SELECT pgmq.send('job_queue', CAST(:text AS jsonb))"), {"text": text})
    if by == "reading":
        assert desk.read() == [job]
    else:
        assert desk.recover().done["messages archived"] == len(STRAYS) + 1
    assert desk.all_messages() == [str(job)]
    with desk.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT count(*) FROM pgmq.a_job_queue").scalar()
    assert kept == len(STRAYS) + 1


def test_a_message_of_an_ended_job_is_archived(desk: Desk):
    job = desk.enter()
    number = desk.row(job).message_id
    desk.change(job, status="failed")
    assert desk.recover().done["messages archived"] == 1
    assert desk.all_messages() == [] and number


def test_a_dead_letter_whose_job_is_gone_is_archived(desk: Desk):
    jobs = [desk.enter(fails="no"), desk.enter(fails="no")]
    desk.work(*jobs)
    with desk.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM public.jobs WHERE id = :id"), {"id": jobs[0]})
    assert desk.recover().done["messages archived"] == 1
    assert [found for found, _ in desk.messages(desk.queues.dead)] == [str(jobs[1])]


def test_a_page_of_long_jobs_hides_none_behind_it(desk: Desk):
    count = AT_ONCE + 50
    long = [one.id for one in desk.service.create_jobs([Order("sample_task")] * count)]
    held(desk, *long, until=LATER)
    waiting = [one.id for one in desk.service.create_jobs([Order("sample_task")] * count)]
    silent = [one.id for one in desk.service.create_jobs([Order("sample_task")] * count)]
    held(desk, *silent, owner="run 2")
    lost = desk.enter()
    desk.change(lost, message_id=None)
    strays = desk.row(lost)
    done = desk.recover().done
    assert done["silent workers' jobs"] == count
    assert done["messages sent again"] == 1 and done["messages archived"] == 1
    assert {desk.row(job).lease_owner for job in long[::40]} == {"run 1"}
    assert {desk.row(job).retry_count for job in silent[::40]} == {1}
    assert {desk.row(job).status for job in waiting[::40]} == {"pending"} and strays


def test_eight_at_once_recover_each_once(desk: Desk):
    jobs = [one.id for one in desk.service.create_jobs([Order("sample_task")] * 60)]
    held(desk, *jobs[:30])
    desk.change(*jobs[30:], message_id=None)
    gate = Barrier(8)

    def recover():
        gate.wait()
        desk.recover()

    threads = [Thread(target=recover) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    desk.recover()
    assert {desk.row(job).retry_count for job in jobs[:30]} == {1}
    assert sorted(desk.all_messages()) == sorted(map(str, jobs)), "one each"
    assert all(desk.row(job).message_id for job in jobs)


def test_a_row_somebody_is_writing_is_passed_over(desk: Desk):
    busy, silent = desk.enter(), desk.enter()
    held(desk, busy, silent)
    with databases.connect(desk.engine.url) as other, other.transaction():
        other.execute("SELECT FROM public.jobs WHERE id = %s FOR UPDATE", [busy])
        desk.recover()
        assert (desk.row(silent).retry_count, desk.row(busy).retry_count) == (1, 0)
    desk.recover()
    assert desk.row(busy).retry_count == 1


def test_a_stage_that_fails_leaves_the_others_their_turn(desk: Desk, monkeypatch):
    job = desk.enter()
    desk.change(job, message_id=None)

    def away(*_):
        raise psycopg.OperationalError("away")

    held(desk, desk.enter())
    monkeypatch.setattr(desk.board, "by_id", away)
    done = recovery.recover(desk.engine, desk.settings, desk.board, SORTS)
    assert list(done.failed) == ["silent workers' jobs"] and done.done["messages sent again"] == 1


def test_owners_that_are_no_run_are_left_alone(desk: Desk):
    job = desk.enter()
    held(desk, job, owner=f"process_job:{uuid4()}")
    desk.recover()
    assert desk.row(job).retry_count == 1 and desk.board.given_up == []
