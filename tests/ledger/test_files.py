"""Artifacts' files: found where they can be ours, handed out only when right, and told what is wrong."""

import hashlib
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.ledger import files as files_module
from gamefactory_dagster.ledger.files import FileFaultError, Files, State
from gamefactory_dagster.ledger.reading import Artifact
from gamefactory_dagster.studio.shipping import objects
from gamefactory_dagster.studio.shipping.artifacts import ArtifactStore
from gamefactory_dagster.studio.shipping.repository import BareRepositories

GAME = "7e7c7df1-cf38-5bf1-9c04-79ee11856b15"
WHEN = datetime(2026, 3, 1, tzinfo=UTC)


def artifact(url, content=b"", kind="file", **changes):
    values = {
        "id": uuid4(), "run_id": "run", "kind": kind, "url": url, "meta": {}, "created_at": WHEN,
        "file_size": len(content), "content_type": "text/plain",
        "checksum": hashlib.sha256(content).hexdigest(),
    }  # fmt: skip
    return Artifact(**values | changes)


class Place:
    """A store and a repository with a file each."""

    def __init__(self, folder: Path):
        self.store = ArtifactStore((folder / "store").as_uri())
        self.repositories = BareRepositories(folder / "repositories")
        self.folder = folder
        self.files = Files(self.store, self.repositories)
        stored = self.store.put("build", b"a bundle", ".zip")
        self.stored = artifact(stored.url, b"a bundle")
        self.commit = self.repositories.commit(GAME, None, {"web/a.png": b"a picture"}, "Art", WHEN)
        self.committed = artifact(self.url("web/a.png"), b"a picture")

    def url(self, path, commit=None, repository=GAME):
        return f"git+{self.repositories.url(repository)}@{commit or self.commit}#{path}"

    def find(self, one):
        [finding] = self.files.verify([one])
        return finding

    @property
    def stored_file(self):
        return Path(self.stored.url.removeprefix("file://"))


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_what_is_right_is_handed_out(place, tmp_path):
    for one, content in ((place.stored, b"a bundle"), (place.committed, b"a picture")):
        assert place.find(one).state is State.GOOD
        with place.files.opened(one) as file:
            assert file.read() == content
        place.files.copy(one, tmp_path / "copy")
        assert (tmp_path / "copy").read_bytes() == content


def test_an_older_commit_s_file_is_the_older_one(place):
    place.repositories.commit(GAME, place.commit, {"web/a.png": b"another"}, "Art", WHEN)
    assert place.find(place.committed).state is State.GOOD


WRONG = [(b"a bundl", State.TRUNCATED, "shorter than it was: 7 bytes instead of 8"),
         (b"a bundle!", State.TRUNCATED, "longer than it was: 9 bytes instead of 8"),
         (b"", State.TRUNCATED, "shorter than it was: 0 bytes instead of 8"),
         (b"a bungle", State.CHANGED, "as long as it was, but not the same"),
         (None, State.MISSING, "is gone")]  # fmt: skip


@pytest.mark.parametrize(("content", "state", "words"), WRONG)
def test_what_is_wrong_is_told_and_not_handed_out(place, tmp_path, content, state, words):
    place.stored_file.unlink()
    if content is not None:
        place.stored_file.write_bytes(content)
    finding = place.find(place.stored)
    assert finding.state is state
    assert words in finding.words
    (tmp_path / "copy").write_bytes(b"from before")
    with pytest.raises(FileFaultError, match=f"is {state}: ") as refused:
        place.files.copy(place.stored, tmp_path / "copy")
    assert refused.value.finding.state is state
    assert (tmp_path / "copy").read_bytes() == b"from before"
    assert not list(tmp_path.glob(".*"))
    with pytest.raises(FileFaultError), place.files.opened(place.stored):
        pytest.fail("handed out")


def test_a_committed_file_that_is_other_than_the_ledger_says(place):
    assert place.find(replace(place.committed, file_size=8)).state is State.TRUNCATED
    assert place.find(replace(place.committed, checksum="0" * 64)).state is State.CHANGED
    for url in (
        place.url("web/b.png"),
        place.url("web/a.png", "0" * 40),
        place.url("web/a.png", None, str(uuid4())),
    ):
        finding = place.find(replace(place.committed, url=url))
        assert finding.state is State.MISSING, url
        assert finding.words


def test_a_damaged_repository_is_changed_and_a_lost_one_missing(place):
    [pack] = (place.folder / "repositories").rglob("*.pack")
    content = bytearray(pack.read_bytes())
    content[12:-20] = bytes(len(content) - 32)
    pack.chmod(0o644)
    pack.write_bytes(content)
    assert place.find(place.committed).state is State.CHANGED
    pack.with_suffix(".idx").unlink()
    assert place.find(place.committed).state is State.MISSING


def test_a_repository_is_there_when_its_commit_is(place):
    url = place.repositories.url(GAME)
    whole = artifact(url, kind="repository", meta={"commit": place.commit}, checksum=None, file_size=None)
    assert place.find(whole).state is State.GOOD
    assert place.find(replace(whole, meta={"commit": "0" * 40})).state is State.MISSING
    assert place.find(replace(whole, url=url.replace(GAME, str(uuid4())))).state is State.MISSING
    with pytest.raises(FileFaultError), place.files.opened(whole):
        pytest.fail("handed out")


def test_what_has_no_checksum_is_not_handed_out(place):
    for one in (place.stored, place.committed):
        bare = replace(one, checksum=None)
        assert place.find(bare).state is State.UNCHECKED
        with pytest.raises(FileFaultError, match="no checksum"), place.files.opened(bare):
            pytest.fail("handed out")


def test_a_file_somebody_named_is_compared_and_never_handed_out(place, tmp_path):
    report = tmp_path / "my report #1.html"
    report.write_bytes(b"<p>")
    one = artifact(report.as_uri(), b"<p>")
    assert place.find(one).state is State.GOOD
    for hand_out in (
        lambda: place.files.opened(one).__enter__(),
        lambda: place.files.copy(one, tmp_path / "x"),
    ):
        with pytest.raises(InputError, match="only compared"):
            hand_out()
    report.write_bytes(b"<b>")
    assert place.find(one).state is State.CHANGED
    report.unlink()
    assert place.find(one).state is State.MISSING


def test_nothing_that_is_no_file_is_waited_for_or_read_without_end(place, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in ("/dev/zero", "/dev/stdin", str(tmp_path / "pipe"), str(tmp_path), "/proc/self/mem"):
        finding = place.find(artifact(f"file://{path}", b"x"))
        assert (finding.state, finding.size) == (State.MISSING, None), path


def test_a_file_without_end_is_not_read_to_its_end(place, tmp_path, monkeypatch):
    monkeypatch.setattr(files_module, "MAX_BYTES", 1000)
    monkeypatch.setattr(files_module, "_PIECE", 100)
    (tmp_path / "large").write_bytes(bytes(5000))
    finding = place.find(artifact((tmp_path / "large").as_uri(), b"x"))
    assert (finding.state, finding.size) == (State.TRUNCATED, None)


def test_a_full_disk_is_not_the_artifact_s_fault(place, tmp_path):
    class Full:
        def write(self, piece):
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        place.files._hand_out(place.stored, Full())


def hostile(place):
    store, repository = place.store._url, place.repositories.url(GAME)
    name = place.stored.url.removeprefix(store)
    folder = place.repositories.url(GAME).removesuffix(f"/{GAME}.git")
    return [
        "", "x", "file:", "file://", "/etc/passwd", "http://127.0.0.1/x", "git+", f"git+{repository}",
        store, f"{store}/", f"{store}/../secret", f"{store}/build/../../secret", f"{store}{name}\n",
        f"{store}/build/00/{'0' * 64}", f"{store}/build/%2e%2e/{'0' * 64}.zip", f"{store}{name}#x",
        f"{store}{name}?x", f"{store}{name}/..", f"{store}x{name}", f" {store}{name}", name,
        f"git+{repository}@{place.commit}#../a", f"git+{repository}@{place.commit}#/etc/passwd",
        f"git+{repository}@{place.commit}#web//a.png", f"git+{repository}@{place.commit}#web/./a.png",
        f"git+{repository}@{place.commit}#", f"git+{repository}@main#web/a.png",
        f"git+{repository}@{place.commit[:39]}#web/a.png",
        f"git+{repository}@{place.commit.upper()}#web/a.png",
        f"git+{folder}/../repositories/{GAME}.git@{place.commit}#web/a.png",
        f"git+{folder}/x/{GAME}.git@{place.commit}#web/a.png",
        f"git+file:///elsewhere/{GAME}.git@{place.commit}#web/a.png",
        f"git+https://example.org/{GAME}.git@{place.commit}#web/a.png",
        f"git+{repository}@{place.commit}#web/a.png\0", f"git+{repository.upper()}@{place.commit}#web/a.png",
    ]  # fmt: skip


def test_an_address_that_is_not_exactly_ours_is_never_opened(place):
    (place.folder / "secret").write_bytes(b"secret")
    for url in hostile(place):
        one = artifact(url, b"secret")
        assert not place.files.is_ours(one), url
        with pytest.raises(InputError), place.files.opened(one):
            pytest.fail(url)
        finding = place.find(one)  # what is a file of this machine is compared, and left where it is
        assert finding.state is State.MISSING or url.startswith("file://"), url


@given(st.text())
def test_no_address_makes_it_fail_otherwise(tmp_path_factory, text):
    files = Files(ArtifactStore("file:///nowhere"), BareRepositories(Path("/nowhere")))
    for url in (text, f"file:///nowhere/{text}", f"git+file:///nowhere/{GAME}.git@{'0' * 40}#{text}"):
        [finding] = files.verify([artifact(url)])
        assert finding.state in {State.MISSING, State.TRUNCATED, State.CHANGED}


def test_a_repository_is_opened_once_for_all_its_files(place, monkeypatch):
    opened, listed = [], []
    list_files = objects.flat_tree
    monkeypatch.setattr(
        objects, "flat_tree", lambda store, game, id_: listed.append(id_) or list_files(store, game, id_)
    )
    original = BareRepositories.opened
    monkeypatch.setattr(
        BareRepositories, "opened", lambda self, id_: opened.append(id_) or original(self, id_)
    )
    changes = {f"f/{number}": str(number).encode() for number in range(50)}
    commit = place.repositories.commit(GAME, place.commit, changes, "More", WHEN)
    listed.clear()
    many = [artifact(place.url(path, commit), content) for path, content in changes.items()]
    assert {finding.state for finding in place.files.verify([*many, place.committed])} == {State.GOOD}
    assert opened == [GAME]
    assert sorted(listed) == sorted([commit, place.commit])
