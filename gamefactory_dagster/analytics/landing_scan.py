"""What is in the landing zone: which files count, and how one is known again.

What belongs here: looking through the folder, by any store ``universal-pathlib`` knows. What does not: what
is done with a file (``landing.py``).

A file counts when its name ends in one of ``SUFFIXES``, in the folder or below it, ``DEPTH`` levels in all.
Names that start with a dot are ignored, and folders named so; links are not followed. A file is known by its
URL and a fingerprint, see ``fingerprint_of``: the same name with other content is another file. A name that
is not UTF-8 cannot be kept: such a file is found and is at fault.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from .packed import SUFFIXES
from .sources import located, readable, storable

DEPTH = 8
"""Levels of folders looked through, the landing zone itself being the first."""

CHECKSUMS = ("ETag", "etag", "md5Hash", "checksum")
"""What stores call the digest of a file's content."""

MOMENTS = ("mtime", "LastModified", "last_modified", "updated", "created")
"""What file systems call the time of a file's last change."""


class Found(NamedTuple):
    """A file as a look finds it."""

    url: str
    fingerprint: str
    size_bytes: int
    fault: str = ""
    """Why it cannot be taken in; ``url`` is then for reading only."""


NOT_UTF8 = "its name is not UTF-8; rename it"


def scan(zone: str) -> Iterator[Found]:
    """Find the event files of a folder, by any ``universal-pathlib`` URL or as a local path.

    Raises InputError for a URL that nothing installed opens.
    """
    filesystem, folder = located(zone, "GAMEFACTORY_LANDING_URL")
    filesystem.invalidate_cache()  # or a long-lived process would never see a new file in an object store
    for info in _files(filesystem, folder, DEPTH):
        url, fingerprint = filesystem.unstrip_protocol(info["name"]), fingerprint_of(info)
        if storable(url):
            yield Found(url, fingerprint, info["size"])
        else:
            yield Found(readable(url).replace("\0", "\\x00"), fingerprint, info["size"], NOT_UTF8)


def _files(filesystem: Any, folder: str, depth: int) -> Iterator[dict[str, Any]]:
    """Not ``walk``: that one takes a folder it may not read for an empty one."""
    try:
        listing = filesystem.ls(folder, detail=True)
    except FileNotFoundError:
        return
    for info in listing:
        path = info["name"].rstrip("/")
        name = path.rpartition("/")[2]
        if name.startswith(".") or path == folder:
            continue
        if info["type"] == "directory" and depth > 1:
            yield from _files(filesystem, path, depth - 1)
        elif info["type"] == "file" and name.endswith(SUFFIXES):
            yield info


def fingerprint_of(info: Mapping[str, Any]) -> str:
    """Tell from a file's entry in a listing whether its content is the same, without reading it.

    The store's own digest where it lists one (S3, GCS and Azure do), else size and time of last change.
    """
    for name in CHECKSUMS:
        if info.get(name):
            return f"{name.lower()}:{info[name]}"
    when = next((info[name] for name in MOMENTS if info.get(name)), None)
    seconds = when.timestamp() if isinstance(when, datetime) else when
    return f"size:{info['size']},changed:{seconds}"
