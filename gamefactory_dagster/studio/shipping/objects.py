"""A repository's objects: a commit's files, one file, damage in words, and the objects of a new commit.

What belongs here: reading by dulwich, telling what is gone from what is damaged, and a commit in memory,
which is the same wherever it will be. What does not: where repositories are, how they are written, and their
branch (``repository.py``, ``url_repositories.py``).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gamefactory_dagster.errors import GameFactoryError, InputError, PermanentError, TransientError

from .commits import COMMIT, Words, check_no_file_is_a_folder

if TYPE_CHECKING:
    from dulwich.object_store import BaseObjectStore, MemoryObjectStore
    from dulwich.objects import Commit, ObjectID
    from dulwich.repo import Repo

_FILE_MODE = 0o100644


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


def commit_of(store: "BaseObjectStore", repo_id: str, commit_id: str) -> "Commit":
    """A commit of a repository. Raises RepositoryGoneError where there is none."""
    from dulwich.objects import Commit

    if not COMMIT.fullmatch(commit_id):
        raise InputError("commit", commit_id, "40 hex digits")
    try:
        commit = store[object_id(commit_id)]
    except KeyError as error:
        raise RepositoryGoneError(f"{repo_id} has no commit {commit_id}") from error
    if not isinstance(commit, Commit):
        raise InputError("commit", commit_id, "the id of a commit")
    return commit


def flat_tree(store: "BaseObjectStore", repo_id: str, commit_id: str) -> dict[str, "ObjectID"]:
    """Every file of a commit, path -> id of its content, in order of path; reads no content."""
    from dulwich.object_store import iter_tree_contents

    entries = iter_tree_contents(store, commit_of(store, repo_id, commit_id).tree)
    found = {entry.path.decode(): entry.sha for entry in entries if entry.path and entry.sha}
    return dict(sorted(found.items()))


def content_of(store: "BaseObjectStore", repo_id: str, tree: Mapping[str, "ObjectID"], path: str) -> bytes:
    """The content of one file of a commit. Raises RepositoryGoneError when there is no such file."""
    from dulwich.objects import Blob

    if path not in tree or tree[path] not in store:
        raise RepositoryGoneError(f"{repo_id} has no such file: {path}")
    blob = store[tree[path]]
    assert isinstance(blob, Blob)
    return blob.data


def files_of(store: "BaseObjectStore", repo_id: str, commit_id: str) -> dict[str, bytes]:
    """Every file of a commit, path -> content, in order of path; KeyError where one is not there."""
    from dulwich.objects import Blob

    files: dict[str, bytes] = {}
    for path, blob_id in flat_tree(store, repo_id, commit_id).items():
        blob = store[blob_id]
        assert isinstance(blob, Blob)
        files[path] = blob.data
    return files


def reader(store: "BaseObjectStore", repo_id: str) -> Callable[[str, str], bytes]:
    """``read(commit, path)``; it reads no other file's content, and a commit's list of files once."""
    trees: dict[str, dict[str, ObjectID]] = {}

    def read(commit: str, path: str) -> bytes:
        with damage_told(repo_id):
            if commit not in trees:
                trees[commit] = flat_tree(store, repo_id, commit)
            return content_of(store, repo_id, trees[commit], path)

    return read


def new_commit(
    before: "BaseObjectStore",
    repo_id: str,
    parent: str | None,
    changes: Mapping[str, bytes | None],
    words: Words,
) -> tuple["MemoryObjectStore", "ObjectID"]:
    """Every object of the commit of ``changes`` on ``parent``, in memory, and its id; nothing is written."""
    from dulwich.index import commit_tree
    from dulwich.object_store import MemoryObjectStore
    from dulwich.objects import Blob, Commit

    store = MemoryObjectStore()
    files = flat_tree(before, repo_id, parent) if parent else {}
    for path in sorted(changes):
        content = changes[path]
        if content is None:
            if path not in files:
                raise InputError("changes", path, "to remove only files the parent commit has")
            del files[path]
        else:
            blob = Blob.from_string(content)
            store.add_object(blob)
            files[path] = blob.id
    check_no_file_is_a_folder(files)
    commit = Commit()
    commit.tree = commit_tree(store, [(path.encode(), blob, _FILE_MODE) for path, blob in files.items()])
    commit.parents = [object_id(parent)] if parent else []
    commit.author = commit.committer = words.author
    commit.author_time = commit.commit_time = words.when
    commit.author_timezone = commit.commit_timezone = 0
    commit.message = words.message
    store.add_object(commit)
    return store, commit.id


def object_id(commit: str) -> "ObjectID":
    """The id as dulwich has it."""
    from dulwich.objects import ObjectID

    return ObjectID(commit.encode())
