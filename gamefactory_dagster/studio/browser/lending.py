"""Borrowing a browser from whoever keeps some in a home.

What belongs here: asking for one, holding its pipes, giving it back. What does not: keeping them
(``keeper.py``).

Who is asked sends the browser's process id, and with it the two pipes it is spoken to over. One byte gives it
back; who hangs up without has left it in whatever state.
"""

import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gamefactory_dagster.home import NobodyThereError, socket_path

NAME = "browsers"
"""Of the socket in the home."""

WAIT_SECONDS = 120.0
"""How long a browser is waited for while all are lent; then one of one's own is started."""

GIVEN_BACK = b"."


@dataclass(frozen=True, slots=True)
class Lent:
    """A browser that is somebody else's, and its pipes, which are closed with it."""

    pid: int
    reads: int
    writes: int
    _keeper: socket.socket

    def done(self) -> None:
        """Say that it is as it was lent: no page is open, and every command is answered."""
        with suppress(OSError):  # who kept it has gone, and it goes too
            self._keeper.sendall(GIVEN_BACK)

    def close(self) -> None:
        """Let go of it."""
        for pipe in (self.reads, self.writes):
            os.close(pipe)
        self._keeper.close()


def borrow(home: Path) -> Lent | None:
    """Wait for a browser that is free; None where nobody keeps any, or none comes free in time."""
    keeper = socket.socket(socket.AF_UNIX)
    keeper.settimeout(WAIT_SECONDS)
    try:
        with socket_path(home, NAME) as path:
            keeper.connect(path)
        told, pipes, _, _ = socket.recv_fds(keeper, 16, 2)
        if len(pipes) == 2:
            return Lent(int(told), pipes[0], pipes[1], keeper)
    except (NobodyThereError, OSError):
        pass
    keeper.close()
    return None
