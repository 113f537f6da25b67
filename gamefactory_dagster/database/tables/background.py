"""Schema ``public``: document 004, typed background jobs.

What belongs here: the table as the migrations make it; a test holds the two together. What does not: PGMQ's
tables, which PGMQ makes (``database/pgmq.py``).
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from .base import NOW, Base, BigInt, Id, Json, Leased, Moment, number, one_of, word
from .ledger import AUTH

SCHEMA = "public"

STATUSES = ("pending", "processing", "completed", "failed")
OPEN = STATUSES[:2]
"""What a job is in until it has ended."""

ENDED = STATUSES[2:]
"""What a job stays in. "Not ended" is said with these where rows are to be found by their primary key: said
with ``OPEN`` the planner takes an index of open jobs for the shorter way, past all that is dead in it."""

_IS_OPEN = sa.text(one_of("status", *OPEN))


class BackgroundJob(Leased, Base):
    """A typed job; ``log`` is what its last try said, its beginning and end where that was much."""

    __tablename__ = "jobs"

    id: Mapped[Id]
    job_type: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=word("pending"))
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey(f"{AUTH}.users.id"))
    job_parameters: Mapped[Json | None]
    error_message: Mapped[str | None]
    error_type: Mapped[str | None]
    error_context: Mapped[Json | None]
    data_references: Mapped[Json | None]
    retry_count: Mapped[int] = mapped_column(server_default=number(0))
    created_at: Mapped[Moment] = mapped_column(server_default=NOW)
    updated_at: Mapped[Moment] = mapped_column(server_default=NOW)
    started_at: Mapped[Moment | None]
    completed_at: Mapped[Moment | None]
    queue: Mapped[str] = mapped_column(server_default=word("job_queue"))
    message_id: Mapped[BigInt | None]
    """Of the message that stands for it in ``queue``; any other that names it is nobody's."""
    run_after: Mapped[Moment] = mapped_column(server_default=NOW)
    unique_key: Mapped[str | None]
    cancel_requested_at: Mapped[Moment | None]
    retry_of: Mapped[UUID | None]
    """The failed job this one is another try of."""
    log: Mapped[str | None]

    __table_args__: Any = (
        sa.CheckConstraint(one_of("status", *STATUSES), name="jobs_status"),
        sa.CheckConstraint("retry_count >= 0", name="jobs_retry_count"),
        sa.Index("jobs_status_idx", "status"),
        sa.Index("jobs_user_id_idx", "user_id"),
        sa.Index("jobs_created_at_idx", "created_at"),
        sa.Index(
            "jobs_unique_idx",
            "job_type",
            "user_id",
            "unique_key",
            unique=True,
            postgresql_where=sa.text(f"unique_key IS NOT NULL AND {_IS_OPEN.text}"),
        ),
        sa.Index(
            "jobs_retry_of_idx", "retry_of", unique=True, postgresql_where=sa.text("retry_of IS NOT NULL")
        ),
        sa.Index("jobs_open_idx", "user_id", "created_at", postgresql_where=_IS_OPEN),
        sa.Index("jobs_due_idx", "run_after", "id", postgresql_where=_IS_OPEN),
        sa.Index("jobs_lease_idx", "lease_expires_at", postgresql_where=sa.text("status = 'processing'")),
        sa.Index("jobs_newest_idx", "user_id", sa.text("created_at DESC"), sa.text("id DESC")),
        sa.Index("jobs_ended_idx", "completed_at", postgresql_where=sa.text("completed_at IS NOT NULL")),
        sa.Index("jobs_failed_idx", "completed_at", "id", postgresql_where=sa.text("status = 'failed'")),
        {"schema": SCHEMA},
    )
