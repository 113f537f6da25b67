"""``run_launcher`` of our ``dagster.yaml``: runs in warm workers where there are any, else Dagster's own way.

What belongs here: asking the parent of the workers (``launching/wire.py``). What does not: being one, and
workers on many machines (``broker_launcher.py``). All it knows is in that parent, so that any process may
ask: daemon, web server, command.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from gamefactory_dagster.errors import TransientError
from gamefactory_dagster.home import NobodyThereError
from gamefactory_dagster.launching import children, wire
from gamefactory_dagster.launching.wire import Answer, Verb
from gamefactory_dagster.settings import get_settings

from . import private
from .private import CheckRunHealthResult, LaunchRunContext, ResumeRunContext, WorkerStatus

WORKER_TAG = ".dagster/gamefactory_worker"
"""Of a run that was given to a warm worker. Others are somebody else's: a command may execute one itself."""

DEFINITIONS = "gamefactory_dagster.definitions"
"""The module of ours, as ``workspace.yaml`` says: only its runs are for warm workers."""

_LOOK_SECONDS = 5.0
"""For an answer while Dagster looks after all runs, one after the other."""


class WarmRunLauncher(private.DefaultRunLauncher):
    """Has a run done by a fork of a process that has imported everything.

    Where no such process is at work in the home, and for other code locations, it is Dagster's own launcher.
    """

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Mapping[str, Any]) -> "WarmRunLauncher":
        """Make the launcher that dagster.yaml names; where a broker is set, the one that asks it."""
        if cls is WarmRunLauncher and get_settings().run_broker is not None:
            from .broker_launcher import BrokerRunLauncher

            return BrokerRunLauncher.from_config_value(inst_data, config_value)
        return cls(inst_data=inst_data, **config_value)

    def launch_run(self, context: LaunchRunContext) -> None:
        """Have a run begun. Raises PermanentError where the definitions cannot be loaded."""
        if not self._given(context.dagster_run, "launch"):
            super().launch_run(context)

    @property
    def supports_resume_run(self) -> bool:
        """Whether ``resume_run`` may be asked for."""
        return children.AVAILABLE

    def resume_run(self, context: ResumeRunContext) -> None:
        """Have a run whose worker is gone taken up by another."""
        if not self._given(context.dagster_run, "resume"):
            raise NobodyThereError(f"there is no worker to resume run {context.dagster_run.run_id}")

    def terminate(self, run_id: str) -> bool:
        """Have a run interrupted; one without a worker is ended. False when it had ended already.

        Where no parent is at work, which may be starting again, the run is to be cancelled all the same: by
        it, or when Dagster has waited long enough.
        """
        run = self._instance.get_run_by_id(run_id) if self.has_instance else None
        if run is None or run.is_finished:
            return False
        if not (is_ours(run) or _is_being_given(run)):
            return bool(super().terminate(run_id))  # type: ignore[no-untyped-call]
        self._instance.report_run_canceling(run)
        try:
            _ask("stop", run)
        except NobodyThereError:
            return False
        return True

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Whether Dagster may ask for the health of a run's worker."""
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """Look whether a run's worker lives. What is with Dagster's own launcher it looks after itself."""
        if not is_ours(run):
            return CheckRunHealthResult(WorkerStatus.RUNNING, "not a warm worker's")
        try:
            answer = _ask("look", run, _LOOK_SECONDS)
        except NobodyThereError as error:
            return CheckRunHealthResult(WorkerStatus.NOT_FOUND, str(error))
        except TransientError as error:
            return CheckRunHealthResult(WorkerStatus.RUNNING, str(error), transient=True)
        return _health(answer)

    def _given(self, run: dg.DagsterRun, verb: Verb) -> bool:
        """Whether a warm worker has it now."""
        if not _is_for_workers(run):
            return False
        try:
            _ask("look", run)  # a tag that says too much could not be taken back
            self._instance.add_run_tags(run.run_id, {WORKER_TAG: "warm"})
            answer = _ask(verb, run)
        except NobodyThereError:
            return False
        if answer.error is not None:
            raise dg.Failure(answer.error)
        return True


def _health(answer: Answer) -> CheckRunHealthResult:
    match answer.state:
        case "running":
            return CheckRunHealthResult(WorkerStatus.RUNNING, run_worker_id=str(answer.pid))
        case "ended" if answer.code == 0:
            return CheckRunHealthResult(WorkerStatus.SUCCESS)
        case "ended":
            return CheckRunHealthResult(WorkerStatus.FAILED, f"exit code {answer.code}")
    return CheckRunHealthResult(WorkerStatus.NOT_FOUND, "no worker of this factory has it")


def is_ours(run: dg.DagsterRun) -> bool:
    """Whether a run is a warm worker's; Dagster's launcher tags those that it has a server begin."""
    return WORKER_TAG in run.tags and not private.has_server(run)


def _is_for_workers(run: dg.DagsterRun) -> bool:
    return children.AVAILABLE and private.module_of(run) == DEFINITIONS


def _is_being_given(run: dg.DagsterRun) -> bool:
    """Whether another process may be giving it to a worker at this moment."""
    starts = run.status == dg.DagsterRunStatus.STARTING and not private.has_server(run)
    return starts and _is_for_workers(run)


def _ask(verb: Verb, run: dg.DagsterRun, seconds: float = wire.ANSWER_SECONDS) -> Answer:
    return wire.ask(get_settings().home, verb, run.run_id, seconds)
