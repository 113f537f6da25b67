"""Runs on Celery workers, on whichever machine has room: our launcher where a broker is set.

What belongs here: dagster-celery's launcher, mended where it believes in the dead. What does not: the worker
(``broker_worker.py``). All it knows is on the run's tags and in Redis, so that any process may ask.
"""

import time
from typing import Any

import dagster as dg

from gamefactory_dagster.launching import beats
from gamefactory_dagster.settings import get_settings

from . import broker, ending, private
from .launcher import DEFINITIONS, WarmRunLauncher
from .private import TASK_TAG, CheckRunHealthResult, LaunchRunContext, ResumeRunContext, WorkerStatus

NODE_TAG = ".dagster/gamefactory_node"
"""Of a run that a Celery worker has begun: which one, by a name that no other start of it had."""

MACHINE_TAG = "gamefactory/worker"
"""Of such a run, for people: the machine, by ``GAMEFACTORY_WORKER_NAME``."""

WAIT_SHARE = 1 / 3
"""Of the seconds a starting run has, in which Redis or a worker is waited for; then it goes back into
Dagster's queue, before it is given up."""

GONE = "The worker {} of this run is gone: it was killed, or its machine or link is down."

NOBODY = "The run was stopped, and nobody was at it."

_STARTING = dg.DagsterRunStatus.STARTING


class BrokerRunLauncher(WarmRunLauncher):
    """Has runs of our definitions done by Celery workers, and all others as without a broker."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._broker = broker.opened(get_settings())

    def register_instance(self, instance: dg.DagsterInstance) -> None:
        """Belong to an instance, and dagster-celery's launcher with it."""
        super().register_instance(instance)
        self._broker.launcher.register_instance(instance)

    def launch_run(self, context: LaunchRunContext) -> None:
        """Have a run begun. Where nobody could, it waits in Dagster's queue."""
        run = context.dagster_run
        if private.module_of(run) != DEFINITIONS:
            super().launch_run(context)
            return
        until = time.monotonic() + get_settings().start_seconds * WAIT_SHARE
        why = self._hindrance()
        while why and time.monotonic() < until:
            time.sleep(1)
            why = self._hindrance()
        if self._status(run) != _STARTING:  # somebody stopped it meanwhile
            return
        if not why:
            try:
                self._broker.launcher.launch_run(context)
                return
            except self._broker.away as error:
                why = f"the broker does not answer: {error}"
        self._instance.report_engine_event(f"Not started yet: {why}.", run, cls=self.__class__)
        private.enqueue_again(self._instance, run)

    def resume_run(self, context: ResumeRunContext) -> None:
        """Have a run whose worker is gone taken up by another."""
        if TASK_TAG in context.dagster_run.tags:
            self._broker.launcher.resume_run(context)
        else:
            super().resume_run(context)

    def terminate(self, run_id: str) -> bool:
        """Have a run interrupted; one that nobody is at is ended. False when it had ended already."""
        run = self._instance.get_run_by_id(run_id) if self.has_instance else None
        if run is None or run.is_finished:
            return False
        if TASK_TAG not in run.tags and private.module_of(run) == DEFINITIONS and run.status == _STARTING:
            self._instance.report_run_canceled(run)  # it has not been given to anybody
            return True
        if TASK_TAG not in run.tags:
            return super().terminate(run_id)
        self._instance.report_run_canceling(run)
        if ending.had_ended(self._instance, run_id):
            return False
        try:
            self._broker.app.control.revoke(run.tags[TASK_TAG], terminate=True)
            if self._health(run).status != WorkerStatus.RUNNING:
                ending.end(self._instance, run_id, NOBODY)
        except self._broker.away:
            return False  # Dagster ends it when it has waited long enough
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """Look whether a run's worker lives. A broker that does not answer says nothing about it."""
        if TASK_TAG not in run.tags:
            return super().check_run_worker_health(run)
        try:
            return self._health(run)
        except self._broker.away as error:
            return CheckRunHealthResult(WorkerStatus.RUNNING, str(error), transient=True)

    def get_run_worker_debug_info(
        self, run: dg.DagsterRun, include_container_logs: bool | None = True
    ) -> str | None:
        """What is known of a run's worker, for the run's log."""
        machine = run.tags.get(MACHINE_TAG)
        return machine and f"It was on machine {machine}."

    def _health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        node = run.tags.get(NODE_TAG)
        known = self._broker.app.backend.get_task_meta(run.tags[TASK_TAG])
        match known["status"]:
            case "SUCCESS":
                return CheckRunHealthResult(WorkerStatus.SUCCESS, run_worker_id=node)
            case "FAILURE" | "REVOKED":
                return CheckRunHealthResult(WorkerStatus.FAILED, str(known["result"]), run_worker_id=node)
        if node is None:
            return CheckRunHealthResult(WorkerStatus.UNKNOWN, "no worker has begun it")
        if beats.lives(self._broker.redis, node):
            return CheckRunHealthResult(WorkerStatus.RUNNING, run_worker_id=node)
        return CheckRunHealthResult(WorkerStatus.NOT_FOUND, GONE.format(node), run_worker_id=node)

    def _hindrance(self) -> str:
        """Why no worker would begin a run now; empty when one would."""
        try:
            room = beats.has_room(self._broker.redis, self._broker.queue)
        except self._broker.away as error:
            return f"the broker does not answer: {error}"
        return "" if room else f"no worker with this code has room for it (queue {self._broker.queue})"

    def _status(self, run: dg.DagsterRun) -> dg.DagsterRunStatus | None:
        found = self._instance.get_run_by_id(run.run_id)
        return None if found is None else found.status
