"""The DevTools protocol over the two pipes of a Chromium that was started with ``--remote-debugging-pipe``.

What belongs here: commands, their answers, what the browser tells in between, and the time all that may take.
What does not: which commands make a page (``page.py``), and the browser's process (``process.py``).

Commands are sent without waiting for each other's answers: the browser does them in order, and a page that is
not waited for draws fewer pictures nobody looks at.
"""

import os
import select
import time
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from gamefactory_dagster.errors import TransientError

_READ_BYTES = 1 << 16
_MESSAGE_BYTES = 256 * 1024 * 1024
"""Of the longest message; a screenshot is a hundredth of it."""

Heard = Callable[[str, Mapping[str, Any]], None]
"""``heard(event, parameters)`` of one session."""


class BrowserError(TransientError):
    """A browser is of no more use, or not for this."""


class BrowserGoneError(BrowserError):
    """The browser has ended, or does not speak sense any more."""


class BrowserLateError(BrowserError):
    """The browser has not answered in time."""


class RefusedError(BrowserError):
    """The browser will not do what it was told."""


class Devtools:
    """One browser's commands and events; by ``until`` of ``time.monotonic`` all must have been answered."""

    def __init__(self, reads: int, writes: int, until: float) -> None:
        """Speak over two descriptors, which stay the caller's."""
        self.until = until
        self._reads, self._writes = reads, writes
        for pipe in (reads, writes):
            os.set_blocking(pipe, False)
        # no answer to whoever had these pipes before may look like one of ours
        self._last = int.from_bytes(os.urandom(2)) << 12
        self._fresh = True
        self._answers: dict[int, Mapping[str, Any]] = {}
        self._unread = bytearray()
        self._heard: dict[str, Heard] = {}

    def listen(self, session: str, heard: Heard) -> None:
        """Have a session's events told, while answers are waited for."""
        self._heard[session] = heard

    def send(self, method: str, parameters: Mapping[str, Any], session: str | None = None) -> int:
        """Send a command and wait for nothing; its number, for ``answer``."""
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        self._write(orjson.dumps(message) + b"\0")
        return self._last

    def answer(self, number: int) -> Mapping[str, Any]:
        """Wait for what came of a command. Raises BrowserGoneError, BrowserLateError or RefusedError."""
        while number not in self._answers:
            self._read()
        answer = self._answers.pop(number)
        if "error" in answer:
            raise RefusedError(str(answer["error"].get("message", "without a reason")))
        result: Mapping[str, Any] = answer["result"]
        return result

    def call(self, method: str, session: str | None = None, **parameters: Any) -> Mapping[str, Any]:
        """Send a command and wait for what comes of it."""
        return self.answer(self.send(method, parameters, session))

    def hear(self, done: Callable[[], bool]) -> None:
        """Take in what the browser tells until that is enough."""
        while not done():
            self._read()

    def _write(self, message: bytes) -> None:
        rest = memoryview(message)
        while rest:
            self._wait(self._writes, select.POLLOUT)
            try:
                rest = rest[os.write(self._writes, rest) :]
            except BlockingIOError:
                continue
            except BrokenPipeError as error:
                raise BrowserGoneError("it has ended") from error

    def _read(self) -> None:
        """Wait for more to read, and take in every message that is whole."""
        self._wait(self._reads, select.POLLIN)
        try:
            part = os.read(self._reads, _READ_BYTES)
        except BlockingIOError:
            return
        if not part:
            raise BrowserGoneError("it has ended")
        self._unread += part
        if b"\0" not in part:
            if len(self._unread) > _MESSAGE_BYTES:
                raise BrowserGoneError(f"a message of more than {_MESSAGE_BYTES} bytes")
            return
        *whole, rest = self._unread.split(b"\0")
        self._unread = bytearray(rest)
        for message in whole:
            self._take(message)

    def _take(self, message: bytearray) -> None:
        fresh, self._fresh = self._fresh, False
        try:
            told = orjson.loads(message)
        except orjson.JSONDecodeError as error:
            if fresh:  # the rest of an event that somebody else had begun to read
                return
            raise BrowserGoneError(f"it says {bytes(message[:100])!r}") from error
        if "id" in told:
            self._answers[told["id"]] = told
        elif heard := self._heard.get(told.get("sessionId", "")):
            heard(told["method"], told["params"])

    def _wait(self, pipe: int, how: int) -> None:
        poll = select.poll()
        poll.register(pipe, how)
        if not poll.poll(max(0.0, self.until - time.monotonic()) * 1000):
            raise BrowserLateError("it does not answer")
