"""Schema ``factory``: what analytics keeps beside document 001 (migration 0004)."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from .base import NOW, Base, Moment, Str50, Str100, Str255


class QuarantinedEvent(Base):
    """An event a rule refused, whole, with the reason. ``id`` is a digest of it."""

    __tablename__ = "quarantined_events"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    raw: Mapped[str]
    reason: Mapped[Str50]
    field: Mapped[Str100 | None]
    game_id: Mapped[str | None]
    received_at: Mapped[Moment] = mapped_column(server_default=NOW)
    source: Mapped[Str255]

    __table_args__ = (
        sa.Index("idx_quarantined_events_reason", "reason", "received_at"),
        sa.Index("idx_quarantined_events_received", "received_at"),
        {"schema": "factory"},
    )
