"""V8 contexts, made so that they behave the same wherever they are asked for.

What belongs here: opening a context, and asking whether scripts parse. What does not: what is run in it.
"""

import ctypes
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py_mini_racer import MiniRacer

_PARSE = """((scripts) => scripts.map((script) => {
  try { new Function(script); return ""; } catch (error) { return String(error); }
}))"""

FLAGS: tuple[str, ...] = ()
"""V8's own. The package's default, ``--single-threaded``, is for processes that fork with V8 in them, and
makes levels cost two fifths more: what is compiled beside a game waits for better knowledge of it. So whoever
forks opens no context before; a child may."""

_LIBRARY = "libmini_racer.so"


def context() -> "MiniRacer":
    """Open a V8 context; close it, or use it as a context manager, else the interpreter does not exit.

    Made where an event loop runs, a context binds to that loop, and its calls then block the loop they wait
    for and refuse time limits; so it is always made in a thread that has none.
    """
    from py_mini_racer import MiniRacer, init_mini_racer

    init_mini_racer(flags=FLAGS, ignore_duplicate_init=True)
    with ThreadPoolExecutor(max_workers=1) as elsewhere:
        return elsewhere.submit(MiniRacer).result()


def load_library() -> None:
    """Map V8's code into this process, so that its forks find it there; nothing of it runs, no thread begins.

    The package does it with the first context. Where its file is called otherwise nothing is done.
    """
    import py_mini_racer

    for library in Path(py_mini_racer.__file__).parent.glob(_LIBRARY):
        ctypes.CDLL(str(library))


def parse_errors(scripts: Sequence[str]) -> list[str]:
    """What V8 says of each script, nothing of one that parses; none of them is run."""
    with context() as engine:
        return list(engine.call(_PARSE, list(scripts)))
