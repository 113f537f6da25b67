"""The processes of a factory on this machine: what they need, starting them, looking after them.

What belongs here: the environment Dagster's processes get, which children there are, and starting the
database's server again when it has died. What does not: which of them a command wants (``dev.py``,
``demo.py``), what a child is (``kept.py``), and what is in DAGSTER_HOME (``dagster_home.py``).
"""

import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

import psutil
from filelock import FileLock, Timeout

from gamefactory_dagster.analytics.partitions import days_begin
from gamefactory_dagster.database import address, server
from gamefactory_dagster.database import processes as server_processes
from gamefactory_dagster.database.address import is_embedded
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.migrations import ready_engine
from gamefactory_dagster.errors import GameFactoryError
from gamefactory_dagster.home import FACTORY, announced, make_home
from gamefactory_dagster.home import running as announced_in
from gamefactory_dagster.launching.children import AVAILABLE
from gamefactory_dagster.settings import Settings, project_file, variable
from gamefactory_dagster.terminal import say_aside

from . import code
from .code import CodeServer
from .dagster_home import furnish
from .kept import Child, Kept, stop

WORKSPACE = str(project_file("workspace.yaml"))
"""How Dagster's commands are told where our definitions are: each serves them to itself."""

DAEMON = ("daemon", ["gamefactory_dagster.local.defs.daemon", WORKSPACE])
"""Name and arguments of the child that asks for runs and starts them, where it serves itself."""

CODE = ("code_server", ["gamefactory_dagster.local.defs.code_server"])
"""Those of the child that serves the definitions to daemon and UI, where there is one (``code.py``)."""

ARCADE = ("arcade", ["gamefactory_dagster.cli", "arcade"])
"""Those of the child that serves the games."""

WORKERS = ("workers", ["gamefactory_dagster.launching"])
"""Those of the parent of the warm workers, in which runs are done where it is at work."""

BROWSERS = ("browsers", ["gamefactory_dagster.studio.browser"])
"""Those of the child that keeps browsers for the checks of games; without it each check starts one."""

UI_HOST = "127.0.0.1"
"""The only address the UI listens on: it has no users and no passwords."""

FRESH_CONNECTIONS = ("--db-pool-recycle", "1")
"""The UI keeps connections and does not ask whether they live. Those older than a second are made anew, so
that it goes on after the database was started again."""

PATIENT = {"DAGSTER_EVENT_BATCH_SIZE": "100", "DAGSTER_GRPC_TIMEOUT_SECONDS": "300"}
"""A range of days is written in batches of events, for half the database's time. A run that a busy machine is
slow to start is waited for: Dagster would drop it from the queue for good."""

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""Matrices are small here: more threads spin, waiting for each other. Who forks must have none at all."""

_SPARED = (WORKERS[0], BROWSERS[0])
"""Children without which everything goes on, only slower."""

RESTART_SECONDS = 10
"""Between two tries to start a database server that does not start."""


def prepare(settings: Settings) -> dict[str, str]:
    """Bring database and DAGSTER_HOME up to date; returns the environment Dagster's processes need.

    The URL in it may hold a password: not for showing.
    """
    with transaction(ready_engine(settings)) as connection:
        first_day = days_begin(connection, settings)
    for words in furnish(settings.dagster_home, settings.games_at_once):
        say_aside(words)
    return {
        **PATIENT,
        **ONE_THREAD,
        variable("first_day"): first_day.isoformat(),
        variable("home"): str(settings.home.absolute()),
        "DAGSTER_HOME": str(settings.dagster_home.absolute()),
        "DAGSTER_POSTGRES_URL": address.dagster_url(settings),
    }


def webserver(settings: Settings) -> tuple[str, list[str]]:
    """Name and arguments of the child that serves Dagster's UI."""
    return "webserver", [
        *("gamefactory_dagster.local.ui", "-w", workspace(settings)),
        *("-h", UI_HOST, "-p", str(settings.ui_port), *FRESH_CONNECTIONS),
    ]


def makers(settings: Settings) -> list[tuple[str, list[str]]]:
    """Names and arguments of the children that have runs done: the daemon, and whoever makes that cheap.

    Where a broker is set, workers are started by ``gamefactory worker``, on whichever machine.
    """
    if not AVAILABLE:
        return [DAEMON]
    daemon = ("daemon", [*DAEMON[1][:-1], workspace(settings)])
    if settings.run_broker is not None:
        return [CODE, daemon]
    ready = [WORKERS] if settings.warm_workers else []
    return [CODE, *ready, BROWSERS, daemon] if settings.chromium else [CODE, *ready, daemon]


def workspace(settings: Settings) -> str:
    """Where daemon and UI of this factory are told of the definitions."""
    return str((settings.home / "running" / "workspace.yaml").absolute()) if AVAILABLE else WORKSPACE


class Server:
    """The embedded database server, which outlives us; one of your own is nobody's business here."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._postmaster: psutil.Process | None = None
        self._not_before = 0.0

    def check(self) -> None:
        """Start it again when it has died, whatever it died of.

        When it does not start, as on a full disk, says so and tries again later: all else waits for it.
        """
        if not is_embedded(self._settings):
            return
        if self._postmaster and server_processes.lives(self._postmaster):
            return
        self._postmaster = server_processes.postmaster_process(self._settings)
        if self._postmaster or time.monotonic() < self._not_before:
            return
        say_aside("The database server is gone; starting it again.")
        try:
            server.start(self._settings)
        except GameFactoryError as error:
            say_aside(f"{error}\nTrying again in {RESTART_SECONDS} s.")
            self._not_before = time.monotonic() + RESTART_SECONDS


class Watched(Protocol):
    """What is looked after while a factory runs."""

    def check(self) -> None:
        """Look once; raise TransientError when there is no going on."""


@contextmanager
def claimed(settings: Settings, command: str) -> Iterator[bool]:
    """Be the one factory of this home during the block; False when somebody else is.

    Raises InputError when there can be no such home.
    """
    make_home(settings.home)
    with ExitStack() as stack:
        try:
            stack.enter_context(FileLock(settings.home / "factory.lock").acquire(timeout=0))
        except Timeout:
            yield False
            return
        stack.enter_context(announced(settings.home, FACTORY, command))
        yield True


def who_runs(settings: Settings) -> str:
    """Who is the factory of this home, in words."""
    found = announced_in(settings.home, FACTORY)
    who = "another command" if found is None else f"{found.command}, process {found.pid}"
    return f"a factory is running in {settings.home} already ({who})"


@contextmanager
def started(settings: Settings, *children: tuple[str, list[str]]) -> Iterator[list[Watched]]:
    """Run processes during the block and give what is to be checked every second or so.

    However the block ends, they are stopped.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:  # ignored by who is to outlive its terminal
        signal.signal(signal.SIGHUP, signal.default_int_handler)
    environment = prepare(settings) | {variable("arcade_port"): str(settings.arcade_port)}
    found: list[Kept] = []
    with ExitStack() as stack:
        stack.callback(lambda: stop(*_in_order(found)))
        for name, arguments in children:
            start = partial(Child, name, arguments, environment, settings.home / "logs")
            if name == CODE[0]:
                place = stack.enter_context(code.place(settings.home))
                code.write_workspace(Path(workspace(settings)), place)
                found.append(CodeServer(start, place))
            else:
                found.append(Kept(start, needed=name not in _SPARED))
        yield [Server(settings), *found]


def _in_order(found: Sequence[Kept]) -> tuple[list[Child], list[Child]]:
    """Children as they are to be stopped: the definitions are served until all others have ended."""
    asking = [child for kept in found if not isinstance(kept, CodeServer) for child in kept.children]
    asked = [child for kept in found if isinstance(kept, CodeServer) for child in kept.children]
    return asking, asked


@contextmanager
def running(settings: Settings, command: str, *children: tuple[str, list[str]]) -> Iterator[list[Watched]]:
    """Run the factory's processes as ``started`` does; none when a factory is at work here already."""
    with claimed(settings, command) as ours:
        if not ours:
            say_aside(f"Using what is there: {who_runs(settings)}.")
            yield []
            return
        with started(settings, *children) as found:
            yield found
