"""The artifact store: finished files (builds, pictures, sheets) by what they contain, at any fsspec URL.

What belongs here: putting and getting bytes. What does not: which artifact belongs to which step or run.
"""

import hashlib
import re
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.settings import variable
from gamefactory_dagster.studio.tools.storage import Storage

MAX_BYTES = 64 * 1024 * 1024
"""Most bytes of one artifact; a game's bundle is a hundredth of it."""

_KIND = re.compile(r"[a-z][a-z0-9_]{0,30}")
_SUFFIX = re.compile(r"(\.[a-z0-9]{1,10}){1,2}")
_NAME = re.compile(r"([a-z][a-z0-9_]{0,30})/[0-9a-f]{2}/([0-9a-f]{64})((?:\.[a-z0-9]{1,10}){1,2})")


class ArtifactGoneError(PermanentError):
    """Nothing is where an artifact was put."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Where an artifact is and what it must be: ``size`` in bytes, ``sha256`` in hex."""

    url: str
    sha256: str
    size: int


class ArtifactStore:
    """Keeps artifacts under ``<url>/<kind>/<first two digits>/<sha256><suffix>``.

    The name is the content, so putting one twice is the same file and nothing is ever overwritten with
    something else. ``url`` is anything universal-pathlib opens: ``file://``, ``s3://``, ``memory://``. Every
    method raises what ``Storage`` does.
    """

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._storage = Storage(url, variable("artifact_url"))

    def put(self, kind: str, content: bytes, suffix: str) -> Stored:
        """Store ``content`` under ``kind`` (an identifier) with a suffix such as ``.zip``.

        Raises InputError for a bad kind or suffix and for more than ``MAX_BYTES``.
        """
        if not _KIND.fullmatch(kind):
            raise InputError("kind", kind, "a short identifier in small letters")
        if not _SUFFIX.fullmatch(suffix):
            raise InputError("suffix", suffix, "a suffix such as .zip or .tar.gz")
        if len(content) > MAX_BYTES:
            raise InputError("content", len(content), f"at most {MAX_BYTES} bytes")
        sha256 = hashlib.sha256(content).hexdigest()
        name = f"{kind}/{sha256[:2]}/{sha256}{suffix}"
        self._write(name, content)
        return Stored(f"{self._url}/{name}", sha256, len(content))

    def get(self, url: str, max_bytes: int = MAX_BYTES) -> bytes:
        """Read an artifact back and check it against its name.

        Raises InputError when ``url`` is not one of this store's, PermanentError when it is gone, larger
        than ``max_bytes``, or not what was put.
        """
        with self.open(url) as file:
            content: bytes = file.read(max_bytes + 1)
        if len(content) > max_bytes:
            raise PermanentError(f"artifact {url} is larger than {max_bytes} bytes")
        if hashlib.sha256(content).hexdigest() != self._named(url)[2]:
            raise PermanentError(f"artifact {url} is not what was stored: its checksum differs")
        return content

    def has(self, url: str) -> bool:
        """Whether ``url`` can be one of this store's; not whether anything is there."""
        return self._name(url) is not None

    def open(self, url: str) -> BinaryIO:
        """Open an artifact to be read in pieces; it is for the reader to check what comes.

        Raises InputError when ``url`` is not one of this store's, ArtifactGoneError when nothing is there.
        """
        name = self._named(url)[0]
        if (folder := self._storage.folder) is None:
            content = self._storage.get(name)
            if content is None:
                raise ArtifactGoneError(f"artifact {url} is gone")
            return BytesIO(content)
        try:
            return (folder / name).open("rb")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise ArtifactGoneError(f"artifact {url} is gone") from error

    def _name(self, url: str) -> re.Match[str] | None:
        """The parts of a URL's path within the store; None for one that is not ours."""
        return _NAME.fullmatch(url, len(self._url) + 1) if url.startswith(f"{self._url}/") else None

    def _named(self, url: str) -> re.Match[str]:
        match = self._name(url)
        if match is None:
            raise InputError("url", url, f"an artifact under {self._url}/")
        return match

    def _write(self, name: str, content: bytes) -> None:
        """Write once: what is there under this name is this."""
        if self._storage.size(name) != len(content):
            self._storage.put(name, content)
