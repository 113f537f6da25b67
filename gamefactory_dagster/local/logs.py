"""The logs of the factory's processes: kept small while they are written.

What belongs here: beginning a log anew. What does not: who writes it (``processes.py``).
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

LOG_BYTES = 10_000_000
"""A log that has grown beyond it begins anew."""

OLDER = 3
"""How many are kept, ``name.log.1`` being the youngest."""


def rotate(log: Path) -> None:
    """Begin ``log`` anew when it is large, and keep what was in it; nothing is done where that cannot be.

    Copied and cut, not renamed: a process and all it started write to the open file, always at its end. A
    pipe through us would end them with us. What is written between copy and cut is lost, if anything is.
    """
    with suppress(OSError):
        if log.stat().st_size <= LOG_BYTES:
            return
        for number in range(OLDER, 1, -1):
            with suppress(FileNotFoundError):
                _older(log, number - 1).replace(_older(log, number))
        try:
            shutil.copyfile(log, _older(log, 1))
        except OSError:  # no room for a copy: the more reason to cut it
            _older(log, 1).unlink(missing_ok=True)
        os.truncate(log, 0)


def _older(log: Path, number: int) -> Path:
    return log.with_name(f"{log.name}.{number}")
