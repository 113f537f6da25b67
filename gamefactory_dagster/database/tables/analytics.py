"""Schema ``factory``: what analytics keeps beside document 001."""

import datetime as dt
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from .base import NOW, Base, BigInt, Moment, Requested, Str50, Str100, Str255, number, one_of, word

GameId = Annotated[UUID, mapped_column(sa.UUID, sa.ForeignKey("factory.games.id", ondelete="CASCADE"))]
"""Of a game; its rows go with it."""

UserId = Annotated[str, mapped_column(sa.Text(collation="C"))]
"""Compared byte by byte: fast, and the same everywhere."""


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


class PlayerDay(Base):
    """One player's UTC day in one game; ``user_id`` None is everybody who gave none.

    Its game exists: who writes locks it, and a trigger on ``games`` deletes these rows with it.
    """

    __tablename__ = "player_days"

    date: Mapped[dt.date]
    game_id: Mapped[UUID]
    user_id: Mapped[UserId | None]
    events: Mapped[BigInt]
    sessions: Mapped[int]
    session_micros: Mapped[BigInt]
    levels_completed: Mapped[int]
    levels_failed: Mapped[int]
    ad_prompts: Mapped[int]
    ad_impressions: Mapped[int]
    ad_revenue_micros: Mapped[Decimal]
    iap_revenue_cents: Mapped[Decimal]

    __table_args__ = (
        sa.UniqueConstraint(
            "date", "game_id", "user_id", name="unique_player_day", postgresql_nulls_not_distinct=True
        ),
        {"schema": "factory"},
    )
    __mapper_args__ = {"primary_key": ["date", "game_id", "user_id"]}  # noqa: RUF012 (SQLAlchemy reads it so)


class Player(Base):
    """A player of a game and the first day they were seen on, which only ever moves back.

    Its game exists, as that of a ``PlayerDay`` does.
    """

    __tablename__ = "players"

    game_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UserId] = mapped_column(primary_key=True)
    first_date: Mapped[dt.date]

    __table_args__ = (sa.Index("idx_players_first_date", "first_date"), {"schema": "factory"})


class CollectorKey(Base):
    """The secret that addresses of the collector's clients are hashed with; one row."""

    __tablename__ = "collector_key"

    only_one: Mapped[bool] = mapped_column(primary_key=True, server_default=sa.true())
    key: Mapped[bytes]

    __table_args__ = (sa.CheckConstraint("only_one", name="only_one"), {"schema": "factory"})


class CollectorClaim(Base):
    """What one address brought for a game on a UTC day of receipt.

    ``origin`` stands for the address wherever it outlives this row.
    """

    __tablename__ = "collector_claims"

    game_id: Mapped[GameId] = mapped_column(primary_key=True)
    address: Mapped[bytes] = mapped_column(primary_key=True)
    received_on: Mapped[dt.date] = mapped_column(primary_key=True)
    origin: Mapped[UUID]
    events: Mapped[BigInt] = mapped_column(server_default=number(0))
    players: Mapped[BigInt] = mapped_column(server_default=number(0))
    anonymous_cents: Mapped[BigInt] = mapped_column(server_default=number(0))
    implausible: Mapped[BigInt] = mapped_column(server_default=number(0))

    __table_args__ = (sa.Index("idx_collector_claims_received", "received_on"), {"schema": "factory"})


class CollectorPlayer(Base):
    """A player the collector has heard of; events and purchases are of the last day of receipt alone."""

    __tablename__ = "collector_players"

    game_id: Mapped[GameId] = mapped_column(primary_key=True)
    user_id: Mapped[UserId] = mapped_column(primary_key=True)
    since: Mapped[Moment]
    origin: Mapped[UUID]
    received_on: Mapped[dt.date]
    events: Mapped[BigInt]
    cents: Mapped[BigInt]

    __table_args__ = ({"schema": "factory"},)


class RollupDay(Base):
    """What was computed for a day, when, and from how many raw events."""

    __tablename__ = "rollup_days"

    date: Mapped[dt.date] = mapped_column(primary_key=True)
    events: Mapped[BigInt | None]
    player_days_at: Mapped[Moment | None]
    game_metrics_at: Mapped[Moment | None]
    stale_since: Mapped[Moment | None]
    late_events: Mapped[BigInt] = mapped_column(server_default=number(0))

    __table_args__ = (
        sa.Index("idx_rollup_days_stale", "date", postgresql_where=sa.text("stale_since IS NOT NULL")),
        {"schema": "factory"},
    )


class LandedFile(Requested, Base):
    """A file of the landing zone, known by where it is and a fingerprint of its content."""

    __tablename__ = "landed_files"

    url: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    size_bytes: Mapped[BigInt]
    status: Mapped[Str50] = mapped_column(server_default=word("pending"))
    stored: Mapped[BigInt | None]
    duplicate: Mapped[BigInt | None]
    quarantined: Mapped[BigInt | None]
    error_message: Mapped[str | None]
    found_at: Mapped[Moment] = mapped_column(server_default=NOW)
    finished_at: Mapped[Moment | None]

    __table_args__ = (
        sa.CheckConstraint(
            one_of("status", "pending", "running", "completed", "failed"), name="valid_status"
        ),
        sa.Index(
            "idx_landed_files_open", "found_at", postgresql_where=sa.text("status IN ('pending', 'running')")
        ),
        {"schema": "factory"},
    )


class EventArchive(Base):
    """A file of a month's events in the artifact store, which are no longer in ``analytics_events``.

    ``part`` is 0 for the month as it was closed, 1 and on for what came in afterwards. ``checksum`` is the
    file's SHA-256 in hex.
    """

    __tablename__ = "event_archives"

    month: Mapped[dt.date] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    url: Mapped[str]
    events: Mapped[BigInt]
    size_bytes: Mapped[BigInt]
    checksum: Mapped[str]
    archived_at: Mapped[Moment] = mapped_column(server_default=NOW)

    __table_args__ = (
        sa.CheckConstraint("month = date_trunc('month', month::timestamp)::date", name="first_of_month"),
        {"schema": "factory"},
    )
