"""A game's history: one git repository a game, one commit a step, written and read without a work tree.

What belongs here: the ``RepositoryHost`` protocol and its embedded form, bare repositories on disk.
What does not: which files a step makes, or when a step is committed; repositories that several machines share
(``url_repositories.py``).
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from gamefactory_dagster.errors import PermanentError, TransientError

from .commits import check_changes, checked_id, checked_words
from .objects import (
    RepositoryLostError,
    damage_told,
    files_of,
    flat_tree,
    new_commit,
    object_id,
    opened_repository,
    reader,
)

if TYPE_CHECKING:
    from dulwich.object_store import MemoryObjectStore
    from dulwich.objects import Commit, ObjectID
    from dulwich.refs import Ref
    from dulwich.repo import Repo

BRANCH = "main"
AUTHOR = "GameFactory <studio@gamefactory.invalid>"
"""Who commits when nobody else is named; ``.invalid`` is reserved, so the address is nobody's (RFC 2606)."""
LOCK_SECONDS = 30.0
"""How long a commit waits for another one to the same repository; each takes well under a second."""

Done = TypeVar("Done")


ReadFile = Callable[[str, str], bytes]
"""``read(commit, path)``: the content of one file."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One commit, as a person reads it."""

    commit: str
    parent: str | None
    message: str
    author: str
    when: datetime


class RepositoryHost(Protocol):
    """Where the games' repositories are. Every id is checked; every write may be done twice."""

    def commit(
        self,
        repo_id: str,
        parent: str | None,
        changes: Mapping[str, bytes | None],
        message: str,
        when: datetime,
        author: str = AUTHOR,
    ) -> str:
        """Commit ``changes`` (path -> content, None removes) on top of ``parent``; the commit's id."""
        ...

    def read(self, repo_id: str, commit: str) -> dict[str, bytes]:
        """Every file of a commit, path -> content, in order of path. Raises RepositoryLostError."""
        ...

    def opened(self, repo_id: str) -> AbstractContextManager[ReadFile]:
        """Read single files of several commits; RepositoryGoneError for those there are not."""
        ...

    def check(self, repo_id: str, commit: str | None) -> None:
        """See that the next commit may follow ``commit``, None being the beginning; RepositoryLostError."""
        ...

    def set_aside(self, repo_id: str) -> None:
        """Move what is in the way out of it, so that the history can begin anew."""
        ...

    def tree(self, repo_id: str, commit: str) -> dict[str, str]:
        """Every file of a commit, path -> git blob id, in order of path."""
        ...

    def log(self, repo_id: str) -> list[LogEntry]:
        """List the branch's commits, newest first; empty when nothing was committed yet."""
        ...

    def url(self, repo_id: str) -> str:
        """Where a person can clone it from."""
        ...


class BareRepositories:
    """Bare repositories ``<folder>/<repo_id>.git``, readable by any git. ``repo_id`` is a UUID."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def commit(
        self,
        repo_id: str,
        parent: str | None,
        changes: Mapping[str, bytes | None],
        message: str,
        when: datetime,
        author: str = AUTHOR,
    ) -> str:
        """Commit ``changes`` on ``parent`` and move the branch there; the commit's id, 40 hex digits.

        The same arguments give the same id, so a step that was killed is simply run again. ``when`` has a
        time zone and is cut to seconds; ``author`` reads ``Name <mail>``; ``parent`` is None only for the
        first commit. Objects are written first and the branch moves last, from ``parent`` to the new commit,
        or from an earlier try on the same ``parent``, which the new commit replaces: that one was never
        reported (its worker died), and a newer version of the factory may make other files of the same step.
        Raises InputError for bad arguments, PermanentError when the branch stands anywhere else,
        TransientError when another commit to this repository does not end.
        """
        path = self._path(repo_id)
        check_changes(parent, changes)
        words = checked_words(message, when, author)
        with self._exclusive(repo_id):
            if parent is None:
                self._ensure(repo_id)
            with opened_repository(path) as repo:
                store, commit_id = new_commit(repo.object_store, repo_id, parent, changes, words)
                current = repo.refs.as_dict().get(_ref())
                if current == commit_id:
                    return commit_id.decode()
                expected = parent.encode() if parent else None
                if current != expected and not _is_earlier_try(repo, current, expected):
                    raise PermanentError(
                        f"repository {repo_id}: {BRANCH} is at {_shown(current)}, "
                        f"so nothing can be committed on top of {parent or 'nothing'}"
                    )
                _write(repo, store)
                _move_branch(repo, current, commit_id)
        return commit_id.decode()

    def read(self, repo_id: str, commit: str) -> dict[str, bytes]:
        """Every file of a commit, path -> content, in order of path.

        Raises RepositoryLostError when repository, commit or a file of it is not there whole.
        """
        with damage_told(repo_id), opened_repository(self._path(repo_id)) as repo:
            return files_of(repo.object_store, repo_id, commit)

    @contextmanager
    def opened(self, repo_id: str) -> Iterator[ReadFile]:
        """Give ``read(commit, path)`` for as long as the block lasts.

        It reads no other file's content, and a commit's list of files once. Raises RepositoryGoneError for
        what is not there, RepositoryLostError for what is damaged.
        """
        with ExitStack() as open_ones:
            with damage_told(repo_id):
                repo = open_ones.enter_context(opened_repository(self._path(repo_id)))
            yield reader(repo.object_store, repo_id)

    def check(self, repo_id: str, commit: str | None) -> None:
        """See that the branch is where a commit on top of ``commit`` may be made; else RepositoryLostError.

        That is at ``commit``, or at an earlier try on top of it. Reads no files.
        """
        path = self._path(repo_id)
        if commit is None and not path.exists():
            return
        with damage_told(repo_id), opened_repository(path) as repo:
            current = repo.refs.as_dict().get(_ref())
            expected = commit.encode() if commit else None
            if current != expected and not _is_earlier_try(repo, current, expected):
                raise RepositoryLostError(
                    f"repository {repo_id}: {BRANCH} is at {_shown(current)}, not at {commit or 'nothing'}"
                )

    def set_aside(self, repo_id: str) -> None:
        """Rename what there is to ``<repo_id>.damaged``; what was set aside first stays, later ones go."""
        import shutil

        path, aside = self._path(repo_id), self._folder / f"{checked_id(repo_id)}.damaged"
        with self._exclusive(repo_id):
            if not path.exists():
                return
            if aside.exists():
                shutil.rmtree(path)
            else:
                path.rename(aside)

    def tree(self, repo_id: str, commit: str) -> dict[str, str]:
        """Every file of a commit, path -> git blob id, in order of path. Raises RepositoryLostError."""
        with damage_told(repo_id), opened_repository(self._path(repo_id)) as repo:
            return {
                path: blob.decode() for path, blob in flat_tree(repo.object_store, repo_id, commit).items()
            }

    def log(self, repo_id: str) -> list[LogEntry]:
        """List the branch's commits, newest first; empty when nothing was committed yet."""
        path = self._path(repo_id)
        if not path.exists():
            return []
        with opened_repository(path) as repo:
            if _ref() not in repo.refs:
                return []
            return [log_entry(walked.commit) for walked in repo.get_walker()]

    def url(self, repo_id: str) -> str:
        """``file://`` URL that git can clone."""
        return self._path(repo_id).resolve().as_uri()

    def _path(self, repo_id: str) -> Path:
        return self._folder / f"{checked_id(repo_id)}.git"

    @contextmanager
    def _exclusive(self, repo_id: str) -> Iterator[None]:
        """One writer at a time, by a lock of the operating system: it goes when its holder dies."""
        from filelock import FileLock, Timeout

        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self._folder / f"{repo_id}.lock", timeout=LOCK_SECONDS):
                yield
        except Timeout as error:
            raise TransientError(f"repository {repo_id}: another commit is not finishing") from error

    def _ensure(self, repo_id: str) -> None:
        """Make the empty repository, whole or not at all: it is built beside its place and renamed."""
        import shutil

        from dulwich.repo import Repo

        path = self._path(repo_id)
        if path.exists():
            return
        unfinished = self._folder / f"{repo_id}.new"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        unfinished.mkdir()
        Repo.init_bare(str(unfinished), default_branch=BRANCH.encode()).close()
        unfinished.rename(path)


def _write(repo: "Repo", store: "MemoryObjectStore") -> None:
    """Write what is new as one pack: a pack without its index does not count, and the index comes last.

    One pack a commit instead of one file an object is three waits for the disk instead of fifty.
    """
    for abandoned in Path(repo.path, "objects", "pack").glob("tmp*"):
        abandoned.unlink()
    new = [(store[each], None) for each in sorted(store) if each not in repo.object_store]
    _past_a_dead_lock(lambda: repo.object_store.add_objects(new))


def _is_earlier_try(repo: "Repo", current: bytes | None, parent: bytes | None) -> bool:
    """Whether the branch stands exactly one commit after ``parent``."""
    if current is None:
        return False
    parents: list[bytes] = list(repo.get_parents(object_id(current.decode())))
    return parents == ([parent] if parent else [])


def _move_branch(repo: "Repo", old: "ObjectID | None", new: "ObjectID") -> None:
    from dulwich.protocol import ZERO_SHA

    if not _past_a_dead_lock(lambda: repo.refs.set_if_equals(_ref(), old or ZERO_SHA, new)):
        raise TransientError(f"{Path(repo.path).stem}: somebody else moved {BRANCH}")


def _past_a_dead_lock(action: Callable[[], Done]) -> Done:
    """Do ``action``; when a git ``*.lock`` file stands in its way, remove that and do it once more.

    We hold the repository's lock of the operating system, and no live writer of ours works without it, so
    a lock file that is there before we made one is older than this operation and its maker is dead.
    """
    from dulwich.file import FileLocked

    try:
        return action()
    except FileLocked as error:
        Path(os.fsdecode(error.lockfilename)).unlink(missing_ok=True)
        return action()


def log_entry(commit: "Commit") -> LogEntry:
    """A commit as a person reads it."""
    return LogEntry(
        commit=commit.id.decode(),
        parent=commit.parents[0].decode() if commit.parents else None,
        message=commit.message.decode().strip(),
        author=commit.author.decode(),
        when=datetime.fromtimestamp(commit.commit_time, UTC),
    )


def _ref() -> "Ref":
    from dulwich.refs import Ref

    return Ref(f"refs/heads/{BRANCH}".encode())


def _shown(commit: bytes | None) -> str:
    return commit.decode() if commit else "no commit yet"
