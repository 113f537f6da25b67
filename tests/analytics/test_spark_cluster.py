"""Archived days on a Spark of several workers: equal when one dies in the middle; an error where none is.

The commands are processes of their own, as Spark reads a site's configuration when its JVM starts.
"""

import csv
import os
import re
import subprocess
import sys
import time

import pytest

from gamefactory_dagster.analytics.engines import opened
from gamefactory_dagster.analytics.rollup import refresh
from gamefactory_dagster.days import day_range
from gamefactory_dagster.errors import PermanentError, TransientError
from tests.analytics.archives import JANUARY, odd_events, settle, store
from tests.analytics.logs import SCORING, forget_rollups
from tests.analytics.spark_cluster import running
from tests.analytics.test_archived_days import rollups
from tests.analytics.test_engines import SPARK, archive_everything, check_rows
from tests.analytics.test_metrics import load_log

spark_session = pytest.importorskip(
    "gamefactory_dagster.analytics.engines.spark_session", reason="needs pyspark and Java"
)

pytestmark = [*SPARK, pytest.mark.cluster, pytest.mark.slow]

JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
SITE = f"""
spark.driver.memory 512m
spark.driver.extraJavaOptions {JAVA}
spark.executor.memory 512m
spark.executor.extraJavaOptions {JAVA}
spark.sql.shuffle.partitions 16
"""


@pytest.fixture
def cluster(tmp_path):
    """A master and two workers, of a core each."""
    with running(tmp_path, workers=2) as cluster:
        yield cluster


def started(settings, folder, *arguments):
    """A command at work."""
    (folder / "spark-defaults.conf").write_text(SITE)
    environment = os.environ | {
        "GAMEFACTORY_HOME": str(settings.home),
        "DATABASE_URL": settings.database_url,
        "SPARK_CONF_DIR": str(folder),
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "gamefactory_dagster.cli", "metrics", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def tasks(log):
    """Ids of the tasks an executor began, and of those it ended."""
    text = log.read_text() if log.exists() else ""
    return (set(re.findall(rf"{word} task [^\n]*TID ([0-9]+)", text)) for word in ("Running", "Finished"))


def killed_in_the_middle(cluster, command):
    """Kill a worker, and what it runs, when its executor has ended five tasks and is at another."""

    def caught():
        for log in cluster.folder.glob("app-*/*/stderr"):
            worker = cluster.worker_of(int(log.parent.name))
            if worker and at_a_task(log):
                machine = cluster.machine(worker)
                for process in machine:
                    process.suspend()
                if at_a_task(log):
                    return worker
                for process in machine:
                    process.resume()
        return None

    cluster.kill(wait_for(caught, command))
    assert command.poll() is None


def at_a_task(log):
    begun, ended = tasks(log)
    return len(ended) >= 5 and begun - ended


def wait_for(question, command):
    until = time.monotonic() + 120
    while not (found := question()):
        assert command.poll() is None, command.communicate()[0]
        assert time.monotonic() < until
        time.sleep(0.01)
    return found


@pytest.mark.reference
def test_a_real_logs_metrics_are_as_expected_though_a_worker_dies(engine, settings, tmp_path, cluster):
    expected, days = load_log(engine, "match3")
    settle(engine)
    archive_everything(engine, settings.artifacts)
    output = tmp_path / "metrics.csv"
    command = started(
        settings, tmp_path, "query", "--engine", "spark", "--master", cluster.master,
        "--from", f"{days[0]}", "--to", f"{days[-1]}", "--output", f"{output}",
    )  # fmt: skip
    killed_in_the_middle(cluster, command)
    said, _ = command.communicate(timeout=300)
    assert command.returncode == 0, said
    with output.open(newline="") as stream:
        check_rows(list(csv.DictReader(stream)), expected)


@pytest.mark.reference
def test_a_real_logs_days_are_written_as_postgresql_would_though_a_worker_dies(
    engine, settings, tmp_path, cluster
):
    _, days = load_log(engine, "match3")
    refresh(engine, days, SCORING)
    computed = rollups(engine)
    archive_everything(engine, settings.artifacts)
    forget_rollups(engine)
    command = started(
        settings, tmp_path, "refresh", "--engine", "spark", "--master", cluster.master,
        "--from", f"{days[0]}", "--to", f"{days[-1]}",
    )  # fmt: skip
    killed_in_the_middle(cluster, command)
    said, _ = command.communicate(timeout=300)
    assert command.returncode == 0, said
    assert rollups(engine) == computed


def test_a_cluster_that_is_away_or_has_no_workers_is_said_in_time(games, settings, tmp_path, monkeypatch):
    monkeypatch.setattr(spark_session, "PATIENCE_SECONDS", 6)
    store(games, odd_events())
    settle(games)
    [file] = archive_everything(games, settings.artifacts)
    with running(tmp_path, workers=0) as cluster:
        begun = time.monotonic()
        with (
            pytest.raises(TransientError, match=r"nobody took up work at spark://.* it has no workers"),
            opened("spark", cluster.master) as engine,
        ):
            engine.read([file.url])
            list(engine.player_days(JANUARY))
        assert time.monotonic() - begun < 60
    begun = time.monotonic()
    with (
        pytest.raises(TransientError, match=r"no Spark master answers \(127.0.0.1:\d+: Connection refused"),
        opened("spark", cluster.master),
    ):
        pass
    assert time.monotonic() - begun < 5


def test_a_file_that_executors_do_not_find_is_named(games, settings, cluster):
    store(games, odd_events())
    refresh(games, day_range(JANUARY, JANUARY), SCORING)
    settle(games)
    [file] = archive_everything(games, settings.artifacts)
    with (
        pytest.raises(PermanentError, match=rf"cannot open \S*{file.checksum}.parquet; .* every machine"),
        opened("spark", cluster.master) as engine,
    ):
        engine.read([file.url])
        (settings.home / "artifacts" / "events" / "2020-01" / f"{file.checksum}.parquet").unlink()
        list(engine.player_days(JANUARY))
