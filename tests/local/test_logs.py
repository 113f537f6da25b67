"""Logs that are written all the time stay small, and what is written last is there."""

import subprocess
import sys
from pathlib import Path

import pytest

from gamefactory_dagster.local import logs
from gamefactory_dagster.local.kept import Child

TALKER = """
import sys
for number in range(20_000):
    print("line", number, flush=True)
    if number % 1000 == 0:
        sys.stdin.readline()
"""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(logs, "LOG_BYTES", 10_000)
    return 10_000


def test_a_small_log_stays_and_one_that_is_not_there_is_fine(tmp_path: Path, small: int) -> None:
    log = tmp_path / "a.log"
    logs.rotate(log)
    log.write_text("x" * small)
    logs.rotate(log)
    assert [path.name for path in tmp_path.iterdir()] == ["a.log"]


def test_a_large_log_begins_anew_and_three_older_ones_are_kept(tmp_path: Path, small: int) -> None:
    log = tmp_path / "a.log"
    for letter in "abcde":
        log.write_text(letter * (small + 1))
        logs.rotate(log)
    found = {path.name: path.read_text()[:1] for path in tmp_path.iterdir()}
    assert found == {"a.log": "", "a.log.1": "e", "a.log.2": "d", "a.log.3": "c"}


def test_without_room_for_a_copy_it_is_cut(tmp_path: Path, small: int, monkeypatch) -> None:
    def full(source: Path, target: Path) -> None:
        target.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(logs.shutil, "copyfile", full)
    log = tmp_path / "a.log"
    log.write_text("x" * (small + 1))
    logs.rotate(log)
    assert [(path.name, path.stat().st_size) for path in tmp_path.iterdir()] == [("a.log", 0)]


def test_a_process_goes_on_writing_where_its_log_begins_anew(tmp_path: Path, small: int) -> None:
    log = tmp_path / "a.log"
    with log.open("ab") as output:
        talker = subprocess.Popen(
            [sys.executable, "-c", TALKER], stdin=subprocess.PIPE, stdout=output, text=True
        )
    assert talker.stdin is not None
    with talker.stdin as ask:
        for _ in range(20):
            ask.write("\n")
            ask.flush()
            logs.rotate(log)
    assert talker.wait(timeout=30) == 0
    logs.rotate(log)
    kept = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert kept < 20_000 * len("line 12345\n")
    assert b"\0" not in log.read_bytes()
    lines = "".join(path.read_text() for path in sorted(tmp_path.iterdir(), reverse=True)).splitlines()
    assert lines[-1] == "line 19999"


def test_looking_after_a_child_keeps_its_log_small(tmp_path: Path, small: int) -> None:
    child = Child("quiet", ["http.server", "--help"], {}, tmp_path)
    child.finish()
    child.log.write_text("x" * (small + 1))
    with pytest.raises(Exception, match="stopped"):
        child.check()
    assert (tmp_path / "quiet.log.1").exists()
