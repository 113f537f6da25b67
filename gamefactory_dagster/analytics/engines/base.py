"""What an engine is, and what every engine is asked. Nothing of any one engine."""

import datetime as dt
from collections.abc import Sequence
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

Row = dict[str, Any]
"""A row of ``sql/analytics/select_game_metrics.sql``; ``game_id`` as text, rates as Decimal or None."""


class Engine(Protocol):
    """What computes days over event files. Days are given in order, all to the first method first."""

    def event_days(self) -> list[dt.date]:
        """UTC days that have events, in order."""

    def add_player_days(self, days: Sequence[dt.date]) -> None:
        """Compute ``player_days`` of these days from ``raw_events``."""

    def game_metrics(self, days: Sequence[dt.date]) -> list[Row]:
        """Rows of these days, from ``player_days`` and the first days of their players."""
