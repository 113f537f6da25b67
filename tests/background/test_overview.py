"""The queue in numbers: everybody's jobs, by what has become of them, and the last day step by step."""

import datetime as dt
import io
from itertools import pairwise

import pytest
import sqlalchemy as sa

from gamefactory_dagster.background.overview import STEP, STEPS, Step, day_chart, overview
from tests.ledger.callers import ANN, BEN
from tests.ledger.entered import users

from .rows import add, ago, ahead

LEASED = {"status": "processing", "lease_owner": "w", "lease_expires_at": ahead(seconds=20)}


@pytest.fixture
def jobs(engine):
    """Six that have not ended, and three that ended within the hour, the day, and before it."""
    users(engine)
    add(engine, user_id=ANN, run_after=ago(seconds=90), created_at=ago(hours=2), queue="job_queue_high")
    add(engine, user_id=BEN, run_after=ago(seconds=30), created_at=ago(minutes=30))
    add(engine, user_id=BEN, run_after=ago(seconds=10), status="processing", retry_count=2)
    add(engine, user_id=ANN, run_after=ahead(hours=1), queue="job_queue_low")
    add(engine, user_id=ANN, run_after=ahead(hours=1), status="processing", retry_count=1)
    add(engine, user_id=ANN, run_after=ago(hours=5), created_at=ago(hours=30), **LEASED)
    add(engine, status="completed", created_at=ago(minutes=5), ended=ago(minutes=1), retry_count=4)
    add(engine, status="failed", created_at=ago(hours=24, minutes=5), ended=ago(hours=20))
    add(engine, status="completed", created_at=ago(hours=30), ended=ago(hours=25), retry_count=100)
    return engine


def counted(engine):
    with engine.connect() as connection:
        return overview(connection, "job_queue")


def test_numbers_of_the_queue(jobs):
    found = counted(jobs)
    assert found.waiting == {"high": 1, "normal": 2, "low": 0}
    assert (found.not_due, found.at_work, found.depth) == (2, 1, 6)
    assert 90 <= found.oldest_seconds < 90 + 60
    assert (found.completed_hour, found.failed_hour) == (1, 0)
    assert (found.completed_day, found.failed_day) == (1, 1)
    assert found.retries == 7


def test_an_empty_queue(engine):
    found = counted(engine)
    assert (found.depth, found.oldest_seconds, found.dead_letters, found.retries) == (0, None, 0, 0)
    assert found.steps == [Step(found.at - (STEPS - number) * STEP, 0, 0, 0, 0) for number in range(STEPS)]


def test_the_day_step_by_step(jobs):
    found = counted(jobs)
    steps = found.steps
    assert (len(steps), steps[0].start, steps[-1].start + STEP) == (
        STEPS,
        found.at - dt.timedelta(1),
        found.at,
    )
    assert sum(step.entered for step in steps) == 6
    assert (sum(step.ended for step in steps), sum(step.failed for step in steps)) == (2, 1)
    assert steps[-1].depth == found.depth == 6
    # One failed in it, of the two that were there when it began
    assert [step.depth for step in steps if step.failed] == [1]
    assert steps[0].depth == 2
    changes = [later.depth - earlier.depth for earlier, later in pairwise(steps)]
    assert changes == [step.entered - step.ended for step in steps[1:]]


def test_dead_letters_are_the_messages_in_their_queue(engine):
    with engine.begin() as connection:
        for _ in range(3):
            connection.exec_driver_sql("SELECT pgmq.send('job_queue_dead', '{}')")
    assert counted(engine).dead_letters == 3


def test_a_queue_that_has_had_no_job_yet_has_no_dead_letter(engine):
    with engine.connect() as connection:
        found = overview(connection, "another")
    assert (found.dead_letters, found.dead_tuples.keys()) == (0, {"public.jobs"})


def test_dead_tuples_are_named_by_their_table(engine):
    found = counted(engine).dead_tuples
    assert len(found) == 9
    assert {"public.jobs", "pgmq.q_job_queue", "pgmq.a_job_queue_high", "pgmq.q_job_queue_dead"} <= set(found)


def test_the_oldest_transaction_of_another_is_named(engine):
    assert counted(engine).oldest_transaction is None
    with engine.connect() as older, engine.connect() as newer:
        for connection in (older, newer):
            connection.execute(sa.text("SELECT 'what it does'"))
        pid = older.scalar(sa.text("SELECT pg_backend_pid()"))
        older.execute(sa.text("SELECT 'left open'"))
        found = counted(engine).oldest_transaction
    assert (found.pid, found.state) == (pid, "idle in transaction")
    assert found.seconds > 0
    assert "left open" in found.what


@pytest.mark.parametrize("busy", [True, False])
def test_the_day_is_drawn(busy):
    from PIL import Image

    start = dt.datetime(2026, 3, 1, 9, 47, tzinfo=dt.UTC)
    steps = [
        Step(start + number * STEP, *((number % 7, number % 5, number % 2, number) if busy else (0, 0, 0, 0)))
        for number in range(STEPS)
    ]
    drawn = Image.open(io.BytesIO(day_chart(steps))).convert("RGB")
    colours = {colour for _, colour in drawn.getcolors(1 << 24)}
    assert drawn.size == (880, 462)
    for colour in ("2a9d6f", "c8553d", "5b4bdb"):
        assert (tuple(bytes.fromhex(colour)) in colours) is busy
