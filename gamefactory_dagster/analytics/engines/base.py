"""What an engine is, and what every engine is asked. Nothing of any one engine."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

EVENT_DAYS = "SELECT DISTINCT CAST(timestamp AS DATE) AS day FROM raw_events ORDER BY day"
"""In sessions whose time zone is UTC."""

FIRST_DAYS = """
SELECT game_id, user_id, min(date) AS first_date
FROM player_days
WHERE user_id IS NOT NULL
GROUP BY game_id, user_id
"""
"""What ``players`` is, once ``player_days`` holds every day."""

PLAYER_DAY = (
    "game_id", "user_id", "events", "sessions", "session_micros", "levels_completed", "levels_failed",
    "ad_prompts", "ad_impressions", "ad_revenue_micros", "iap_revenue_cents",
)  # fmt: skip
"""What ``sql/analytics/select_player_days.sql`` gives, in its order."""

Row = dict[str, Any]
"""A row of ``sql/analytics/select_game_metrics.sql``; ``game_id`` as text, rates as Decimal or None."""


class Engine(Protocol):
    """What computes days over event files."""

    def read(self, files: Sequence[str]) -> None:
        """Let the events be those of the Parquet files at these URLs, and forget what was before."""

    def player_days(self, day: dt.date) -> Iterator[tuple[Any, ...]]:
        """Compute one UTC day: rows of ``PLAYER_DAY``, ``game_id`` as text, never all at once."""

    def event_days(self) -> list[dt.date]:
        """UTC days that have events, in order."""

    def add_player_days(self, days: Sequence[dt.date]) -> None:
        """Compute ``player_days`` of ``days`` and keep them, for ``game_metrics``.

        Days are given in order, all to this method first; no day between two of them has events.
        """

    def game_metrics(self, days: Sequence[dt.date]) -> list[Row]:
        """Rows of these days, from the kept ``player_days`` and the first days of their players."""
