"""Schema ``factory``: document 001 and the columns the work needs beside it.

What belongs here: the tables as the migrations make them; a test holds the two together.
What does not: making them, queries, rules. SQLAlchemy keeps the name ``metadata``: here it is ``details``.
"""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from gamefactory_dagster.studio.design.event_spec import EVENT_TYPES

from .base import (
    NOW,
    Base,
    BigInt,
    Id,
    Json,
    Moment,
    Requested,
    Share,
    Str20,
    Str50,
    Str100,
    Str255,
    Str500,
    number,
    one_of,
    word,
)

SCHEMA = "factory"
_HERE = {"schema": SCHEMA}

_ASSET_TYPES = ("sprite", "background", "ui_element", "particle", "sound_effect", "music", "icon", "splash")


def _belongs_to(table: str, ondelete: str = "CASCADE") -> sa.ForeignKey:
    return sa.ForeignKey(f"{SCHEMA}.{table}.id", ondelete=ondelete)


class Batch(Base):
    """Games ordered together. ``genre_mix`` is a list of ``{"genre", "count"}``."""

    __tablename__ = "batches"

    id: Mapped[Id]
    name: Mapped[Str255]
    status: Mapped[Str50] = mapped_column(server_default=word("pending"))
    game_count: Mapped[int] = mapped_column(server_default=number(10))
    genre_mix: Mapped[Json] = mapped_column(server_default=word("[]"))
    constraints: Mapped[Json | None] = mapped_column(server_default=word("{}"))
    created_at: Mapped[Moment | None] = mapped_column(server_default=NOW)
    started_at: Mapped[Moment | None]
    completed_at: Mapped[Moment | None]
    seed: Mapped[BigInt | None]
    error_message: Mapped[str | None]
    cancel_requested_at: Mapped[Moment | None]
    owner_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("auth.users.id"))

    __table_args__ = (
        sa.CheckConstraint(
            one_of("status", "pending", "running", "completed", "failed", "cancelled"), name="valid_status"
        ),
        sa.Index(
            "idx_batches_open",
            "status",
            "created_at",
            postgresql_where=sa.text("status IN ('pending', 'running')"),
        ),
        _HERE,
    )


class Game(Requested, Base):
    """One game through its whole life. ``current_step`` is the last finished step, 0 to 12."""

    __tablename__ = "games"

    id: Mapped[Id]
    batch_id: Mapped[UUID | None] = mapped_column(sa.UUID, _belongs_to("batches"))
    name: Mapped[Str255]
    slug: Mapped[Str255] = mapped_column(unique=True)
    genre: Mapped[Str100]
    status: Mapped[Str50] = mapped_column(server_default=word("created"))
    current_step: Mapped[int] = mapped_column(server_default=number(0))
    github_repo: Mapped[Str255 | None]
    github_repo_url: Mapped[Str500 | None]
    gdd_spec: Mapped[Json | None] = mapped_column(server_default=word("{}"))
    analytics_spec: Mapped[Json | None] = mapped_column(server_default=word("{}"))
    selected_mechanics: Mapped[Json | None] = mapped_column(server_default=word("[]"))
    selected_template: Mapped[Str255 | None]
    created_at: Mapped[Moment | None] = mapped_column(server_default=NOW)
    updated_at: Mapped[Moment | None] = mapped_column(server_default=NOW)
    published_at: Mapped[Moment | None]
    batch_position: Mapped[int | None]
    seed: Mapped[BigInt | None]
    theme: Mapped[str | None]
    style: Mapped[str | None]
    error_message: Mapped[str | None]
    write_key: Mapped[str] = mapped_column(
        server_default=sa.text("replace(gen_random_uuid()::text, '-', '')")
    )
    play_url: Mapped[str | None]
    external: Mapped[bool] = mapped_column(server_default=sa.false())
    trusted_until: Mapped[dt.date | None]
    wishes: Mapped[Json] = mapped_column(server_default=word("{}"))
    designer: Mapped[str | None]
    """Who designs it, by name; None: the factory's own."""
    owner_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("auth.users.id"))
    priority: Mapped[int] = mapped_column(server_default=number(0))
    asked: Mapped[Json | None]
    """What was asked for that it became, for the ledger."""

    __table_args__ = (
        sa.CheckConstraint(
            one_of("status", "created", "in_progress", "completed", "failed", "cancelled", "published"),
            name="valid_status",
        ),
        sa.CheckConstraint("current_step >= 0 AND current_step <= 12", name="valid_step"),
        sa.UniqueConstraint("batch_id", "batch_position", name="unique_batch_position"),
        sa.Index("idx_games_batch_id", "batch_id"),
        sa.Index("idx_games_status", "status"),
        sa.Index("idx_games_genre", "genre"),
        sa.Index("idx_games_batch_status", "batch_id", "status"),
        sa.Index(
            "idx_games_active", "status", postgresql_where=sa.text("status NOT IN ('cancelled', 'failed')")
        ),
        sa.Index(
            "idx_games_to_request",
            "batch_id",
            "batch_position",
            postgresql_where=sa.text("status = 'created' AND requested_at IS NULL"),
        ),
        sa.Index(
            "idx_games_requested",
            "requested_at",
            postgresql_where=sa.text("status = 'created' AND requested_at IS NOT NULL"),
        ),
        sa.Index(
            "idx_games_cancelled_held",
            "id",
            postgresql_where=sa.text(
                "status = 'cancelled' AND (requested_at IS NOT NULL OR lease_owner IS NOT NULL)"
            ),
        ),
        _HERE,
    )


class GameStep(Base):
    """One of a game's twelve steps, and what it made."""

    __tablename__ = "game_steps"

    id: Mapped[Id]
    game_id: Mapped[UUID] = mapped_column(sa.UUID, _belongs_to("games"))
    step_number: Mapped[int]
    step_name: Mapped[Str100]
    status: Mapped[Str50] = mapped_column(server_default=word("pending"))
    started_at: Mapped[Moment | None]
    completed_at: Mapped[Moment | None]
    retry_count: Mapped[int] = mapped_column(server_default=number(0))
    max_retries: Mapped[int] = mapped_column(server_default=number(3))
    error_message: Mapped[str | None]
    artifacts: Mapped[Json | None] = mapped_column(server_default=word("{}"))
    validation_results: Mapped[Json | None] = mapped_column(server_default=word("{}"))
    logs: Mapped[str | None]

    __table_args__ = (
        sa.CheckConstraint(
            one_of("status", "pending", "running", "completed", "failed", "skipped"), name="valid_status"
        ),
        sa.UniqueConstraint("game_id", "step_number", name="unique_game_step"),
        sa.Index("idx_game_steps_game_id", "game_id"),
        sa.Index("idx_game_steps_status", "status"),
        sa.Index("idx_game_steps_status_step", "status", "step_number"),
        sa.Index(
            "idx_steps_pending", "game_id", "step_number", postgresql_where=sa.text("status = 'pending'")
        ),
        _HERE,
    )


class Mechanic(Base):
    """A mechanic of the library. ``genre_tags`` is a list of genres."""

    __tablename__ = "mechanics"

    id: Mapped[Id]
    name: Mapped[Str255] = mapped_column(unique=True)
    source_url: Mapped[Str500]
    flame_example: Mapped[Str255 | None]
    genre_tags: Mapped[Json] = mapped_column(server_default=word("[]"))
    input_model: Mapped[Str100]
    complexity: Mapped[int] = mapped_column(server_default=number(1))
    description: Mapped[str | None]
    code_snippet: Mapped[str | None]
    compatible_with_ads: Mapped[bool | None] = mapped_column(server_default=sa.true())
    compatible_with_levels: Mapped[bool | None] = mapped_column(server_default=sa.true())
    is_active: Mapped[bool | None] = mapped_column(server_default=sa.true())
    created_at: Mapped[Moment | None] = mapped_column(server_default=NOW)

    __table_args__ = (
        sa.CheckConstraint("complexity >= 1 AND complexity <= 5", name="valid_complexity"),
        sa.CheckConstraint(
            one_of("input_model", "tap", "drag", "joystick", "tilt", "swipe", "multi_touch"),
            name="valid_input_model",
        ),
        sa.Index("idx_mechanics_genre_tags", "genre_tags", postgresql_using="gin"),
        sa.Index("idx_mechanics_active", "is_active", postgresql_where=sa.text("is_active = true")),
        _HERE,
    )


class GameAsset(Base):
    """A picture or sound of a game. Sizes in pixels and bytes, ``checksum`` SHA-256 in hex."""

    __tablename__ = "game_assets"

    id: Mapped[Id]
    game_id: Mapped[UUID] = mapped_column(sa.UUID, _belongs_to("games"))
    asset_type: Mapped[Str100]
    filename: Mapped[Str255]
    storage_url: Mapped[Str500 | None]
    local_path: Mapped[Str500 | None]
    ai_prompt: Mapped[str | None]
    ai_model: Mapped[Str100 | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    format: Mapped[Str50 | None]
    details: Mapped[Json | None] = mapped_column("metadata", server_default=word("{}"))
    created_at: Mapped[Moment | None] = mapped_column(server_default=NOW)
    checksum: Mapped[str | None]
    size_bytes: Mapped[BigInt | None]

    __table_args__ = (
        sa.CheckConstraint(one_of("asset_type", *_ASSET_TYPES), name="valid_asset_type"),
        sa.UniqueConstraint("game_id", "filename", name="unique_game_asset"),
        sa.Index("idx_game_assets_game_id", "game_id"),
        sa.Index("idx_game_assets_type", "asset_type"),
        _HERE,
    )


class GameBuild(Base):
    """A build of a game for one platform. ``checksum`` is SHA-256 in hex."""

    __tablename__ = "game_builds"

    id: Mapped[Id]
    game_id: Mapped[UUID] = mapped_column(sa.UUID, _belongs_to("games"))
    build_number: Mapped[int]
    status: Mapped[Str50] = mapped_column(server_default=word("pending"))
    platform: Mapped[Str50] = mapped_column(server_default=word("android"))
    build_type: Mapped[Str50] = mapped_column(server_default=word("debug"))
    artifact_url: Mapped[Str500 | None]
    logs_url: Mapped[Str500 | None]
    github_run_id: Mapped[BigInt | None]
    github_workflow: Mapped[Str255 | None]
    version_name: Mapped[Str50 | None]
    version_code: Mapped[int | None]
    file_size_bytes: Mapped[BigInt | None]
    started_at: Mapped[Moment | None]
    completed_at: Mapped[Moment | None]
    created_at: Mapped[Moment | None] = mapped_column(server_default=NOW)
    checksum: Mapped[str | None]

    __table_args__ = (
        sa.CheckConstraint(
            one_of("status", "pending", "running", "success", "failure", "cancelled"), name="valid_status"
        ),
        sa.CheckConstraint(one_of("platform", "android", "ios", "web"), name="valid_platform"),
        sa.CheckConstraint(one_of("build_type", "debug", "profile", "release"), name="valid_build_type"),
        sa.UniqueConstraint("game_id", "build_number", "platform", name="unique_game_build"),
        sa.Index("idx_game_builds_game_id", "game_id"),
        sa.Index("idx_game_builds_status", "status"),
        _HERE,
    )


class AnalyticsEvent(Base):
    """One raw event, as a game sent it; partitioned by UTC month of ``timestamp``."""

    __tablename__ = "analytics_events"

    id: Mapped[Id]
    game_id: Mapped[UUID] = mapped_column(sa.UUID, _belongs_to("games"))
    event_type: Mapped[Str100]
    user_id: Mapped[Str255 | None]
    session_id: Mapped[Str255 | None]
    level: Mapped[int | None]
    properties: Mapped[Json | None] = mapped_column(server_default=word("{}"))
    device_info: Mapped[Json | None] = mapped_column(server_default=word("{}"))
    timestamp: Mapped[Moment] = mapped_column(primary_key=True)
    received_at: Mapped[Moment | None] = mapped_column(server_default=NOW)

    __table_args__ = (
        sa.CheckConstraint(one_of("event_type", *EVENT_TYPES), name="valid_event_type"),
        sa.Index("idx_analytics_events_game_id", "game_id"),
        sa.Index("idx_analytics_events_type", "event_type"),
        sa.Index("idx_analytics_events_timestamp", "timestamp"),
        sa.Index("idx_analytics_game_type_time", "game_id", "event_type", "timestamp"),
        sa.Index("idx_analytics_events_timestamp_brin", "timestamp", postgresql_using="brin"),
        sa.Index("idx_analytics_events_received_brin", "received_at", postgresql_using="brin"),
        {"schema": SCHEMA, "postgresql_partition_by": "RANGE (timestamp)"},
    )


class GameMetrics(Base):
    """One game's numbers on one UTC day."""

    __tablename__ = "game_metrics"

    id: Mapped[Id]
    game_id: Mapped[UUID] = mapped_column(sa.UUID, _belongs_to("games"))
    date: Mapped[dt.date]
    installs: Mapped[int | None] = mapped_column(server_default=number(0))
    dau: Mapped[int | None] = mapped_column(server_default=number(0))
    sessions: Mapped[int | None] = mapped_column(server_default=number(0))
    avg_session_duration_seconds: Mapped[int | None] = mapped_column(server_default=number(0))
    retention_d1: Mapped[Share | None] = mapped_column(server_default=number(0))
    retention_d7: Mapped[Share | None] = mapped_column(server_default=number(0))
    retention_d30: Mapped[Share | None] = mapped_column(server_default=number(0))
    levels_completed: Mapped[int | None] = mapped_column(server_default=number(0))
    levels_failed: Mapped[int | None] = mapped_column(server_default=number(0))
    ad_impressions: Mapped[int | None] = mapped_column(server_default=number(0))
    ad_revenue_cents: Mapped[int | None] = mapped_column(server_default=number(0))
    iap_revenue_cents: Mapped[int | None] = mapped_column(server_default=number(0))
    score: Mapped[Decimal | None] = mapped_column(sa.Numeric(10, 4), server_default=number(0))
    created_at: Mapped[Moment | None] = mapped_column(server_default=NOW)
    ad_prompts: Mapped[int] = mapped_column(server_default=number(0))
    cohort_d1: Mapped[int] = mapped_column(server_default=number(0))
    retained_d1: Mapped[int] = mapped_column(server_default=number(0))
    cohort_d7: Mapped[int] = mapped_column(server_default=number(0))
    retained_d7: Mapped[int] = mapped_column(server_default=number(0))
    cohort_d30: Mapped[int] = mapped_column(server_default=number(0))
    retained_d30: Mapped[int] = mapped_column(server_default=number(0))

    __table_args__ = (
        sa.UniqueConstraint("game_id", "date", name="unique_game_date"),
        sa.Index("idx_game_metrics_game_id", "game_id"),
        sa.Index("idx_game_metrics_date", "date"),
        sa.Index("idx_game_metrics_score", sa.text("score DESC")),
        sa.Index("idx_metrics_game_date_score", "game_id", sa.text("date DESC"), sa.text("score DESC")),
        _HERE,
    )


class LearningWeight(Base):
    """How well a mechanic does in a genre; 1.0 is average."""

    __tablename__ = "learning_weights"

    id: Mapped[Id]
    mechanic_id: Mapped[UUID] = mapped_column(sa.UUID, _belongs_to("mechanics"))
    genre: Mapped[Str100]
    weight: Mapped[Share] = mapped_column(server_default=sa.text("1.0"))
    sample_count: Mapped[int] = mapped_column(server_default=number(0))
    avg_retention_d7: Mapped[Share | None] = mapped_column(server_default=number(0))
    avg_completion_rate: Mapped[Share | None] = mapped_column(server_default=number(0))
    avg_ad_opt_in_rate: Mapped[Share | None] = mapped_column(server_default=number(0))
    last_updated: Mapped[Moment | None] = mapped_column(server_default=NOW)

    __table_args__ = (
        sa.UniqueConstraint("mechanic_id", "genre", name="unique_mechanic_genre"),
        sa.CheckConstraint("weight >= 0 AND weight <= 10", name="valid_weight"),
        sa.Index("idx_learning_weights_mechanic", "mechanic_id"),
        sa.Index("idx_learning_weights_genre", "genre"),
        _HERE,
    )


class GenerationLog(Base):
    """What happened while games were made, for people; outlives the game it tells of."""

    __tablename__ = "generation_logs"

    id: Mapped[Id]
    batch_id: Mapped[UUID | None] = mapped_column(sa.UUID, _belongs_to("batches", "SET NULL"))
    game_id: Mapped[UUID | None] = mapped_column(sa.UUID, _belongs_to("games", "SET NULL"))
    step_number: Mapped[int | None]
    log_level: Mapped[Str20] = mapped_column(server_default=word("info"))
    log_type: Mapped[Str100]
    message: Mapped[str]
    details: Mapped[Json | None] = mapped_column("metadata", server_default=word("{}"))
    created_at: Mapped[Moment | None] = mapped_column(server_default=NOW)

    __table_args__ = (
        sa.CheckConstraint(
            one_of("log_level", "debug", "info", "warning", "error", "critical"), name="valid_log_level"
        ),
        sa.Index("idx_generation_logs_batch", "batch_id"),
        sa.Index("idx_generation_logs_game", "game_id"),
        sa.Index("idx_generation_logs_created", "created_at"),
        _HERE,
    )
