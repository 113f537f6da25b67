"""Processes that do a worker's jobs, seen from outside: each does one at a time, and can be ended any time.

What belongs here: starting and ending them, tasks, answers and output. What does not: which job is next and
when one has had its time (``worker.py``), and what a process does inside (``hands.py``).
"""

import math
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import orjson
import psutil

from gamefactory_dagster.errors import TransientError
from gamefactory_dagster.settings import Settings

from .hands import READY
from .queue import Taken

KEPT = 32 * 1024
"""Bytes of a job's output kept of its beginning, and of its end."""

_PIECE = 256 * 1024
_PIECES = 16

IDLE_SHARE = 0.2
"""Processor time below which a lane counts as waiting."""

LOOK_SECONDS = 0.1
"""How often that is looked at."""

START_SECONDS = 60.0
"""How long a process may take to be there on a busy machine."""

_SECRETS = {"llm_api_key", "image_api_key", "github_token"}
"""Of the settings; they reach the processes by the environment, as they reached this one."""


class Said:
    """What a job has said: the beginning and the end where it was much."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._tail = bytearray()
        self._dropped = 0

    def add(self, piece: bytes) -> None:
        """Take in what came."""
        room = KEPT - len(self._head)
        self._head += piece[:room]
        self._tail += piece[room:] if room else piece
        if (over := len(self._tail) - KEPT) > KEPT:
            del self._tail[:over]
            self._dropped += over

    @property
    def text(self) -> str | None:
        """All that is kept of it; None where it said nothing."""
        over = max(len(self._tail) - KEPT, 0)
        dropped = self._dropped + over
        gap = f"\n... {dropped:,} bytes left out ...\n".encode() if dropped else b""
        return (bytes(self._head) + gap + bytes(self._tail[over:])).decode("utf-8", "replace") or None


class Lane:
    """One process and the job it is at, if any."""

    def __init__(self, pid: int, tasks: socket.socket, output: int) -> None:
        self.pid = pid
        self.tasks = tasks
        self.output = output
        self.job: Taken | None = None
        self.began = 0.0
        """When it was given the job, on this process' monotonic clock."""
        self.is_waiting = False
        """Whether it has lately used next to no processor time at its job."""
        self._processor = psutil.Process(pid)
        self._used = self._looked = 0.0
        self.said = Said()
        self._heard = bytearray()

    def give(self, job: Taken) -> None:
        """Let it do a job; one that is dead already is found out when it is listened to."""
        task = {
            "job_id": str(job.job_id),
            "job_type": job.job_type,
            "user_id": str(job.user_id),
            "job_parameters": job.job_parameters,
            "retry_count": job.retry_count,
            "owner": job.lease.owner,
            "epoch": job.lease.epoch,
            "seconds": job.lease.seconds,
        }
        self.job, self.began, self.said = job, time.monotonic(), Said()
        self.is_waiting, self._used, self._looked = False, math.inf, self.began
        with suppress(OSError):
            self.tasks.settimeout(START_SECONDS)
            self.tasks.sendall(orjson.dumps(task) + b"\n")
            self.tasks.setblocking(False)

    def listen(self) -> dict[str, Any] | None:
        """Take in output, and its answer where it is there. Raises EOFError when the process is gone."""
        piece = b""
        with suppress(BlockingIOError, ConnectionError):
            piece = self.tasks.recv(_PIECE)
            if not piece:
                self.hear()
                raise EOFError
        self._heard += piece
        self.hear()
        line, end, rest = self._heard.partition(b"\n")
        if not end:
            return None
        self._heard = rest
        answer: dict[str, Any] = orjson.loads(line)
        return answer

    def look(self, now: float) -> None:
        """See, now and then, whether it has worked or waited since it was last looked at."""
        seconds = now - self._looked
        if seconds < LOOK_SECONDS:
            return
        with suppress(psutil.Error):
            times = self._processor.cpu_times()
            used = times.user + times.system + times.children_user + times.children_system
            self.is_waiting = 0 <= used - self._used < IDLE_SHARE * seconds
            self._used, self._looked = used, now

    def hear(self) -> None:
        """Take in what it has printed; after an answer that is all of that job's: no pipe holds more."""
        with suppress(BlockingIOError):
            for _ in range(_PIECES):
                if not (piece := os.read(self.output, _PIECE)):
                    break
                self.said.add(piece)

    def end(self) -> None:
        """Kill it with all it has started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.tasks.close()
        os.close(self.output)


class Lanes:
    """Starts lanes; when its ``with`` block ends the process they come from does, and with it every lane."""

    def __init__(self, settings: Settings, packages: Sequence[str]) -> None:
        self._settings = settings
        self._packages = list(packages)

    def __enter__(self) -> Self:
        self._control, theirs = socket.socketpair()
        self._control.settimeout(START_SECONDS)
        with theirs:
            self._parent = subprocess.Popen(
                [sys.executable, "-m", f"{__package__}.hands"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        given = self._settings.model_dump(mode="json", exclude=_SECRETS)
        self._control.sendall(orjson.dumps({"settings": given, "packages": self._packages}))
        self._is_ready = False
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._control.close()
        self._parent.kill()
        self._parent.wait()

    def open(self) -> Lane:
        """Start a lane. Raises TransientError where no process can be had."""
        try:
            if not self._is_ready:
                self._is_ready = self._control.recv(len(READY)) == READY
            return self._opened()
        except (OSError, ValueError, psutil.Error) as error:
            raise TransientError(f"no process to do jobs in could be started: {error}") from error

    def _opened(self) -> Lane:
        ours, theirs = socket.socketpair()
        reading, writing = os.pipe()
        try:
            socket.send_fds(self._control, [b"{}"], [theirs.fileno(), writing])
        finally:
            theirs.close()
            os.close(writing)
        os.set_blocking(reading, False)
        ours.settimeout(START_SECONDS)
        pid = orjson.loads(ours.recv(100))["pid"]
        ours.setblocking(False)
        return Lane(pid, ours, reading)
