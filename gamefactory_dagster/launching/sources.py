"""Which code this is: whether it is still what was imported, and whether another machine has the same.

Nothing else belongs here.
"""

import hashlib
import os
from functools import cache
from pathlib import Path

from gamefactory_dagster.settings import CHECKOUT, project_file

PACKAGE = Path(__file__).resolve().parent.parent

_LEFT_OUT = {"__pycache__"}

Fingerprint = frozenset[tuple[str, int, int]]


def fingerprint() -> Fingerprint:
    """Name, size and time of change of every file that workers may read of the project."""
    folders = [PACKAGE] if CHECKOUT is None else [PACKAGE, CHECKOUT / "sql"]
    return frozenset(mark for folder in folders for mark in _marks(str(folder)))


@cache
def digest() -> str:
    """Twelve hex digits of the code that does runs, the same wherever it is the same; read once a process."""
    found = {f"code/{name}": file for name, file in _files(PACKAGE) if not name.startswith("files/")}
    found |= {f"sql/{name}": file for name, file in _files(project_file("sql"))}
    whole = hashlib.sha256()
    for name, file in sorted(found.items()):
        whole.update(f"{name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()[:12]


def _files(folder: Path) -> list[tuple[str, Path]]:
    """Files below a folder by their names in it, but for what tools leave there."""
    return [
        (file.relative_to(folder).as_posix(), file)
        for file in folder.rglob("*")
        if file.is_file() and not (file.name.startswith(".") or _LEFT_OUT & set(file.parts))
    ]


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
