"""A Spark of this machine's own: a master and workers on loopback, gone with the test."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

MEMORY = "1500m"
"""Room for an executor as Spark makes it when nothing is said, of 1 GB."""


@dataclass
class Cluster:
    """Where it is, and what its processes write."""

    folder: Path
    master: str = ""
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)

    def begin(self, name: str, module: str, *arguments: str) -> None:
        import pyspark

        home = Path(pyspark.__file__).parent
        environment = os.environ | {
            "SPARK_HOME": f"{home}",
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_DAEMON_MEMORY": "128m",
            "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
            "SPARK_MASTER_OPTS": "-Dspark.master.rest.enabled=false",
            "SPARK_WORKER_DIR": f"{self.folder}",
        }
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [
                    *(home / "bin" / "spark-class", f"org.apache.spark.deploy.{module}"),
                    *("--host", "127.0.0.1", "--port", "0", "--webui-port", "0", *arguments),
                ],
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def said(self, name: str, pattern: str) -> str:
        """What a process has written, when it has."""
        for _ in range(1200):
            if found := re.search(pattern, self.log(name)):
                return found[0]
            assert self.processes[name].poll() is None, self.log(name)
            time.sleep(0.1)
        raise AssertionError(self.log(name))

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def add_worker(self, name: str) -> None:
        """One of one core."""
        self.begin(name, "worker.Worker", "--cores", "1", "--memory", MEMORY, self.master)

    def worker_of(self, executor: int) -> str | None:
        """Name of the worker that runs an executor."""
        launched = re.compile(rf"ExecutorRunner: Launch command: .*\"--executor-id\" \"{executor}\"")
        names = (name for name in self.processes if name.startswith("worker"))
        return next((name for name in names if launched.search(self.log(name))), None)

    def machine(self, name: str) -> list[psutil.Process]:
        """A worker and its executors."""
        worker = psutil.Process(self.processes[name].pid)
        return [worker, *worker.children(recursive=True)]

    def kill(self, name: str) -> None:
        """End a worker and its executors, as when their machine dies."""
        for process in self.machine(name):
            process.kill()
        self.processes.pop(name).wait()


@contextmanager
def running(folder: Path, workers: int) -> Iterator[Cluster]:
    cluster = Cluster(folder)
    try:
        cluster.begin("master", "master.Master")
        cluster.master = cluster.said("master", r"spark://127\.0\.0\.1:[0-9]+")
        cluster.said("master", "New state: ALIVE")
        for number in range(workers):
            cluster.add_worker(f"worker-{number}")
        for number in range(workers):
            cluster.said(f"worker-{number}", "Successfully registered with master")
        yield cluster
    finally:
        for process in cluster.processes.values():
            process.terminate()
        for process in cluster.processes.values():
            process.wait(30)
