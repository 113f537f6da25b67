"""A folder of replay files, read one by one: no server, no account, and never more than one file in memory.

What belongs here: which files, and that one that cannot be read fails alone. What does not: what is in a file
(``parsing.py``), and files that have to be fetched.
"""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gamefactory_dagster.errors import InputError

from .parsing import MAX_BYTES, ReplayError, parse
from .records import Replay
from .results import Remark

SUFFIX = ".json"


@dataclass(slots=True)
class Folder:
    """Files to read, and what there was to say of those read so far."""

    files: tuple[Path, ...]
    unread: list[Remark] = field(default_factory=list)
    """Files that could not be read, and why."""
    notes: list[Remark] = field(default_factory=list)
    """What contradicts itself within a file; files left out because another is the same replay."""

    def replays(self, moved: Callable[[int], None] = lambda _: None) -> Iterator[tuple[str, Replay]]:
        """Give each replay once, with its file's name; ``moved`` is told how many files are done."""
        first: dict[int, str] = {}
        for done, path in enumerate(self.files, start=1):
            source = _shown(path)
            replay = self._read(path, source)
            moved(done)
            if replay is None:
                continue
            known = source if replay.id is None else first.setdefault(replay.id, source)
            if known != source:
                self.notes.append(Remark(source=source, text=f"the same replay as {known}: counted once"))
                continue
            self.notes += [Remark(source=source, text=note) for note in replay.notes]
            yield source, replay

    def _read(self, path: Path, source: str) -> Replay | None:
        try:
            return parse(_content(path))
        except ReplayError as error:
            reason = str(error)
        except OSError as error:
            reason = error.strerror or str(error)
        self.unread.append(Remark(source=source, text=reason))
        return None


def open_folder(paths: Iterable[Path]) -> Folder:
    """Find the replay files of ``paths``: each a file, or a folder with all below it, in order of names.

    What is hidden is left out, and a link to a folder is not followed. Raises InputError for a path that is
    not there, and where there is no file at all.
    """
    asked = list(paths)
    found: dict[Path, None] = {}
    unread: list[Remark] = []
    for path in asked:
        if not path.exists():
            raise InputError("FOLDER", str(path), "a folder that exists, or a file")
        found |= dict.fromkeys(_below(path, unread) if path.is_dir() else [path])
    if not found and not unread:
        raise InputError("FOLDER", ", ".join(map(str, asked)), f"a folder with files that end in {SUFFIX}")
    return Folder(tuple(found), unread)


def _below(folder: Path, unread: list[Remark]) -> list[Path]:
    def note(error: OSError) -> None:
        unread.append(Remark(source=_shown(Path(error.filename)), text=error.strerror or str(error)))

    found = []
    for path, folders, files in os.walk(folder, onerror=note):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(path, name) for name in files if name.endswith(SUFFIX) and name[0] != "."]
    return sorted(found, key=lambda one: one.parts)


def _content(path: Path) -> bytes:
    """Read a file, or as much of one too large as shows that it is; raises ReplayError and OSError."""
    if not stat.S_ISREG(path.stat().st_mode):  # to open a pipe would be to wait for somebody to write
        raise ReplayError("is no file")
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _shown(path: Path) -> str:
    """A path as text: bytes that are no UTF-8 become marks."""
    return os.fsencode(path).decode("utf-8", "replace")
