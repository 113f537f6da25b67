"""What may be committed to a game's repository: ids, paths, sizes, words.

What belongs here: refusing what a commit cannot hold, with the field at fault. What does not: repositories
(``repository.py``).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.ids import canonical_uuid

MAX_FILES = 2_000
MAX_FILE_BYTES = 8 * 1024 * 1024
MAX_PATH = 200

COMMIT = re.compile(r"[0-9a-f]{40}")
"""The id of a commit."""

_SEGMENT = re.compile(r"[A-Za-z0-9._-]+")
_AUTHOR = re.compile(r"[^<>\x00-\x1f]+ <[^<>\s]+@[^<>\s]+>")


def checked_id(repo_id: str) -> str:
    """The id of a repository, or InputError."""
    if canonical_uuid(repo_id) != repo_id:
        raise InputError("repo_id", repo_id, "a UUID in lower case with dashes")
    return repo_id


@dataclass(frozen=True, slots=True)
class Words:
    """The part of a commit that is not files, as git stores it: bytes, and seconds since 1970."""

    message: bytes
    when: int
    author: bytes


def checked_words(message: str, when: datetime, author: str) -> Words:
    """Message, time and author as git stores them, or InputError."""
    if not 0 < len(message.strip()) <= 2_000 or "\0" in message:
        raise InputError("message", message, "1 to 2,000 characters")
    if when.tzinfo is None or when.timestamp() < 0:
        raise InputError("when", when, "a time since 1970 with a time zone")
    if not _AUTHOR.fullmatch(author):
        raise InputError("author", author, "Name <mail@host>")
    return Words(f"{message.strip()}\n".encode(), int(when.timestamp()), author.encode())


def check_changes(parent: str | None, changes: Mapping[str, bytes | None]) -> None:
    """Refuse a parent that is no commit, too many or too large files, and paths that lead elsewhere."""
    if parent is not None and not COMMIT.fullmatch(parent):
        raise InputError("parent", parent, "40 hex digits")
    if len(changes) > MAX_FILES:
        raise InputError("changes", len(changes), f"at most {MAX_FILES} files")
    for path, content in changes.items():
        check_path(path)
        if content is not None and len(content) > MAX_FILE_BYTES:
            raise InputError(path, len(content), f"at most {MAX_FILE_BYTES} bytes")


def check_path(path: str) -> None:
    """Refuse a path that is not a plain relative one of letters, digits, ``.``, ``_`` and ``-``.

    Raises InputError for absolute paths, ``..``, ``.``, empty parts, ``.git`` in any case (git itself refuses
    that too) and for names no file system of a player's or an engineer's machine should have to guess at.
    """
    expected = "a relative path of letters, digits, '.', '_', '-' and '/', without '..' or '.git'"
    if not 0 < len(path) <= MAX_PATH:
        raise InputError("path", path, expected)
    for part in path.split("/"):
        if not _SEGMENT.fullmatch(part) or part in (".", "..") or part.lower().rstrip(".") == ".git":
            raise InputError("path", path, expected)


def check_no_file_is_a_folder(files: Mapping[str, object]) -> None:
    """Refuse a path that goes through what is a file."""
    for path in files:
        parent = path.rpartition("/")[0]
        while parent:
            if parent in files:
                raise InputError("changes", path, f"a path that does not go through the file {parent}")
            parent = parent.rpartition("/")[0]
