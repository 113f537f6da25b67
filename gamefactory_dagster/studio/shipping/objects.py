"""A repository's objects as they are read: opening it, a commit's files, one file, and damage in words.

What belongs here: reading by dulwich, and telling what is gone from what is damaged. What does not: writing,
branches, and where repositories are (``repository.py``).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gamefactory_dagster.errors import GameFactoryError, InputError, PermanentError, TransientError

from .commits import COMMIT

if TYPE_CHECKING:
    from dulwich.objects import ObjectID
    from dulwich.repo import Repo


class RepositoryLostError(PermanentError):
    """A repository, or what was committed to it, is gone or damaged: its history has to be made again."""


class RepositoryGoneError(RepositoryLostError):
    """There is no such repository, commit or file, as against one that is damaged."""


@contextmanager
def damage_told(repo_id: str) -> Iterator[None]:
    """Whatever reading stumbles over is damage: git's formats give dozens of errors, of many kinds.

    Not what the operating system refuses: a disk that cannot be read now may be later.
    """
    try:
        yield
    except GameFactoryError:
        raise
    except Exception as error:
        words = " ".join(str(error).split())[:200] or type(error).__name__
        if isinstance(error, OSError) and not isinstance(error, FileNotFoundError | NotADirectoryError):
            raise TransientError(f"repository {repo_id} cannot be read: {words}") from error
        raise RepositoryLostError(f"repository {repo_id} is damaged: {words}") from error


@contextmanager
def opened_repository(path: Path) -> Iterator["Repo"]:
    """Open a repository for the block. Raises RepositoryGoneError where there is none."""
    from dulwich.errors import NotGitRepository
    from dulwich.repo import Repo

    try:
        repo = Repo(str(path))
    except NotGitRepository as error:
        raise RepositoryGoneError(f"there is no repository {path.stem}") from error
    try:
        # A step counts as done once its commit id is in the database: its objects must outlive a power cut.
        repo.object_store.fsync_object_files = True
        yield repo
    finally:
        repo.close()


def flat_tree(repo: "Repo", commit_id: str) -> dict[str, "ObjectID"]:
    """Every file of a commit, path -> id of its content, in order of path; reads no content."""
    from dulwich.object_store import iter_tree_contents
    from dulwich.objects import Commit

    if not COMMIT.fullmatch(commit_id):
        raise InputError("commit", commit_id, "40 hex digits")
    try:
        commit = repo.object_store[object_id(commit_id)]
    except KeyError as error:
        raise RepositoryGoneError(f"{Path(repo.path).stem} has no commit {commit_id}") from error
    if not isinstance(commit, Commit):
        raise InputError("commit", commit_id, "the id of a commit")
    entries = iter_tree_contents(repo.object_store, commit.tree)
    found = {entry.path.decode(): entry.sha for entry in entries if entry.path and entry.sha}
    return dict(sorted(found.items()))


def content_of(repo: "Repo", tree: Mapping[str, "ObjectID"], path: str) -> bytes:
    """The content of one file of a commit. Raises RepositoryGoneError when there is no such file."""
    from dulwich.objects import Blob

    if path not in tree or tree[path] not in repo.object_store:
        raise RepositoryGoneError(f"{Path(repo.path).stem} has no such file: {path}")
    blob = repo.object_store[tree[path]]
    assert isinstance(blob, Blob)
    return blob.data


def object_id(commit: str) -> "ObjectID":
    """The id as dulwich has it."""
    from dulwich.objects import ObjectID

    return ObjectID(commit.encode())
