"""Replay jobs as a whole: how many there are in each state, and the newest. Of everybody's: for engineers.

What belongs here: what the asset shows. What does not: one user's jobs (``service.py``).
"""

from typing import Any

import sqlalchemy as sa

from gamefactory_dagster.database.tables.replays import JobStatus

from .states import JOBS


def counts(connection: sa.Connection) -> dict[str, int]:
    """Jobs by state, those without any too."""
    columns = JOBS.c
    found = connection.execute(sa.select(columns.status, sa.func.count()).group_by(columns.status))
    return dict.fromkeys(map(str, JobStatus), 0) | {str(status): count for status, count in found}


def newest(connection: sa.Connection, limit: int) -> list[dict[str, Any]]:
    """The newest jobs: id, type, state, links done of how many, when it was submitted and ended."""
    columns = JOBS.c
    wanted = (
        sa.select(
            sa.cast(columns.id, sa.Text).label("job"),
            sa.cast(columns.job_type, sa.Text).label("type"),
            sa.cast(columns.status, sa.Text).label("state"),
            columns.processed_urls.label("links done"),
            columns.total_urls.label("links"),
            sa.cast(columns.created_at, sa.Text).label("submitted"),
            sa.cast(columns.completed_at, sa.Text).label("ended"),
            columns.error_message.label("error"),
        )
        .order_by(columns.created_at.desc(), columns.id.desc())
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(wanted).mappings()]
