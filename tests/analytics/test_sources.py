"""Names of event files are what they are: on this machine to the letter, else a URL that something opens."""

import json
import os
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from gamefactory_dagster.analytics.files import event_files
from gamefactory_dagster.analytics.sources import located, readable, source, storable
from gamefactory_dagster.cli import app
from gamefactory_dagster.errors import InputError

ODD = (
    "shard::1.ndjson",
    "::x.ndjson",
    "simplecache::a.ndjson",
    "memory:a.ndjson",
    "data:,b.ndjson",
    "a b%20.ndjson",
)


@pytest.mark.parametrize("name", ODD)
def test_a_name_on_this_machine_is_taken_to_the_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(b"here")
    for written in (name, str(tmp_path / name), f"file://{tmp_path / name}"):
        with source(written).open("rb") as stream:
            assert stream.read() == b"here", written
    filesystem, path = located(f"file://{tmp_path / name}")
    assert filesystem.info(path)["size"] == 4
    assert [one.name for one in event_files(source("."))] == [name]


def test_a_folder_named_like_a_url_is_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "http:").mkdir()
    (tmp_path / "http:" / "x.ndjson").write_bytes(b"here")
    monkeypatch.chdir(tmp_path)
    assert source("http://x.ndjson") == Path("http:/x.ndjson")


def test_a_url_is_opened_where_it_says() -> None:
    path = source("memory://sources/a.ndjson")
    path.parent.mkdir()
    path.write_bytes(b"there")
    filesystem, there = located("memory://sources/a.ndjson")
    assert filesystem.cat_file(there) == b"there"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:9/x.ndjson", 'first pip install "fsspec[http]"'),
        ("s3://bucket/x.ndjson", 'first pip install "fsspec[s3]"'),
        ("abfs://box/x.ndjson", 'first pip install "fsspec[abfs]"'),
        ("foo://x.ndjson", "of a kind that is known"),
    ],
)
def test_a_url_that_nothing_opens_says_what_to_install(
    url: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in ("aiohttp", "s3fs", "adlfs"):
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(InputError, match="WHERE: ") as refusal:
        source(url, "WHERE")
    assert said in str(refusal.value).replace("\\", "")
    assert "\n" not in str(refusal.value)


def test_bytes_that_are_no_text_can_be_read_and_not_stored() -> None:
    name = b"bad\xff.ndjson".decode(errors="surrogateescape")
    assert readable(name) == r"bad\xff.ndjson"
    assert not storable(name)
    assert not storable("a\0b")
    assert storable("größe::1 \u20ac.ndjson")


def test_a_folder_is_imported_whatever_its_files_are_called(
    engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gamefactory_dagster.database.migrations.ready_engine", lambda _settings: engine)
    for name in (b"bad\xff.ndjson", b"shard::1.ndjson", b"::x.ndjson"):
        Path(tmp_path, os.fsdecode(name)).write_bytes(b'{"a": %d}\n' % len(name))
    done = CliRunner().invoke(app, ["events", "import", str(tmp_path), "--json"], catch_exceptions=False)
    assert json.loads(done.stdout)["quarantined"] == 3
    with engine.connect() as connection:
        sources = connection.execute(sa.text("SELECT source FROM quarantined_events")).scalars().all()
    assert {one.rpartition("/")[2] for one in sources} == {r"bad\xff.ndjson", "shard::1.ndjson", "::x.ndjson"}
