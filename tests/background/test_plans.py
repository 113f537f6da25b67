"""What claiming and completing touch does not grow with what nobody may clear away."""

import sqlalchemy as sa

from gamefactory_dagster.background import queue
from gamefactory_dagster.background.queue import Result
from gamefactory_dagster.background.service import Order
from gamefactory_dagster.background.states import Verdict

from .conftest import Desk

BATCH = 20
GONE = 1500
"""Jobs that have come and gone meanwhile."""

LOOKED_AT = """
SELECT sum(pg_stat_get_xact_blocks_fetched(pages.oid) + pg_stat_get_xact_tuples_returned(pages.oid))
FROM pg_class AS pages
WHERE pages.oid IN (
    SELECT unnest(ARRAY[indexrelid, indrelid]) FROM pg_index
    WHERE indrelid IN ('public.jobs'::regclass, 'pgmq.q_job_queue'::regclass)
)
"""
"""Pages of jobs, their messages and the indexes of both that this session has looked at, with the entries in
them, so far as it has not told of them yet."""


def looked_at_for_a_batch(desk: Desk, size: int = BATCH) -> int:
    """Enter jobs, then read, take and complete them; what the latter looks at."""
    desk.service.create_jobs([Order("sample_task")] * size)
    with desk.engine.begin() as connection:
        before = connection.scalar(sa.text(LOOKED_AT))
        due = queue.read(connection, desk.queues, size, 60)
        taken = queue.take(connection, "worker", 60, [one.job_id for one in due], size)
        done = [Result(one.job_id, "worker", one.lease.epoch, Verdict("completed"), {}) for one in taken]
        assert len(queue.finish(connection, desk.queues, done)) == size
        return int(connection.scalar(sa.text(LOOKED_AT)) - before)


def come_and_go(desk: Desk) -> None:
    for _ in range(GONE // 500):
        looked_at_for_a_batch(desk, 500)


def test_a_transaction_held_open_does_not_slow_claiming(desk: Desk):
    """With what the planner knows of a queue that was empty when it was looked at."""
    come_and_go(desk)
    with desk.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM (ANALYZE) public.jobs, pgmq.q_job_queue")
    with desk.engine.connect().execution_options(isolation_level="REPEATABLE READ") as somebody:
        somebody.execute(sa.text("SELECT count(*) FROM public.jobs"))
        before = max(looked_at_for_a_batch(desk) for _ in range(3))
        come_and_go(desk)
        more = looked_at_for_a_batch(desk) - before
    assert more < 1.5 * GONE, "of each, the entry in the queue's index by vt"
