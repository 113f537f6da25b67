"""A worker at its jobs: how each ends, what is written down, and whom it holds up."""

import subprocess
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from gamefactory_dagster.background.lanes import KEPT, Said
from gamefactory_dagster.background.worker import Outcome, Stay, work_at
from gamefactory_dagster.ledger import reading
from gamefactory_dagster.ledger.access import owners_view
from tests.factory_rows import rows

from .conftest import SORTS, Desk


def by_job(outcomes: list[Outcome]) -> dict:
    return {outcome.job_id: outcome for outcome in outcomes}


def test_a_job_that_goes_well(desk: Desk):
    job = desk.enter(text="a", lines=2)
    [outcome] = desk.work(job, owner="run 1")
    row = desk.row(job)
    assert (outcome.state, row.status, row.retry_count) == ("completed", "completed", 0)
    assert row.data_references == outcome.references
    assert row.data_references["sha256"].startswith("ca978112ca1bbdcafac231b39a23dc4d")
    assert row.created_at <= row.started_at <= row.completed_at <= row.updated_at
    assert row.lease_owner is None and row.lease_epoch == 1 and row.error_type is None
    assert row.log == outcome.log and row.log.count("\n") == 2
    assert desk.all_messages() == []
    assert desk.work(job) == [], "it has ended"


def test_a_job_that_fails_for_good_fails_alone(desk: Desk):
    bad, good = desk.enter(fails="no such thing"), desk.enter()
    found = by_job(desk.work(bad, good))
    row = desk.row(bad)
    assert found[good].state == "completed" and found[bad].words == "PermanentError: no such thing"
    assert (row.status, row.error_type, row.error_message) == ("failed", "PermanentError", "no such thing")
    assert row.error_context["tries"] == 1 and row.error_context["queue"] == "job_queue"
    assert "sample_task.py" in row.error_context["traceback"]
    assert [job for job, _ in desk.messages(desk.queues.dead)] == [str(bad)]


@pytest.mark.parametrize("tries", [1, 3])
def test_a_job_is_tried_again_after_a_pause(desk: Desk, tries):
    job = desk.enter(failing_tries=1000)
    desk.change(job, retry_count=tries - 1)
    assert [outcome.state for outcome in desk.work(job)] == ["again"]
    row = desk.row(job)
    assert (row.status, row.retry_count, row.error_type) == ("processing", tries, "TransientError")
    assert row.lease_owner is None
    pause = (row.run_after - row.updated_at).total_seconds()
    assert pause == pytest.approx(5 * 2 ** (tries - 1), abs=1)
    assert desk.read() == [], "not before its time"


def test_a_job_that_goes_well_at_last_tells_of_no_error(desk: Desk):
    job = desk.enter(failing_tries=1)
    desk.work(job)
    first = desk.row(job).started_at
    desk.change(job, run_after=sa.func.now())
    assert [outcome.state for outcome in desk.work(job)] == ["completed"]
    row = desk.row(job)
    assert (row.status, row.retry_count, row.error_type, row.error_context) == ("completed", 1, None, None)
    assert row.started_at == first, "when it began at all"


def test_a_job_that_fails_its_last_retry_has_failed(desk: Desk):
    job = desk.enter(failing_tries=1000)
    desk.change(job, retry_count=3, status="processing")
    assert [outcome.state for outcome in desk.work(job)] == ["failed"]
    row = desk.row(job)
    assert (row.status, row.retry_count, row.error_context["tries"]) == ("failed", 3, 4)
    assert desk.all_messages() == [] and len(desk.messages(desk.queues.dead)) == 1


def test_parameters_entered_by_hand_are_judged_when_it_is_done(desk: Desk):
    given = '[{"job_type": "sample_task", "job_parameters": {"seconds": "x"}}, {"job_type": "odd"}]'
    enter = sa.text("SELECT public.enqueue_jobs(CAST(:given AS jsonb))")
    with desk.engine.begin() as connection:
        jobs = connection.scalars(enter, {"given": given}).all()
    desk.work(*jobs)
    first, second = map(desk.row, jobs)
    assert first.error_message.startswith("job_parameters.seconds: 'x' is not accepted")
    assert second.error_message.startswith("job_type: 'odd' is not accepted; expected one of ")
    assert first.status == second.status == "failed"


ROGUES = {
    "hang": ("JobTimeoutError", "it took longer than 2 s"),
    "deaf": ("JobTimeoutError", "it took longer than 2 s"),
    "spin": ("JobTimeoutError", "it took longer than 2 s"),
    "exit": ("JobCrashedError", "died without a word"),
    "kill": ("JobCrashedError", "died without a word"),
    "eat": ("MemoryError", "more memory than its type may take"),
    "no json": ("PermanentError", "cannot be written as JSON"),
    "interrupt": ("KeyboardInterrupt", "KeyboardInterrupt"),
    "shout": ("PermissionError", "no! no! no!"),
}


@pytest.fixture
def gone_wrong(desk: Desk):
    """All of them at once among good ones: what each came to."""
    jobs = {how: desk.enter("rogue", how=how) for how in [*ROGUES, "flood", "closed", "offspring"]}
    good = [desk.enter(text=str(number)) for number in range(40)]
    found = by_job(desk.work(*jobs.values(), *good))
    assert all(found[job].state == "completed" for job in good)
    return desk, jobs, found


@pytest.mark.faults
def test_what_goes_wrong_is_said_and_holds_up_nothing(gone_wrong):
    desk, jobs, found = gone_wrong
    for how, (error_type, words) in ROGUES.items():
        row = desk.row(jobs[how])
        assert (how, row.error_type) == (how, error_type)
        assert words in row.error_message
        assert row.log.startswith(f"going to {how}"), "what it said before"
    assert found[jobs["closed"]].state == found[jobs["flood"]].state == "completed"
    log = desk.row(jobs["flood"]).log
    assert 2 * KEPT < len(log) < 2 * KEPT + 100 and "bytes left out" in log
    child = int(desk.row(jobs["offspring"]).log.split("child ")[1])
    assert not is_alive(child), "what it started went with it"


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def test_jobs_that_hang_leave_room_for_others(desk: Desk):
    hanging = [desk.enter(seconds=12) for _ in range(6)]
    good = [desk.enter() for _ in range(20)]
    order = [outcome.job_id for outcome in desk.work(*hanging, *good)]
    assert set(order[:20]) == set(good), "the good were done while the others hung"


@pytest.mark.faults
def test_a_job_at_work_is_stopped_when_it_is_cancelled(desk: Desk):
    job, other = desk.enter(seconds=50), desk.enter()
    done: list[Outcome] = []
    thread = threading.Thread(target=lambda: done.extend(desk.work(job, other)))
    thread.start()
    until = time.monotonic() + 60
    while desk.row(job).status != "processing" and time.monotonic() < until:
        time.sleep(0.05)
    desk.service.cancel_job(job)
    asked = time.monotonic()
    assert desk.row(job).cancel_requested_at is not None
    thread.join(30)
    assert time.monotonic() - asked < 25, "long before it would have ended"
    row = desk.row(job)
    assert (row.status, row.error_type) == ("failed", "JobCancelledError")
    assert by_job(done)[other].state == "completed"
    assert desk.all_messages() == desk.messages(desk.queues.dead) == []


def test_who_is_told_to_stop_gives_back_what_is_unfinished(desk: Desk):
    long, waiting = desk.enter(seconds=50), [desk.enter(seconds=50) for _ in range(20)]
    stop = threading.Event()
    threading.Timer(4, stop.set).start()
    assert desk.work(long, *waiting, stop=stop) == []
    row = desk.row(long)
    assert (row.status, row.lease_owner, row.retry_count) == ("processing", None, 0), "it was not to blame"
    assert set(desk.read()) == {long, *waiting}, "at once"


def test_a_worker_whose_caller_goes_on_no_more_gives_back_as_well(desk: Desk):
    jobs = [desk.enter(seconds=0.3) for _ in range(8)]
    outcomes = work_at(desk.engine, desk.settings, "run", jobs, types=SORTS)
    first = next(outcomes)
    outcomes.close()
    rest = [desk.row(job) for job in jobs if job != first.job_id]
    assert all(row.lease_owner is None for row in rest)
    assert any(row.status != "completed" for row in rest)
    again = desk.work(*jobs)
    assert all(desk.row(job).status == "completed" for job in jobs) and again


def test_an_effect_in_the_transaction_that_completes(desk: Desk):
    job = desk.enter("exact")
    [outcome] = desk.work(job)
    row = desk.row(job)
    assert (outcome.state, row.status, row.data_references) == ("completed", "completed", {"attempt": 1})
    assert row.log == "before\n"
    assert desk.effects() == {job: 1} and desk.all_messages() == []


def test_an_effect_is_undone_with_the_completion(desk: Desk):
    job = desk.enter("exact", fails=True)
    [outcome] = desk.work(job)
    assert (outcome.state, desk.row(job).status) == ("again", "processing")
    assert desk.effects() == {} and len(desk.all_messages()) == 1


def test_who_lost_its_lease_completes_nothing(desk: Desk):
    jobs = [desk.enter("exact", seconds=2.5), desk.enter("counted", seconds=2.5)]
    done: list[Outcome] = []
    thread = threading.Thread(target=lambda: done.extend(desk.work(*jobs, owner="old")))
    thread.start()
    until = time.monotonic() + 60
    while not all(desk.row(job).lease_owner == "old" for job in jobs) and time.monotonic() < until:
        time.sleep(0.05)
    desk.change(*jobs, lease_owner="new", lease_epoch=7)
    thread.join(60)
    assert {outcome.state for outcome in done} == {"lost"}
    for job in jobs:
        row = desk.row(job)
        assert (row.status, row.lease_owner, row.lease_epoch) == ("processing", "new", 7)
    assert jobs[0] not in desk.effects() and len(desk.all_messages()) == 2


def test_a_worker_that_stays_takes_what_comes(desk: Desk):
    first = desk.enter()
    came: list[str] = []

    def enter():
        time.sleep(1.5)
        came.extend(str(desk.enter(text=f"later {number}")) for number in range(3))
        came.append(str(desk.enter("heavy")))

    thread = threading.Thread(target=enter)
    thread.start()
    outcomes = desk.work(first, stay=Stay(for_next=6.0, in_all=60.0))
    thread.join()
    assert {str(outcome.job_id) for outcome in outcomes} == {str(first), *came[:3]}
    assert desk.all_messages() == [came[3]], "what wants a run of its own is left to it"
    assert desk.read() == [desk.row(came[3]).id], "and seen at once"


def test_tries_of_what_makes_something_are_runs_of_the_ledger(desk: Desk):
    job = desk.enter("heavy")
    desk.work(job)
    with owners_view(desk.engine, desk.settings.user) as connection:
        [run] = reading.runs(connection, kind="job").rows
        [made] = reading.artifacts(connection, run.run_id).rows
        spec = connection.scalar(
            sa.text("SELECT project_spec FROM ledger.jobs WHERE run_id = :run"), {"run": run.run_id}
        )
    assert (run.status, made.name) == ("completed", "heavy.txt")
    assert (spec["job_id"], spec["job"], spec["attempt"]) == (str(job), "heavy", 1)


def test_a_secret_reaches_no_process_by_its_arguments(desk: Desk, monkeypatch):
    seen: list[str] = []
    real = subprocess.Popen

    class Popen(real):
        def __init__(self, command, *args, **kwargs):
            seen.append(" ".join(map(str, command)))
            super().__init__(command, *args, **kwargs)

    monkeypatch.setattr("subprocess.Popen", Popen)
    desk.work(desk.enter())
    assert seen and all("postgres" not in command for command in seen)


def test_the_process_that_forks_has_one_thread_and_no_connection(desk: Desk):
    from gamefactory_dagster.background.lanes import Lanes

    with Lanes(desk.settings, SORTS.packages) as lanes:
        lane = lanes.open()
        parent = lanes._parent.pid
        assert len(list(Path(f"/proc/{parent}/task").iterdir())) == 1
        found = {str(link.readlink()) for link in Path(f"/proc/{parent}/fd").iterdir()}
        assert sum(link.startswith("socket:") for link in found) <= 1, "its worker's"
        lane.end()
    until = time.monotonic() + 60
    while (is_alive(parent) or is_alive(lane.pid)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_alive(parent) and not is_alive(lane.pid)


@pytest.mark.parametrize(
    ("size", "left_out"),
    [(0, 0), (KEPT, 0), (2 * KEPT, 0), (2 * KEPT + 1, 1), (10 * KEPT + 3, 8 * KEPT + 3)],
    ids=["nothing", "head", "both", "one more", "much"],
)
@pytest.mark.parametrize("piece", [1000, KEPT, 10**6], ids=["small", "even", "large"])
def test_what_is_kept_of_a_log(size, left_out, piece):
    text = b"".join(b"%07d\n" % number for number in range(size // 8 + 1))[:size]
    said = Said()
    for at in range(0, size, piece):
        said.add(text[at : at + piece])
    if not left_out:
        assert said.text == (text.decode() or None)
    else:
        gap = f"\n... {left_out:,} bytes left out ...\n"
        assert said.text == text[:KEPT].decode() + gap + text[-KEPT:].decode()


def test_the_row_of_an_ended_job_is_in_nobodys_hands(desk: Desk):
    jobs = [desk.enter(), desk.enter(fails="no"), desk.enter(failing_tries=1)]
    desk.work(*jobs)
    found = rows(desk.engine, "SELECT lease_owner, lease_expires_at FROM public.jobs")
    assert {tuple(row) for row in found} == {(None, None)}
