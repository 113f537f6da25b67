"""The process jobs are done in, seen from inside: a parent that forks, and its children that work.

What belongs here: reading a task, doing it within its memory, answering. What does not: which task is next
and how long one may take (``worker.py``), and what a worker says to these processes (``lanes.py``).

Run as a module it is the parent: it has imported what types need and has neither threads nor connections, so
that a child is there in milliseconds. It forks one for each pair of descriptors it is sent, and ends with the
worker. A child is a process group of its own, which ends when its socket does.
"""

import io
import logging
import os
import resource
import signal
import socket
import sys
import threading
import time
import traceback
from contextlib import suppress
from dataclasses import asdict, replace
from queue import SimpleQueue
from typing import Any
from uuid import UUID, uuid4

import orjson
import psutil

from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.ledger.accounts import part
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.work.leases import Lease

from .kinds import Kind, Work
from .queue import JOBS, WORDS_LIMIT, Queues, completing
from .registry import Registry, registry
from .states import Failure

TRACE_LIMIT = 4000
"""Characters kept of where an exception came from."""

READY = b"ready"

REFERENCES_LIMIT = 64 * 1024
"""Bytes of a job's data_references as JSON."""


def main() -> None:
    """Fork children for the worker at the other end of standard input, until it is gone."""
    control = socket.socket(fileno=os.dup(0))
    first, _ = _received(control, 0)
    settings = Settings(**first["settings"])
    types = registry(tuple(first["packages"]))
    with suppress(OSError):  # the worker may be gone
        control.sendall(READY)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for children: their sockets tell
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the worker's to act on
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        message, descriptors = _received(control, 2)
        if message is None:
            return
        if os.fork() == 0:
            control.close()
            tasks, output = descriptors
            _child(tasks, output, settings, types)
        for descriptor in descriptors:
            os.close(descriptor)


def _received(control: socket.socket, descriptors: int) -> tuple[Any, list[int]]:
    try:
        message, found, _, _ = socket.recv_fds(control, 1 << 20, descriptors)
    except ConnectionResetError:  # the worker was killed with something of ours unread
        return None, []
    return (orjson.loads(message) if message else None), list(found)


def _child(tasks: int, output: int, settings: Settings, types: Registry) -> None:
    os.setsid()
    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):  # as what a job starts expects
        signal.signal(number, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", force=True)
    end = socket.socket(fileno=tasks)
    given: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_listen, args=(end, given), daemon=True).start()
    with suppress(OSError), end.makefile("wb", buffering=0) as answers:
        answers.write(orjson.dumps({"pid": os.getpid()}) + b"\n")
        while True:
            task = given.get()
            _print_to(output)
            answer = perform(task, settings, types)
            for stream in (sys.stdout, sys.stderr):
                with suppress(Exception):  # a job may have closed it
                    stream.flush()
            answers.write(orjson.dumps(answer) + b"\n")
    os._exit(0)


def _print_to(output: int) -> None:
    """Let what is printed go there, line by line: it is there though the job hangs.

    Before each job: the last one may have closed what it printed to.
    """
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(output, descriptor)
        file = os.fdopen(descriptor, "wb", closefd=False)
        setattr(sys, name, io.TextIOWrapper(file, "utf-8", "replace", line_buffering=True))
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(sys.stderr)


def _listen(end: socket.socket, given: "SimpleQueue[Any]") -> None:
    """Hand on what comes; when the worker is gone, so is this process and whatever it started."""
    with suppress(OSError), end.makefile("rb") as lines:
        for line in lines:
            given.put(orjson.loads(line))
    os.killpg(0, signal.SIGKILL)


def perform(task: dict[str, Any], settings: Settings, types: Registry) -> dict[str, Any]:
    """Do one task; gives ``references`` or ``failure``, and whether the job ``is_written`` down as done."""
    work = None
    started = time.monotonic()
    try:
        kind = types.kind(task["job_type"])
        given = types.read(kind.name, task["job_parameters"])
        work = _work(task, settings)
        with _Memory(kind.memory_mb):
            references = _told(kind, work, given)
        answer: dict[str, Any] = {"references": _checked(references)}
    except BaseException as error:
        answer = {"failure": asdict(_failure(error))}
    is_written = work is not None and work.is_complete
    return {
        "job_id": task["job_id"],
        "seconds": time.monotonic() - started,
        "is_written": is_written,
        **answer,
    }


def _failure(error: BaseException) -> Failure:
    failure = Failure.of(error, traceback=_trace(error))
    if isinstance(error, MemoryError):
        return replace(failure, message="it wanted more memory than its type may take")
    return replace(failure, message=failure.message[:WORDS_LIMIT].encode("utf-8", "replace").decode())


def _work(task: dict[str, Any], settings: Settings) -> Work:
    engine, queues = get_engine(settings), Queues.of(settings)
    job_id = UUID(task["job_id"])
    lease = Lease(JOBS, (job_id,), task["owner"], task["epoch"], task["seconds"])
    return Work(
        engine,
        settings,
        job_id,
        UUID(task["user_id"]),
        task["retry_count"] + 1,
        ending=lambda references: completing(engine, queues, lease, references),
    )


def _told(kind: "Kind[Any]", work: Work, given: Any) -> dict[str, Any]:
    """Do it, as a run of the ledger where its type wants that."""
    if not kind.told:
        return kind.run(work, given)
    spec = {"kind": "job", "job": kind.name, "job_id": str(work.job_id), "attempt": work.attempt}
    spec["parameters"] = given.model_dump(mode="json")
    with part(work.engine, str(uuid4()), work.user_id, spec, kind.name, whole=True) as account:
        references = kind.run(work, given)
        account.made += work.made
        account.numbers |= references
    return references


def _checked(references: Any) -> Any:
    try:
        text = orjson.dumps(references)
    except TypeError as error:
        raise PermanentError(f"what it gave cannot be written as JSON: {error}") from error
    if not isinstance(references, dict) or len(text) > REFERENCES_LIMIT or b"\\u0000" in text:
        raise PermanentError(f"it gave no object of at most {REFERENCES_LIMIT} bytes of JSON without NUL")
    return references


def _trace(error: BaseException) -> str:
    said = "".join(traceback.format_exception(error, limit=-10))
    return said[-TRACE_LIMIT:].replace("\0", "").encode("utf-8", "replace").decode()


class _Memory:
    """Lets this process take so much more memory than it has, as far as the system can keep it to that."""

    def __init__(self, megabytes: int) -> None:
        self._before = resource.getrlimit(resource.RLIMIT_DATA)
        self._more = megabytes << 20

    def __enter__(self) -> None:
        _, hard = self._before
        most = _data_bytes() + self._more
        if hard == resource.RLIM_INFINITY or most < hard:
            resource.setrlimit(resource.RLIMIT_DATA, (most, hard))

    def __exit__(self, *_: object) -> None:
        resource.setrlimit(resource.RLIMIT_DATA, self._before)


def _data_bytes() -> int:
    """What the limit counts now."""
    return psutil.Process().memory_info().data if sys.platform == "linux" else 0


if __name__ == "__main__":
    main()
