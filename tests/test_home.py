"""The home: made or refused in words, and who runs in it is found as long as they run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.home import ARCADE, Running, announced, link_here, make_home, running

URL = "http://127.0.0.1:8080"


def test_a_home_is_made_once_and_again(tmp_path: Path) -> None:
    for _ in range(2):
        make_home(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


@pytest.mark.parametrize("where", ["file", "file/below", "dangling", "x" * 300])
def test_a_home_that_cannot_be_made_is_said(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "dangling").symlink_to(tmp_path / "none" / "at all")
    with pytest.raises(
        InputError, match=r"^GAMEFACTORY_HOME: '.* is not accepted; expected a folder that can"
    ):
        make_home(tmp_path / where)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_home_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="Permission denied"):
        make_home(tmp_path)


def test_a_home_that_cannot_be_written_is_said_to_root_too() -> None:
    with pytest.raises(InputError, match=r"^GAMEFACTORY_HOME: "):
        make_home(Path("/proc/self"))


def test_who_runs_is_found_until_it_has_ended(tmp_path: Path) -> None:
    assert running(tmp_path, ARCADE) is None
    with announced(tmp_path, ARCADE, "gamefactory arcade", URL):
        found = running(tmp_path, ARCADE)
        assert found is not None
        assert (found.command, found.pid, found.url) == ("gamefactory arcade", os.getpid(), URL)
        assert running(tmp_path, "factory") is None
    assert running(tmp_path, ARCADE) is None
    assert list((tmp_path / "running").iterdir()) == []


def test_the_last_of_two_is_found_and_leaves_nobody_else_s_word(tmp_path: Path) -> None:
    with announced(tmp_path, ARCADE, "one", URL):
        with announced(tmp_path, ARCADE, "two", URL):
            pass
        assert running(tmp_path, ARCADE) is None
        with announced(tmp_path, ARCADE, "two", URL):
            file = tmp_path / "running" / "arcade.json"
            file.write_text(file.read_text().replace("two", "three"))
        found = running(tmp_path, ARCADE)
        assert found is not None
        assert found.command == "three"


def write(home: Path, text: str) -> None:
    (home / "running").mkdir(exist_ok=True)
    (home / "running" / "arcade.json").write_text(text)


def test_a_process_that_died_is_not_found_nor_one_that_has_its_number(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    started = psutil.Process().create_time()
    for pid, start in ((dead.pid, started), (os.getpid(), started - 60)):
        write(tmp_path, json.dumps({"command": "x", "pid": pid, "started": start, "url": URL}))
        assert running(tmp_path, ARCADE) is None
    write(tmp_path, json.dumps({"command": "x", "pid": os.getpid(), "started": started, "url": URL}))
    assert running(tmp_path, ARCADE) == Running("x", os.getpid(), started, URL)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "7", '{"pid": 1}', '{"command": "x", "pid": "y", "started": 0}', "\0"]
)
def test_a_file_that_makes_no_sense_is_nobody(tmp_path: Path, text: str) -> None:
    write(tmp_path, text)
    assert running(tmp_path, ARCADE) is None


def test_links_are_those_of_the_arcade_that_runs(tmp_path: Path) -> None:
    published = "http://127.0.0.1:3001/games/reef-run/"
    assert link_here(tmp_path, published) == published
    with announced(tmp_path, ARCADE, "gamefactory arcade", URL):
        assert link_here(tmp_path, published) == f"{URL}/games/reef-run/"
        assert link_here(tmp_path, None) is None
        elsewhere = "https://store.example/app/reef-run"
        assert link_here(tmp_path, elsewhere) == elsewhere
