"""Replay jobs as a whole: how many there are in each state, and the newest. Of everybody's: for engineers.

What belongs here: what the asset shows. What does not: one user's jobs (``service.py``).
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gamefactory_dagster.database.engine import async_session, connected
from gamefactory_dagster.database.tables.replays import Job, JobStatus
from gamefactory_dagster.settings import Settings


@dataclass(frozen=True, slots=True)
class Overview:
    """All jobs, at one moment."""

    counts: dict[str, int]
    """Jobs by state, those without any too."""
    newest: list[dict[str, Any]]
    """The newest jobs: id, type, state, links done of how many, when it was submitted and ended."""


async def overview(settings: Settings, limit: int) -> Overview:
    """Count all jobs, and give the newest ``limit``."""
    numbers = sa.select(Job.status, sa.func.count()).group_by(Job.status)
    wanted = (
        sa.select(
            sa.cast(Job.id, sa.Text).label("job"),
            sa.cast(Job.job_type, sa.Text).label("type"),
            sa.cast(Job.status, sa.Text).label("state"),
            Job.processed_urls.label("links done"),
            Job.total_urls.label("links"),
            sa.cast(Job.created_at, sa.Text).label("submitted"),
            sa.cast(Job.completed_at, sa.Text).label("ended"),
            Job.error_message.label("error"),
        )
        .order_by(Job.created_at.desc(), Job.id.desc())
        .limit(limit)
    )
    async with connected(settings) as engine, async_session(engine) as session:
        found = {str(status): count for status, count in await session.execute(numbers)}
        rows = (await session.execute(wanted)).mappings()
        return Overview(dict.fromkeys(map(str, JobStatus), 0) | found, [dict(row) for row in rows])
