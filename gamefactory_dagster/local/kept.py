"""Children of this process: they end with it, and one that has died is started again.

What belongs here: starting one, looking after it, stopping it. What does not: which there are
(``processes.py``).
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from gamefactory_dagster.errors import PermanentError, TransientError
from gamefactory_dagster.launching.children import end_with
from gamefactory_dagster.terminal import say_aside

from .logs import rotate

DEATHS, DEATH_SECONDS = 3, 60
"""So many deaths of one child within that time say that it cannot live."""

STOP_SECONDS = 120
"""How long a stopping daemon may wait for the runs at work."""


class Child:
    """A process of the factory, in a session of its own so that Ctrl-C reaches it only through us."""

    def __init__(self, name: str, arguments: list[str], environment: Mapping[str, str], logs: Path) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.log = logs / f"{name}.log"
        supervisor = os.getpid()

        def begin() -> None:
            # a shell starts background jobs with SIGINT ignored, and that is inherited
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            end_with(supervisor, signal.SIGKILL)

        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=begin,  # noqa: PLW1509
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def check(self) -> None:
        """Raise TransientError with the end of its log when it has stopped; keep the log from growing."""
        rotate(self.log)
        if (code := self._process.poll()) is not None:
            raise TransientError(f"the {self.name} stopped with code {code}; {self._last_words()}")

    def lives(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def finish(self) -> None:
        """Wait until it ends by itself; PermanentError with the end of its log when it did not end well."""
        if code := self._process.wait():
            raise PermanentError(f"{self.name} failed with code {code}; {self._last_words()}")

    def _last_words(self) -> str:
        tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])
        return f"the end of {self.log}:\n{tail}"

    def ask_to_stop(self) -> None:
        """Send it what Ctrl-C sends."""
        if self.lives():
            self._process.send_signal(signal.SIGINT)

    def wait(self, seconds: float) -> None:
        """Wait for its end; end it, and all it started, when that does not come in time."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it at once, and all it started."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


class Kept:
    """A child that is started again when it has died, unless it dies again and again.

    Without a child that is not ``needed`` all others go on.
    """

    def __init__(self, start: Callable[[], Child], *, needed: bool = True) -> None:
        self._start = start
        self._needed = needed
        self._deaths: list[float] = []
        self.child = start()

    @property
    def children(self) -> list[Child]:
        """Every process there is of it."""
        return [self.child]

    def check(self) -> None:
        """Look once, and start it again; raise TransientError with the end of its log if that is no use."""
        if len(self._deaths) >= DEATHS:
            return
        try:
            self.child.check()
        except TransientError as error:
            now = time.monotonic()
            self._deaths = [*(death for death in self._deaths if now - death < DEATH_SECONDS), now]
            if len(self._deaths) >= DEATHS:
                if self._needed:
                    raise
                say_aside(f"Going on without: {error}")
                return
            say_aside(f"Died and started again: {self.child.name}; why, is in {self.child.log}")
            self.child.kill()  # what it had started
            self.child = self._start()


def stop(children: Sequence[Child], needed: Sequence[Child] = ()) -> None:
    """Ask all children to stop and wait for them, then those they need; a second Ctrl-C ends all at once."""
    until = time.monotonic() + STOP_SECONDS
    try:
        for group in (children, needed):
            for child in group:
                child.ask_to_stop()
            for child in group:
                child.wait(max(0.0, until - time.monotonic()))
    except KeyboardInterrupt:
        for child in (*children, *needed):
            child.kill()
