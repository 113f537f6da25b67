"""What is served is whole, is what was built, and changes at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.studio.shipping.build import Bundle, WebBuilder
from gamefactory_dagster.studio.shipping.publisher import FolderPublisher
from tests.studio.tiny_game import repository_files


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return WebBuilder().build(repository_files(), "1.0.0")


@pytest.fixture
def publisher(tmp_path: Path) -> FolderPublisher:
    return FolderPublisher(tmp_path / "published", "http://127.0.0.1:3001/games/")


def versions(tmp_path: Path, slug: str) -> list[Path]:
    return list((tmp_path / "published" / ".versions" / slug).iterdir())


def test_what_is_served_is_what_was_built(publisher: FolderPublisher, bundle: Bundle, tmp_path: Path) -> None:
    assert publisher.publish("tiny-game", bundle) == ("http://127.0.0.1:3001/games/tiny-game/")
    assert publisher.checksum("tiny-game") == bundle.sha256
    assert publisher.files("tiny-game") == bundle.files
    page = tmp_path / "published" / "tiny-game" / "index.html"
    assert page.read_bytes() == bundle.files["index.html"]


def test_publishing_twice_touches_nothing(publisher: FolderPublisher, bundle: Bundle, tmp_path: Path) -> None:
    publisher.publish("tiny", bundle)
    before = versions(tmp_path, "tiny"), (tmp_path / "published" / "tiny" / "player.js").stat().st_mtime_ns
    publisher.publish("tiny", bundle)
    assert (
        versions(tmp_path, "tiny"),
        (tmp_path / "published" / "tiny" / "player.js").stat().st_mtime_ns,
    ) == before


def test_a_new_version_replaces_the_old_one(
    publisher: FolderPublisher, bundle: Bundle, tmp_path: Path
) -> None:
    publisher.publish("tiny", bundle)
    looked_up = (tmp_path / "published" / "tiny" / "index.html").resolve()
    newer = Bundle.of({"index.html": b"new"})
    publisher.publish("tiny", newer)
    assert publisher.files("tiny") == {"index.html": b"new"}
    assert looked_up.read_bytes() == bundle.files["index.html"], "a reader lost the file it was about to open"
    publisher.publish("tiny", newer)
    assert len(versions(tmp_path, "tiny")) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda page: page.write_bytes(b"edited"),
        lambda page: page.unlink(),
        lambda page: (page.parent / "extra.js").write_bytes(b"1"),
    ],
)
def test_what_was_changed_on_disk_is_noticed_and_mended(
    publisher: FolderPublisher, bundle: Bundle, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    publisher.publish("tiny", bundle)
    spoil(tmp_path / "published" / "tiny" / "index.html")
    assert publisher.checksum("tiny") != bundle.sha256
    publisher.publish("tiny", bundle)
    assert publisher.checksum("tiny") == bundle.sha256


def test_leftovers_of_a_killed_publication_are_removed(
    publisher: FolderPublisher, bundle: Bundle, tmp_path: Path
) -> None:
    publisher.publish("tiny", bundle)
    folder = tmp_path / "published" / ".versions" / "tiny"
    (folder / "unfinished").mkdir()
    (folder / "unfinished" / "index.html").write_bytes(b"half")
    (folder / "unfinished.link").symlink_to("unfinished")
    publisher.publish("tiny", bundle)
    assert len(versions(tmp_path, "tiny")) == 1
    assert publisher.checksum("tiny") == bundle.sha256


def test_other_games_are_left_alone(publisher: FolderPublisher, bundle: Bundle) -> None:
    publisher.publish("tiny", bundle)
    publisher.publish("tiny-2", Bundle.of({"index.html": b"2"}))
    publisher.withdraw("tiny")
    assert publisher.files("tiny-2") == {"index.html": b"2"}


def test_a_withdrawn_game_is_gone(publisher: FolderPublisher, bundle: Bundle, tmp_path: Path) -> None:
    publisher.publish("tiny", bundle)
    publisher.withdraw("tiny")
    publisher.withdraw("tiny")
    assert versions(tmp_path, "tiny") == []
    with pytest.raises(PermanentError, match="tiny is not published"):
        publisher.checksum("tiny")


@pytest.mark.parametrize("slug", ["", "..", "a/b", ".versions", "A", "a--b", "-a", "a" * 81, "a\n"])
def test_a_slug_is_no_path(publisher: FolderPublisher, bundle: Bundle, slug: str) -> None:
    for call in (lambda: publisher.publish(slug, bundle), lambda: publisher.withdraw(slug)):
        with pytest.raises(InputError, match="slug"):
            call()
