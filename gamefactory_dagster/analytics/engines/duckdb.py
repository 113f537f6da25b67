"""DuckDB over the archive's files: one process, no server."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gamefactory_dagster.analytics.parquet import is_local
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.days import day_bounds
from gamefactory_dagster.errors import PermanentError

from .base import EVENT_DAYS, FIRST_DAYS, Engine, Row

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROWS = 10_000
"""Fetched at a time."""


@contextmanager
def opened() -> Iterator[Engine]:
    """Open an engine for files at any URL; raises PermanentError where DuckDB is not installed."""
    try:
        import duckdb
    except ImportError as error:
        raise PermanentError("DuckDB is not installed: pip install 'gamefactory-dagster[duckdb]'") from error
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield DuckDB(connection)


class DuckDB:
    """A DuckDB in memory with ``player_days`` as a table."""

    def __init__(self, connection: "DuckDBPyConnection") -> None:
        self._connection = connection
        self._filesystems: set[Any] = set()

    def read(self, files: Sequence[str]) -> None:
        """See ``Engine``."""
        self._connection.read_parquet(self._locations(files)).create_view("event_files", replace=True)
        self._connection.execute(load("analytics/duckdb_views"))

    def player_days(self, day: dt.date) -> Iterator[tuple[Any, ...]]:
        """See ``Engine``."""
        start, end = day_bounds(day)
        select = _with_dollars(load("analytics/select_player_days"))
        result = self._connection.execute(select, {"day_start": start, "day_end": end})
        while rows := result.fetchmany(ROWS):
            yield from rows

    def event_days(self) -> list[dt.date]:
        """See ``Engine``."""
        return [day for (day,) in self._connection.execute(EVENT_DAYS).fetchall()]

    def add_player_days(self, days: Sequence[dt.date]) -> None:
        """See ``Engine``."""
        select = load("analytics/select_player_days")
        insert = load("analytics/duckdb_insert_player_days").replace("{select_player_days}", select)
        for day in days:
            start, end = day_bounds(day)
            self._connection.execute(
                _with_dollars(insert),
                {"day": day, "day_start": start, "day_end": end},
            )

    def game_metrics(self, days: Sequence[dt.date]) -> list[Row]:
        """See ``Engine``."""
        self._connection.execute(f"CREATE OR REPLACE TABLE players AS {FIRST_DAYS}")
        select = _with_dollars(load("analytics/select_game_metrics"))
        rows: list[Row] = []
        for day in days:
            result = self._connection.execute(select, {"day": day})
            names = [column[0] for column in result.description]
            rows += [dict(zip(names, row, strict=True)) for row in result.fetchall()]
        return rows

    def _locations(self, files: Sequence[str]) -> list[str]:
        """The files as DuckDB opens them: those not on this machine through fsspec."""
        from upath import UPath

        paths = [UPath(url) for url in files]
        for filesystem in {path.fs for path in paths if not is_local(path)} - self._filesystems:
            self._connection.register_filesystem(filesystem)
            self._filesystems.add(filesystem)
        return [path.path if is_local(path) else url for path, url in zip(paths, files, strict=True)]


def _with_dollars(statement: str) -> str:
    """The statement with its parameters ``:name`` written ``$name``."""
    return re.sub(r"(?<!:):([a-z_]+)", r"$\1", statement)
