"""Files under a URL: whole, by name, and whatever goes wrong is said in words that tell what to set."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gamefactory_dagster.errors import InputError, PermanentError, TransientError
from gamefactory_dagster.studio.tools import storage as module
from gamefactory_dagster.studio.tools.storage import Storage
from tests import s3

FIELD = "GAMEFACTORY_ARTIFACT_URL"


@pytest.fixture
def storage(storage_url: str) -> Storage:
    return Storage(storage_url, FIELD)


@pytest.fixture
def stranger(s3_server: s3.S3, monkeypatch: pytest.MonkeyPatch) -> Storage:
    """A place whose credentials a test then spoils."""
    return Storage(s3.new_place(s3_server, monkeypatch), FIELD)


def test_what_is_put_is_got_replaced_listed_and_removed(storage: Storage) -> None:
    assert (storage.get("a"), storage.size("a"), storage.sizes("")) == (None, None, {})
    storage.put("a", b"1")
    storage.put("b/c/d.bin", b"\x00" * 5)
    storage.put("b/e", b"")
    storage.put("a", b"22")
    assert (storage.get("a"), storage.get("b/e"), storage.size("b/e")) == (b"22", b"", 0)
    assert storage.sizes("") == {"a": 2, "b/c/d.bin": 5, "b/e": 0}
    assert storage.sizes("b") == {"c/d.bin": 5, "e": 0}
    assert (storage.size("b"), storage.sizes("nowhere")) == (None, {})
    for _ in range(2):
        storage.remove("a")
    assert storage.sizes("") == {"b/c/d.bin": 5, "b/e": 0}


def test_another_sees_what_was_written_after_it_has_looked(storage: Storage) -> None:
    other = Storage(storage.url, FIELD)
    assert (other.sizes(""), other.get("a"), other.size("a")) == ({}, None, None)
    storage.put("a", b"1")
    assert (other.sizes(""), other.get("a"), other.size("a")) == ({"a": 1}, b"1", 1)


def test_a_folder_of_this_machine_is_known_as_one(storage: Storage, tmp_path: Path) -> None:
    assert storage.folder == (tmp_path / "storage" if storage.url.startswith("file:") else None)


@pytest.mark.parametrize("url", ["nothing://x/y", "s4://bucket"])
def test_a_url_that_nothing_opens_is_refused_by_its_variable(url: str) -> None:
    with pytest.raises(InputError, match=rf"^{FIELD}: '{url}' is not accepted; expected a URL that can be"):
        Storage(url, FIELD).put("a", b"1")


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.delitem(sys.modules["fsspec.registry"]._registry, "s3", raising=False)
    with pytest.raises(InputError, match=r"first pip install 'gamefactory-dagster\[s3\]'"):
        Storage("s3://bucket", FIELD).get("a")


def test_a_folder_that_may_not_be_written_to_is_named(tmp_path: Path, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("no entry")

    monkeypatch.setattr(module, "write_whole", refuse)
    with pytest.raises(PermanentError, match=rf"^{FIELD}: file:.* does not let us in \(no entry\); its user"):
        Storage(tmp_path.as_uri(), FIELD).put("a", b"1")


def test_a_full_disk_may_pass(tmp_path: Path, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "write_whole", refuse)
    with pytest.raises(TransientError, match="No space left on device"):
        Storage(tmp_path.as_uri(), FIELD).put("a", b"1")


@pytest.mark.s3
@pytest.mark.parametrize(
    "spoilt",
    [
        {"AWS_SECRET_ACCESS_KEY": "wrong-secret"},
        {"AWS_ACCESS_KEY_ID": "nobody"},
        {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None},
    ],
)
def test_wrong_credentials_say_what_to_set_and_not_what_they_are(stranger, spoilt, monkeypatch) -> None:
    import s3fs

    monkeypatch.setenv("HOME", "/nonexistent")
    for name, value in spoilt.items():
        monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name)
    s3fs.S3FileSystem.clear_instance_cache()
    for ask in (
        lambda: stranger.put("a", b"1"),
        lambda: stranger.get("a"),
        lambda: stranger.size("a"),
        lambda: stranger.sizes(""),
    ):
        with pytest.raises(
            PermanentError, match=rf"^{FIELD}: s3:.*set AWS_ACCESS_KEY_ID and AWS_SECRET"
        ) as error:
            ask()
        assert s3.SECRET not in str(error.value)
        assert "wrong-secret" not in str(error.value)
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.mark.s3
def test_a_bucket_that_is_not_there_is_no_missing_file(stranger: Storage) -> None:
    with pytest.raises(PermanentError, match=rf"^{FIELD}: s3://nowhere-at-all: .*bucket does not exist"):
        Storage("s3://nowhere-at-all", FIELD).get("a")


@pytest.mark.s3
def test_a_storage_that_is_not_there_is_away(stranger: Storage, monkeypatch) -> None:
    import s3fs

    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{s3.free_ports(1)[0]}")
    s3fs.S3FileSystem.clear_instance_cache()
    started = time.monotonic()
    with pytest.raises(TransientError, match="does not answer: Could not connect"):
        stranger.get("a")
    assert time.monotonic() - started < module.SECONDS
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.mark.s3
def test_a_storage_that_hangs_is_away_in_time(stranger: Storage, monkeypatch) -> None:
    """It takes the connection and says nothing, for as long as anybody waits."""
    import s3fs

    monkeypatch.setattr(module, "SECONDS", 2.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        s3fs.S3FileSystem.clear_instance_cache()
        for ask in (
            lambda: stranger.put("a", b"1"),
            lambda: stranger.get("a"),
            lambda: stranger.size("a"),
            lambda: stranger.sizes(""),
            lambda: stranger.remove("a"),
        ):
            started = time.monotonic()
            with pytest.raises(TransientError, match="does not answer"):
                ask()
            assert time.monotonic() - started < 6
    s3fs.S3FileSystem.clear_instance_cache()


FORKED = """
import os, sys
from gamefactory_dagster.studio.tools.storage import Storage
storage = Storage(sys.argv[1], "")
storage.put("before", b"1")
if (child := os.fork()) == 0:
    storage.put("after", storage.get("before") + b"2")
    os._exit(0)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.s3
def test_a_fork_of_a_process_that_used_it_uses_it_too(stranger: Storage) -> None:
    subprocess.run([sys.executable, "-c", FORKED, stranger.url], check=True, timeout=60)
    assert stranger.get("after") == b"12"
