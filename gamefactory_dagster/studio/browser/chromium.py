"""A browser with one page for whoever checks something, for a bounded time.

What belongs here: having one for the length of a block. What does not: its process (``process.py``), the
words for what is done with its page (``page.py``), and keeping browsers for many (``keeper.py``).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gamefactory_dagster.errors import TransientError

from .devtools import BrowserError, BrowserLateError, Devtools
from .lending import Lent, borrow
from .page import Page
from .process import Browser, cpu_seconds, start


class Session:
    """One browser with one page, and what it is ``doing``, for whoever has to say what hung."""

    def __init__(self, devtools: Devtools, pid: int, width: int, height: int) -> None:
        """``pid``: the browser's."""
        self.doing = "opening a page"
        self._pid = pid
        self._before = cpu_seconds(pid)
        self.page = Page(devtools, width, height)

    def cpu_seconds(self) -> float:
        """CPU time of the browser since this session began."""
        return cpu_seconds(self._pid) - self._before


@contextmanager
def opened(
    chromium: Path, seconds: float, width: int = 960, height: int = 540, home: Path | None = None
) -> Iterator[Session]:
    """A browser with an empty profile and one page, for at most ``seconds``.

    It is one that somebody lends in ``home``, where that is given and somebody does; else one of its own.
    Raises InputError when there is no browser at ``chromium``; TransientError, with what was being done,
    when it does not start, breaks down, or is not finished in time (it is killed then).
    """
    with _held(chromium, home) as held:
        devtools = Devtools(held.reads, held.writes, time.monotonic() + seconds)
        session: Session | None = None
        try:
            session = Session(devtools, held.pid, width, height)
            yield session
            session.page.close()
        except BrowserLateError as error:
            raise TransientError(f"the browser was stopped after {seconds:g} s, {_doing(session)}") from error
        except BrowserError as error:
            raise TransientError(f"the browser failed, {_doing(session)}: {error}") from error
        held.done()


@contextmanager
def _held(chromium: Path, home: Path | None) -> Iterator[Lent | Browser]:
    """A browser for this block alone: a lent one, or one of our own."""
    lent = None if home is None else borrow(home)
    held = lent or start(chromium)
    try:
        yield held
    finally:
        held.close()


def _doing(session: Session | None) -> str:
    return session.doing if session else "opening a page"
