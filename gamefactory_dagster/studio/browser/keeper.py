"""Browsers for all who check games in a home, kept by one process and lent to one at a time.

What belongs here: how many there are, who has one, and when one is started anew. What does not: what is done
with them (``chromium.py``).

A browser is lent with its pipes, so that nothing stands between it and whoever has it; one that comes back
from somebody who died is killed.
"""

import os
import selectors
import signal
import socket
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from gamefactory_dagster.errors import GameFactoryError
from gamefactory_dagster.home import alone, forget, listen
from gamefactory_dagster.terminal import say

from .devtools import BrowserError, Devtools
from .lending import GIVEN_BACK, NAME
from .process import Browser, memory_bytes, start

LENT_TIMES = 50
MEMORY_BYTES = 800 * 1024 * 1024
"""A browser that was lent so often, or has grown so large, makes room for a new one."""

IDLE_SECONDS = 60.0
"""So long a browser is kept that nobody wants."""

_ANSWER_SECONDS = 20.0
"""For an answer from a browser that has just been started, or has just come back."""

_LOOK_SECONDS = 5.0


@dataclass(slots=True)
class _Kept:
    """A browser, how often it was lent, and since when it is free."""

    browser: Browser
    lent: int = 0
    free_since: float = field(default_factory=time.monotonic)


class Keeper:
    """Lends up to ``most`` browsers to whoever connects to ``listener``, the first come first."""

    def __init__(
        self, listener: socket.socket, woken: socket.socket, begin: Callable[[], Browser], most: int
    ) -> None:
        """``woken`` is to be read when ``stop`` was called."""
        self._listener, self._woken = listener, woken
        self._begin = begin
        self._most = most
        self._free: list[_Kept] = []
        self._lent: dict[socket.socket, _Kept] = {}
        self._waiting: deque[socket.socket] = deque()
        self._events = selectors.DefaultSelector()
        for each in (listener, woken):
            self._events.register(each, selectors.EVENT_READ)
        self._stops = False

    def stop(self) -> None:
        """Lend no more, and end when all are back."""
        self._stops = True

    def serve(self) -> None:
        """Lend until told to stop."""
        try:
            while not self._stops or self._lent:
                for key, _ in self._events.select(_LOOK_SECONDS):
                    self._hear(key.fileobj)  # type: ignore[arg-type]
                self._close_idle()
                while self._waiting and not self._stops and (self._free or len(self._lent) < self._most):
                    self._lend(self._waiting.popleft())
        finally:
            for kept in (*self._free, *self._lent.values()):
                kept.browser.close()

    def _hear(self, told: socket.socket) -> None:
        if told is self._listener:
            asking, _ = self._listener.accept()
            asking.settimeout(_ANSWER_SECONDS)
            self._events.register(asking, selectors.EVENT_READ)
            self._waiting.append(asking)
            return
        if told is self._woken:
            self._woken.recv(64)
            return
        given_back = _word(told) == GIVEN_BACK
        self._hang_up(told)
        if told in self._lent:
            self._take_back(self._lent.pop(told), given_back)
        else:
            self._waiting.remove(told)

    def _lend(self, asking: socket.socket) -> None:
        """Lend a browser that answers; who asks in vain is hung up on, and has one of its own."""
        try:
            kept = self._one()
        except (GameFactoryError, OSError) as error:
            say(f"No browser: {error}")
            self._hang_up(asking)
            return
        kept.lent += 1
        self._lent[asking] = kept
        browser = kept.browser
        try:
            socket.send_fds(asking, [str(browser.pid).encode()], [browser.reads, browser.writes])
        except OSError:  # it has left, as is heard next
            return

    def _one(self) -> _Kept:
        while self._free:
            kept = self._free.pop()
            if _answers(kept.browser):  # a little later than it ends it is seen to have ended
                return kept
            kept.browser.close()
        kept = _Kept(self._begin())
        try:
            _ask(kept.browser)
        except BrowserError:
            kept.browser.close()
            raise
        return kept

    def _take_back(self, kept: _Kept, given_back: bool) -> None:
        if given_back and kept.lent < LENT_TIMES and _is_well(kept.browser):
            kept.free_since = time.monotonic()
            self._free.append(kept)
        else:
            kept.browser.close()

    def _close_idle(self) -> None:
        before = time.monotonic() - IDLE_SECONDS
        for kept in [each for each in self._free if each.free_since < before]:
            self._free.remove(kept)
            kept.browser.close()

    def _hang_up(self, asking: socket.socket) -> None:
        self._events.unregister(asking)
        asking.close()


def keep(home: Path, chromium: Path, most: int | None = None) -> None:
    """Keep browsers in this home until SIGINT or SIGTERM, and then until the last one is back.

    ``most``: None is one a processor. Where somebody keeps some already, that one's end is waited for.
    """
    wakes, woken = socket.socketpair()
    wakes.setblocking(False)
    with alone(home, NAME):
        with listen(home, NAME) as listener, wakes, woken:
            keeper = Keeper(listener, woken, lambda: start(chromium), most or os.cpu_count() or 1)
            signal.set_wakeup_fd(wakes.fileno())
            for how in (signal.SIGINT, signal.SIGTERM):
                signal.signal(how, lambda *_: keeper.stop())
            keeper.serve()
            signal.set_wakeup_fd(-1)
        forget(home, NAME)


def _is_well(browser: Browser) -> bool:
    return _answers(browser) and memory_bytes(browser.pid) < MEMORY_BYTES


def _answers(browser: Browser) -> bool:
    try:
        _ask(browser)
    except BrowserError as error:
        say(f"Browser {browser.pid} is started anew: {error}")
        return False
    return True


def _ask(browser: Browser) -> None:
    """See that a browser answers. Raises BrowserError."""
    Devtools(browser.reads, browser.writes, time.monotonic() + _ANSWER_SECONDS).call("Browser.getVersion")


def _word(asking: socket.socket) -> bytes:
    try:
        return asking.recv(1)
    except OSError:
        return b""
