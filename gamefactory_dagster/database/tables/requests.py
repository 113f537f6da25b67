"""Schema ``requests``: document 000, prompt requests.

What belongs here: the tables as the migrations make them; a test holds the two together. What does not: what
a state means, and which follows which (``requests/walk.py``).
"""

from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import Mapped, mapped_column

from .base import NOW, Base, Json, Moment, Str20, Str50, Str255, one_of, word
from .ledger import AUTH

SCHEMA = "requests"

PHASES = ("phase_1", "phase_2", "phase_3", "phase_4")
STATUSES = ("pending", "processing", *PHASES, "completed", "failed")
ENDED = STATUSES[-2:]
"""What a request stays in."""

MOST_CHARACTERS = 4000
"""Of a prompt."""

_Serial = Annotated[int, mapped_column(primary_key=True)]


def _another(name: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{SCHEMA}.jobs.id", name=f"jobs_{name}_fkey", ondelete="SET NULL")


class Request(Base):
    """A sentence that becomes one game; from ``owner_id`` on the columns are not the document's."""

    __tablename__ = "jobs"

    id: Mapped[_Serial]
    game_name: Mapped[Str255 | None]
    """Until it is planned, only where somebody gave one."""
    prompt: Mapped[str]
    status: Mapped[Str50] = mapped_column(server_default=word("pending"))
    phase_outputs: Mapped[Json] = mapped_column(server_default=word("{}"))
    logs: Mapped[Json] = mapped_column(server_default=word("[]"))
    """The newest lines, as ``requests/queue.py`` bounds them."""
    error: Mapped[Json | None]
    config: Mapped[Json] = mapped_column(server_default=word("{}"))
    created_at: Mapped[Moment] = mapped_column(server_default=NOW)
    updated_at: Mapped[Moment] = mapped_column(server_default=NOW)
    owner_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey(f"{AUTH}.users.id", name="jobs_owner_id_fkey")
    )
    game_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("factory.games.id", name="jobs_game_id_fkey", ondelete="SET NULL")
    )
    is_named: Mapped[bool] = mapped_column(server_default=sa.false())
    """Whether whoever asked gave the game's name."""
    pair_of: Mapped[int | None] = mapped_column(_another("pair_of"))
    """The first of the pair this is the second of."""
    waits_for: Mapped[int | None] = mapped_column(_another("waits_for"))
    """The same, until that one's idea is there."""
    retry_of: Mapped[int | None] = mapped_column(_another("retry_of"))
    address: Mapped[Any | None] = mapped_column(INET)
    """Where a stranger's request came from, until it has ended."""

    __table_args__: Any = (
        sa.CheckConstraint(one_of("status", *STATUSES), name="jobs_status"),
        sa.CheckConstraint(f"length(prompt) BETWEEN 1 AND {MOST_CHARACTERS}", name="jobs_prompt"),
        sa.Index(
            "jobs_pending_idx",
            "created_at",
            "id",
            postgresql_where=sa.text("status = 'pending' AND waits_for IS NULL"),
        ),
        sa.Index("jobs_open_idx", "id", postgresql_where=sa.text("status NOT IN ('completed', 'failed')")),
        sa.Index("jobs_newest_idx", sa.text("created_at DESC"), sa.text("id DESC")),
        sa.Index("jobs_owner_idx", "owner_id", sa.text("created_at DESC"), sa.text("id DESC")),
        sa.Index("jobs_status_idx", "status", sa.text("created_at DESC"), sa.text("id DESC")),
        sa.Index("jobs_game_id_idx", "game_id", unique=True, postgresql_where=sa.text("game_id IS NOT NULL")),
        sa.Index("jobs_pair_of_idx", "pair_of", unique=True, postgresql_where=sa.text("pair_of IS NOT NULL")),
        sa.Index("jobs_waits_for_idx", "waits_for", postgresql_where=sa.text("waits_for IS NOT NULL")),
        sa.Index("jobs_retry_of_idx", "retry_of", postgresql_where=sa.text("retry_of IS NOT NULL")),
        {"schema": SCHEMA},
    )


class RequestLog(Base):
    """A line of a request's log."""

    __tablename__ = "job_logs"

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    job_id: Mapped[int] = mapped_column(
        sa.ForeignKey(f"{SCHEMA}.jobs.id", name="job_logs_job_id_fkey", ondelete="CASCADE")
    )
    level: Mapped[Str20]
    message: Mapped[str]
    timestamp: Mapped[Moment] = mapped_column(server_default=sa.text("clock_timestamp()"))

    __table_args__: Any = (sa.Index("job_logs_job_idx", "job_id", "id"), {"schema": SCHEMA})
