"""The parent of the workers: it imports once, forks one worker a run, and knows what became of each.

What belongs here: its processes, and answering about them. What does not: what a worker does
(``defs/worker.py``), how a process ends with another (``children.py``), and Dagster.

One thread, no connection, no channel: that is what makes its forks safe. It takes in changed code by becoming
itself anew (``exec``), with its socket and its workers. Workers end with it, and it with whoever started it.
"""

import os
import selectors
import signal
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import msgspec

from . import children, wire
from .wire import Answer, Question

STOP_SECONDS = 30.0
"""After which a worker that was told to stop is killed: before Dagster stops waiting for it."""

SETTLE_SECONDS = 5.0
"""Between two tries to tell Dagster of workers that died: its database may be away."""

LOOK_SECONDS = 0.2
"""How old a look at the code may be."""

REMEMBERED = 10_000
"""Workers of the past, the youngest."""

ASKING_SECONDS = 5.0
"""In which a question must be asked."""


class Work(Protocol):
    """What workers can do, once it is imported."""

    def run(self, run_id: str, *, resumes: bool) -> int:
        """Do a run; its exit code."""

    def settle(self, run_ids: Sequence[str], before: float | None) -> None:
        """End runs whose workers are gone, unless they have ended; ``before`` means all begun before then."""


class Worker(msgspec.Struct):
    """One that lives."""

    pid: int
    killed_at: float | None = None
    """By ``time.monotonic``: when it is, having been told to stop."""


class Memory(msgspec.Struct):
    """All a parent knows, which outlives a change of code."""

    listener: int
    lifeline: children.Lifeline
    live: dict[str, Worker] = {}
    ended: dict[str, int] = {}
    orphans: set[str] = set()
    """Runs whose workers ended badly, were told to stop or are not there, of which Dagster is to be told."""
    before: float | None = None
    """Of all that were begun before this moment Dagster is to be told."""
    settler: int | None = None
    settling: set[str] = set()


@dataclass(slots=True)
class Parent:
    """Answers until it is told to stop and the last worker is gone."""

    memory: Memory
    work: Work | None
    fault: str = ""
    """Why the definitions could not be imported."""
    stopping: bool = False
    settle_at: float = 0.0

    def serve(self, outdated: Callable[[], bool]) -> bool:
        """Whether it ended because the code is ``outdated``, with everything left as it is."""
        signals = children.listen_for_signals(self._stop)
        listener = socket.socket(fileno=self.memory.listener)
        listener.setblocking(False)
        looked, is_outdated = 0.0, False
        with selectors.DefaultSelector() as selector:
            selector.register(listener, selectors.EVENT_READ)
            selector.register(signals, selectors.EVENT_READ)
            while self._goes_on():
                self._tend()
                asked = [key.fd for key, _ in selector.select(self._pause())]
                if signals in asked:
                    with suppress(BlockingIOError):
                        os.read(signals, 4096)
                if self.memory.listener in asked:
                    if time.monotonic() - looked > LOOK_SECONDS:
                        looked, is_outdated = time.monotonic(), outdated()
                    if is_outdated:
                        listener.detach()
                        return True
                    self._take(listener)
        listener.close()
        return False

    def _goes_on(self) -> bool:
        """Whether there is anything to wait for; nobody says so a second time when the last worker ends."""
        self._reap()
        return not self.stopping or bool(self.memory.live)

    def answer(self, question: Question) -> Answer:
        """Do what is asked, and say what has become of the run's worker."""
        run_id, memory = question.run_id, self.memory
        match question.verb:
            case "launch" | "resume" if run_id not in memory.live:
                if self.work is None:
                    return Answer("unknown", error=self.fault)
                work, resumes = self.work, question.verb == "resume"
                pid = self._fork(lambda: work.run(run_id, resumes=resumes))
                memory.live[run_id] = Worker(pid)
            case "stop" if worker := memory.live.get(run_id):
                os.kill(worker.pid, signal.SIGTERM)
                worker.killed_at = worker.killed_at or time.monotonic() + STOP_SECONDS
            case "stop":
                memory.orphans.add(run_id)
        if worker := memory.live.get(run_id):
            return Answer("running", worker.pid)
        if run_id in memory.ended:
            return Answer("ended", code=memory.ended[run_id])
        return Answer("unknown")

    def _take(self, listener: socket.socket) -> None:
        """Answer one question; who asks badly, goes away, or wants a worker at the end, is left alone."""
        try:
            asking, _ = listener.accept()
        except OSError:
            return
        with asking, suppress(OSError, msgspec.DecodeError):
            asking.settimeout(ASKING_SECONDS)
            question = msgspec.json.decode(wire.read_line(asking), type=Question)
            if not (self.stopping and question.verb in ("launch", "resume")):
                asking.sendall(msgspec.json.encode(self.answer(question)) + b"\n")

    def _fork(self, task: Callable[[], int]) -> int:
        return children.fork(task, self.memory.lifeline, closing=[self.memory.listener])

    def _stop(self) -> None:
        """Take no more, and end with the last worker."""
        self.stopping = True

    def _reap(self) -> None:
        """See which children have ended, and how."""
        memory = self.memory
        run_of = {worker.pid: run_id for run_id, worker in memory.live.items()}
        for pid, code in children.ended():
            if pid == memory.settler:
                memory.settler = None
                if code:
                    memory.orphans |= memory.settling
                    self.settle_at = time.monotonic() + SETTLE_SECONDS
                else:
                    memory.before = None
            elif run_id := run_of.get(pid):
                stopped = memory.live.pop(run_id).killed_at is not None
                memory.ended[run_id] = code
                if len(memory.ended) > REMEMBERED:
                    del memory.ended[next(iter(memory.ended))]
                if code or stopped:  # it may have ended by itself just before Dagster was told it would stop
                    memory.orphans.add(run_id)

    def _tend(self) -> None:
        """Kill who does not stop; have Dagster told of who died."""
        now, memory = time.monotonic(), self.memory
        for worker in memory.live.values():
            if worker.killed_at is not None and worker.killed_at <= now:
                os.kill(worker.pid, signal.SIGKILL)
        waits = memory.settler is not None or now < self.settle_at or self.work is None
        if waits or not (memory.orphans or memory.before):
            return
        work, memory.settling, memory.orphans = self.work, memory.orphans, set()
        assert work is not None

        def settle() -> int:
            work.settle(sorted(memory.settling), memory.before)
            return 0

        memory.settler = self._fork(settle)

    def _pause(self) -> float | None:
        """Seconds until there is something to do though nobody asks."""
        memory = self.memory
        times = [worker.killed_at for worker in memory.live.values() if worker.killed_at is not None]
        if self.work is not None and memory.settler is None and (memory.orphans or memory.before):
            times.append(self.settle_at)
        return max(0.0, min(times) - time.monotonic()) if times else None
