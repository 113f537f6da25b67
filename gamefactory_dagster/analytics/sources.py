"""Where event files are: on this machine, or at any URL that ``universal-pathlib`` opens.

What belongs here: taking a name for what it is. What does not: which files count (``landing_scan.py``,
``files.py``), what is in them.

A name on this machine is taken to the letter. ``universal-pathlib`` and ``fsspec`` would read ``a::b.ndjson``
as a chain of file systems and ``memory:a`` as an address, and open something else, or nothing.
"""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gamefactory_dagster.errors import InputError, TransientError

if TYPE_CHECKING:
    from upath import UPath

_LOCAL = ("file://", "local://")

_URL = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*::)*([A-Za-z][A-Za-z0-9+.-]*)://")
"""What begins like this, or names a file system that others are chained to, is no name on this machine."""

_EXTRAS = {
    "http": "http", "https": "http", "s3": "s3", "s3a": "s3", "gs": "gcs", "gcs": "gcs", "az": "abfs",
    "abfs": "abfs", "abfss": "abfs", "adl": "adl", "sftp": "sftp", "ssh": "ssh", "smb": "smb", "hdfs": "hdfs",
    "github": "github", "git": "git", "oci": "oci", "dropbox": "dropbox",
}  # fmt: skip
"""Scheme -> the extra of fsspec that installs what opens it."""


def source(name: str, field: str = "FILE") -> "Path | UPath":
    """A file or folder by its name on this machine or its URL.

    Raises InputError, for ``field``, where nothing installed opens such a URL, TransientError where that does
    not answer.
    """
    for scheme in _LOCAL:
        if name.startswith(scheme):
            return Path(name.removeprefix(scheme))
    url = _URL.match(name)
    if url is None or os.path.lexists(name):
        return Path(name)
    from upath import UPath

    try:
        path = UPath(name)
        _ = path.fs  # made, and what it needs imported, when it is first asked for
    except ImportError as error:
        raise InputError(field, name, f"a URL that can be opened: {_missing(url[1], error)}") from None
    except ValueError as error:
        raise InputError(field, name, f"a file, a folder or a URL of a kind that is known: {error}") from None
    except OSError as error:
        raise TransientError(f"{name} cannot be reached: {error}") from error
    return path


def _missing(scheme: str, error: ImportError) -> str:
    """What to install; in the library's own words where we do not know better."""
    extra = _EXTRAS.get(scheme.lower())
    return f'for {scheme}:// first pip install "fsspec[{extra}]"' if extra else str(error)


def located(name: str, field: str = "FILE") -> tuple[Any, str]:
    """The file system something is in, as ``fsspec`` has it, and the path there; raises like ``source``."""
    path = source(name, field)
    if isinstance(path, Path):
        from fsspec.implementations.local import LocalFileSystem

        return LocalFileSystem(), str(path)
    return path.fs, path.path


def storable(name: str) -> bool:
    """Whether a name can be kept in the database: names of files may be any bytes, its text is UTF-8."""
    return "\0" not in name and readable(name) == name


def readable(name: str) -> str:
    r"""A name to show: what is not UTF-8 in it as ``\xff``."""
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")
