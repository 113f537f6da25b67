"""Repositories are the same wherever they are kept: the same commits, files and errors, in every storage."""

import random
import shutil
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.studio.shipping.objects import RepositoryGoneError, RepositoryLostError
from gamefactory_dagster.studio.shipping.repository import BareRepositories
from gamefactory_dagster.studio.shipping.url_repositories import UrlRepositories
from gamefactory_dagster.studio.tools.storage import Storage
from tests.conftest import STORAGES, place_in
from tests.studio.shipping.storages import copied

GAME = "0190b6a0-0000-7000-8000-000000000001"
WHEN = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
PACKS = f"{GAME}.git/objects/pack"
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="no git on PATH")


@pytest.fixture
def storage(storage_url: str) -> Storage:
    return Storage(storage_url, "GAMEFACTORY_REPOSITORY_URL")


@pytest.fixture(params=["folder", *STORAGES])
def host(request: pytest.FixtureRequest, tmp_path: Path) -> BareRepositories | UrlRepositories:
    if request.param == "folder":
        return BareRepositories(tmp_path / "bare")
    return UrlRepositories(Storage(place_in(request.param, request), "GAMEFACTORY_REPOSITORY_URL"))


@pytest.fixture
def shared(storage: Storage) -> UrlRepositories:
    return UrlRepositories(storage)


def git(*arguments: object) -> str:
    command = ["git", "-c", "safe.directory=*", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_every_commit_is_read_back_as_it_was_written(host) -> None:
    first = host.commit(GAME, None, {"gdd.json": b"{}\n", "web/src/core.js": b"a"}, "Design", when=WHEN)
    changes = {"web/src/core.js": None, "web/src/rules.js": b"\x00\xff", "gdd.json": b"[]\n"}
    second = host.commit(GAME, first, changes, "Rules", when=WHEN)
    assert host.read(GAME, first) == {"gdd.json": b"{}\n", "web/src/core.js": b"a"}
    assert host.read(GAME, second) == {"gdd.json": b"[]\n", "web/src/rules.js": b"\x00\xff"}
    assert list(host.read(GAME, second)) == sorted(host.read(GAME, second))
    assert host.tree(GAME, first)["gdd.json"] == "0967ef424bce6791893e9a57bb952f80fd536e93"
    assert [(e.commit, e.parent, e.message, e.when) for e in host.log(GAME)] == [
        (second, first, "Rules", WHEN),
        (first, None, "Design", WHEN),
    ]
    assert host.url(GAME).endswith(f"/{GAME}.git")


def test_another_process_reads_what_one_has_written(shared: UrlRepositories, storage: Storage) -> None:
    first = shared.commit(GAME, None, {"a": b"1"}, "One", when=WHEN)
    other = UrlRepositories(storage)
    second = other.commit(GAME, first, {"b": b"2"}, "Two", when=WHEN)
    assert shared.read(GAME, second) == {"a": b"1", "b": b"2"}
    assert UrlRepositories(storage).read(GAME, second) == {"a": b"1", "b": b"2"}


def test_the_same_commit_twice_is_one_commit_and_writes_no_second_file(shared, storage: Storage) -> None:
    once = shared.commit(GAME, None, {"a": b"1"}, "Step", when=WHEN)
    there = storage.sizes("")
    assert UrlRepositories(storage).commit(GAME, None, {"a": b"1"}, "Step", when=WHEN) == once
    assert storage.sizes("") == there
    assert len(there) == 5, "a pack, its index, a branch, and what makes it a repository"


PATHS = st.from_regex(r"[a-c](/[d-f]){0,2}", fullmatch=True)
CHANGES = st.dictionaries(PATHS, st.one_of(st.none(), st.binary(max_size=60)), max_size=5)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CHANGES, min_size=1, max_size=6))
def test_commits_have_the_ids_they_have_in_a_folder(tmp_path: Path, steps: list) -> None:
    """In memory: where the objects are put does not change what they are."""
    name = uuid4().hex
    hosts = BareRepositories(tmp_path / name), UrlRepositories(Storage(f"memory://{name}", ""))
    parent = None
    for number, changes in enumerate(steps):
        when = WHEN + timedelta(seconds=number)
        told = [_tried(host, parent, changes, when) for host in hosts]
        assert told[0] == told[1]
        if isinstance(told[0], str):
            parent = told[0]
            assert hosts[0].read(GAME, parent) == hosts[1].read(GAME, parent)
            assert hosts[0].tree(GAME, parent) == hosts[1].tree(GAME, parent)
    assert hosts[0].log(GAME) == hosts[1].log(GAME)


def _tried(host, parent, changes, when) -> object:
    try:
        commit: str = host.commit(GAME, parent, changes, "Step", when=when)
    except InputError as error:
        return error.field, str(error)
    return commit


@needs_git
def test_git_reads_it_once_it_is_copied_down(shared: UrlRepositories, storage: Storage, tmp_path) -> None:
    first = shared.commit(GAME, None, {"web/a.js": b"1", "web/audio/x.ogg": b"\x00"}, "One", when=WHEN)
    second = shared.commit(GAME, first, {"web/b.js": b"2"}, "Two", when=WHEN, author="Ada <ada@example.org>")
    bare = copied(storage, f"{GAME}.git", tmp_path / "copy.git")
    assert git("--git-dir", bare, "fsck", "--full", "--strict") == ""
    log = git("--git-dir", bare, "log", "--format=%H %s %an")
    assert log == f"{second} Two Ada\n{first} One GameFactory\n"
    git("clone", "-q", bare, tmp_path / "clone")
    assert (tmp_path / "clone" / "web" / "b.js").read_bytes() == b"2"


def test_what_is_not_there_is_said(host) -> None:
    nowhere = str(uuid4())
    for ask in (
        lambda: host.read(nowhere, "0" * 40),
        lambda: host.check(nowhere, "0" * 40),
        lambda: host.tree(nowhere, "0" * 40),
    ):
        with pytest.raises(RepositoryGoneError, match="there is no repository"):
            ask()
    with pytest.raises(RepositoryGoneError, match="there is no repository"), host.opened(nowhere):
        pytest.fail("there is one")
    assert host.log(nowhere) == []
    host.check(nowhere, None)
    first = host.commit(GAME, None, {"a": b"1"}, "One", when=WHEN)
    with pytest.raises(RepositoryGoneError, match="has no commit"):
        host.read(GAME, "0" * 40)
    with pytest.raises(InputError, match="id of a commit"):
        host.read(GAME, host.tree(GAME, first)["a"])
    with pytest.raises(PermanentError, match="has no commit"):
        host.commit(GAME, "0" * 40, {"a": b"1"}, "Lost parent", when=WHEN)


def test_single_files_of_several_commits(host) -> None:
    first = host.commit(GAME, None, {"a": b"1", "b/c": b"2"}, "One", when=WHEN)
    second = host.commit(GAME, first, {"a": b"3"}, "Two", when=WHEN)
    with host.opened(GAME) as read:
        assert [read(first, "a"), read(second, "a"), read(second, "b/c")] == [b"1", b"3", b"2"]
        for commit, path in ((first, "x"), (first, "b"), ("0" * 40, "a")):
            with pytest.raises(RepositoryGoneError):
                read(commit, path)
        with pytest.raises(InputError, match="commit"):
            read("main", "a")


@pytest.mark.parametrize(
    "repo_id", ["", "../x", GAME.upper().replace("B", "b"), GAME.replace("-", ""), f"{{{GAME}}}"]
)
def test_a_repository_id_is_a_uuid(host, repo_id: str) -> None:
    for call in (
        lambda: host.commit(repo_id, None, {"a": b"1"}, "One", when=WHEN),
        lambda: host.read(repo_id, "0" * 40),
        lambda: host.check(repo_id, None),
        lambda: host.set_aside(repo_id),
        lambda: host.log(repo_id),
        lambda: host.url(repo_id),
    ):
        with pytest.raises(InputError, match="repo_id"):
            call()


def test_where_the_branch_stands_loses_no_history(shared: UrlRepositories, storage: Storage) -> None:
    """A worker whose lease ran out commits its own try of step 2 after another has gone on to step 3."""
    first = shared.commit(GAME, None, {"a": b"1"}, "One", when=WHEN)
    second = shared.commit(GAME, first, {"a": b"2"}, "Two", when=WHEN)
    third = shared.commit(GAME, second, {"b": b"3"}, "Three", when=WHEN)
    late = UrlRepositories(storage).commit(GAME, first, {"a": b"late"}, "Two", when=WHEN)
    assert shared.log(GAME)[0].commit == late
    shared.check(GAME, third)
    assert shared.read(GAME, third) == {"a": b"2", "b": b"3"}
    fourth = shared.commit(GAME, third, {"c": b"4"}, "Four", when=WHEN)
    assert [entry.commit for entry in shared.log(GAME)] == [fourth, third, second, first]


def test_two_writers_of_the_same_steps_at_once_both_have_their_history(storage: Storage, tmp_path) -> None:
    """Half of what they make is the same, half is not: both are there in the end, and git finds no fault."""
    expected = {}

    def write(name: bytes) -> None:
        host = UrlRepositories(storage)
        parent = None
        for step in range(6):
            rng = random.Random(step)
            changes = {f"part{step}/{n}": rng.randbytes(500) for n in range(4)}
            if step >= 3:
                changes["whose"] = name
            parent = host.commit(GAME, parent, changes, f"Step {step}", when=WHEN)
        expected[name] = parent

    writers = [threading.Thread(target=write, args=(name,)) for name in (b"one", b"two")]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    host = UrlRepositories(storage)
    for name, tip in expected.items():
        host.check(GAME, tip)
        assert host.read(GAME, tip)["whose"] == name
    assert host.log(GAME)[0].commit in expected.values()
    if shutil.which("git"):
        bare = copied(storage, f"{GAME}.git", tmp_path / "copy.git")
        git("--git-dir", bare, "fsck", "--full", "--strict", "--no-dangling")


@pytest.mark.parametrize(
    "left", ["pack", "half of a pack", "pack and half of an index", "all but the branch"]
)
def test_a_commit_broken_off_does_not_count_until_it_is_whole(
    shared: UrlRepositories, storage: Storage, tmp_path: Path, left: str
) -> None:
    first = shared.commit(GAME, None, {"a": b"1"}, "One", when=WHEN)
    before = storage.sizes("")
    second = shared.commit(GAME, first, {"a": b"2" * 100}, "Two", when=WHEN)
    pack, index = (f"{PACKS}/{name}" for name in sorted(new_packs(storage, before), reverse=True))
    content = {name: storage.get(name) for name in (pack, index)}
    storage.put(f"{GAME}.git/refs/heads/main", f"{first}\n".encode())
    if left in ("pack", "half of a pack"):
        storage.remove(index)
    if left == "half of a pack":
        storage.put(pack, content[pack][:30])
    if left == "pack and half of an index":
        storage.put(index, content[index][:30])
    host = UrlRepositories(storage)
    host.check(GAME, first)
    if left in ("pack", "half of a pack"):
        with pytest.raises(RepositoryGoneError, match="has no commit"):
            host.check(GAME, second)
    assert host.commit(GAME, first, {"a": b"2" * 100}, "Two", when=WHEN) == second
    assert {name: storage.get(name) for name in (pack, index)} == content
    assert UrlRepositories(storage).read(GAME, second) == {"a": b"2" * 100}
    if shutil.which("git"):
        bare = copied(storage, f"{GAME}.git", tmp_path / "copy.git")
        assert git("--git-dir", bare, "fsck", "--full", "--strict") == ""


def new_packs(storage: Storage, before: dict[str, int]) -> list[str]:
    return [name.rpartition("/")[2] for name in storage.sizes("") if name not in before]


@pytest.mark.parametrize("size", [0, 20, 40, 90])
def test_a_pack_that_was_cut_is_damage_that_a_history_begun_anew_mends(
    shared: UrlRepositories, storage: Storage, size: int
) -> None:
    first = shared.commit(GAME, None, {"a": b"1" * 1000, "b": bytes(range(256))}, "One", when=WHEN)
    [pack] = [name for name in storage.sizes(PACKS) if name.endswith(".pack")]
    good = storage.get(f"{PACKS}/{pack}")
    second = shared.commit(GAME, first, {"c": b"2"}, "Two", when=WHEN)
    storage.put(f"{PACKS}/{pack}", good[:size])
    host = UrlRepositories(storage)
    for commit in (first, second):
        with pytest.raises(RepositoryLostError, match="damaged") as raised:
            host.read(GAME, commit)
        assert not isinstance(raised.value, RepositoryGoneError)
        with pytest.raises(RepositoryLostError, match=GAME):
            host.check(GAME, commit)
    host.set_aside(GAME)
    assert storage.get(f"{GAME}.damaged/{pack}") == good[:size]
    assert host.log(GAME) == []
    assert host.commit(GAME, None, {"a": b"1" * 1000, "b": bytes(range(256))}, "One", when=WHEN) == first
    host.check(GAME, second)
    assert host.read(GAME, second)["c"] == b"2"


def test_setting_aside_twice_keeps_what_was_set_aside_first(shared, storage: Storage) -> None:
    shared.set_aside(GAME)
    for cut in (30, 20):
        shared.commit(GAME, None, {"a": b"1" * 100}, "One", when=WHEN)
        [pack] = [name for name in storage.sizes(PACKS) if name.endswith(".pack")]
        storage.put(f"{PACKS}/{pack}", storage.get(f"{PACKS}/{pack}")[:cut])
        shared.set_aside(GAME)
        assert shared.log(GAME) == []
        assert storage.sizes(PACKS) == {}
    assert storage.sizes(f"{GAME}.damaged") == {pack: 30}


def test_what_another_has_just_written_is_not_set_aside(shared: UrlRepositories, storage: Storage) -> None:
    commit = shared.commit(GAME, None, {"a": b"1"}, "One", when=WHEN)
    UrlRepositories(storage).set_aside(GAME)
    shared.check(GAME, commit)
    assert shared.read(GAME, commit) == {"a": b"1"}
