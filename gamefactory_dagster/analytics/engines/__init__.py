"""The daily metrics over the archive's files, by an engine that is not PostgreSQL.

What belongs here: running the portable statements (``sql/analytics/select_*.sql``) for a range of days, and
what each engine needs for it: a view over the files, its parameters, a function it lacks. What does not:
the statements, the files (``parquet.py``), and scores, which are the database's.

Engines are extras: ``pip install 'gamefactory-dagster[duckdb]'`` or ``'gamefactory-dagster[spark]'``.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from gamefactory_dagster.days import day_range
from gamefactory_dagster.errors import InputError

CHUNK_DAYS = 16
"""Days an engine is given at a time."""

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

OnDay = Callable[[int, int], None]
"""Called with the number of days done, each day counted twice, and the number there are."""


class Engine(Protocol):
    """What computes days over event files. Days are given in order, all to the first method first."""

    def event_days(self) -> list[dt.date]:
        """UTC days that have events, in order."""

    def add_player_days(self, days: Sequence[dt.date]) -> None:
        """Compute ``player_days`` of these days from ``raw_events``."""

    def game_metrics(self, days: Sequence[dt.date]) -> list[Row]:
        """Rows of these days, from ``player_days`` and the first days of their players."""


Opener = Callable[[Sequence[str]], AbstractContextManager[Engine]]


def _duckdb(files: Sequence[str]) -> AbstractContextManager[Engine]:
    from .duckdb import opened

    return opened(files)


def _spark(files: Sequence[str]) -> AbstractContextManager[Engine]:
    from .spark import opened

    return opened(files)


ENGINES: dict[str, Opener] = {"duckdb": _duckdb, "spark": _spark}


def day_rows(
    name: str, files: Sequence[str], first: dt.date, last: dt.date, on_day: OnDay | None = None
) -> list[Row]:
    """Metrics of the UTC days from ``first`` to ``last`` in the order of day and game, without scores.

    ``files``: URLs of Parquet files that hold all events up to the end of ``last``: who is a new player
    depends on every day before. Equal to what PostgreSQL computes from the same events.

    Raises InputError for an engine there is not, PermanentError when what it needs is not installed.
    """
    if name not in ENGINES:
        raise InputError("engine", name, " or ".join(ENGINES))
    with ENGINES[name](files) as engine:
        past = [day for day in engine.event_days() if day <= last]
        if not past:
            return []
        asked = day_range(max(past[0], first), last)
        done, total = 0, len(past) + len(asked)
        rows: list[Row] = []
        for chunk in _chunks(past):
            engine.add_player_days(chunk)
            done = _tell(on_day, done + len(chunk), total)
        for chunk in _chunks(asked):
            rows += engine.game_metrics(chunk)
            done = _tell(on_day, done + len(chunk), total)
    return sorted(rows, key=lambda row: (row["date"], row["game_id"]))


def _tell(on_day: OnDay | None, done: int, total: int) -> int:
    if on_day is not None:
        on_day(done, total)
    return done


def _chunks(days: list[dt.date]) -> Iterator[list[dt.date]]:
    return (days[start : start + CHUNK_DAYS] for start in range(0, len(days), CHUNK_DAYS))
