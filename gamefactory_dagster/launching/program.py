"""The parent of the workers as a program: its beginning, its end, and becoming itself anew.

What belongs here: what is between two of its lives. What does not: answering (``parent.py``).
"""

import gc
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from gamefactory_dagster.home import forget, listen

from . import children, wire
from .parent import Memory, Parent, Work


def run(
    home: Path,
    load: Callable[[], Work],
    look: Callable[[], object],
    again: Sequence[str],
    carried: str | None = None,
) -> None:
    """Be the parent of this home's workers until SIGINT or SIGTERM, and then until the last one has ended.

    ``load`` imports what they do; ``look`` gives something else when the code has changed, and then ``again``
    are the arguments Python is started with in this process's place, and after them one more, which comes
    back as ``carried``.
    """
    memory = _begin(home) if carried is None else _memory(int(carried))
    seen = look()
    work, fault = _loaded(load)
    gc.collect()
    gc.freeze()  # or looking through it would copy all of it into every worker
    if Parent(memory, work, fault).serve(lambda: look() != seen):
        _become(memory, again)
    forget(home, wire.NAME)


def _begin(home: Path) -> Memory:
    """Listen, and end with whoever started this; what was begun before is nobody's any more."""
    children.end_with(os.getppid(), signal.SIGKILL)
    listener = listen(home, wire.NAME)
    listener.set_inheritable(True)
    return Memory(listener.detach(), children.lifeline(), before=time.time())


def _loaded(load: Callable[[], Work]) -> tuple[Work | None, str]:
    """What workers do, or why it cannot be imported: that is tried again when the code has changed."""
    try:
        return load(), ""
    except Exception as error:
        traceback.print_exc()
        return None, f"the definitions cannot be loaded: {type(error).__name__}: {error}"


def _become(memory: Memory, again: Sequence[str]) -> None:
    file = os.memfd_create("workers", 0)  # which is inherited
    os.write(file, msgspec.json.encode(memory))
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, *again, str(file)])  # noqa: S606


def _memory(number: int) -> Memory:
    """Who this process was before its code changed, from the file with this descriptor."""
    with os.fdopen(number, "rb") as file:
        file.seek(0)
        return msgspec.json.decode(file.read(), type=Memory)
