"""Everything that daemon and code server need of Dagster and that it does not promise to keep.

What belongs here: imports of private names, each behind a function of ours.
``tests/local/test_private.py`` says what an upgrade has changed about them.
"""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._cli.utils import get_instance_for_cli
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.utils import FuturesAwareThreadPoolExecutor
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster._daemon import controller as controller_module
from dagster._daemon import sensor as sensor_module
from dagster._daemon.controller import daemon_controller_from_instance
from dagster._grpc import server_watcher
from dagster._grpc.__generated__ import dagster_api_pb2
from dagster._grpc.server import DagsterApiServer, DagsterGrpcServer
from dagster._utils.interrupts import capture_interrupts
from dagster._utils.log import configure_loggers

CONNECTIONS = 6
"""Kept by each of the two: about as many of its threads ask at once."""

STOP_SECONDS = 60.0
"""For answers that are being given when the server of the definitions ends: as long as a sensor may take."""

RELOAD_SECONDS = 3600
"""Between two times that the daemon reads all definitions: it notices when another process serves them. Every
minute, as it does by itself, is a tenth of what it costs idle."""

THREADS = 16
"""Of the server of the definitions: sensors that wait for something to do keep four."""

WATCH_SECONDS = 3
"""Between two looks of daemon and UI which process serves the definitions."""

LOOP_SECONDS = 1
"""How much later than its interval a sensor may begin; by itself the daemon lets it be five seconds."""


@contextmanager
def the_instance() -> Iterator[dg.DagsterInstance]:
    """The instance of DAGSTER_HOME, as Dagster's own commands have it."""
    with get_instance_for_cli() as instance:
        yield instance


def watch_calmly() -> None:
    """Have this process look every few seconds which process serves the definitions, and not every second."""
    server_watcher.WATCH_INTERVAL = WATCH_SECONDS


def look_once(instance: dg.DagsterInstance) -> None:
    """Have the storage of sensors and schedules look for its tables and indexes once.

    By itself it does with every question: a quarter of what an idle daemon costs.
    """
    storage: Any = instance.schedule_storage
    if not (storage.has_instigators_table() and storage.has_secondary_index_table()):
        return
    storage.has_instigators_table = storage.has_secondary_index_table = lambda: True
    storage._has_instigators_table = lambda _: True
    storage.has_built_index = cache(storage.has_built_index)


def run_daemon(instance: dg.DagsterInstance, workspace: str, *, serves: bool) -> None:
    """Be the daemon until SIGINT; what is at work ends first.

    ``serves``: it serves the definitions to itself. Then it reads them every minute, which is how it finds
    out that a process it started for that has died.
    """
    watch_calmly()
    if not serves:
        controller_module.RELOAD_WORKSPACE_INTERVAL = RELOAD_SECONDS
    sensor_module.MIN_INTERVAL_LOOP_TIME = LOOP_SECONDS
    target = WorkspaceFileTarget([workspace])
    with (
        suppress(KeyboardInterrupt),
        capture_interrupts(),
        daemon_controller_from_instance(instance, workspace_load_target=target) as controller,
    ):
        controller.check_daemon_loop()


def share(instance: dg.DagsterInstance) -> None:
    """Give this instance to whoever asks for one by reference in this process: sensors and schedules.

    By itself Dagster makes one for each evaluation, and looks through its storages' tables each time.
    """

    def shared(*_: object) -> AbstractContextManager[dg.DagsterInstance]:
        return nullcontext(instance)

    dg.DagsterInstance.from_ref = staticmethod(shared)  # type: ignore[assignment, method-assign]


class _Servicer(DagsterApiServer):
    """Dagster's own, which begins anew when the UI asks for it."""

    def __init__(self, module: str, attribute: str, location: str, renew: Callable[[], bool]) -> None:
        self.over = threading.Event()
        self.threads = FuturesAwareThreadPoolExecutor(max_workers=THREADS)
        self.refuse: Callable[[], object] = lambda: None
        self._renew = renew
        super().__init__(
            server_termination_event=self.over,
            logger=logging.getLogger("dagster.code_server"),
            server_threadpool_executor=self.threads,
            loadable_target_origin=LoadableTargetOrigin(
                executable_path=sys.executable, module_name=module, attribute=attribute
            ),
            lazy_load_user_code=True,  # code that cannot be imported is told of in the UI
            location_name=location,
        )

    def ReloadCode(self, request: object, context: object) -> dagster_api_pb2.ReloadCodeReply:  # noqa: N802
        """Answer when another process serves the code as it is now."""
        if self._renew():
            self.refuse()  # or who asks next would be answered here: gRPC keeps connections
        return dagster_api_pb2.ReloadCodeReply()


def serve_code(
    module: str,
    attribute: str,
    location: str,
    *,
    socket: Path,
    ready: Callable[[], None],
    renew: Callable[[], bool],
) -> None:
    """Serve definitions until SIGINT or SIGTERM, and then until the last run that began here has ended.

    ``ready`` is called once the socket is open, ``renew`` when somebody wants the code loaded
    anew; it gives whether another process serves it now.
    """
    configure_loggers(log_level="WARNING")
    servicer = _Servicer(module, attribute, location, renew)
    mask = os.umask(0o177)  # nobody else has a word here
    try:
        server = DagsterGrpcServer(
            servicer.over, servicer, servicer._logger, servicer.threads, socket=str(socket)
        )
    finally:
        os.umask(mask)

    servicer.refuse = lambda: server.server.stop(grace=STOP_SECONDS)

    def stop(*_: object) -> None:
        servicer.refuse()
        servicer.ShutdownServer(dagster_api_pb2.Empty(), None)

    for how in (signal.SIGINT, signal.SIGTERM):
        signal.signal(how, stop)
    server.server.start()
    ready()
    servicer.over.wait()  # Dagster's own way to wait looks five times a second
    server.server.stop(grace=STOP_SECONDS).wait()
    servicer.cleanup()
