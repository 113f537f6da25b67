"""What a replay job may become, and the one way it becomes that.

What belongs here: the lifecycle, and what goes along with every change of state. What does not: who may ask
for one (``service.py``), and what a worker says of its job (``progress.py``).
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from gamefactory_dagster.database.tables.base import table_of
from gamefactory_dagster.database.tables.replays import Job, JobStatus, JobUrl
from gamefactory_dagster.work.states import Lifecycle, change

JOBS = table_of(Job)
URLS = table_of(JobUrl)

ENDED = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED})
"""What a job stays in."""

_AT_ANY_TIME = {JobStatus.CANCELLED, JobStatus.FAILED}

JOB = Lifecycle(
    "a replay job",
    {
        JobStatus.PENDING: frozenset({JobStatus.RUNNING, *_AT_ANY_TIME}),
        JobStatus.RUNNING: frozenset(
            {JobStatus.PENDING, JobStatus.AWAITING_CONFIRMATION, JobStatus.COMPLETED, *_AT_ANY_TIME}
        ),
        JobStatus.AWAITING_CONFIRMATION: frozenset({JobStatus.PENDING, *_AT_ANY_TIME}),
        **dict.fromkeys(ENDED, frozenset()),
    },
)
"""Back to PENDING goes a job whose worker died, and one whose players were confirmed."""


async def move(
    connection: AsyncConnection, job_id: UUID, old: JobStatus, new: JobStatus, **columns: Any
) -> None:
    """Take a job from ``old`` to ``new``, other columns along with it; one that ends is told when.

    Raises IllegalTransitionError, and changes nothing, where there is no such way or it is not in ``old``.
    """
    JOB.check(old, new)  # also that nothing ends twice, which a change of columns alone would be
    ended = {"completed_at": sa.func.clock_timestamp()} if new in ENDED else {}
    await connection.run_sync(lambda sync: change(sync, JOBS, JOB, job_id, old, new, **ended, **columns))
