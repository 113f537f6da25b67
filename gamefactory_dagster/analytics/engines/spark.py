"""Spark over the archive's files: as many machines as there are.

Without more, a Spark of two threads in this process's own JVM. Where a session is active already
(``spark-submit``, a notebook), that one is used and left running, with two of its settings changed: days
are UTC, and arithmetic is checked (ANSI). The files' URLs must be ones it can open.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from typing import TYPE_CHECKING, Any

from gamefactory_dagster.database.sql import load
from gamefactory_dagster.days import day_bounds
from gamefactory_dagster.errors import PermanentError

from .base import EVENT_DAYS, FIRST_DAYS, Engine, Row

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

LOCAL = {
    "spark.master": "local[2]",
    "spark.app.name": "gamefactory",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
}
"""A session of our own. A day is small: its groups are one partition, and compiling for it costs more than it
gains (half the CPU of it all, measured)."""

EXACT = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true"}
"""What the statements rely on, in any session."""


@contextmanager
def opened(files: Sequence[str]) -> Iterator[Engine]:
    """Open an engine over files; raises PermanentError where pyspark or Java is not installed."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise PermanentError("Spark is not installed: pip install 'gamefactory-dagster[spark]'") from error
    active = SparkSession.getActiveSession()
    session = active or _local()
    try:
        for name, value in EXACT.items():
            session.conf.set(name, value)
        session.read.parquet(*files).createOrReplaceTempView("event_files")
        for statement in load("analytics/spark_views").strip().removesuffix(";").split(";\n"):
            session.sql(statement)
        yield Spark(session)
    finally:
        if active is None:
            session.stop()


class Spark:
    """A Spark session; ``player_days`` is computed once and kept by its executors."""

    def __init__(self, session: "SparkSession") -> None:
        self._session = session
        self._parts: list[DataFrame] = []

    def event_days(self) -> list[dt.date]:
        """See ``Engine``."""
        return [row.day for row in self._session.sql(EVENT_DAYS).collect()]

    def add_player_days(self, days: Sequence[dt.date]) -> None:
        """See ``Engine``."""
        from pyspark.sql.functions import lit

        select = load("analytics/select_player_days")
        frames = []
        for day in days:
            start, end = day_bounds(day)
            found = self._session.sql(select, {"day_start": start, "day_end": end})
            frames.append(found.select(lit(day).alias("date"), "*"))
        self._parts.append(_together(frames).localCheckpoint())

    def game_metrics(self, days: Sequence[dt.date]) -> list[Row]:
        """See ``Engine``."""
        self._show_player_days()
        select = load("analytics/select_game_metrics")
        frames = [self._session.sql(select, {"day": day}) for day in days]
        return [row.asDict() for row in _together(frames).collect()]

    def _show_player_days(self) -> None:
        """Give the parts their names; once they are shown, there are no further ones."""
        if not self._parts:
            return
        _together(self._parts).localCheckpoint().createOrReplaceTempView("player_days")
        self._session.sql(FIRST_DAYS).localCheckpoint().createOrReplaceTempView("players")
        self._parts = []


def _local() -> "SparkSession":
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    builder: Any = SparkSession.builder
    try:
        session: SparkSession = builder.config(map=LOCAL).getOrCreate()
    except PySparkException as error:
        raise PermanentError(f"Spark did not start; it needs Java 17 or newer: {error}") from error
    return session


def _together(frames: Sequence["DataFrame"]) -> "DataFrame":
    """All rows as one job: each day as one of its own costs several times more."""
    return reduce(lambda left, right: left.unionAll(right), frames)
