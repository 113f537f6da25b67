"""Schemas ``ledger`` and ``auth``: document 002, what every run did and made.

What belongs here: the tables as the migrations make them; a test holds the two together. What does not:
roles, policies and grants, which are in the migrations and in ``sql/ledger/verify.sql``.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from .base import NOW, Base, BigInt, Id, Json, Moment, one_of, word

SCHEMA = "ledger"
AUTH = "auth"
"""Supabase's schema where there is one; then its tables are not ours to compare."""

STATUSES = ("pending", "running", "completed", "failed", "cancelled")
OPEN = STATUSES[:2]
"""What a run is in until it has ended."""


class User(Base):
    """Whoever runs belong to; of Supabase's table only what is relied on."""

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True)

    __table_args__ = ({"schema": AUTH},)


class Job(Base):
    """One run. ``run_id`` is Dagster's, or made here for a run its owner began."""

    __tablename__ = "jobs"

    run_id: Mapped[str] = mapped_column(primary_key=True)
    project_spec: Mapped[Json]
    owner_id: Mapped[UUID] = mapped_column(sa.ForeignKey(f"{AUTH}.users.id"))
    created_at: Mapped[Moment | None] = mapped_column(server_default=NOW)
    updated_at: Mapped[Moment | None] = mapped_column(server_default=NOW)
    status: Mapped[str] = mapped_column(server_default=word("pending"))
    started_at: Mapped[Moment | None]
    completed_at: Mapped[Moment | None]
    error_message: Mapped[str | None]
    kind: Mapped[str | None] = mapped_column(sa.Computed("project_spec ->> 'kind'", persisted=True))

    __table_args__ = (
        sa.UniqueConstraint("run_id", "owner_id", name="jobs_of_owner"),
        sa.CheckConstraint(one_of("status", *STATUSES), name="valid_status"),
        sa.Index("idx_jobs_owner", "owner_id", "created_at", "run_id"),
        sa.Index("idx_jobs_open", "status", "created_at", postgresql_where=sa.text(one_of("status", *OPEN))),
        sa.Index(
            "idx_jobs_status",
            "owner_id",
            "status",
            "created_at",
            "run_id",
            postgresql_where=sa.text("status <> 'completed'"),
        ),
        sa.Index("idx_jobs_kind", "owner_id", "kind", "created_at", "run_id"),
        sa.Index("idx_jobs_ended", "completed_at", postgresql_where=sa.text("completed_at IS NOT NULL")),
        {"schema": SCHEMA},
    )


def _of_run(table: str, constraint: str) -> tuple[Any, ...]:
    """Belonging to a run and to its owner, and found in the run's order."""
    return (
        sa.ForeignKeyConstraint(["run_id"], [f"{SCHEMA}.jobs.run_id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["run_id", "owner_id"],
            [f"{SCHEMA}.jobs.run_id", f"{SCHEMA}.jobs.owner_id"],
            name=constraint,
            ondelete="CASCADE",
        ),
        sa.Index(f"idx_{table}_run", "run_id", "created_at", "id"),
        {"schema": SCHEMA},
    )


class JobEvent(Base):
    """Something a step of a run said: it began, it ended, a note, an error."""

    __tablename__ = "job_events"

    id: Mapped[Id]
    run_id: Mapped[str]
    bot_name: Mapped[str]
    event_type: Mapped[str]
    payload: Mapped[Json | None]
    owner_id: Mapped[UUID]
    created_at: Mapped[Moment | None] = mapped_column(server_default=NOW)

    __table_args__ = _of_run("job_events", "events_of_owner")


class Artifact(Base):
    """Something a run made. ``file_size`` in bytes, ``checksum`` SHA-256 in hexadecimal digits."""

    __tablename__ = "artifacts"

    id: Mapped[Id]
    run_id: Mapped[str]
    kind: Mapped[str]
    url: Mapped[str | None]
    meta: Mapped[Json | None]
    owner_id: Mapped[UUID]
    created_at: Mapped[Moment | None] = mapped_column(server_default=NOW)
    file_size: Mapped[BigInt | None]
    content_type: Mapped[str | None]
    checksum: Mapped[str | None]

    __table_args__ = _of_run("artifacts", "artifacts_of_owner")


class Prompt(Base):
    """A text the factory sends to a model or shows to a player."""

    __tablename__ = "prompts"

    id: Mapped[str] = mapped_column(primary_key=True)
    category: Mapped[str]
    context: Mapped[str]
    prompt_text: Mapped[str]
    created_at: Mapped[Moment | None] = mapped_column(server_default=NOW)
    updated_at: Mapped[Moment | None] = mapped_column(server_default=NOW)

    __table_args__ = ({"schema": SCHEMA},)
