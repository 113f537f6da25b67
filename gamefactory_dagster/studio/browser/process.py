"""A Chromium's process: starting it on two pipes, what it costs, ending it.

What belongs here: the program, its flags and its folder. What does not: what is said over the pipes
(``devtools.py``).

The browser reads its commands from a pipe whose other end this process holds, or whoever it is lent to. When
that end closes, however it does, the browser leaves.
"""

import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gamefactory_dagster.errors import InputError

if TYPE_CHECKING:
    import psutil

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=SpareRendererForSitePerProcess",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
)
"""For pages of our own making, on a machine without a screen: no updates, no calls home, no process for a
page that nobody opens, and the timers of a page that nobody sees run as of any.
"""

_FOLDER = "gamefactory-browser-"

_FREE = 10
"""Descriptors from here on: the browser's own are 3 and 4."""


def start(chromium: Path) -> "Browser":
    """Start a browser with an empty profile. Raises InputError when there is none at ``chromium``."""
    if not chromium.is_file():
        raise InputError("chromium", str(chromium), "the path of a Chromium")
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{_FOLDER}{os.getpid()}-"))
    theirs_in, ours_out = _pipe()
    ours_in, theirs_out = _pipe()
    null = os.open(os.devnull, os.O_RDWR)
    command = [
        str(chromium), *FLAGS, "--headless", "--remote-debugging-pipe", "--no-startup-window",
        f"--user-data-dir={folder / 'profile'}",
    ]  # fmt: skip
    try:
        # not by subprocess, which may need 3 and 4 for itself
        pid = os.posix_spawn(
            command[0],
            command,
            {**os.environ, "TMPDIR": str(folder)},  # where else it would leave something when it is killed
            file_actions=[
                *((os.POSIX_SPAWN_DUP2, null, standard) for standard in (0, 1, 2)),
                (os.POSIX_SPAWN_DUP2, theirs_in, 3),
                (os.POSIX_SPAWN_DUP2, theirs_out, 4),
            ],
            setsid=True,
        )
    finally:
        for pipe in (theirs_in, theirs_out, null):
            os.close(pipe)
    return Browser(pid, ours_in, ours_out, folder)


class Browser:
    """A browser of this process's, and our ends of its pipes."""

    def __init__(self, pid: int, reads: int, writes: int, folder: Path) -> None:
        """``folder`` is its own, and goes with it."""
        self.pid = pid
        self.reads, self.writes = reads, writes
        self._folder = folder
        self._over = False

    def ended(self) -> bool:
        """Whether it has ended."""
        if not self._over:
            with suppress(ChildProcessError):
                self._over = os.waitpid(self.pid, os.WNOHANG)[0] != 0
        return self._over

    def done(self) -> None:
        """Nothing: it is nobody else's."""

    def close(self) -> None:
        """End it, all it started, and its folder: in good order it would write a profile nobody wants."""
        for pipe in (self.reads, self.writes):
            os.close(pipe)
        if not self.ended():
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(self.pid, 0)
        shutil.rmtree(self._folder, ignore_errors=True)


def cpu_seconds(pid: int) -> float:
    """CPU time so far of a browser and all it started that still runs."""
    return _over_tree(pid, lambda process: sum(process.cpu_times()[:2]))


def memory_bytes(pid: int) -> float:
    """Memory that a browser and all it started have for themselves."""
    return _over_tree(pid, lambda process: process.memory_full_info().uss)


def _over_tree(pid: int, measure: "Callable[[psutil.Process], float]") -> float:
    """The sum over a process and all it started; one that ends meanwhile counts nothing."""
    import psutil

    total = 0.0
    with suppress(psutil.NoSuchProcess):
        browser = psutil.Process(pid)
        for process in (browser, *browser.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                total += measure(process)
    return total


def _pipe() -> tuple[int, int]:
    """A pipe whose descriptors are none of those that the browser is to have."""
    ends = os.pipe()
    moved = tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, _FREE) for end in ends)
    for end in ends:
        os.close(end)
    return moved[0], moved[1]


def _sweep() -> None:
    """Remove the folders of browsers whose owners were killed."""
    import psutil

    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*-*"):
        owner = folder.name.removeprefix(_FOLDER).partition("-")[0]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)
