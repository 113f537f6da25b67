"""Forking, and what becomes of children: they end with their parent, whatever it dies of.

What belongs here: what the kernel does for us. What does not: which children there are (``parent.py``).
"""

import ctypes
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import NoReturn

AVAILABLE = sys.platform == "linux"
"""Elsewhere there are no warm workers."""

LATE_SECONDS = 15.0
"""After its parent's death a child that has not ended by then is no more."""

BROKEN = 70
"""Exit code of a child that failed, EX_SOFTWARE of sysexits.h."""

Lifeline = tuple[int, int]
"""A pipe whose writing end the parent alone holds: it closes with it."""

_PR_SET_PDEATHSIG = 1

_prctl = ctypes.CDLL(None).prctl if AVAILABLE else None
_mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if AVAILABLE else None
"""Found beforehand: between fork and exec of a program with threads nothing may be imported."""

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_KEPT_BYTES = 256 << 20

_OURS = (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM)


def end_with(parent: int, how: signal.Signals) -> None:
    """Have this process sent a signal when its parent, whose id this is, is gone; at once if it is already.

    Survives ``exec``, and is not inherited by children (prctl(2), PR_SET_PDEATHSIG). Elsewhere than on Linux
    nothing is done.
    """
    if _prctl is None:
        return
    _prctl(_PR_SET_PDEATHSIG, how, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), how)


def lifeline() -> Lifeline:
    """Make one, which outlives ``exec``."""
    ends = os.pipe()
    for end in ends:
        os.set_inheritable(end, True)
    return ends


def follow(parent: int, line: Lifeline) -> None:
    """Have this child, which inherited its parent's line, stopped when that is gone, and killed if late."""
    end_with(parent, signal.SIGTERM)
    reader, writer = line
    os.close(writer)
    threading.Thread(target=_end_late, args=(reader,), daemon=True).start()


def listen_for_signals(stop: Callable[[], None]) -> int:
    """Have SIGINT and SIGTERM call ``stop``, and give a file descriptor to read when any signal came."""
    reader, writer = os.pipe()
    for end in (reader, writer):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    for how in (signal.SIGINT, signal.SIGTERM):
        signal.signal(how, lambda *_: stop())
    return reader


def fork(task: Callable[[], int], line: Lifeline, closing: Sequence[int] = ()) -> int:
    """Have a process of its own do a task and end with what that gives; its id.

    In it the files of ``closing`` are not open. When this process is gone it is sent SIGTERM, and is killed
    where it takes no notice.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    # one that came to the child before it listens for itself would be lost
    signal.pthread_sigmask(signal.SIG_BLOCK, _OURS)
    child = os.fork()
    if not child:
        _be_child(task, parent, line, closing)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _OURS)
    return child


def ended() -> Iterator[tuple[int, int]]:
    """Children that have ended since, each with its code, negative for a signal."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        yield pid, os.waitstatus_to_exitcode(status)


def _be_child(task: Callable[[], int], parent: int, line: Lifeline, closing: Sequence[int]) -> NoReturn:
    code = BROKEN
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        for how in _OURS:
            signal.signal(how, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _OURS)
        follow(parent, line)
        for file in closing:
            os.close(file)
        _keep_freed_memory()
        code = task()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # threads of V8 would keep it


def _keep_freed_memory() -> None:
    """Keep what is freed for the next picture or wave: a child is done soon, and every new page costs it.

    mallopt(3); where the C library has none nothing is done.
    """
    if _mallopt is not None:
        for threshold in (_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD):
            _mallopt(threshold, _KEPT_BYTES)


def _end_late(reader: int) -> None:
    """Wait for the parent's end, and then not much longer."""
    os.read(reader, 1)
    time.sleep(LATE_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)
