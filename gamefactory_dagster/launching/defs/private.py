"""Everything that runs and their upkeep need of Dagster and dagster-celery, not promised to be kept.

What belongs here: imports of private names, each behind a function of ours where that is possible.
``tests/launching/test_private.py`` says what an upgrade has changed about them, before a run does.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import dagster as dg
import sqlalchemy as sa
from dagster._cli.api import _execute_run_command_body, _resume_run_command_body
from dagster._core.code_pointer import ModuleCodePointer
from dagster._core.definitions.reconstruct import reconstruct_repository_def_from_pointer
from dagster._core.events import DagsterEvent
from dagster._core.execution.compute_logs import redirect_to_file
from dagster._core.launcher.base import (
    CheckRunHealthResult,
    LaunchRunContext,
    ResumeRunContext,
    WorkerStatus,
)
from dagster._core.launcher.default_run_launcher import DefaultRunLauncher
from dagster._core.scheduler.instigation import TickStatus
from dagster._core.storage import local_compute_log_manager
from dagster._core.storage.tags import GRPC_INFO_TAG
from dagster._grpc.types import ExecuteRunArgs, ResumeRunArgs
from dagster._serdes import unpack_value
from dagster._utils import ensure_file
from dagster._utils.interrupts import capture_interrupts

__all__ = [
    "IDLE_TICKS",
    "CheckRunHealthResult",
    "DefaultRunLauncher",
    "LaunchRunContext",
    "ResumeRunContext",
    "WorkerStatus",
    "capture_alone",
    "capture_interrupts",
    "celery_launcher",
    "end_told",
    "enqueue_again",
    "execute",
    "forget_checks",
    "has_server",
    "module_of",
    "pooled",
    "resolve",
    "run_of",
]

TASK_TAG = "dagster-celery/task_id"
"""Of a run that was given to Celery: the id of its task."""

EXECUTE_TASK, RESUME_TASK = "execute_job", "resume_job"
"""What dagster-celery calls the tasks that do a run, and go on with one."""

IDLE_TICKS = [TickStatus.SKIPPED]
"""Of sensors and schedules: those that asked for nothing."""


def execute(instance: dg.DagsterInstance, run_id: str, *, resumes: bool) -> int:
    """Do a run in this process; 0 when it succeeded. SIGINT and SIGTERM interrupt it in good order."""
    body = _resume_run_command_body if resumes else _execute_run_command_body
    with capture_interrupts():
        return body(
            run_id=run_id, instance=instance, write_stream_fn=lambda _: None, set_exit_code_on_failure=True
        )


def capture_alone() -> None:
    """Have what a run prints in this process go to its file, and nowhere else.

    By itself Dagster copies it to the process's own output too, by four processes a run, two of them Pythons.
    """

    @contextmanager
    def into_file(stream: Any, path: str) -> Iterator[None]:
        ensure_file(path)
        with redirect_to_file(stream, path):
            yield

    local_compute_log_manager.mirror_stream_to_file = into_file  # type: ignore[assignment, attr-defined]


def resolve(module: str, attribute: str) -> None:
    """Have the definitions of a module ready, as a run asks for them."""
    reconstruct_repository_def_from_pointer(ModuleCodePointer(module, attribute, None), None).get_all_jobs()


def has_server(run: dg.DagsterRun) -> bool:
    """Whether Dagster's own launcher gave it, or is giving it, to a code server."""
    return GRPC_INFO_TAG in run.tags


def module_of(run: dg.DagsterRun) -> str | None:
    """The module a run's job is defined in; None when it is told in another way."""
    origin = run.job_code_origin
    pointer = None if origin is None else origin.repository_origin.code_pointer
    return pointer.module if isinstance(pointer, ModuleCodePointer) else None


def celery_launcher(broker: str, queue: str, config: Mapping[str, Any]) -> Any:
    """Make dagster-celery's launcher, with its Celery app in ``celery``; ``broker`` keeps the results too.

    Raises ImportError where the extra is not installed.
    """
    from dagster_celery.launcher import CeleryRunLauncher

    return CeleryRunLauncher(
        default_queue=queue, broker=broker, backend=broker, include=[], config_source=dict(config)
    )


def run_of(packed: Any) -> str:
    """The id of the run that a task of dagster-celery's is about, from its argument."""
    found = unpack_value(packed)
    assert isinstance(found, ExecuteRunArgs | ResumeRunArgs)
    return found.run_id


def enqueue_again(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    """Put a run that is being started back into Dagster's queue."""
    instance.report_dagster_event(DagsterEvent.job_enqueue(run), run_id=run.run_id)


def end_told(instance: dg.DagsterInstance, run_id: str) -> DagsterEvent | None:
    """The event by which a run ended, whatever its status is by now: Dagster overwrites that."""
    ends = instance.all_logs(
        run_id,
        of_type={
            dg.DagsterEventType.RUN_SUCCESS,
            dg.DagsterEventType.RUN_FAILURE,
            dg.DagsterEventType.RUN_CANCELED,
        },
    )
    return ends[-1].dagster_event if ends else None


def forget_checks(instance: dg.DagsterInstance, run_id: str) -> None:
    """Delete what a run's checks of assets found, which by itself Dagster keeps when it deletes the run."""
    storage: Any = instance.event_log_storage
    with storage.index_connection() as connection:
        statement = sa.text("DELETE FROM asset_check_executions WHERE run_id = :run")
        connection.execute(statement, {"run": run_id})


@contextmanager
def pooled(instance: dg.DagsterInstance, kept: int = 1) -> Iterator[None]:
    """Let the storages of this instance keep connections between them, each of which is asked if it lives.

    By itself Dagster opens one for every statement.
    """
    storages: tuple[Any, ...] = (
        instance.run_storage, instance.event_log_storage, instance.schedule_storage
    )  # fmt: skip
    urls: set[str] = {getattr(storage, "postgres_url", "") for storage in storages}
    if len(urls) != 1 or "" in urls:
        yield
        return
    engine = sa.create_engine(
        urls.pop(), isolation_level="AUTOCOMMIT", pool_size=kept, max_overflow=4, pool_pre_ping=True
    )
    for storage in storages:
        storage._engine = engine
    try:
        yield
    finally:
        engine.dispose()
