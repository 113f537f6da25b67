"""A Spark session at a master, and an end to it when its cluster is not there.

What belongs here: what a session is set to, whether a cluster answers and works, and Spark's failures in a
person's words. What does not: what is computed (``spark.py``), what a master may be called (``settings.py``).

Where a session is active already (``spark-submit``, a notebook), that one is used whatever the master, and
left running, with two of its settings changed: days are UTC, and arithmetic is checked (ANSI).

What a cluster needs besides (memory of executors, keys of an object store) is the site's: Spark reads it from
``spark-defaults.conf`` in ``SPARK_CONF_DIR``.
"""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from py4j.protocol import Py4JError
from pyspark import SparkContext
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from gamefactory_dagster.errors import PermanentError, TransientError

REACH_SECONDS = 5.0
"""How long a master may take to answer a connection."""

PATIENCE_SECONDS = 60.0
"""How long a cluster may leave all there is to do waiting: nobody works there, or all work for others."""

COMMON = {
    "spark.app.name": "gamefactory",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}

CLUSTER = COMMON | {"spark.sql.adaptive.enabled": "true"}
"""Rows are fetched by a job a partition, so a day is to be as many as its size asks for (one, mostly),
whatever the site wants of a shuffle."""

LOCAL = COMMON | {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
}
"""On this machine alone. Groups of some days are one partition, and compiling for them costs more than it
gains (half the CPU of it all, measured)."""

EXACT = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true"}
"""What the statements rely on, in any session."""


@contextmanager
def at_work(master: str) -> Iterator[SparkSession]:
    """Give a session for as long as the block takes.

    Raises TransientError when the cluster does not answer, or works at nothing for ``PATIENCE_SECONDS``,
    PermanentError when Spark cannot start or do what it is asked.
    """
    active = SparkSession.getActiveSession()
    try:
        session = active or _started(master)
        try:
            for name, value in EXACT.items():
                session.conf.set(name, value)
            if active or master.startswith("local"):
                yield session
            else:
                with _watched(session, master):
                    yield session
        finally:
            if active is None:
                session.stop()
    except (PySparkException, Py4JError) as error:
        raise PermanentError(f"Spark at {master} failed: {_reason(error)}") from error


def _started(master: str) -> SparkSession:
    local = master.startswith("local")
    if master.startswith("spark://"):
        _reach(master)
    builder: Any = SparkSession.builder
    try:
        settings = {"spark.master": master} | (LOCAL if local else CLUSTER)
        session: SparkSession = builder.config(map=settings).getOrCreate()
    except (PySparkException, Py4JError) as error:
        if local:
            raise PermanentError(f"Spark did not start; it needs Java 17 or newer: {error}") from error
        raise TransientError(f"Spark has no session at {master}: {_reason(error)}") from error
    return session


def _reach(master: str) -> None:
    """Raise TransientError unless one of the masters takes a connection: Spark would try for a minute."""
    reasons = []
    for address in master.removeprefix("spark://").split(","):
        host, _, port = address.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=REACH_SECONDS).close()
            return
        except OSError as error:
            reasons.append(f"{address}: {error.strerror or error}")
    raise TransientError(f"no Spark master answers ({'; '.join(reasons)})")


@contextmanager
def _watched(session: SparkSession, master: str) -> Iterator[None]:
    """Cancel what nobody works at for ``PATIENCE_SECONDS``, and say so: Spark waits for ever."""
    over, idle = Event(), Event()
    watch = Thread(target=_watch, args=(session.sparkContext, over, idle), daemon=True)
    watch.start()
    try:
        yield
    except (PySparkException, Py4JError) as error:
        if not idle.is_set():
            raise
        raise TransientError(
            f"nobody took up work at {master} for {PATIENCE_SECONDS:.0f} s: it has no workers, none of them"
            " is free or as large as was asked for, or they cannot reach this machine"
        ) from error
    finally:
        over.set()
        watch.join()


def _watch(context: SparkContext, over: Event, idle: Event) -> None:
    silent = 0.0
    pause = PATIENCE_SECONDS / 60
    while not over.wait(pause):
        silent = silent + pause if _waits(context) else 0.0
        if silent >= PATIENCE_SECONDS:
            idle.set()
            context.cancelAllJobs()
            return


def _waits(context: SparkContext) -> bool:
    """Whether there is something to do and nobody at work."""
    tracker = context.statusTracker()
    stages = [tracker.getStageInfo(number) for number in tracker.getActiveStageIds()]
    return bool(stages) and not any(stage and stage.numActiveTasks for stage in stages)


def _reason(error: Exception) -> str:
    """What a person needs of an error: its first line, without the classes it is wrapped in."""
    cause = getattr(error, "java_exception", None)
    text = str(cause.getMessage() if cause is not None else error)
    if "FileNotFound" in text or "FILE_NOT_EXIST" in text or "PATH_NOT_FOUND" in text:
        found = re.search(r"\b[a-z0-9]+:/\S+?\.parquet", text)
        return (
            f"it cannot open {found[0] if found else 'the files'}; the archive has to be where every machine"
            " of the cluster finds it under one name: a shared folder or an object store"
            " (GAMEFACTORY_ARTIFACT_URL)"
        )
    return text.strip().partition("\n")[0]
