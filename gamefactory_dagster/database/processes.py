"""The embedded server's processes: which are ours, and how to end them.

What belongs here: finding postmaster and children by what they are, not by a process id in a file that may be
stale or reused. What does not: when to start or stop (``server.py``).

Every process of our server carries our mark in its command line: the postmaster its data folder (``-D``), its
children the cluster name. Command lines can be read without privileges, unlike working directories.
"""

import signal
import time
from contextlib import suppress

import psutil

from gamefactory_dagster.settings import Settings

from .address import fingerprint, server_folder

_ORPHAN_SECONDS = 5.0
"""Children of a dead postmaster end by themselves within this, unless they are in the middle of something."""

_POLL_SECONDS = 0.05


def cluster_name(settings: Settings) -> str:
    """Name of this server among others on the machine."""
    return f"gamefactory-{fingerprint(settings)}"


def postmaster(settings: Settings) -> int | None:
    """Process id of our running postmaster."""
    process = postmaster_process(settings)
    return None if process is None else int(process.pid)


def postmaster_process(settings: Settings) -> psutil.Process | None:
    """Our running postmaster, to be asked again and again whether it ``lives``: finding it costs more."""
    data = str(server_folder(settings) / "data")
    for process in _postgres():
        line = _command_line(process)
        if line[1:3] == ["-D", data]:
            return process
    return None


def lives(process: psutil.Process) -> bool:
    """Whether this very process, not another that has its number by now, has not ended."""
    with suppress(psutil.NoSuchProcess):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


def end_orphans(settings: Settings) -> None:
    """End what a killed postmaster left behind. Call it only when there is no postmaster.

    A new server must not touch the data while an old process still can.
    """
    deadline = time.monotonic() + _ORPHAN_SECONDS
    while orphans := _children(settings):
        if time.monotonic() > deadline:
            for process in orphans:
                _send(process, signal.SIGKILL)
        time.sleep(_POLL_SECONDS)


def shut_down(settings: Settings, seconds: float) -> bool:
    """Stop the server, fast at first, immediately at half time; False if it still runs after ``seconds``."""
    for kind in (signal.SIGINT, signal.SIGQUIT):  # PostgreSQL's fast and immediate shutdown
        pid = postmaster(settings)
        if pid is None:
            return True
        _send(psutil.Process(pid), kind)
        deadline = time.monotonic() + seconds / 2
        while postmaster(settings) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
    return postmaster(settings) is None


def _postgres() -> list[psutil.Process]:
    return [process for process in psutil.process_iter(["name"]) if process.info["name"] == "postgres"]


def _children(settings: Settings) -> list[psutil.Process]:
    mark = f"postgres: {cluster_name(settings)}: "
    return [process for process in _postgres() if " ".join(_command_line(process)).startswith(mark)]


def _command_line(process: psutil.Process) -> list[str]:
    """Empty for a process that has ended."""
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def _send(process: psutil.Process, kind: signal.Signals) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(kind)
