"""Which runs the sensor asks for."""

from uuid import UUID

import pytest
import sqlalchemy as sa

from gamefactory_dagster.background import dispatch
from gamefactory_dagster.background.dispatch import JOBS_PER_RUN, share_out
from gamefactory_dagster.background.reader import Due, Reader
from gamefactory_dagster.background.service import Order

from .conftest import SORTS, Desk


def due(*types: str, queue: str = "job_queue") -> list[Due]:
    return [Due(UUID(int=number), name, queue, number, 1) for number, name in enumerate(types, start=1)]


def test_small_jobs_share_a_run_and_heavy_ones_have_one_each():
    runs, left = share_out(due("sample_task", "heavy", "sample_task", "heavy"), SORTS, 2, 1)
    assert [run.config["jobs"] for run in runs] == [
        [str(UUID(int=1)), str(UUID(int=3))],
        [str(UUID(int=2))],
    ]
    assert [one.message_id for one in left] == [4]
    assert [run.tags[dispatch.SHARE_TAG] for run in runs] == ["shared", "alone"]
    assert [run.run_key for run in runs] == ["job_queue:1:1", "job_queue:2:1"]


@pytest.mark.parametrize(("shared", "expected"), [(0, []), (1, [500]), (2, [500, 500]), (3, [500, 500, 1])])
def test_a_run_has_so_many_at_most(shared, expected):
    runs, left = share_out(due(*["sample_task"] * 1001), SORTS, shared, 1)
    assert JOBS_PER_RUN == 500
    assert [len(run.config["jobs"]) for run in runs] == expected
    assert len(left) == 1001 - sum(expected)


def test_negative_room_is_none():
    runs, left = share_out(due("sample_task", "heavy"), SORTS, -1, -2)
    assert runs == [] and len(left) == 2


def test_what_has_priority_is_started_before_others():
    [run], _ = share_out(due("sample_task", queue="job_queue_high"), SORTS, 1, 1)
    [other], _ = share_out(due("sample_task"), SORTS, 1, 1)
    assert int(run.tags["dagster/priority"]) > 0 and "dagster/priority" not in other.tags


def ask(desk: Desk, shared: int = 2, alone: int = 1):
    return dispatch.wanted_runs(desk.engine, desk.settings, SORTS, shared, alone)


def test_each_job_is_asked_for_once(desk: Desk):
    jobs = [desk.enter() for _ in range(3)]
    [run] = ask(desk)
    assert run.config["jobs"] == [str(job) for job in jobs]
    assert ask(desk) == ()


def test_a_run_that_never_starts_loses_nothing(desk: Desk):
    job = desk.enter()
    [first] = ask(desk)
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE pgmq.q_job_queue SET vt = now()")  # its time is over
    [second] = ask(desk)
    assert second.config["jobs"] == [str(job)]
    assert second.run_key != first.run_key, "Dagster would not start it again"


def test_heavy_jobs_in_front_hide_no_small_one(desk: Desk):
    desk.service.create_jobs([Order("heavy")] * (JOBS_PER_RUN + 20))
    small = desk.enter()
    runs = ask(desk)
    assert [run.tags[dispatch.SHARE_TAG] for run in runs] == ["shared", "alone"]
    assert runs[0].config["jobs"] == [str(small)]
    late = desk.enter()
    [run] = ask(desk, alone=0)
    assert run.config["jobs"] == [str(late)]


def test_without_room_nothing_is_read(desk: Desk):
    job = desk.enter()
    assert ask(desk, 0, 0) == () and ask(desk, -1, 0) == ()
    assert desk.read() == [job]


def test_what_is_at_work_or_not_due_is_not_asked_for(desk: Desk):
    at_work, later, ended = desk.enter(), desk.enter(), desk.enter()
    desk.change(
        at_work, status="processing", lease_owner="run", lease_expires_at=sa.text("now() + interval '1 h'")
    )
    desk.change(later, run_after=sa.text("now() + interval '1 h'"))
    desk.change(ended, status="failed")
    assert ask(desk) == ()
    with desk.engine.connect() as connection:
        seen = connection.exec_driver_sql("SELECT count(*) FROM pgmq.q_job_queue WHERE vt <= now()").scalar()
    assert seen == 0, "and none is read again and again"


def test_a_tick_recovers_and_asks(desk: Desk):
    silent, new = desk.enter(), desk.enter()
    desk.read()
    desk.change(
        silent, status="processing", lease_owner="run", lease_expires_at=sa.text("now() - interval '1 h'")
    )
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE pgmq.q_job_queue SET vt = now()")
    done = dispatch.tick(desk.engine, desk.settings, desk.board, SORTS, 0, 0)
    assert done.done["silent workers' jobs"] == 1
    assert [run.config["jobs"] for run in done.wanted] == [[str(new)]]


def test_a_reader_sees_what_came_late_behind_where_it_has_come_to(desk: Desk, monkeypatch):
    """A transaction that takes its time commits a message that was due before others that are read."""
    reader = Reader(desk.queues)

    def read() -> list[UUID]:
        with desk.engine.begin() as connection:
            return [one.job_id for one in reader.read(connection, 10, 60)]

    with desk.engine.begin() as slow:
        late = desk.service.create_job("sample_task", connection=slow).id
        early = desk.enter()
        assert read() == [early]
    new = desk.enter()
    assert read() == [new], "it looks only at what has become due since"
    monkeypatch.setattr("gamefactory_dagster.background.reader.monotonic", lambda: 1e9)
    assert read() == [late], "but now and then at all"


def test_a_reader_looks_at_all_more_seldom_where_that_takes_long(desk: Desk, monkeypatch):
    """As it does while a transaction is held open; a twentieth of its time may go into that."""
    reader, clock = Reader(desk.queues), 0.0

    def read(at: float) -> list[UUID]:
        nonlocal clock
        clock = at
        with desk.engine.begin() as connection:
            return [one.job_id for one in reader.read(connection, 10, 60)]

    def passing() -> float:
        nonlocal clock
        clock += 2.0
        return clock

    monkeypatch.setattr("gamefactory_dagster.background.reader.monotonic", passing)
    with desk.engine.begin() as slow:
        late = desk.service.create_job("sample_task", connection=slow).id
        early = desk.enter()
        assert read(0.0) == [early]
    assert read(41.0) == []
    assert read(42.0) == [late]
