"""Repositories that several machines share: at any URL, without a lock, readable by any git once copied down.

What belongs here: which objects of a storage are a repository, and in what order they are written. What does
not: a repository's own objects (``objects.py``), asking a storage (``studio/tools/storage.py``).

Nothing that counts is ever replaced by something else. A commit's new objects are one pack,
``objects/pack/pack-<commit>-<checksum>.pack``: they are what its parent does not have, so that a commit and
those before it need no other. A pack counts once its index is there, which is written after it, and while it
is what its name says. Which commit is a game's, the database knows; the branch is for people, is where the
last writer put it, and is put right by the next commit. So a writer whose lease ran out can do no harm.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from gamefactory_dagster.studio.tools.storage import Storage

from .commits import check_changes, checked_id, checked_words
from .objects import (
    RepositoryGoneError,
    RepositoryLostError,
    commit_of,
    damage_told,
    files_of,
    flat_tree,
    new_commit,
    reader,
)
from .repository import AUTHOR, BRANCH, LogEntry, ReadFile, log_entry

if TYPE_CHECKING:
    from dulwich.object_store import BaseObjectStore, MemoryObjectStore
    from dulwich.objects import ObjectID, ShaFile

AT_ONCE = 8
"""Packs fetched at the same time; a whole game has twelve."""

_PACKS = "objects/pack"
_PACK = re.compile(r"pack-[0-9a-f]{40}-([0-9a-f]{40})\.pack")
_REF = f"refs/heads/{BRANCH}"
_BARE = {
    "config": b"[core]\n\trepositoryformatversion = 0\n\tfilemode = false\n\tbare = true\n",
    "HEAD": f"ref: {_REF}\n".encode(),
}
"""What makes of objects and a branch a repository that git takes for one."""


@dataclass(frozen=True, slots=True)
class _Packs:
    """A repository's packs by name: the objects of those that are whole, and the names of the others."""

    whole: dict[str, list["ShaFile"]] = field(default_factory=dict)
    damaged: list[str] = field(default_factory=list)

    def store(self) -> "MemoryObjectStore":
        from dulwich.object_store import MemoryObjectStore

        store = MemoryObjectStore()
        for objects in self.whole.values():
            for each in objects:
                store.add_object(each)
        return store


class UrlRepositories:
    """Bare repositories ``<url>/<repo_id>.git`` in a ``storage``. ``repo_id`` is a UUID.

    Every method raises what ``Storage`` does. The packs of the repository last read stay in memory: a run
    does one game's steps one after the other.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._last = "", _Packs()

    def commit(
        self,
        repo_id: str,
        parent: str | None,
        changes: Mapping[str, bytes | None],
        message: str,
        when: datetime,
        author: str = AUTHOR,
    ) -> str:
        """Commit ``changes`` on ``parent``, which may be any commit that is there; the commit's id.

        The arguments, the id they give and InputError are those of ``BareRepositories.commit``. Killed at any
        point it has done nothing that counts, or all but the branch; done again it writes the same.
        """
        folder = self._folder(repo_id)
        check_changes(parent, changes)
        words = checked_words(message, when, author)
        with damage_told(repo_id):
            packs = self._packs(repo_id) if parent else _Packs()
            before = packs.store()
            made, commit_id = new_commit(before, repo_id, parent, changes, words)
            known = _reached(before, repo_id, parent) if parent else set()
            new = [made[each] for each in sorted(made) if each not in known]
        commit = commit_id.decode()
        pack, index = _packed(new)
        name = f"pack-{commit}-{pack[-20:].hex()}"
        if parent is None:
            for file, content in _BARE.items():
                self._storage.put(f"{folder}/{file}", content)
        self._storage.put(f"{folder}/{_PACKS}/{name}.pack", pack)
        self._storage.put(f"{folder}/{_PACKS}/{name}.idx", index)
        self._storage.put(f"{folder}/{_REF}", f"{commit}\n".encode())
        self._last = repo_id, _Packs(packs.whole | {f"{name}.pack": new})
        return commit

    def read(self, repo_id: str, commit: str) -> dict[str, bytes]:
        """Every file of a commit, path -> content, in order of path. Raises RepositoryLostError."""
        with self._reading(repo_id) as store:
            return files_of(store, repo_id, commit)

    @contextmanager
    def opened(self, repo_id: str) -> Iterator[ReadFile]:
        """Give ``read(commit, path)``; that and this raise what those of ``BareRepositories`` do."""
        with damage_told(repo_id):
            packs = self._packs(repo_id)
        if not packs.whole and not packs.damaged:
            raise RepositoryGoneError(f"there is no repository {repo_id}")
        read_file = reader(packs.store(), repo_id)

        def read(commit: str, path: str) -> bytes:
            with _told(repo_id, packs):
                return read_file(commit, path)

        yield read

    def check(self, repo_id: str, commit: str | None) -> None:
        """See that ``commit`` is there whole, wherever the branch stands; else RepositoryLostError."""
        checked_id(repo_id)
        if commit is None:
            return
        with self._reading(repo_id) as store:
            for path, blob in flat_tree(store, repo_id, commit).items():
                if blob not in store:
                    raise RepositoryLostError(f"repository {repo_id}: {path} of {commit} is missing")

    def set_aside(self, repo_id: str) -> None:
        """Take the branch away, and move the packs that are damaged to ``<repo_id>.damaged``.

        What is whole stays: under its name nothing else can be, so a history that begins anew finds it as it
        would write it, and what another worker has just written is not lost.
        """
        folder, aside = self._folder(repo_id), f"{checked_id(repo_id)}.damaged"
        self._last = "", _Packs()
        self._storage.remove(f"{folder}/{_REF}")
        for name in self._packs(repo_id).damaged:
            content = self._storage.get(f"{folder}/{_PACKS}/{name}")
            if content is not None and self._storage.size(f"{aside}/{name}") is None:
                self._storage.put(f"{aside}/{name}", content)
            self._storage.remove(f"{folder}/{_PACKS}/{_index(name)}")
            self._storage.remove(f"{folder}/{_PACKS}/{name}")

    def tree(self, repo_id: str, commit: str) -> dict[str, str]:
        """Every file of a commit, path -> git blob id, in order of path. Raises RepositoryLostError."""
        with self._reading(repo_id) as store:
            return {path: blob.decode() for path, blob in flat_tree(store, repo_id, commit).items()}

    def log(self, repo_id: str) -> list[LogEntry]:
        """List the branch's commits, newest first; empty when nothing was committed yet."""
        branch = self._storage.get(f"{self._folder(repo_id)}/{_REF}")
        commit = branch.decode().strip() if branch else None
        if commit is None:
            return []
        found: list[LogEntry] = []
        with self._reading(repo_id) as store:
            while commit:
                found.append(log_entry(commit_of(store, repo_id, commit)))
                commit = found[-1].parent
        return found

    def url(self, repo_id: str) -> str:
        """The folder that git can clone from once it has been copied to a machine."""
        return f"{self._storage.url}/{self._folder(repo_id)}"

    def _folder(self, repo_id: str) -> str:
        return f"{checked_id(repo_id)}.git"

    @contextmanager
    def _reading(self, repo_id: str) -> Iterator["MemoryObjectStore"]:
        """All that can be read of a repository. Raises RepositoryGoneError where there is none."""
        with damage_told(repo_id):
            packs = self._packs(repo_id)
            if not packs.whole and not packs.damaged:
                raise RepositoryGoneError(f"there is no repository {repo_id}")
            with _told(repo_id, packs):
                yield packs.store()

    def _packs(self, repo_id: str) -> _Packs:
        """The packs that count, as they are listed now; those read before are not read again."""
        folder = f"{self._folder(repo_id)}/{_PACKS}"
        there = self._storage.sizes(folder)
        names = [name for name in sorted(there) if _PACK.fullmatch(name) and _index(name) in there]
        last, before = self._last
        whole = {name: before.whole[name] for name in names if last == repo_id and name in before.whole}
        wanted = [name for name in names if name not in whole]
        with ThreadPoolExecutor(AT_ONCE) as threads:
            contents = list(threads.map(lambda name: self._storage.get(f"{folder}/{name}"), wanted))
        damaged = []
        for name, content in zip(wanted, contents, strict=True):
            if content is None or not _is_whole(name, content):
                damaged.append(name)
            else:
                whole[name] = _objects(content)
        packs = _Packs(whole, damaged)
        self._last = repo_id, packs
        return packs


@contextmanager
def _told(repo_id: str, packs: _Packs) -> Iterator[None]:
    """What is not found may be in a pack that is damaged: then it is not gone."""
    try:
        yield
    except RepositoryGoneError as error:
        if packs.damaged:
            raise RepositoryLostError(f"repository {repo_id} is damaged: {packs.damaged[0]}") from error
        raise


def _index(pack: str) -> str:
    return pack.removesuffix(".pack") + ".idx"


def _is_whole(name: str, content: bytes) -> bool:
    """Whether a pack ends with the checksum of all before it, which is in its name."""
    found = _PACK.fullmatch(name)
    stored = content[-20:].hex()
    return found is not None and found[1] == stored == hashlib.sha1(content[:-20]).hexdigest()  # noqa: S324


def _objects(pack: bytes) -> list["ShaFile"]:
    from dulwich.object_format import DEFAULT_OBJECT_FORMAT
    from dulwich.pack import PackData, PackInflater

    with PackData.from_file(BytesIO(pack), DEFAULT_OBJECT_FORMAT, len(pack)) as data:
        return list(PackInflater.for_pack_data(data))


def _packed(objects: Sequence["ShaFile"]) -> tuple[bytes, bytes]:
    """A pack of these objects, and its index."""
    from dulwich.object_format import DEFAULT_OBJECT_FORMAT
    from dulwich.pack import write_pack_index_v2, write_pack_objects

    pack, index = BytesIO(), BytesIO()
    given = [(each, None) for each in objects]
    entries, checksum = write_pack_objects(pack, given, DEFAULT_OBJECT_FORMAT, deltify=False)
    write_pack_index_v2(index, sorted((sha, *place) for sha, place in entries.items()), checksum)
    return pack.getvalue(), index.getvalue()


def _reached(store: "BaseObjectStore", repo_id: str, commit: str) -> set["ObjectID"]:
    """Every tree and file of a commit."""
    from dulwich.object_store import iter_tree_contents

    tree = commit_of(store, repo_id, commit).tree
    return {entry.sha for entry in iter_tree_contents(store, tree, include_trees=True) if entry.sha}
