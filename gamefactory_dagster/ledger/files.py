"""The files the ledger tells of: opened only where they can be ours, and checked on the way.

What belongs here: from an artifact's address to its content, and what may be wrong with that. What does not:
where store and repositories keep anything (``studio/shipping/``), all of a user's files (``verifying.py``).

Signed-in people enter artifacts themselves, so an address is a stranger's word. What does not read exactly
like an address of our store or of a file in our repositories is never handed out; a file that a person named
is read to be compared, and for nothing else. No byte is handed out before all of them are known to be right:
who asks has to know the content's SHA-256.
"""

import errno
import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.ids import UUID_FORM
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.studio.shipping.artifacts import MAX_BYTES, ArtifactGoneError, ArtifactStore
from gamefactory_dagster.studio.shipping.commits import COMMIT, check_path
from gamefactory_dagster.studio.shipping.objects import RepositoryGoneError, RepositoryLostError
from gamefactory_dagster.studio.shipping.repository import ReadFile, RepositoryHost
from gamefactory_dagster.studio.tools.files import written_atomically

from .reading import Artifact

_PIECE = 1024 * 1024
_IN_MEMORY = 4 * 1024 * 1024
"""Bytes of a checked file kept in memory; a larger one waits on the disk."""

_COMMITTED = re.compile(rf"git\+(\S+/({UUID_FORM.pattern})\.git)@({COMMIT.pattern})#(\S+)")
_REPOSITORY = re.compile(rf"\S+/({UUID_FORM.pattern})\.git")


class State(StrEnum):
    """What can be said of an artifact's file."""

    GOOD = "good"
    UNCHECKED = "unchecked"
    """There is nothing to compare it with, or a later run has written over it on purpose."""
    MISSING = "missing"
    TRUNCATED = "truncated"
    """Shorter or longer than it was."""
    CHANGED = "changed"
    SWAPPED = "swapped"
    """The content of another artifact."""


FAULTS = (State.MISSING, State.TRUNCATED, State.CHANGED, State.SWAPPED)


@dataclass(frozen=True, slots=True)
class Finding:
    """What an artifact's file is like; ``size`` and ``sha256`` are those of what was read."""

    artifact: Artifact
    state: State
    words: str = ""
    size: int | None = None
    sha256: str | None = None


class FileFaultError(PermanentError):
    """An artifact's file is not what the ledger says, and was not handed out."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"artifact {finding.artifact.id} is {finding.state}: {finding.words}")
        self.finding = finding


@dataclass(frozen=True, slots=True)
class _Committed:
    """A file of a commit of one of our repositories; all of the commit where ``path`` is None."""

    repository: str
    commit: str
    path: str | None


class Files:
    """The store's and the repositories' files."""

    def __init__(self, store: ArtifactStore, repositories: RepositoryHost) -> None:
        self._store = store
        self._repositories = repositories

    @classmethod
    def of(cls, settings: Settings) -> "Files":
        """Those of this factory."""
        from gamefactory_dagster.studio.providers import embedded

        providers = embedded(settings)
        return cls(providers.artifacts, providers.repositories)

    def is_ours(self, artifact: Artifact) -> bool:
        """Whether the address can be one of our store or repositories, as against a file somebody named."""
        return isinstance(self._place(artifact), str | _Committed)

    @contextmanager
    def opened(self, artifact: Artifact) -> Iterator[BinaryIO]:
        """The file's content, all of it checked already.

        Raises FileFaultError when anything is wrong with it or there is nothing to check it against, and
        InputError when its address is none of ours.
        """
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as checked:
            self._hand_out(artifact, checked)  # type: ignore[arg-type]  # it is a file in all but its class
            checked.seek(0)
            yield checked  # type: ignore[misc]

    def copy(self, artifact: Artifact, target: Path) -> None:
        """Write the file's content to ``target``, which is there whole and right or not at all.

        Raises as ``opened`` does.
        """
        with written_atomically(target) as file:
            self._hand_out(artifact, file)

    def verify(self, artifacts: Iterable[Artifact]) -> Iterator[Finding]:
        """Compare each file with what the ledger says, in any order; a repository is opened once."""
        committed: dict[str, list[tuple[Artifact, _Committed]]] = {}
        for artifact in artifacts:
            place = self._place(artifact)
            if isinstance(place, _Committed):
                committed.setdefault(place.repository, []).append((artifact, place))
            else:
                yield self._look(artifact, place)
        for repository, some in committed.items():
            with self._reader(repository) as read:
                for artifact, place in some:
                    yield self._look_in(read, artifact, place)

    def _hand_out(self, artifact: Artifact, target: BinaryIO) -> None:
        place = self._place(artifact)
        if isinstance(place, _Committed):
            with self._reader(place.repository) as read:
                found = self._look_in(read, artifact, place, target)
        elif isinstance(place, str):
            found = _examined(artifact, partial(self._store.open, place), target)
        else:
            expected = "an artifact in the factory's store or repositories; others are only compared"
            raise InputError("artifact", artifact.url, expected)
        if found.state is not State.GOOD or found.sha256 is None:
            raise FileFaultError(found)

    def _look(self, artifact: Artifact, place: str | Path | None) -> Finding:
        if isinstance(place, str):
            return _examined(artifact, partial(self._store.open, place))
        if isinstance(place, Path):
            return _examined(artifact, partial(_regular_file, place))
        if artifact.url is None:
            return Finding(artifact, State.UNCHECKED, "it has no address")
        return Finding(artifact, State.MISSING, "its address is none of this factory's")

    def _look_in(
        self, read: ReadFile, artifact: Artifact, place: _Committed, target: BinaryIO | None = None
    ) -> Finding:
        if place.path is None:
            found = _examined(artifact, partial(self._commit, place))
            there = found.state is State.UNCHECKED
            return Finding(artifact, State.GOOD, "its commit is there") if there else found
        return _examined(artifact, partial(_file, read, place.commit, place.path), target)

    def _commit(self, place: _Committed) -> BinaryIO:
        self._repositories.tree(place.repository, place.commit)
        return BytesIO()

    def _place(self, artifact: Artifact) -> str | _Committed | Path | None:
        """Where an address leads: into the store, a repository, to a file somebody named, or nowhere."""
        url = artifact.url or ""
        if self._store.has(url):
            return url
        if found := _COMMITTED.fullmatch(url):
            there, repository, commit, path = found.groups()
            return _Committed(repository, commit, path) if self._is(there, repository, path) else None
        if artifact.kind == "repository" and (found := _REPOSITORY.fullmatch(url)):
            commit = artifact.said("commit")
            ours = self._is(url, found[1]) and COMMIT.fullmatch(commit)
            return _Committed(found[1], commit, None) if ours else None
        return _named_file(url)

    def _is(self, url: str, repository: str, path: str = "x") -> bool:
        """Whether a URL is exactly our repository's, and a path one that can be committed."""
        try:
            check_path(path)
        except InputError:
            return False
        return self._repositories.url(repository) == url

    @contextmanager
    def _reader(self, repository: str) -> Iterator[ReadFile]:
        """Reads files of a repository; of one that cannot be opened it says so at every file."""
        with ExitStack() as stack:
            try:
                read = stack.enter_context(self._repositories.opened(repository))
            except RepositoryLostError as error:
                lost = error

                def read(commit: str, path: str) -> bytes:
                    raise lost

            yield read


def _file(read: ReadFile, commit: str, path: str) -> BinaryIO:
    return BytesIO(read(commit, path))


def _named_file(url: str) -> Path | None:
    """The file a ``file:`` URL names, on this machine."""
    try:
        path = Path(unquote(urlsplit(url).path, errors="strict"))
        return path if "\0" not in str(path) and path.as_uri() == url else None
    except ValueError:  # no URL, no text, no absolute path
        return None


def _regular_file(path: Path) -> BinaryIO:
    """Open a file to compare it; nothing that would wait, act or never end, such as a device or a pipe."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    file = os.fdopen(handle, "rb") if stat.S_ISREG(os.fstat(handle).st_mode) else None
    if file is None:
        os.close(handle)
        raise OSError(errno.EINVAL, "it is no file")
    return file


class _UnreadableError(Exception):
    """Reading failed, and not writing; the cause is an OSError."""


def _pieces(open_it: Callable[[], BinaryIO]) -> Iterator[bytes]:
    try:
        with open_it() as source:
            while piece := source.read(_PIECE):
                yield piece
    except OSError as error:
        raise _UnreadableError(error.strerror or str(error)) from error


def _examined(artifact: Artifact, open_it: Callable[[], BinaryIO], target: BinaryIO | None = None) -> Finding:
    """Compare what is opened with what the ledger says, and copy it to ``target`` meanwhile."""
    most = max(artifact.file_size or 0, MAX_BYTES)
    digest, size = hashlib.sha256(), 0
    try:
        for piece in _pieces(open_it):
            size += len(piece)
            if size > most:
                words = f"longer than it was: more than {most:,} bytes"
                return Finding(artifact, State.TRUNCATED, words)
            digest.update(piece)
            if target is not None:
                target.write(piece)
    except (ArtifactGoneError, RepositoryGoneError) as error:
        return Finding(artifact, State.MISSING, str(error))
    except RepositoryLostError as error:
        return Finding(artifact, State.CHANGED, str(error))
    except _UnreadableError as error:
        return Finding(artifact, State.MISSING, f"it cannot be read: {error}")
    return _judged(artifact, size, digest.hexdigest())


def _judged(artifact: Artifact, size: int, sha256: str) -> Finding:
    state, words = State.GOOD, ""
    if artifact.checksum is None:
        state, words = State.UNCHECKED, "the ledger has no checksum of it"
    elif artifact.file_size is not None and size != artifact.file_size:
        way = "shorter" if size < artifact.file_size else "longer"
        state = State.TRUNCATED
        words = f"{way} than it was: {size:,} bytes instead of {artifact.file_size:,}"
    elif sha256 != artifact.checksum:
        state, words = State.CHANGED, "as long as it was, but not the same"
    return Finding(artifact, state, words, size, sha256)
