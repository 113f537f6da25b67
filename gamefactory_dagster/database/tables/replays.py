"""Schema ``replays``: document 003, jobs that analyse card-game matches, on SQLAlchemy's async side.

What belongs here: the document's four models and our table of a job's links, as the migrations make them; a
test holds the two together. What does not: which state follows which, and who may see what (``replays/``).

Nothing is loaded behind one's back, which an ``AsyncSession`` could not wait for: relationships are asked for
in the statement (``selectinload``).
"""

from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import NOW, Base, Id, Moment, Requested, number, one_of, word
from .ledger import AUTH

SCHEMA = "replays"

MOST_NAME_CHARACTERS = 100
"""Of a team's name."""


class JobType(StrEnum):
    """One player's matches, or a team's week in the Goat Format War League."""

    INDIVIDUAL = "INDIVIDUAL"
    GFWL = "GFWL"


class JobStatus(StrEnum):
    """Where a job is."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    AWAITING_CONFIRMATION = "AWAITING_CONFIRMATION"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


CONFIRMATIONS = ("pending", "confirmed")
URL_STATES = ("pending", "done", "failed")

_TEXT = sa.String()
_JSON = sa.JSON(none_as_null=True)


class BaseModel(Base):
    """What all models of the document have; ``updated_at`` moves with every update SQLAlchemy writes."""

    __abstract__ = True
    __mapper_args__: Any = {"eager_defaults": True}  # noqa: RUF012 (SQLAlchemy reads it so)

    id: Mapped[Id]
    created_at: Mapped[Moment] = mapped_column(server_default=NOW)
    updated_at: Mapped[Moment] = mapped_column(server_default=NOW, onupdate=sa.func.clock_timestamp())


class User(BaseModel):
    """Who submits jobs, as Clerk names them."""

    __tablename__ = "users"

    clerk_user_id: Mapped[str] = mapped_column(_TEXT)

    jobs: Mapped[list["Job"]] = relationship(lambda: Job, back_populates="user", lazy="raise")

    __table_args__: Any = (
        sa.Index("users_clerk_user_id_idx", "clerk_user_id", unique=True),
        {"schema": SCHEMA},
    )


class Job(Requested, BaseModel):
    """One analysis, from submission to report; columns from ``owner_id`` on are not the document's."""

    __tablename__ = "jobs"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey(f"{SCHEMA}.users.id", name="jobs_user_id_fkey"))
    job_type: Mapped[JobType] = mapped_column(sa.Enum(JobType, name="job_type", schema=SCHEMA))
    status: Mapped[JobStatus] = mapped_column(
        sa.Enum(JobStatus, name="job_status", schema=SCHEMA), server_default=word(JobStatus.PENDING)
    )
    urls: Mapped[list[str]] = mapped_column(_JSON)
    """Canonical and each once, in the order they were given."""
    team_data: Mapped[Any | None] = mapped_column(_JSON)
    """As it was given."""
    total_urls: Mapped[int]
    processed_urls: Mapped[int] = mapped_column(server_default=number(0))
    """How many of ``job_urls`` are no longer pending."""
    error_message: Mapped[str | None] = mapped_column(_TEXT)
    shareable_id: Mapped[UUID] = mapped_column(server_default=sa.text("gen_random_uuid()"))
    """122 random bits: who was not told it does not find it."""
    is_public: Mapped[bool] = mapped_column(server_default=sa.false())
    started_at: Mapped[Moment | None]
    """When work first began."""
    completed_at: Mapped[Moment | None]
    """When it ended, in whichever way."""
    owner_id: Mapped[UUID] = mapped_column(sa.ForeignKey(f"{AUTH}.users.id", name="jobs_owner_id_fkey"))
    """In whose name the work is done: what the ledger's entries about it belong to."""
    player: Mapped[str | None]
    """Whose matches an INDIVIDUAL job is about, where that was said."""
    report_url: Mapped[str | None]
    """The report's JSON in the artifact store."""

    user: Mapped[User] = relationship(back_populates="jobs", lazy="raise")
    gfwl_submissions: Mapped[list["GFWLTeamSubmission"]] = relationship(
        lambda: GFWLTeamSubmission, back_populates="job", lazy="raise"
    )

    __table_args__: Any = (
        sa.CheckConstraint(
            "processed_urls >= 0 AND processed_urls <= total_urls", name="jobs_processed_urls"
        ),
        sa.CheckConstraint(
            "status <> 'COMPLETED' OR processed_urls = total_urls AND report_url IS NOT NULL",
            name="jobs_completed",
        ),
        sa.Index("jobs_user_id_idx", "user_id"),
        sa.Index("jobs_shareable_id_idx", "shareable_id", unique=True),
        sa.Index("jobs_user_id_status_idx", "user_id", "status"),
        sa.Index("jobs_status_created_at_idx", "status", "created_at"),
        sa.Index("jobs_user_id_job_type_idx", "user_id", "job_type"),
        sa.Index("jobs_newest_idx", "user_id", sa.text("created_at DESC"), sa.text("id DESC")),
        sa.Index(
            "jobs_to_request_idx",
            "created_at",
            "id",
            postgresql_where=sa.text("status = 'PENDING' AND requested_at IS NULL"),
        ),
        sa.Index("jobs_requested_idx", "requested_at", postgresql_where=sa.text("status = 'PENDING'")),
        sa.Index("jobs_lease_idx", "lease_expires_at", postgresql_where=sa.text("status = 'RUNNING'")),
        sa.Index(
            "jobs_cancelled_held_idx",
            "id",
            postgresql_where=sa.text(
                "status = 'CANCELLED' AND (requested_at IS NOT NULL OR lease_owner IS NOT NULL)"
            ),
        ),
        {"schema": SCHEMA},
    )


class ScrapedData(BaseModel):
    """A link that was fetched, and where what it led to is kept."""

    __tablename__ = "scraped_data"

    url: Mapped[str] = mapped_column(_TEXT)
    s3_key: Mapped[str] = mapped_column(_TEXT)
    """Within the artifact store."""

    __table_args__: Any = (sa.Index("scraped_data_url_idx", "url", unique=True), {"schema": SCHEMA})


class GFWLTeamSubmission(BaseModel):
    """A GFWL job's team, and the step a person takes in it."""

    __tablename__ = "gfwl_team_submissions"

    job_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey(f"{SCHEMA}.jobs.id", name="gfwl_team_submissions_job_id_fkey", ondelete="CASCADE")
    )
    team_name: Mapped[str] = mapped_column(_TEXT)
    discovered_players: Mapped[list[str]] = mapped_column(_JSON, server_default=word("[]"))
    confirmed_players: Mapped[list[str] | None] = mapped_column(_JSON)
    confirmation_status: Mapped[str] = mapped_column(_TEXT, server_default=word("pending"))

    job: Mapped[Job] = relationship(back_populates="gfwl_submissions", lazy="raise")

    __table_args__: Any = (
        sa.CheckConstraint(
            one_of("confirmation_status", *CONFIRMATIONS), name="gfwl_team_submissions_confirmation_status"
        ),
        sa.CheckConstraint(
            f"length(team_name) BETWEEN 1 AND {MOST_NAME_CHARACTERS}", name="gfwl_team_submissions_team_name"
        ),
        sa.Index("gfwl_team_submissions_job_id_idx", "job_id"),
        sa.Index("gfwl_team_submissions_job_id_confirmation_status_idx", "job_id", "confirmation_status"),
        {"schema": SCHEMA},
    )


class JobUrl(Base):
    """A link of a job and what became of it, which is not the document's: what counts each link once."""

    __tablename__ = "job_urls"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    job_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey(f"{SCHEMA}.jobs.id", name="job_urls_job_id_fkey", ondelete="CASCADE")
    )
    url: Mapped[str]
    position: Mapped[int]
    """In the job, from 0."""
    state: Mapped[str] = mapped_column(server_default=word("pending"))
    reason: Mapped[str | None]
    """Why it failed."""
    changed_at: Mapped[Moment] = mapped_column(server_default=NOW, onupdate=sa.func.clock_timestamp())

    __table_args__: Any = (
        sa.UniqueConstraint("job_id", "url", name="job_urls_once"),
        sa.CheckConstraint(one_of("state", *URL_STATES), name="job_urls_state"),
        sa.CheckConstraint("(state = 'failed') = (reason IS NOT NULL)", name="job_urls_reason"),
        {"schema": SCHEMA},
    )
