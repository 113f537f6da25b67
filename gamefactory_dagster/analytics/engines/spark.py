"""Spark over the archive's files: as many machines as there are.

What belongs here: the statements as Spark's jobs. What does not: the session, and what may become of a
cluster (``spark_session.py``).

Everything is SQL, so executors need nothing of ours and no Python.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import reduce
from typing import TYPE_CHECKING, Any

from gamefactory_dagster.database.sql import load
from gamefactory_dagster.days import day_bounds
from gamefactory_dagster.errors import PermanentError

from .base import EVENT_DAYS, FIRST_DAYS, PLAYER_DAY, Engine, Row

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


A_DAY = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
}
"""While days of metrics are computed: a day has a row a player, so it is one task, and days are side by side.
With Spark's own settings thousands of tasks a week do nothing."""


@contextmanager
def opened(master: str) -> Iterator[Engine]:
    """Open an engine on a master.

    Raises PermanentError where pyspark or Java is not installed, or Spark cannot do what it is asked;
    TransientError where the cluster does not answer or gives no work to anybody.
    """
    try:
        from .spark_session import at_work
    except ImportError as error:
        raise PermanentError("Spark is not installed: pip install 'gamefactory-dagster[spark]'") from error
    with at_work(master) as session:
        yield Spark(session)


class Spark:
    """A Spark session; ``player_days`` is computed once and kept by its executors."""

    def __init__(self, session: "SparkSession") -> None:
        self._session = session
        self._parts: list[DataFrame] = []

    def read(self, files: Sequence[str]) -> None:
        """See ``Engine``."""
        self._parts = []
        locations = [_location(url) for url in files]
        self._session.read.parquet(*locations).createOrReplaceTempView("event_files")
        for statement in load("analytics/spark_views").strip().removesuffix(";").split(";\n"):
            self._session.sql(statement)

    def player_days(self, day: dt.date) -> Iterator[tuple[Any, ...]]:
        """See ``Engine``."""
        return iter(self._computed(day, day).select(*PLAYER_DAY).toLocalIterator())

    def event_days(self) -> list[dt.date]:
        """See ``Engine``."""
        return [row.day for row in self._session.sql(EVENT_DAYS).collect()]

    def add_player_days(self, days: Sequence[dt.date]) -> None:
        """See ``Engine``."""
        self._parts.append(_kept(self._computed(days[0], days[-1])))

    def game_metrics(self, days: Sequence[dt.date]) -> list[Row]:
        """See ``Engine``."""
        self._show_player_days()
        select = load("analytics/select_game_metrics")
        with _set(self._session, A_DAY):
            frames = [self._session.sql(select, {"day": day}) for day in days]
            return [row.asDict() for row in _together(frames).collect()]

    def _computed(self, first: dt.date, last: dt.date) -> "DataFrame":
        """``PLAYER_DAY`` and dates of these days; how at once says ``sql/analytics/spark_views.sql``."""
        start, end = day_bounds(first, last)
        found = self._session.sql(load("analytics/select_player_days"), {"day_start": start, "day_end": end})
        return found.select("game_id.date", "game_id.game_id", *PLAYER_DAY[1:])

    def _show_player_days(self) -> None:
        """Give the parts their names; once they are shown, there are no further ones."""
        if not self._parts:
            return
        _kept(_together(self._parts)).createOrReplaceTempView("player_days")
        _kept(self._session.sql(FIRST_DAYS)).createOrReplaceTempView("players")
        self._parts = []


@contextmanager
def _set(session: "SparkSession", settings: Mapping[str, str]) -> Iterator[None]:
    """Settings of the session for as long as the block takes."""
    before: dict[str, Any] = {name: session.conf.get(name) for name in settings}
    try:
        for name, value in settings.items():
            session.conf.set(name, value)
        yield
    finally:
        for name, value in before.items():
            session.conf.set(name, value)


def _kept(frame: "DataFrame") -> "DataFrame":
    """Compute the rows now and let executors keep them, each with another: one of the two may die."""
    from pyspark import StorageLevel

    return frame.localCheckpoint(storageLevel=StorageLevel.MEMORY_AND_DISK_2)


def _together(frames: Sequence["DataFrame"]) -> "DataFrame":
    """All rows as one job: each day as one of its own costs several times more."""
    return reduce(lambda left, right: left.unionAll(right), frames)


def _location(url: str) -> str:
    """The URL as Hadoop opens it."""
    return f"s3a://{url.removeprefix('s3://')}" if url.startswith("s3://") else url
