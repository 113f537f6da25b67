"""Files under a URL, by name, in any storage that universal-pathlib opens, and its failures in our words.

What belongs here: whole files put, got, listed and removed, in bounded time, and what to set where that is
not allowed. What does not: what the files are, and folders whose locks and links matter.

Credentials come from the environment, by the names that the storage's own library reads. Object stores are
asked in at most ``SECONDS``; other storages take as long as their libraries do.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gamefactory_dagster.errors import GameFactoryError, InputError, PermanentError, TransientError
from gamefactory_dagster.settings import masked

from .files import LOCAL, write_whole

if TYPE_CHECKING:
    from upath import UPath

SECONDS = 30.0
"""How long a question may take, the library's own tries included."""

_EXTRAS = {"s3": "s3", "s3a": "s3"}
"""Scheme -> our extra that installs what opens it."""

_OPTIONS: dict[str, dict[str, Any]] = {
    # Listings must not be remembered: others write too. One part at a time: ours have no more
    "s3": {"use_listings_cache": False, "max_concurrency": 1, "config_kwargs": {"connect_timeout": 5}},
}

_TO_SET = {
    "file": "its user must be allowed to read and write there",
    "s3": "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_ENDPOINT_URL where it is not Amazon's",
}

_NO_CREDENTIALS = {
    "NoCredentialsError",
    "PartialCredentialsError",
    "ProfileNotFound",
    "DefaultCredentialsError",
}
"""What libraries call it: to name the classes would be to import them."""

_import = threading.Lock()


class Storage:
    """The files under ``url``. ``field``: the variable it was read from, for errors.

    Every method raises TransientError when the storage does not answer, InputError when nothing opens such a
    URL, and PermanentError when it refuses us or has no such bucket.
    """

    def __init__(self, url: str, field: str) -> None:
        self.url = url.rstrip("/")
        self._field = field
        scheme, is_url, _ = url.partition("://")
        self._scheme = scheme if is_url else "file"

    @property
    def folder(self) -> Path | None:
        """The folder of this machine that it is, or None for any other storage."""
        with self._told():
            root = self._root()
            return Path(root.path) if root.protocol in LOCAL else None

    def put(self, name: str, content: bytes) -> None:
        """Write a file; who reads it meanwhile sees the old one or the new."""
        with self._told():
            path = self._root() / name
            if _answers_in_time(path):
                _ask(path, "pipe_file", content)
            else:
                write_whole(path, content)

    def get(self, name: str, seconds: float | None = None) -> bytes | None:
        """Read a file, None where there is none; in other ``seconds`` than ``SECONDS`` at most."""
        try:
            with self._told():
                content: bytes = _ask(self._root() / name, "cat_file", seconds=seconds)
                return content
        except _AbsentError:
            return None

    def size(self, name: str) -> int | None:
        """Bytes of a file, None where there is none."""
        try:
            with self._told():
                about = _ask(self._root() / name, "info")
        except _AbsentError:
            return None
        return int(about["size"]) if about["type"] == "file" else None

    def sizes(self, folder: str) -> dict[str, int]:
        """Every file in ``folder`` and below: its name there -> bytes."""
        try:
            with self._told():
                path = self._root() / folder
                found = _ask(path, "find", detail=True)
        except _AbsentError:
            return {}
        start = len(path.path.rstrip("/")) + 1
        # Some keep an empty object in a folder's place
        return {name[start:]: int(about["size"]) for name, about in found.items() if name[start:].strip("/")}

    def remove(self, name: str) -> None:
        """Remove a file; nothing happens where there is none."""
        try:
            with self._told():
                _ask(self._root() / name, "rm_file")
        except _AbsentError:
            return

    def _root(self) -> "UPath":
        """Made each time: a file system that a process has opened is of no use to its forks."""
        with _import:  # or threads may find a module that is half imported
            from upath import UPath

            try:
                root: UPath = UPath(self.url, **_OPTIONS.get(self._scheme, {}))
                root.fs  # noqa: B018  # made here, or not at all
            except ValueError as error:
                raise self._unknown(str(error)) from error
            return root

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say what went wrong; what is missing raises _AbsentError."""
        try:
            yield
        except (GameFactoryError, MemoryError):
            raise
        except ImportError as error:
            raise self._unknown(str(error)) from error
        except PermissionError as error:
            raise self._refused(error) from error
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            if _no_bucket(error):
                raise PermanentError(f"{self._field}: {self.url}: {_words(error)}") from error
            raise _AbsentError(f"{self._field}: {self.url} has no such place: {_words(error)}") from error
        except Exception as error:  # whatever a storage's own client raises
            if type(error).__name__ in _NO_CREDENTIALS:
                raise self._refused(error) from error
            raise TransientError(f"the storage at {self.url} does not answer: {_words(error)}") from error

    def _unknown(self, why: str) -> InputError:
        extra = _EXTRAS.get(self._scheme)
        first = f"a URL that can be opened: first pip install 'gamefactory-dagster[{extra}]'"
        return InputError(self._field, self.url, first if extra else f"a URL that can be opened ({why})")

    def _refused(self, error: Exception) -> PermanentError:
        todo = _TO_SET.get(self._scheme, "set the credentials that its library reads from the environment")
        return PermanentError(f"{self._field}: {self.url} does not let us in ({_words(error)}); {todo}")


def import_client(url: str) -> None:
    """Import what opens such a URL, if it is installed, and connect to nothing.

    S3's takes half a second, which forks of a process that has done it are spared.
    """
    from fsspec import get_filesystem_class

    with suppress(ImportError, ValueError):
        get_filesystem_class(url.partition("://")[0])


class _AbsentError(PermanentError):
    """There is no such file."""


def _answers_in_time(path: "UPath") -> bool:
    """Whether it is an object store: asked by coroutines, and without folders that had to be made first."""
    from fsspec.asyn import AsyncFileSystem

    return isinstance(path.fs, AsyncFileSystem)


def _ask(path: "UPath", method: str, *given: Any, seconds: float | None = None, **options: Any) -> Any:
    if not _answers_in_time(path):
        return getattr(path.fs, method)(path.path, *given, **options)
    from fsspec.asyn import sync

    coroutine = getattr(path.fs, f"_{method}")
    return sync(path.fs.loop, coroutine, path.path, *given, timeout=seconds or SECONDS, **options)


def _no_bucket(error: OSError) -> bool:
    told: dict[str, Any] = getattr(error.__cause__, "response", {})
    return bool(told.get("Error", {}).get("Code") == "NoSuchBucket")


def _words(error: Exception) -> str:
    words = " ".join(str(error).split())[:300]
    return masked(words) or type(error).__name__
