"""The home as a place on this machine: that it can be written, and who runs in it.

What belongs here: making the folder, and a small file or a socket for a process to be found by as long as it
runs. What does not: what lies in the home (each room knows its own), and starting or stopping anything.
"""

import json
import os
import re
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from .errors import InputError, TransientError
from .settings import variable

ARCADE, FACTORY = "arcade", "factory"
"""What can be found: whatever serves the games, and whatever holds the home's lock."""

_BACKLOG = 128

_START_SECONDS = 2.0
"""How far two readings of a process's start may be apart; beyond, another process has got its number."""


@dataclass(frozen=True, slots=True)
class Running:
    """A process at work in a home. ``started``: seconds since 1970; ``url`` has no trailing slash."""

    command: str
    pid: int
    started: float
    url: str | None = None


def make_home(home: Path) -> None:
    """Make the folder unless it is there. Raises InputError when it cannot be made, or not be written."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        expected = f"a folder that can be made and written here ({error.strerror})"
        raise InputError(variable("home"), str(home), expected) from error


@contextmanager
def announced(home: Path, name: str, command: str, url: str | None = None) -> Iterator[None]:
    """Let this process be found during the block, in a home that is there; of several the last one is."""
    from psutil import Process

    me = Running(command, os.getpid(), Process().create_time(), url)
    file = _file(home, name)
    file.parent.mkdir(exist_ok=True)
    draft = file.with_suffix(f".{me.pid}")
    draft.write_text(json.dumps(asdict(me)), encoding="utf-8")
    draft.replace(file)
    try:
        yield
    finally:
        if running(home, name) == me:
            file.unlink(missing_ok=True)


def running(home: Path, name: str) -> Running | None:
    """Who was announced last and still runs, or None."""
    from psutil import Error, Process

    try:
        found = Running(**json.loads(_file(home, name).read_text(encoding="utf-8")))
        apart = abs(Process(found.pid).create_time() - found.started)
    except (OSError, ValueError, TypeError, Error):
        return None
    return found if apart < _START_SECONDS else None


class NobodyThereError(TransientError):
    """Nobody in this home is at work who could be asked."""


@contextmanager
def socket_path(home: Path, name: str) -> Iterator[str]:
    """Give the path of a socket in the home, as short as ``bind`` and ``connect`` want it in any home.

    Raises NobodyThereError where nobody can have made one. Linux alone.
    """
    try:
        folder = os.open(home / "running", os.O_PATH | os.O_DIRECTORY)
    except OSError as error:
        raise NobodyThereError(f"nobody runs in {home}: {error.strerror}") from error
    try:
        yield f"/proc/self/fd/{folder}/{name}.sock"
    finally:
        os.close(folder)


@contextmanager
def alone(home: Path, name: str) -> Iterator[None]:
    """Be the only process of this home that does this, once whoever does it now has ended. Not on Windows."""
    import fcntl

    (home / "running").mkdir(parents=True, exist_ok=True)
    with (home / "running" / f"{name}.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def listen(home: Path, name: str) -> socket.socket:
    """Listen at a socket in the home; only this user may connect. Nobody finds whoever did before."""
    (home / "running").mkdir(parents=True, exist_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    with socket_path(home, name) as path:
        Path(path).unlink(missing_ok=True)
        mask = os.umask(0o177)
        try:
            listener.bind(path)
        finally:
            os.umask(mask)
    listener.listen(_BACKLOG)
    return listener


def forget(home: Path, name: str) -> None:
    """Remove a socket that nobody listens at any more."""
    with socket_path(home, name) as path:
        Path(path).unlink(missing_ok=True)


def link_here(home: Path, play_url: str | None) -> str | None:
    """A game's link as the arcade that runs in this home has it; as it was published where none runs."""
    arcade = running(home, ARCADE) if play_url else None
    if play_url is None or arcade is None or arcade.url is None:
        return play_url
    path = urlsplit(play_url).path
    return f"{arcade.url}{path}" if re.fullmatch(r"/games/[^/]+/", path) else play_url


def _file(home: Path, name: str) -> Path:
    return home / "running" / f"{name}.json"
