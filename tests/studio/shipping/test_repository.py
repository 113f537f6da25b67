"""Any git can read what is written, a step done twice is one commit, and only the parent's child follows."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamefactory_dagster.errors import InputError, PermanentError, TransientError
from gamefactory_dagster.studio.shipping.commits import check_path
from gamefactory_dagster.studio.shipping.objects import RepositoryLostError
from gamefactory_dagster.studio.shipping.repository import BareRepositories

GAME = "0190b6a0-0000-7000-8000-000000000001"
WHEN = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="no git on PATH")


@pytest.fixture
def host(tmp_path: Path) -> BareRepositories:
    return BareRepositories(tmp_path)


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "safe.directory=*", "--git-dir", str(folder / f"{GAME}.git"), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_the_same_commit_twice_is_one_commit(host: BareRepositories, tmp_path: Path) -> None:
    once = host.commit(GAME, None, {"a": b"1"}, "Step", when=WHEN)
    again = host.commit(GAME, None, {"a": b"1"}, "Step", when=WHEN)
    elsewhere = BareRepositories(tmp_path / "other").commit(GAME, None, {"a": b"1"}, "Step", when=WHEN)
    same_moment = WHEN.astimezone(timezone(timedelta(hours=5)))
    assert once == again == elsewhere
    assert host.commit(GAME, None, {"a": b"1"}, "Step", when=same_moment) == once
    assert len(host.log(GAME)) == 1


def test_order_of_changes_does_not_matter(tmp_path: Path) -> None:
    one, two = BareRepositories(tmp_path / "1"), BareRepositories(tmp_path / "2")
    forward = one.commit(GAME, None, {"a/b": b"1", "a-b": b"2", "a.c/d": b"3"}, "Step", when=WHEN)
    backward = two.commit(GAME, None, {"a.c/d": b"3", "a-b": b"2", "a/b": b"1"}, "Step", when=WHEN)
    assert forward == backward


def test_only_the_child_of_the_tip_may_be_committed(host: BareRepositories) -> None:
    first = host.commit(GAME, None, {"a": b"1"}, "One", when=WHEN)
    second = host.commit(GAME, first, {"a": b"2"}, "Two", when=WHEN)
    with pytest.raises(PermanentError, match=f"main is at {second}"):
        host.commit(GAME, None, {"a": b"1"}, "Another beginning", when=WHEN)
    with pytest.raises(PermanentError, match="has no commit"):
        host.commit(GAME, "0" * 40, {"a": b"1"}, "Lost parent", when=WHEN)
    assert [entry.commit for entry in host.log(GAME)] == [second, first]


def test_another_try_of_a_step_replaces_the_commit_its_dead_worker_left(host: BareRepositories) -> None:
    abandoned_first = host.commit(GAME, None, {"a": b"0"}, "One", when=WHEN)
    first = host.commit(GAME, None, {"a": b"1"}, "One", when=WHEN)
    abandoned = host.commit(GAME, first, {"a": b"2"}, "Two", when=WHEN)
    second = host.commit(GAME, first, {"a": b"other"}, "Two", when=WHEN)
    assert len({abandoned_first, first, abandoned, second}) == 4
    assert [entry.commit for entry in host.log(GAME)] == [second, first]
    assert host.read(GAME, second) == {"a": b"other"}


@needs_git
def test_git_reads_it(host: BareRepositories, tmp_path: Path) -> None:
    first = host.commit(GAME, None, {"web/a.js": b"1", "web/audio/x.ogg": b"\x00"}, "One", when=WHEN)
    second = host.commit(GAME, first, {"web/b.js": b"2"}, "Two", when=WHEN, author="Ada <ada@example.org>")
    assert git(tmp_path, "fsck", "--full", "--strict") == ""
    assert git(tmp_path, "log", "--format=%H %s %an") == f"{second} Two Ada\n{first} One GameFactory\n"
    subprocess.run(["git", "clone", "-q", host.url(GAME), str(tmp_path / "clone")], check=True)
    assert (tmp_path / "clone" / "web" / "b.js").read_bytes() == b"2"


@pytest.mark.parametrize("where", ["branch", "index"])
def test_a_lock_left_by_a_killed_process_does_not_block(
    host: BareRepositories, tmp_path: Path, where: str
) -> None:
    first = host.commit(GAME, None, {"a": b"1"}, "One", when=WHEN)
    twin = BareRepositories(tmp_path / "twin")
    twin.commit(GAME, None, {"a": b"1"}, "One", when=WHEN)
    expected = twin.commit(GAME, first, {"a": b"2"}, "Two", when=WHEN)
    repository = tmp_path / f"{GAME}.git"
    lock = repository / "refs" / "heads" / "main.lock"
    if where == "index":
        ours = {path.name for path in (repository / "objects" / "pack").glob("*.idx")}
        twins = {
            path.name for path in (tmp_path / "twin" / repository.name / "objects" / "pack").glob("*.idx")
        }
        (name,) = twins - ours
        lock = repository / "objects" / "pack" / f"{name}.lock"
    lock.write_bytes(b"half")
    assert host.commit(GAME, first, {"a": b"2"}, "Two", when=WHEN) == expected
    assert host.read(GAME, expected) == {"a": b"2"}
    assert not lock.exists()


def test_a_pack_left_half_written_is_invisible_and_goes(host: BareRepositories, tmp_path: Path) -> None:
    first = host.commit(GAME, None, {"a": b"1"}, "One", when=WHEN)
    packs = tmp_path / f"{GAME}.git" / "objects" / "pack"
    whole = next(packs.glob("*.pack")).read_bytes()
    (packs / "tmpabcd.pack").write_bytes(whole[:40])
    (packs / f"pack-{'0' * 40}.pack").write_bytes(whole[:40])
    assert host.read(GAME, first) == {"a": b"1"}
    second = host.commit(GAME, first, {"a": b"2"}, "Two", when=WHEN)
    assert host.read(GAME, second) == {"a": b"2"}
    assert not (packs / "tmpabcd.pack").exists()


def test_a_repository_left_half_made_is_made_anew(host: BareRepositories, tmp_path: Path) -> None:
    (tmp_path / f"{GAME}.new" / "objects").mkdir(parents=True)
    commit = host.commit(GAME, None, {"a": b"1"}, "One", when=WHEN)
    assert host.read(GAME, commit) == {"a": b"1"}
    assert not (tmp_path / f"{GAME}.new").exists()


@pytest.mark.parametrize(
    "path",
    ["", "/etc/passwd", "../x", "a/../b", "a//b", "./a", "a/", ".git/config", "web/.GIT/hooks", "a\\b",
     "a b", "a\0b", "a\nb", "é", "x" * 201, ".git./x"],
)  # fmt: skip
def test_paths_that_lead_elsewhere_are_refused(host: BareRepositories, path: str) -> None:
    with pytest.raises(InputError, match="path"):
        host.commit(GAME, None, {path: b"x"}, "One", when=WHEN)
    assert host.log(GAME) == []


@given(st.text(alphabet="ab./\\~:-_ \0Git", max_size=12))
def test_an_accepted_path_stays_inside(path: str) -> None:
    try:
        check_path(path)
    except InputError:
        return
    inside = Path("/srv/repo") / path
    assert inside.resolve().is_relative_to("/srv/repo")
    assert ".git" not in [part.lower() for part in inside.parts]
    assert str(inside) == f"/srv/repo/{path}"


def test_bad_arguments_are_named(host: BareRepositories) -> None:
    with pytest.raises(InputError, match="when"):
        host.commit(GAME, None, {"a": b"1"}, "One", when=datetime(2026, 1, 1))
    with pytest.raises(InputError, match="message"):
        host.commit(GAME, None, {"a": b"1"}, " ", when=WHEN)
    with pytest.raises(InputError, match="author"):
        host.commit(GAME, None, {"a": b"1"}, "One", when=WHEN, author="nobody\n<a@b>")
    with pytest.raises(InputError, match="parent"):
        host.commit(GAME, "main", {"a": b"1"}, "One", when=WHEN)
    with pytest.raises(InputError, match="to remove only files"):
        host.commit(GAME, None, {"a": None}, "One", when=WHEN)
    with pytest.raises(InputError, match="does not go through the file a"):
        host.commit(GAME, None, {"a": b"1", "a/b": b"2"}, "One", when=WHEN)


def test_only_where_the_next_commit_may_follow_is_it_sound(host: BareRepositories) -> None:
    host.check(GAME, None)
    first = host.commit(GAME, None, {"a": b"1"}, "One", when=WHEN)
    host.check(GAME, None)  # an earlier try of the first
    host.check(GAME, first)
    second = host.commit(GAME, first, {"a": b"2"}, "Two", when=WHEN)
    host.check(GAME, first)
    host.check(GAME, second)
    for other in (None, "0" * 40):
        with pytest.raises(RepositoryLostError, match=f"main is at {second}, not at"):
            host.check(GAME, other)
    with pytest.raises(RepositoryLostError, match="no repository"):
        host.check(str(uuid4()), first)


def test_what_is_set_aside_first_is_kept(host: BareRepositories, tmp_path: Path) -> None:
    host.set_aside(GAME)
    for number in (b"1", b"2"):
        host.commit(GAME, None, {"a": number}, "One", when=WHEN)
        host.set_aside(GAME)
        assert host.log(GAME) == []
    (tmp_path / f"{GAME}.damaged").rename(tmp_path / f"{GAME}.git")
    assert host.read(GAME, host.log(GAME)[0].commit) == {"a": b"1"}


@pytest.mark.parametrize("size", [0, 20, 40, 90])
def test_a_pack_that_was_cut_is_damage_and_not_a_surprise(
    host: BareRepositories, tmp_path: Path, size: int
) -> None:
    commit = host.commit(GAME, None, {"a": b"1" * 1000, "b": bytes(range(256))}, "One", when=WHEN)
    (pack,) = (tmp_path / f"{GAME}.git" / "objects" / "pack").glob("*.pack")
    pack.chmod(0o600)
    pack.write_bytes(pack.read_bytes()[:size])
    with pytest.raises(RepositoryLostError, match=GAME):
        host.read(GAME, commit)


def test_a_disk_that_refuses_is_no_damage(host: BareRepositories, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = host.commit(GAME, None, {"a": b"1"}, "One", when=WHEN)

    def refuse(*_: object) -> None:
        raise PermissionError("no entry")

    monkeypatch.setattr("dulwich.repo.Repo", refuse)
    with pytest.raises(TransientError, match="cannot be read: no entry"):
        host.read(GAME, commit)
