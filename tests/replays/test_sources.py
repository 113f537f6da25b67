"""Replays on this machine and in storages, what counts as one, and which source the settings mean."""

import asyncio
import json
import os
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from upath import UPath

from gamefactory_dagster.errors import InputError, TransientError
from gamefactory_dagster.replays.links import Link
from gamefactory_dagster.replays.parsing import MAX_BYTES
from gamefactory_dagster.replays.raw import RawReplays
from gamefactory_dagster.replays.sources.contents import checked
from gamefactory_dagster.replays.sources.errors import (
    BrokenOffError,
    NotAReplayError,
    NotThereError,
    RefusedError,
    TooLargeError,
    TooSlowError,
)
from gamefactory_dagster.replays.sources.folder import NAMES, FolderSource
from gamefactory_dagster.replays.sources.http import HttpSource
from gamefactory_dagster.replays.sources.source import Source, chosen
from gamefactory_dagster.replays.sources.url import UrlSource
from gamefactory_dagster.settings import CHECKOUT, Settings

from .endpoint import REPLAY, Asked, answering, whole

LINK = Link(7)


def fetched(source: Source, link: Link = LINK) -> bytes:
    return asyncio.run(source.fetch(link))


@pytest.fixture(params=["folder", "url"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Source, Path | UPath]:
    """A source that reads names, and where."""
    if request.param == "folder":
        return FolderSource(tmp_path / "replays"), tmp_path / "replays"
    folder = UPath(f"memory://{uuid4()}/replays")
    return UrlSource(folder, 10), folder


def test_a_match_is_found_by_any_of_its_names(place: tuple[Source, Path | UPath]) -> None:
    source, folder = place
    with pytest.raises(NotThereError, match=r"^replay 7 is not in "):
        fetched(source)
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(NAMES, 1):
        (folder / name.format(id=number)).write_bytes(REPLAY + b" " * number)
        assert fetched(source, Link(number)) == REPLAY + b" " * number
    for name in ("77.json", "7.json.gz", "07.json", "7"):
        (folder / name).write_bytes(REPLAY)
    with pytest.raises(NotThereError):
        fetched(source)
    (folder / "7.json").write_bytes(b"<html>")
    with pytest.raises(NotAReplayError, match=r"7\.json is not a replay"):
        fetched(source)
    (folder / "7.json").write_bytes(REPLAY + b" " * (MAX_BYTES - len(REPLAY)))
    assert len(fetched(source)) == MAX_BYTES
    (folder / "7.json").write_bytes(REPLAY + b" " * (MAX_BYTES + 1 - len(REPLAY)))
    with pytest.raises(TooLargeError, match=r"7\.json is larger than 16 MiB"):
        fetched(source)


def test_what_is_no_file_or_closed_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "7.json")
    (tmp_path / "7_replay.json").mkdir()
    with pytest.raises(NotThereError):
        fetched(FolderSource(tmp_path))
    (tmp_path / "replay_7.json").write_bytes(REPLAY)
    assert fetched(FolderSource(tmp_path)) == REPLAY
    for raised, error in (
        (PermissionError(13, "no"), RefusedError),
        (OSError(5, "the disk is broken"), BrokenOffError),
        (RuntimeError("the storage's own"), BrokenOffError),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(Path, "open", lambda *_, raised=raised: (_ for _ in ()).throw(raised))
            with pytest.raises(error, match=str(raised.args[-1])):
                fetched(FolderSource(tmp_path))


def test_a_storage_that_hangs_is_left_in_time() -> None:
    done = Event()

    class Hanging:
        def __truediv__(self, name: str) -> "Hanging":
            return self

        def is_file(self) -> bool:
            done.wait(30)
            return False

        def __str__(self) -> str:
            return "slow://bucket"

    async def run() -> None:
        with pytest.raises(TooSlowError, match=r"slow://bucket took over 0\.2 s"):
            await UrlSource(Hanging(), 0.2).fetch(LINK)  # type: ignore[arg-type]
        done.set()

    asyncio.run(run())


@pytest.mark.parametrize("kind", ["file", "memory"])
def test_the_store_gives_back_what_was_put(kind: str, tmp_path: Path) -> None:
    url = tmp_path.as_uri() if kind == "file" else f"memory://{uuid4()}"
    raw = RawReplays(f"{url}/artifacts/")
    assert (raw.key(LINK), raw.url(LINK)) == (
        "replays/7_replay.json",
        f"{url}/artifacts/replays/7_replay.json",
    )
    with pytest.raises(NotThereError):
        asyncio.run(raw.get(LINK))
    for content in (REPLAY + b" ", REPLAY):
        asyncio.run(raw.put(LINK, content))
        assert UPath(raw.url(LINK)).read_bytes() == asyncio.run(raw.get(LINK)) == content
    assert [path.name for path in UPath(raw.url(LINK)).parent.iterdir()] == ["7_replay.json"]


def test_a_store_that_is_away_is_a_passing_failure(tmp_path: Path) -> None:
    (tmp_path / "replays").write_bytes(b"no folder")
    with pytest.raises(TransientError, match=r"^replay 7 could not be stored: "):
        asyncio.run(RawReplays(str(tmp_path)).put(LINK, REPLAY))


KEYS = st.sampled_from(["plays", "id", "\ud83d"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner),
    max_leaves=8,
)


@given(JSON, st.booleans(), st.data())
def test_an_object_with_a_list_of_plays_is_a_replay_and_nothing_else(
    value: object, ascii_only: bool, data: st.DataObject
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only).encode(errors="ignore")
    if isinstance(value, dict) and isinstance(value.get("plays"), list):
        assert checked(text, "it") == text
        text = text[: data.draw(st.integers(0, len(text) - 1))]
    with pytest.raises(NotAReplayError, match=r"^it is not a replay"):
        checked(text, "it")


@pytest.mark.reference
def test_real_files_are_replays() -> None:
    files = sorted((CHECKOUT.parent / "shared" / "data" / "replays").glob("replay_*.json"))
    if not files:
        pytest.skip("no real replays: ../shared/data/replays is not there")
    for file in files:
        assert checked(file.read_bytes(), file.name)


def settings(home: Path, **given: object) -> Settings:
    return Settings(home=home, database_url=None, **given)  # type: ignore[arg-type]


def test_unless_something_is_named_store_and_folder_are_asked(tmp_path: Path) -> None:
    raw = RawReplays(str(tmp_path / "artifacts"))
    source = chosen(settings(tmp_path, replays=None), raw)
    with pytest.raises(
        NotThereError,
        match=r"^replay 7 is not in the artifact store; replay 7 is not in the folder of replays$",
    ):
        fetched(source)
    (tmp_path / "replays").mkdir()
    (tmp_path / "replays" / "7.json").write_bytes(REPLAY)
    assert fetched(source) == REPLAY
    asyncio.run(raw.put(LINK, REPLAY + b" "))
    assert fetched(source) == REPLAY + b" "
    assert fetched(chosen(settings(tmp_path, replays=str(tmp_path / "replays")), raw)) == REPLAY


@pytest.mark.parametrize(
    ("named", "kind"),
    [
        ("/a folder/with %20", FolderSource),
        ("file:///a folder", FolderSource),
        ("memory://replays", UrlSource),
        ("http://host/{id}", HttpSource),
        ("HTTPS://host/replays", HttpSource),
    ],
    ids=["path", "file", "storage", "http", "https"],
)
def test_the_settings_name_a_source(named: str, kind: type, tmp_path: Path) -> None:
    assert type(chosen(settings(tmp_path, replays=named), RawReplays(str(tmp_path)))) is kind


def test_another_place_is_asked_instead_and_is_told_no_secret_of_the_settings(tmp_path: Path) -> None:
    async def answer(asked: Asked) -> None:
        await asked.send(whole())

    async def ask() -> list[str | None]:
        async with answering(answer) as own, answering(answer) as other:
            given = settings(tmp_path, replays=own.url, replay_authorization=SecretStr("Bearer hush"))
            for place in (None, own.url, other.url):
                source = chosen(given, RawReplays(str(tmp_path)), place)
                assert await source.fetch(LINK) == REPLAY
            return [asked.headers.get("authorization") for asked in (*own.asked, *other.asked)]

    assert asyncio.run(ask()) == ["Bearer hush", "Bearer hush", None]


def test_what_nothing_opens_is_refused_by_its_variable(tmp_path: Path) -> None:
    for named in ("nosuch://bucket", "http://user:secret@host/"):
        with pytest.raises(InputError, match=r"^GAMEFACTORY_REPLAYS: ") as raised:
            chosen(settings(tmp_path, replays=named), RawReplays(str(tmp_path)))
        assert "secret" not in str(raised.value)
        with pytest.raises(InputError, match=r"^place: ") as raised:
            chosen(settings(tmp_path), RawReplays(str(tmp_path)), named)
        assert "secret" not in str(raised.value)
    hidden = settings(tmp_path, replays="http://host/?key=hush", replay_authorization="Bearer hush")
    assert "hush" not in repr(hidden)
