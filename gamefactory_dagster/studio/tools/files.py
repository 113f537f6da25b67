"""Files that are there whole or not at all. Nothing else."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from upath import UPath

LOCAL = ("", "file", "local")
"""Protocols of universal-pathlib that are this machine's own files."""


def write_durably(path: Path, content: bytes) -> None:
    """Write a new file and wait until it is on the disk. Readers must not be able to see ``path`` yet."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def write_atomically(path: Path, content: bytes) -> None:
    """Write ``path`` so that readers see the old content or the new, even across a crash."""
    with written_atomically(path) as file:
        file.write(content)


@contextmanager
def written_atomically(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, which is ``path`` after the block; an error within leaves what there was."""
    handle, name = tempfile.mkstemp(prefix=".", suffix=".unfinished", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_whole(path: "UPath", content: bytes) -> None:
    """Write a file of any storage, and the folders it is in: an object store shows only complete objects."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.protocol in LOCAL:
        write_atomically(Path(path.path), content)
    else:
        path.write_bytes(content)
