"""What background jobs forget: those that ended long ago, and what lies in the queues' archives.

What belongs here: which rows go. What does not: when (the type ``prune_history``).
"""

import datetime as dt
from functools import partial

import sqlalchemy as sa

from gamefactory_dagster.database.deleting import delete_before
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.settings import Settings

from .queue import Queues

ROWS_AT_ONCE = 2000
BATCHES = 500
"""Rows a transaction, and transactions in one go: a million rows of each sort."""


def prune_jobs(engine: sa.Engine, now: dt.datetime, settings: Settings) -> tuple[int, int]:
    """Delete jobs that ended, and messages archived, longer ago than is kept; how many of each.

    A job that waits or is at work is never touched. Raises TransientError for passing failures of the
    database; what was deleted before stays deleted.
    """
    before = now - dt.timedelta(days=settings.keep_jobs_days)
    opened = partial(transaction, engine)
    jobs = delete_before(opened, "background/delete_jobs", before, batch=ROWS_AT_ONCE, batches=BATCHES)
    queues = Queues.of(settings)
    with transaction(engine) as connection:
        messages = sum(
            connection.execute(_forget(name, before)).rowcount for name in (*queues.waiting, queues.dead)
        )
    return jobs, messages


def _forget(queue: str, before: dt.datetime) -> sa.Delete:
    """Delete what was in a queue, from PGMQ's table: it has no function for that."""
    archive = sa.table(f"a_{queue}", sa.column("archived_at", sa.TIMESTAMP(timezone=True)), schema="pgmq")
    return sa.delete(archive).where(archive.c.archived_at < before)
