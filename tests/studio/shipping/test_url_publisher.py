"""What is published at a URL is whole, is what was built, and is on every machine that serves it."""

import logging
import os
import time
from pathlib import Path

import pytest

from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.studio.providers import publisher_of
from gamefactory_dagster.studio.shipping import published
from gamefactory_dagster.studio.shipping.build import Bundle, WebBuilder
from gamefactory_dagster.studio.shipping.published import FetchedGames, HereGames, games_here
from gamefactory_dagster.studio.shipping.publisher import FolderPublisher
from gamefactory_dagster.studio.shipping.url_publisher import UrlPublisher
from gamefactory_dagster.studio.tools.storage import Storage
from tests.conftest import STORAGES, place_in
from tests.studio.tiny_game import repository_files

NEWER = Bundle.of({"index.html": b"new"})


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return WebBuilder().build(repository_files(), "1.0.0")


@pytest.fixture
def storage(storage_url: str) -> Storage:
    return Storage(storage_url, "GAMEFACTORY_PUBLISHED_URL")


@pytest.fixture
def shared(storage: Storage) -> UrlPublisher:
    return UrlPublisher(storage, "http://127.0.0.1:3001/games")


@pytest.fixture(params=["folder", *STORAGES])
def publisher(request: pytest.FixtureRequest, tmp_path: Path) -> FolderPublisher | UrlPublisher:
    base = "http://127.0.0.1:3001/games/"
    if request.param == "folder":
        return FolderPublisher(tmp_path / "published", base)
    return UrlPublisher(Storage(place_in(request.param, request), "GAMEFACTORY_PUBLISHED_URL"), base)


@pytest.fixture
def games(shared: UrlPublisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FetchedGames:
    """A machine that asks each time."""
    monkeypatch.setattr(published, "FRESH_SECONDS", 0.0)
    return FetchedGames(shared, tmp_path / "fetched", most=3)


def served(games: FetchedGames, slug: str, name: str = "index.html") -> bytes | None:
    games.renew([slug])
    file = games.folder / slug / name
    return file.read_bytes() if file.exists() else None


def test_what_is_served_is_what_was_built(publisher, bundle: Bundle) -> None:
    assert publisher.publish("tiny-game", bundle) == "http://127.0.0.1:3001/games/tiny-game/"
    assert publisher.publish("tiny-game", bundle) == publisher.url("tiny-game")
    assert publisher.checksum("tiny-game") == bundle.sha256
    assert publisher.files("tiny-game") == bundle.files
    publisher.publish("tiny-2", NEWER)
    publisher.publish("tiny-game", NEWER)
    assert publisher.files("tiny-game") == {"index.html": b"new"}
    publisher.withdraw("tiny-game")
    publisher.withdraw("tiny-game")
    for ask in (publisher.checksum, publisher.files):
        with pytest.raises(PermanentError, match="tiny-game is not published"):
            ask("tiny-game")
    assert publisher.files("tiny-2") == {"index.html": b"new"}


@pytest.mark.parametrize("slug", ["", "..", "a/b", "A", "a" * 81, "a\n"])
def test_a_slug_is_no_path(publisher, bundle: Bundle, slug: str) -> None:
    for call in (lambda: publisher.publish(slug, bundle), lambda: publisher.withdraw(slug)):
        with pytest.raises(InputError, match="slug"):
            call()


def test_a_version_stays_what_it_is_until_its_game_is_withdrawn(shared, storage: Storage, bundle) -> None:
    for each in (bundle, NEWER, bundle):
        shared.publish("tiny", each)
    assert storage.sizes("") == {
        "tiny.json": len(storage.get("tiny.json")),
        f"tiny/{bundle.sha256}.zip": bundle.size,
        f"tiny/{NEWER.sha256}.zip": NEWER.size,
    }
    shared.withdraw("tiny")
    assert storage.sizes("") == {}


@pytest.mark.parametrize("spoilt", [b"", b"evil", None])
def test_what_was_changed_there_is_noticed_not_served_and_mended(
    shared: UrlPublisher, storage: Storage, games: FetchedGames, bundle: Bundle, spoilt: bytes | None
) -> None:
    shared.publish("tiny", bundle)
    name = f"tiny/{bundle.sha256}.zip"
    if spoilt is None:
        storage.remove(name)
    else:
        storage.put(name, spoilt.ljust(bundle.size) if spoilt else spoilt)
    with pytest.raises(PermanentError, match="gone or damaged"):
        shared.checksum("tiny")
    assert served(games, "tiny") is None
    shared.publish("tiny", bundle)
    assert shared.checksum("tiny") == bundle.sha256


@pytest.mark.parametrize("pointer", [b"", b"{}", b'{"sha256": "../x", "size": 1}', b"\xff"])
def test_a_pointer_that_says_nothing_serves_nothing(shared, storage: Storage, games, pointer: bytes) -> None:
    storage.put("tiny.json", pointer)
    with pytest.raises(PermanentError, match=r"tiny.json does not name what is published"):
        shared.checksum("tiny")
    assert served(games, "tiny") is None


def test_another_machine_sees_what_is_published_replaced_and_withdrawn(shared, games, bundle) -> None:
    assert served(games, "tiny") is None
    shared.publish("tiny", bundle)
    assert served(games, "tiny") == bundle.files["index.html"]
    assert FolderPublisher(games.folder, "").checksum("tiny") == bundle.sha256
    shared.publish("tiny", NEWER)
    assert served(games, "tiny") == b"new"
    assert served(games, "tiny", "player.js") is None
    shared.withdraw("tiny")
    assert served(games, "tiny") is None


def test_a_version_is_asked_for_once_in_a_while_and_fetched_once(
    shared, games, bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.publish("tiny", bundle)
    asked = []
    ask, fetch = UrlPublisher.pointer, UrlPublisher.bundle
    monkeypatch.setattr(UrlPublisher, "pointer", lambda *a: (asked.append("which"), ask(*a))[1])
    monkeypatch.setattr(UrlPublisher, "bundle", lambda *a: (asked.append("all"), fetch(*a))[1])
    monkeypatch.setattr(published, "FRESH_SECONDS", 60.0)
    for _ in range(3):
        assert served(games, "tiny") == bundle.files["index.html"]
    assert asked == ["which", "all", "which"], "the second was asked with the fetching"
    monkeypatch.setattr(published, "FRESH_SECONDS", 0.0)
    again = FetchedGames(shared, games.folder, most=3)
    for _ in range(2):
        assert served(again, "tiny") == bundle.files["index.html"]
    assert asked[3:] == ["which", "which"], "it was fetched again"


def test_a_fetched_file_that_was_changed_is_fetched_again_by_the_next_process(shared, games, bundle) -> None:
    shared.publish("tiny", bundle)
    served(games, "tiny")
    (games.folder / "tiny" / "index.html").write_bytes(b"edited")
    again = FetchedGames(shared, games.folder, most=3)
    assert served(again, "tiny") == bundle.files["index.html"]


def test_no_more_games_are_here_than_may_be_and_those_wanted_last_stay(shared, games) -> None:
    for number in range(4):
        shared.publish(f"game-{number}", Bundle.of({"index.html": b"%d" % number}))
        served(games, f"game-{number}")
        os.utime(games.folder / f"game-{number}", (number, number), follow_symlinks=False)
        if number == 2:
            served(games, "game-0")
    assert {path.name for path in games.folder.iterdir() if path.is_symlink()} == {
        "game-0",
        "game-2",
        "game-3",
    }
    assert served(games, "game-1") == b"1"


def test_many_are_fetched_together(shared, tmp_path: Path) -> None:
    slugs = [f"game-{number}" for number in range(20)]
    for slug in slugs:
        shared.publish(slug, Bundle.of({"index.html": slug.encode()}))
    games = FetchedGames(shared, tmp_path / "many", most=100)
    games.renew([*slugs, "no game", "never-was"])
    assert [(games.folder / slug / "index.html").read_text() for slug in slugs] == slugs


@pytest.mark.s3
def test_while_the_storage_is_away_its_games_are_served(
    request, s3_server, tmp_path, bundle, monkeypatch, caplog
) -> None:
    """It hangs: one who asks waits for it, as long as it may take; the others do not. Then it is back."""
    monkeypatch.setattr(published, "FRESH_SECONDS", 0.0)
    monkeypatch.setattr(published, "PAUSE_SECONDS", 3.0)
    shared = UrlPublisher(Storage(place_in("s3", request), "GAMEFACTORY_PUBLISHED_URL"), "")
    games = FetchedGames(shared, tmp_path / "fetched", most=3)
    shared.publish("tiny", bundle)
    assert served(games, "tiny") == bundle.files["index.html"]
    s3_server.stop_answering()
    try:
        started = time.monotonic()
        with caplog.at_level(logging.WARNING):
            assert served(games, "tiny") == bundle.files["index.html"]
        assert time.monotonic() - started < 5
        assert "does not answer" in caplog.text
        started = time.monotonic()
        for _ in range(100):
            assert served(games, "tiny") == bundle.files["index.html"]
        assert time.monotonic() - started < 2
    finally:
        s3_server.answer()
    shared.publish("tiny", NEWER)
    until = time.monotonic() + 20
    while served(games, "tiny") != b"new":
        assert time.monotonic() < until
        time.sleep(0.2)


def test_without_a_url_nothing_is_asked_and_the_folder_is_the_one_it_was(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, published_url=None)
    games = games_here(settings)
    assert isinstance(games, HereGames)
    assert games.folder == settings.published == tmp_path / "published"
    publisher_of(settings).publish("tiny", NEWER)
    games.renew(["tiny"])
    assert (games.folder / "tiny" / "index.html").read_bytes() == b"new"


def test_with_a_url_what_was_published_on_this_machine_before_is_not_served(tmp_path, storage_url) -> None:
    before = Settings(home=tmp_path, published_url=None)
    publisher_of(before).publish("tiny", NEWER)
    settings = Settings(home=tmp_path, published_url=storage_url)
    games = games_here(settings)
    games.renew(["tiny"])
    assert not (games.folder / "tiny").exists()
    publisher_of(settings).publish("other", NEWER)
    games.renew(["other"])
    assert (games.folder / "other" / "index.html").read_bytes() == b"new"
