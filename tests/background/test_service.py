"""Entering jobs and telling their fate."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from gamefactory_dagster.background.queue import JOBS
from gamefactory_dagster.background.service import LONGEST_DELAY, MOST_ORDERS, JobQueueService, Order
from gamefactory_dagster.database.tables.ledger import User
from gamefactory_dagster.errors import IllegalTransitionError, InputError, PermanentError
from gamefactory_dagster.settings import LOCAL_USER

from .conftest import Desk


def test_a_job_and_its_message_are_entered_together(desk: Desk):
    entered = desk.service.create_job("sample_task", {"text": "a"})
    row = desk.row(entered.id)
    assert entered.is_new
    assert (row.job_type, row.status, row.user_id, row.retry_count) == (
        "sample_task",
        "pending",
        LOCAL_USER,
        0,
    )
    assert row.job_parameters["text"] == "a" and row.job_parameters["seconds"] == 0
    assert desk.messages() == [(str(entered.id), row.message_id)]
    with desk.engine.connect() as connection:
        message = connection.exec_driver_sql("SELECT message FROM pgmq.q_job_queue").scalar_one()
    assert message == {
        "job_id": str(entered.id),
        "job_type": "sample_task",
        "user_id": str(LOCAL_USER),
        "job_parameters": row.job_parameters,
    }


def test_neither_is_there_when_the_callers_transaction_fails(desk: Desk):
    with pytest.raises(ZeroDivisionError), desk.engine.begin() as connection:
        desk.service.create_job("sample_task", connection=connection)
        raise ZeroDivisionError
    assert desk.all_messages() == []
    with desk.engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(JOBS)) == 0


def test_one_order_that_will_not_do_refuses_all(desk: Desk):
    with pytest.raises(InputError, match=r"job_parameters\.seconds"):
        desk.service.create_jobs([Order("sample_task"), Order("sample_task", {"seconds": -1})])
    assert desk.all_messages() == []


@pytest.mark.parametrize(
    ("field", "order"),
    [
        ("priority", Order("sample_task", priority="urgent")),  # type: ignore[arg-type]
        ("delay", Order("sample_task", delay=timedelta(seconds=-1))),
        ("delay", Order("sample_task", delay=LONGEST_DELAY + timedelta(seconds=1))),
        ("unique_key", Order("sample_task", unique_key="")),
        ("unique_key", Order("sample_task", unique_key="a" * 201)),
        ("unique_key", Order("sample_task", unique_key="a\nb")),
        ("user", Order("sample_task", user_id=UUID(int=7))),
        ("job_type", Order("sample")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_asked_for_must_be_possible(desk: Desk, field, order):
    with pytest.raises(InputError) as caught:
        desk.service.create_jobs([order])
    assert caught.value.field == field


def test_orders_are_bounded(desk: Desk):
    with pytest.raises(InputError, match="orders"):
        desk.service.create_jobs([Order("sample_task")] * (MOST_ORDERS + 1))
    assert desk.service.create_jobs([]) == []


def test_ids_come_in_the_order_of_the_orders(desk: Desk):
    orders = [
        Order("sample_task", {"text": str(number)}, priority=("high", "normal", "low")[number % 3])  # type: ignore[arg-type]
        for number in range(30)
    ]
    entered = desk.service.create_jobs(orders)
    assert [desk.row(one.id).job_parameters["text"] for one in entered] == [str(n) for n in range(30)]
    assert [len(desk.messages(name)) for name in desk.queues.waiting] == [10, 10, 10]


def test_jobs_are_read_by_priority_and_then_in_order(desk: Desk):
    ids = {
        name: desk.service.create_job("sample_task", priority=name).id for name in ("low", "normal", "high")
    }
    second = desk.service.create_job("sample_task", priority="high").id
    assert desk.read() == [ids["high"], second, ids["normal"], ids["low"]]
    assert desk.read() == [], "out of sight"


def test_a_job_with_a_delay_is_not_read_before(desk: Desk):
    job = desk.service.create_job("sample_task", delay=timedelta(minutes=10)).id
    assert desk.read() == []
    assert desk.work(job) == []
    desk.change(job, run_after=sa.func.now())
    assert [outcome.state for outcome in desk.work(job)] == ["completed"]


def test_the_same_job_is_skipped_while_it_waits_or_is_at_work(desk: Desk):
    first = desk.service.create_job("sample_task", {"text": "a"}, unique_key="k")
    again = desk.service.create_job("sample_task", {"text": "b"}, unique_key="k")
    assert (again.id, again.is_new) == (first.id, False)
    assert desk.row(first.id).job_parameters["text"] == "a"
    other = desk.service.create_job("recompute_weights", unique_key="k")
    assert other.is_new, "of another type"
    desk.change(first.id, status="processing")
    assert desk.service.create_job("sample_task", unique_key="k").id == first.id
    assert len(desk.all_messages()) == 2, "no message more"
    desk.work(first.id)
    assert desk.service.create_job("sample_task", unique_key="k").is_new


def test_the_same_job_is_replaced_while_it_waits(desk: Desk):
    first = desk.service.create_job("sample_task", {"text": "a"}, unique_key="k")
    second = desk.service.create_job("sample_task", {"text": "b"}, unique_key="k", on_conflict="replace")
    assert second.is_new
    old = desk.row(first.id)
    assert (old.status, old.error_type) == ("failed", "JobCancelledError")
    assert str(second.id) in old.error_message
    assert desk.all_messages() == [str(second.id)]


def test_the_same_job_at_work_is_not_replaced(desk: Desk):
    first = desk.service.create_job("sample_task", unique_key="k")
    desk.change(first.id, status="processing", lease_owner="somebody", lease_expires_at=sa.func.now())
    second = desk.service.create_job("sample_task", unique_key="k", on_conflict="replace")
    assert (second.id, second.is_new) == (first.id, False)


def test_the_same_job_twice_in_one_call(desk: Desk):
    one, two = desk.service.create_jobs([Order("sample_task", unique_key="k")] * 2)
    assert (one.is_new, two.is_new, two.id) == (True, False, one.id)
    assert len(desk.all_messages()) == 1


def test_the_same_job_by_eight_at_once_is_entered_once(desk: Desk):
    gate, found = Barrier(8), []

    def enter():
        gate.wait()
        found.append(desk.service.create_job("sample_task", unique_key="k"))

    threads = [Thread(target=enter) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one.id for one in found}) == 1 and sum(one.is_new for one in found) == 1
    assert len(desk.all_messages()) == 1


def test_a_user_may_have_so_many_that_have_not_ended(desk: Desk):
    settings = desk.settings.model_copy(update={"jobs_per_user": 3})
    service = JobQueueService(desk.engine, settings)
    first, *_ = service.create_jobs([Order("sample_task")] * 3)
    with pytest.raises(InputError, match="at most 3 jobs"):
        service.create_job("sample_task")
    somebody = uuid4()
    with desk.engine.begin() as connection:
        connection.execute(sa.insert(User).values(id=somebody))
    service.create_job("sample_task", user_id=somebody)
    desk.work(first.id)
    service.create_job("sample_task")
    with pytest.raises(InputError, match="user"):
        service.create_job("sample_task")


def test_the_limit_in_a_callers_transaction_keeps_nobody_waiting(desk: Desk):
    service = JobQueueService(desk.engine, desk.settings.model_copy(update={"jobs_per_user": 3}))
    with desk.engine.begin() as slow:
        service.create_jobs([Order("sample_task")] * 2, connection=slow)
        with pytest.raises(InputError, match="at most 3 jobs"):
            service.create_jobs([Order("sample_task")] * 2, connection=slow)
        assert service.create_job("sample_task").is_new, "while the other has not ended"
    assert len(desk.all_messages()) == 3


def test_the_limit_holds_for_eight_at_once(desk: Desk):
    service = JobQueueService(desk.engine, desk.settings.model_copy(update={"jobs_per_user": 5}))
    gate, refused = Barrier(8), []

    def enter():
        gate.wait()
        try:
            service.create_job("sample_task")
        except InputError as error:
            refused.append(error)

    threads = [Thread(target=enter) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(refused), len(desk.all_messages())) == (3, 5)


def test_a_queue_of_another_name(desk: Desk):
    settings = desk.settings.model_copy(update={"job_queue": "other"})
    other = Desk(desk.engine, settings, desk.board)
    job = other.service.create_job("sample_task", priority="low").id
    assert desk.read() == [] and desk.row(job).queue == "other_low"
    assert other.read() == [job]
    assert [outcome.state for outcome in other.work(job)] == ["completed"]
    assert other.all_messages() == []


def test_a_job_that_waits_is_cancelled_at_once(desk: Desk):
    job = desk.enter()
    desk.service.cancel_job(job)
    row = desk.row(job)
    assert (row.status, row.error_type) == ("failed", "JobCancelledError")
    assert row.completed_at is not None
    assert desk.all_messages() == [] and desk.messages(desk.queues.dead) == []
    with pytest.raises(IllegalTransitionError, match="from failed to failed"):
        desk.service.cancel_job(job)


def test_a_job_that_waits_for_another_try_is_cancelled_at_once(desk: Desk):
    job = desk.enter(failing_tries=1)
    desk.work(job)
    assert desk.row(job).status == "processing"
    desk.service.cancel_job(job)
    assert desk.row(job).error_type == "JobCancelledError"


def test_what_is_not_there_can_neither_be_cancelled_nor_tried_again(desk: Desk):
    for call in (desk.service.cancel_job, desk.service.retry_job, desk.service.process_job):
        with pytest.raises(InputError, match=r"job: .* expected the id of a job"):
            call(uuid4())


def test_a_failed_job_is_entered_anew_once(desk: Desk):
    job = desk.service.create_job("sample_task", {"fails": "no"}, priority="high", unique_key="k").id
    desk.work(job)
    assert [name for name, _ in desk.messages(desk.queues.dead)] == [str(job)]
    again = desk.service.retry_job(job)
    row = desk.row(again.id)
    assert again.is_new and row.retry_of == job and row.queue == desk.queues.high
    assert (row.job_parameters["fails"], row.unique_key) == ("no", "k")
    assert desk.messages(desk.queues.dead) == []
    assert desk.row(job).status == "failed", "it stays what it was"
    with pytest.raises(InputError, match=str(again.id)):
        desk.service.retry_job(job)


def test_only_a_failed_job_is_entered_anew(desk: Desk):
    job = desk.enter()
    with pytest.raises(InputError, match="this one is pending"):
        desk.service.retry_job(job)


def test_dead_letters_are_driven_again_the_oldest_first(desk: Desk):
    jobs = [desk.enter(fails=str(number)) for number in range(3)]
    other = desk.enter("export_game", game="not-there")
    desk.work(*jobs, other)
    for minutes, job in enumerate([*jobs, other], start=-10):
        desk.change(job, completed_at=sa.func.now() + timedelta(minutes=minutes))
    assert desk.row(other).error_type == "InputError"
    assert len(desk.messages(desk.queues.dead)) == 4
    entered = desk.service.redrive(job_type="sample_task", limit=2)
    assert [desk.row(one.id).retry_of for one in entered] == jobs[:2]
    assert [job for job, _ in desk.messages(desk.queues.dead)] == [str(jobs[2]), str(other)]
    assert desk.service.drop_dead([jobs[2], jobs[0]]) == 1
    assert [job for job, _ in desk.messages(desk.queues.dead)] == [str(other)]
    assert len(desk.service.redrive()) == 1 and desk.service.redrive() == []


def test_a_dead_letter_says_what_went_wrong(desk: Desk):
    job = desk.enter(fails="for good")
    desk.work(job)
    with desk.engine.connect() as connection:
        message, headers = connection.exec_driver_sql(
            f"SELECT message, headers FROM pgmq.q_{desk.queues.dead}"
        ).one()
    assert (message["job_id"], message["job_parameters"]["fails"]) == (str(job), "for good")
    assert headers == {"error_type": "PermanentError", "error_message": "for good"}


def test_a_job_worked_at_here_and_now(desk: Desk):
    job = desk.enter(text="now")
    assert desk.service.process_job(job).status == "completed"
    assert desk.row(job).status == "completed"
    with pytest.raises(PermanentError, match="has ended"):
        desk.service.process_job(job)
