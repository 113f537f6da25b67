"""A Celery worker for runs: ``python -m gamefactory_dagster.launching.defs.broker_worker RUNS``.

What belongs here: its processes, and what becomes of them when one ends. What does not: what a run does
(``worker.py``), and who gives it runs (``broker_launcher.py``).

It forks a process for every run, one that gives signs of life, and one that keeps browsers for the runs.
These end with it: they are told to stop, and killed where they take no notice.
SIGINT and SIGTERM have it take no more and end with the last run, a second SIGINT at once.
"""

import gc
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import psutil

from gamefactory_dagster.launching import beats, children
from gamefactory_dagster.launching.parent import STOP_SECONDS
from gamefactory_dagster.settings import Settings, get_settings
from gamefactory_dagster.studio.browser.keeper import keep

from . import broker, private, worker
from .broker_launcher import MACHINE_TAG, NODE_TAG


class Node:
    """One start of a worker; ``runs`` at once."""

    def __init__(self, way: broker.Broker, settings: Settings, runs: int) -> None:
        self._way = way
        self._settings = settings
        self._machine = machine = settings.worker_name
        self._runs = runs
        self._name = f"{uuid4().hex[:8]}@{machine}"
        self._pid = os.getpid()
        self._line = children.lifeline()
        self._room = beats.Room()
        self._helpers: dict[int, Callable[[], int]] = {}
        self._looking = False
        self._draining = False

    def serve(self) -> int:
        """Do runs until told to stop and the last one has ended; the exit code."""
        gc.collect()
        gc.freeze()  # or looking through it would copy all of it into every child
        self._begin_helper(self._pulse)
        if self._settings.chromium is not None:
            self._begin_helper(self._keep_browsers)
        self._take_tasks()
        self._take_signals()
        serving = self._way.app.Worker(
            hostname=self._name,
            queues=[self._way.queue],
            concurrency=self._runs,
            pool="prefork",
            loglevel="INFO",
            quiet=True,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,  # telling of it to a broker that is away would hold up everything else
        )
        serving.start()
        return int(serving.exitcode or 0)

    def _begin_helper(self, task: Callable[[], int]) -> None:
        self._helpers[children.fork(task, self._line)] = task

    def _pulse(self) -> int:
        beats.pulse(self._way.url, self._name, self._way.queue, self._room)

    def _keep_browsers(self) -> int:
        assert self._settings.chromium is not None
        keep(self._settings.home, self._settings.chromium)
        return 0

    def _take_tasks(self) -> None:
        def execute(task: Any, execute_job_args_packed: Any) -> int:
            return self._do(task, execute_job_args_packed, resumes=False)

        def resume(task: Any, resume_job_args_packed: Any) -> int:
            return self._do(task, resume_job_args_packed, resumes=True)

        for name, do in ((private.EXECUTE_TASK, execute), (private.RESUME_TASK, resume)):
            self._way.app.task(name=name, bind=True, track_started=True)(do)

    def _do(self, task: Any, packed: Any, *, resumes: bool) -> int:
        # its task's tag too: who gave it the run may have died before
        tags = {private.TASK_TAG: task.request.id, NODE_TAG: self._name, MACHINE_TAG: self._machine}
        return worker.run(private.run_of(packed), resumes=resumes, tags=tags)

    def _take_signals(self) -> None:
        from celery import signals

        signals.worker_process_init.connect(self._begin_child, weak=False)
        signals.worker_ready.connect(self._begin_looking, weak=False)
        signals.task_received.connect(self._tell_room, weak=False)
        signals.worker_shutting_down.connect(self._drain, weak=False)
        signals.task_revoked.connect(self._end_late, weak=False)

    def _begin_child(self, **_: Any) -> None:
        os.setsid()  # Ctrl-C is for the worker
        children.follow(self._pid, self._line)

    def _begin_looking(self, sender: Any, **_: Any) -> None:
        if not self._looking:  # it is ready again after each loss of the broker
            self._looking = True
            sender.timer.call_repeatedly(beats.BEAT_SECONDS, self._keep_going)

    def _keep_going(self) -> None:
        for pid, task in list(self._helpers.items()):
            if os.waitpid(pid, os.WNOHANG)[0]:
                del self._helpers[pid]
                self._begin_helper(task)
        self._tell_room(request=None)

    def _tell_room(self, request: Any, **_: Any) -> None:
        from celery.worker import state

        taken = len(state.reserved_requests) + (request is not None)
        self._room.say(taken < self._runs and not self._draining)

    def _drain(self, **_: Any) -> None:
        self._draining = True
        self._room.say(False)

    def _end_late(self, request: Any, terminated: bool, **_: Any) -> None:
        """Kill whoever was told to stop and has not in time."""
        from kombu.asynchronous import get_event_loop

        if terminated:
            with suppress(psutil.NoSuchProcess):
                process = psutil.Process(request.worker_pid)
                loop: Any = get_event_loop()
                loop.call_later(STOP_SECONDS, _kill, process)


def _kill(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        process.kill()


def main(runs: str) -> int:
    """Serve this machine's part; the exit code."""
    settings = get_settings()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    return Node(broker.opened(settings), settings, int(runs)).serve()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
