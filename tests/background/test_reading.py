"""What an owner reads of background jobs: pages by key, one job, what became of it; nothing of another's."""

from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest

from gamefactory_dagster.background import reading
from gamefactory_dagster.background.hands import perform
from gamefactory_dagster.background.kinds import Kind, Nothing
from gamefactory_dagster.background.service import JobQueueService
from gamefactory_dagster.database.paging import Page
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.ledger import reading as ledger
from gamefactory_dagster.ledger.access import owners_view
from tests.ledger.callers import ANN, BEN
from tests.ledger.entered import users

from .rows import NOW, add, ago, ahead

JOBS = [UUID(f"{number:x}a000000-0000-4000-8000-000000000000") for number in range(7)]
BENS = UUID("0be00000-0000-4000-8000-000000000000")


@pytest.fixture
def jobs(engine):
    """Seven jobs of Ann's, oldest first as ``JOBS`` has them, and one of Ben's in the middle of them."""
    users(engine)
    for number, job in enumerate(JOBS):
        add(engine, id=job, user_id=ANN, created_at=ago(minutes=10 - number), log="said\n",
            job_type="prune_history" if number % 2 else "sample_task",
            status="failed" if number == 2 else "completed")  # fmt: skip
    add(engine, id=BENS, user_id=BEN, created_at=ago(minutes=6))
    return engine


def all_pages(connection, **options):
    after, found = None, []
    for _ in range(len(JOBS)):
        page = reading.jobs(connection, after=after, **options)
        assert page.rows
        found += [job.id for job in page.rows]
        if (after := page.after) is None:
            break
    assert after is None
    return found


@pytest.mark.parametrize("limit", [1, 3, 7, 50])
def test_pages_hold_every_job_once_newest_first(jobs, limit):
    with owners_view(jobs, ANN) as connection:
        assert all_pages(connection, limit=limit) == JOBS[::-1]


def test_jobs_of_one_moment_are_told_apart_by_their_ids(engine):
    users(engine)
    moment = "2026-03-01T12:00:00+00:00"
    for job in JOBS:
        add(engine, id=job, user_id=ANN, created_at=moment)
    with owners_view(engine, ANN) as connection:
        assert all_pages(connection, limit=2) == JOBS[::-1]


def test_jobs_by_state_and_type(jobs):
    with owners_view(jobs, ANN) as connection:
        assert all_pages(connection, job_type="prune_history", limit=1) == JOBS[5::-2]
        assert all_pages(connection, status="failed") == [JOBS[2]]
        assert all_pages(connection, job_type="sample_task", status="completed") == [
            JOBS[6],
            JOBS[4],
            JOBS[0],
        ]
        assert reading.jobs(connection, status="pending") == Page([], None)


@pytest.mark.parametrize("cursor", ["", "x", "1.", "1.pearl", "9" * 18 + f".{JOBS[0]}", "1.\0"])
def test_a_cursor_nobody_gave_is_refused_in_words(jobs, cursor):
    with owners_view(jobs, ANN) as connection, pytest.raises(InputError, match=r"^after: .* expected what"):
        reading.jobs(connection, after=cursor)


def test_a_job_is_found_by_its_id_its_beginning_and_as_the_latest(jobs):
    with owners_view(jobs, ANN) as connection:
        for wanted in (str(JOBS[1]), str(JOBS[1]).upper(), str(JOBS[1])[:4], str(JOBS[1])[:13]):
            found = reading.find_job(connection, wanted)
            assert (found.id, found.log) == (JOBS[1], "said\n")
        assert reading.find_job(connection, "latest").id == JOBS[-1]


@pytest.mark.parametrize(
    "wanted", [str(BENS), str(BENS)[:8], "c0000000-0000-4000-8000-000000000000", "0a0", "", "%", "\0", "last"]
)
def test_anothers_job_is_no_job_as_one_that_is_not_there(jobs, wanted):
    with owners_view(jobs, ANN) as connection, pytest.raises(InputError) as refused:
        reading.find_job(connection, wanted)
    assert str(refused.value) == str(InputError("job", wanted, reading.A_JOB))


def test_a_beginning_that_two_have_is_not_enough(jobs):
    add(jobs, id=UUID(f"{str(JOBS[0])[:-1]}1"), user_id=ANN)
    with owners_view(jobs, ANN) as connection:
        assert reading.find_job(connection, str(JOBS[0])).id == JOBS[0]
        with pytest.raises(InputError):
            reading.find_job(connection, str(JOBS[0])[:-1])


def test_who_has_none_is_told_so(jobs):
    with owners_view(jobs, uuid4()) as connection:
        assert reading.jobs(connection) == Page([], None)
        assert reading.job(connection, JOBS[0]) is None
        with pytest.raises(InputError, match="there is none yet"):
            reading.find_job(connection, "latest")


MAKING = Kind(
    "making", Nothing, lambda work, given: {}, "It makes nothing and tells of it.", memory_mb=100_000
)


def test_the_ledger_s_runs_of_a_job_are_found(engine, settings):
    """As the process that makes a try enters them."""
    users(engine)
    types = SimpleNamespace(kind=lambda name: MAKING, read=lambda name, given: Nothing())
    began = {"user_id": ANN, "job_type": "making", "status": "processing", "started_at": ago(seconds=1)}
    job, other = (add(engine, **began) for _ in range(2))
    for id_, owner in ((job, ANN), (job, ANN), (other, ANN), (job, BEN)):
        task = {"job_id": str(id_), "job_type": "making", "user_id": str(owner), "job_parameters": {},
                "owner": "w", "epoch": 1, "seconds": 20, "retry_count": 0}  # fmt: skip
        assert "references" in perform(task, settings, types)
    with owners_view(engine, ANN) as connection:
        found = reading.runs(connection, reading.job(connection, job))
        assert len(set(found)) == 2
        assert [run.title for run in ledger.runs(connection, kind="job").rows] == ["making"] * 3
        never_begun = add(engine, user_id=ANN)
        assert reading.runs(connection, reading.job(connection, never_begun)) == []


STATES = {
    "waiting": {"run_after": ago(seconds=1)},
    "waits until": {"run_after": ahead(hours=1)},
    "at work": {"status": "processing", "lease_owner": "w", "lease_expires_at": ahead(seconds=20)},
    "asked to stop": {"status": "processing", "lease_owner": "w", "lease_expires_at": ahead(seconds=20),
                      "cancel_requested_at": NOW},
    "tried again at": {"status": "processing", "run_after": ahead(minutes=1), "retry_count": 1},
    "completed": {"status": "completed", "started_at": ago(seconds=3)},
    "failed": {"status": "failed", "error_type": "TransientError"},
    "cancelled": {"status": "failed", "error_type": "JobCancelledError"},
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_what_has_become_of_a_job(engine, state):
    users(engine)
    id_ = add(engine, user_id=ANN, **STATES[state])
    with owners_view(engine, ANN) as connection:
        found = reading.job(connection, id_)
        [listed] = reading.jobs(connection).rows
    assert (found.state, listed.state) == (state, state)
    assert found.until == (found.run_after if state in ("waits until", "tried again at") else None)
    assert found.is_over is (state in ("completed", "failed", "cancelled"))
    assert found.seconds == (3.0 if state == "completed" else None)
    assert found.told().keys() >= {"id", "state", "priority", "seconds", "log"}


def test_a_priority_is_told_by_the_queue(engine):
    users(engine)
    for name in ("low", "high"):
        add(engine, user_id=ANN, queue=f"job_queue_{name}")
    add(engine, user_id=ANN)
    add(
        engine,
        user_id=ANN,
        status="failed",
        queue="job_queue_dead",
        error_context={"queue": "job_queue_high"},
    )
    with owners_view(engine, ANN) as connection:
        found = [job.priority for job in reading.jobs(connection).rows]
    assert sorted(found) == ["high", "high", "low", "normal"]


def test_dead_letters_are_failed_jobs_whose_message_is_kept(engine):
    users(engine)
    dead = add(engine, user_id=ANN, status="failed", queue="job_queue_dead", message_id=1)
    add(engine, user_id=ANN, status="failed", queue="job_queue_dead")
    add(engine, user_id=ANN, status="failed", message_id=2)
    add(engine, user_id=BEN, status="failed", queue="job_queue_dead", message_id=3)
    with owners_view(engine, ANN) as connection:
        assert [job.id for job in reading.jobs(connection, dead=True).rows] == [dead]
        assert [job.id for job in reading.jobs(connection).rows if job.is_dead_letter] == [dead]


def test_a_job_names_the_one_before_it_and_the_one_after_it(engine):
    users(engine)
    first = add(engine, user_id=ANN, status="failed")
    second = add(engine, user_id=ANN, retry_of=first)
    with owners_view(engine, ANN) as connection:
        assert reading.job(connection, first).retried_as == second
        assert (reading.job(connection, second).retry_of, reading.job(connection, second).retried_as) == (
            first,
            None,
        )


def test_counts_are_one_s_own(engine):
    users(engine)
    for given in STATES.values():
        for owner in (ANN, BEN):
            add(engine, user_id=owner, **given)
    add(engine, user_id=ANN, status="completed", ended=ago(hours=25))
    with owners_view(engine, ANN) as connection:
        assert reading.counts(connection) == reading.Counts(waiting=3, at_work=2, completed=1, failed=2)


def test_the_service_gives_a_user_s_jobs(jobs, settings):
    service = JobQueueService(jobs, settings)
    assert service.get_job(JOBS[2], user_id=ANN).state == "failed"
    first = service.list_jobs(user_id=ANN, limit=3)
    rest = service.list_jobs(user_id=ANN, after=first.after)
    assert [job.id for page in (first, rest) for job in page.rows] == JOBS[::-1]
    assert [job.id for job in service.list_jobs(user_id=ANN, status="failed").rows] == [JOBS[2]]
    assert service.list_jobs(user_id=ANN, job_type="export_game") == service.list_jobs() == Page([], None)
    with pytest.raises(InputError, match=r"^job: "):
        service.get_job(JOBS[2])
