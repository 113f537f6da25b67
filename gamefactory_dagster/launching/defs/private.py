"""Everything that warm workers need of Dagster and that it does not promise to keep.

What belongs here: imports of private names, each behind a function of ours where that is possible.
``tests/launching/test_private.py`` says what an upgrade has changed about them, before a run does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dagster as dg
import sqlalchemy as sa
from dagster._cli.api import _execute_run_command_body, _resume_run_command_body
from dagster._core.code_pointer import ModuleCodePointer
from dagster._core.definitions.reconstruct import reconstruct_repository_def_from_pointer
from dagster._core.launcher.base import (
    CheckRunHealthResult,
    LaunchRunContext,
    ResumeRunContext,
    WorkerStatus,
)
from dagster._core.launcher.default_run_launcher import DefaultRunLauncher
from dagster._core.storage.tags import GRPC_INFO_TAG
from dagster._utils.interrupts import capture_interrupts

__all__ = [
    "CheckRunHealthResult",
    "DefaultRunLauncher",
    "LaunchRunContext",
    "ResumeRunContext",
    "WorkerStatus",
    "execute",
    "has_server",
    "module_of",
    "pooled",
    "resolve",
]


def execute(instance: dg.DagsterInstance, run_id: str, *, resumes: bool) -> int:
    """Do a run in this process; 0 when it succeeded. SIGINT and SIGTERM interrupt it in good order."""
    body = _resume_run_command_body if resumes else _execute_run_command_body
    with capture_interrupts():
        return body(
            run_id=run_id, instance=instance, write_stream_fn=lambda _: None, set_exit_code_on_failure=True
        )


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


@contextmanager
def pooled(instance: dg.DagsterInstance) -> Iterator[None]:
    """Let the storages of this instance keep a connection between them, which is asked first if it lives.

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
        urls.pop(), isolation_level="AUTOCOMMIT", pool_size=1, max_overflow=4, pool_pre_ping=True
    )
    for storage in storages:
        storage._engine = engine
    try:
        yield
    finally:
        engine.dispose()
