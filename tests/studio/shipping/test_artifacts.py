"""An artifact is found by what it contains, comes back as it was put, and cannot be swapped unnoticed."""

from pathlib import Path

import pytest

from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.studio.shipping.artifacts import MAX_BYTES, ArtifactGoneError, ArtifactStore


@pytest.fixture
def store(storage_url: str) -> ArtifactStore:
    return ArtifactStore(f"{storage_url}/artifacts/")


def test_what_is_put_comes_back(store: ArtifactStore) -> None:
    stored = store.put("build", b"a bundle", ".zip")
    assert store.get(stored.url) == b"a bundle"
    assert stored.size == 8
    assert stored.sha256 == stored.url.rpartition("/")[2].removesuffix(".zip")
    assert store.put("build", b"a bundle", ".zip") == stored
    assert store.put("build", b"another", ".zip").url != stored.url


def test_a_local_artifact_leaves_nothing_beside_it(tmp_path: Path) -> None:
    store = ArtifactStore(tmp_path.as_uri())
    stored = store.put("picture", b"png", ".png")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.as_uri() for path in files] == [stored.url]


def test_a_changed_artifact_is_not_handed_out(tmp_path: Path) -> None:
    store = ArtifactStore(tmp_path.as_uri())
    stored = store.put("build", b"good", ".zip")
    next(tmp_path.rglob("*.zip")).write_bytes(b"evil")
    with pytest.raises(PermanentError, match="checksum differs"):
        store.get(stored.url)
    next(tmp_path.rglob("*.zip")).unlink()
    with pytest.raises(PermanentError, match="is gone"):
        store.get(stored.url)


def test_sizes_are_bounded(store: ArtifactStore) -> None:
    stored = store.put("build", b"12345", ".zip")
    assert store.get(stored.url, max_bytes=5) == b"12345"
    with pytest.raises(PermanentError, match="larger than 4 bytes"):
        store.get(stored.url, max_bytes=4)
    with pytest.raises(InputError, match="content"):
        store.put("build", bytes(MAX_BYTES + 1), ".zip")


def test_the_largest_and_the_smallest_artifact_come_back(store: ArtifactStore) -> None:
    for content in (b"", bytes(MAX_BYTES)):
        stored = store.put("build", content, ".zip")
        assert store.get(stored.url) == content


@pytest.mark.parametrize(
    ("kind", "suffix"), [("../x", ".zip"), ("", ".zip"), ("a/b", ".zip"), ("a", "zip"), ("a", "./x")]
)
def test_kind_and_suffix_are_no_paths(store: ArtifactStore, kind: str, suffix: str) -> None:
    with pytest.raises(InputError, match=r"kind|suffix"):
        store.put(kind, b"", suffix)


def test_only_our_own_urls_are_read(tmp_path: Path) -> None:
    store = ArtifactStore((tmp_path / "store").as_uri())
    outside = ArtifactStore((tmp_path / "other").as_uri()).put("build", b"x", ".zip")
    inside = store.put("build", b"x", ".zip")
    for url in (
        outside.url,
        "file:///etc/passwd",
        inside.url.replace("build/", "build/../build/"),
        f"{inside.url}?x",
        "",
    ):
        with pytest.raises(InputError, match="url"):
            store.get(url)


def test_an_artifact_is_opened_by_its_own_address_alone(store: ArtifactStore) -> None:
    stored = store.put("build", b"a bundle", ".zip")
    with store.open(stored.url) as file:
        assert file.read(2) == b"a "
    for url in (f"{stored.url}x/..", stored.url.replace("build", "BUILD"), stored.url.partition("://")[2]):
        assert not store.has(url)
        with pytest.raises(InputError, match="url"):
            store.open(url)
    gone = stored.url.replace(stored.sha256, "0" * 64)
    assert store.has(gone)
    with pytest.raises(ArtifactGoneError, match="is gone"):
        store.open(gone)
