"""One server of the definitions for daemon and UI: where it is found, and when another takes its place.

What belongs here: the socket's folder, the workspace that names it, and renewing. What does not: serving
(``defs/code_server.py``).

Each server has a socket of its own, and a link leads to the one that serves. Dagster connects anew for every
question, so the next question after the link has been moved goes to the new one, and the old one ends when it
has answered the last of its own, and the last run it began has ended.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gamefactory_dagster.launching.sources import fingerprint
from gamefactory_dagster.terminal import say_aside

from .kept import Child, Kept

LOCATION = "gamefactory"
"""The name of our code location, as ``workspace.yaml`` says."""

LONGEST = 80
"""Bytes of a folder's path in which a socket has room: its whole path may have 107 (unix(7))."""

LOOK_SECONDS = 30.0
"""Between two looks whether the code has changed: the UI can have it loaded at once."""

START_SECONDS = 180.0
"""After which a successor that does not serve is given up."""


@dataclass(frozen=True, slots=True)
class Place:
    """The folder in which the server of the definitions is found."""

    folder: Path

    @property
    def link(self) -> Path:
        """What leads to the socket of the one that serves."""
        return self.folder / "code.sock"

    @property
    def _asked(self) -> Path:
        return self.folder / "code.renew"

    def of(self, pid: int) -> Path:
        """The socket of a process that serves, or is about to."""
        return self.folder / f"code-{pid}.sock"

    def take(self, socket: Path) -> None:
        """Have all who ask from now on ask this socket."""
        draft = socket.with_suffix(".link")
        draft.unlink(missing_ok=True)
        draft.symlink_to(socket.name)
        draft.replace(self.link)

    def leave(self, socket: Path) -> None:
        """Be found no more."""
        if self.serves(socket):
            self.link.unlink(missing_ok=True)
        socket.unlink(missing_ok=True)

    def serves(self, socket: Path) -> bool:
        """Whether this socket is the one that is asked."""
        try:
            return self.link.readlink().name == socket.name
        except OSError:
            return False

    def ask(self) -> None:
        """Ask for a server with the code as it is now."""
        self._asked.touch()

    def asked(self) -> bool:
        """Whether somebody has asked since this was called last."""
        try:
            self._asked.unlink()
        except FileNotFoundError:
            return False
        return True

    def clear(self) -> None:
        """Remove what servers that were killed have left."""
        for file in self.folder.glob("code*"):
            file.unlink(missing_ok=True)


@contextmanager
def place(home: Path) -> Iterator[Place]:
    """Have such a folder, with a path that a socket has room in, for this process and those it starts."""
    folder = (home / "running").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    if len(os.fsencode(folder)) <= LONGEST:
        yield Place(folder)
        return
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        yield Place(Path(f"/proc/{os.getpid()}/fd/{descriptor}"))
    finally:
        os.close(descriptor)


def write_workspace(file: Path, place: Place) -> None:
    """Write the workspace of this factory, which names the one server; JSON is YAML too."""
    file.parent.mkdir(parents=True, exist_ok=True)
    server = {"socket": str(place.link), "location_name": LOCATION}
    draft = file.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps({"load_from": [{"grpc_server": server}]}), encoding="utf-8")
    draft.replace(file)


class CodeServer(Kept):
    """The server of the definitions, with its successor while one starts and those it succeeded.

    Another takes its place when it is asked for, or when the code has changed.
    """

    def __init__(
        self, start: Callable[[], Child], place: Place, look: Callable[[], object] = fingerprint
    ) -> None:
        place.clear()
        self._place = place
        self._look = look
        self._seen, self._looked = look(), time.monotonic()
        self._successor: Child | None = None
        self._give_up_at = 0.0
        self._former: list[Child] = []
        super().__init__(start)

    @property
    def children(self) -> list[Child]:
        """All of them."""
        return [self.child, *([self._successor] if self._successor else []), *self._former]

    def check(self) -> None:
        """Look once: start it again when it has died, renew it when that is due, see former ones end."""
        super().check()
        self._former = [child for child in self._former if child.lives()]
        if self._successor is not None:
            self._hand_over(self._successor)
        elif self._is_due():
            self._successor = self._start()
            self._give_up_at = time.monotonic() + START_SECONDS

    def _hand_over(self, successor: Child) -> None:
        if self._place.serves(self._place.of(successor.pid)):
            self.child.ask_to_stop()
            self._former.append(self.child)
            self.child, self._successor = successor, None
        elif not successor.lives() or time.monotonic() > self._give_up_at:
            say_aside(f"The definitions could not be served anew; why, is in {successor.log}")
            successor.kill()
            self._successor = None

    def _is_due(self) -> bool:
        if self._place.asked():
            self._seen = self._look()
            return True
        if time.monotonic() - self._looked < LOOK_SECONDS:
            return False
        self._looked = time.monotonic()
        before, self._seen = self._seen, self._look()
        return self._seen != before
