"""Whether the code on disk is still what was imported. Nothing else."""

import os
from pathlib import Path

from gamefactory_dagster.settings import CHECKOUT

PACKAGE = Path(__file__).resolve().parent.parent

_LEFT_OUT = {"__pycache__"}

Fingerprint = frozenset[tuple[str, int, int]]


def fingerprint() -> Fingerprint:
    """Name, size and time of change of every file that workers may read of the project."""
    folders = [PACKAGE] if CHECKOUT is None else [PACKAGE, CHECKOUT / "sql"]
    return frozenset(mark for folder in folders for mark in _marks(str(folder)))


def _marks(folder: str) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                found += [] if entry.name in _LEFT_OUT else _marks(entry.path)
            else:
                known = entry.stat()
                found.append((entry.path, known.st_size, known.st_mtime_ns))
    return found
