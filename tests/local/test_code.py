"""The server of the definitions: found in any home, and another takes its place without a gap."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from gamefactory_dagster.launching.children import AVAILABLE
from gamefactory_dagster.local.code import LONGEST, CodeServer, Place, place
from gamefactory_dagster.local.kept import Child
from tests.live import gone, wait_for

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="there is one only where there are warm workers")

STAND_IN = """
import os, sys, time
from pathlib import Path
from gamefactory_dagster.local.code import Place
if (Path(sys.argv[1]) / "broken").exists():
    sys.exit("the definitions cannot be loaded")
place = Place(Path(sys.argv[1]))
place.of(os.getpid()).touch()
place.take(place.of(os.getpid()))
time.sleep(300)
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CodeServer]:
    """One that begins at once; its code is the content of a file."""
    (tmp_path / "stand_in.py").write_text(STAND_IN)
    (tmp_path / "code").mkdir()
    made = CodeServer(
        lambda: Child(
            "code_server", ["stand_in", str(tmp_path / "code")], {"PYTHONPATH": str(tmp_path)}, tmp_path
        ),
        Place(tmp_path / "code"),
    )
    yield made
    for child in made.children:
        child.kill()


def serving(server: CodeServer, tmp_path: Path) -> int:
    """Its process, once it serves."""
    link = tmp_path / "code" / "code.sock"

    def found() -> int | None:
        server.check()
        name = f"code-{server.child.pid}.sock"
        return server.child.pid if link.is_symlink() and link.readlink().name == name else None

    return int(wait_for("a server", 60, found))


def test_another_takes_its_place_when_somebody_asks(server: CodeServer, tmp_path: Path) -> None:
    first = serving(server, tmp_path)
    Place(tmp_path / "code").ask()
    server.check()
    assert len(server.children) == 2
    assert server.child.pid == first, "it serves until the other does"
    second = int(
        wait_for("the other", 60, lambda: (server.check(), server.child.pid)[1] != first and server.child.pid)
    )
    assert second != first
    wait_for("the first one's end", 30, lambda: gone(first))
    server.check()
    assert [child.pid for child in server.children] == [second]


def test_where_the_other_cannot_begin_the_first_goes_on(server: CodeServer, tmp_path: Path, capsys) -> None:
    first = serving(server, tmp_path)
    (tmp_path / "code" / "broken").touch()
    Place(tmp_path / "code").ask()
    server.check()
    wait_for("the other's end", 60, lambda: (server.check(), len(server.children) == 1)[1])
    assert server.child.pid == first
    assert "could not be served anew" in capsys.readouterr().err


def test_one_that_was_killed_is_begun_again(server: CodeServer, tmp_path: Path) -> None:
    first = serving(server, tmp_path)
    server.child.kill()
    assert serving(server, tmp_path) != first


def test_what_was_left_by_killed_ones_is_removed(server: CodeServer, tmp_path: Path) -> None:
    (tmp_path / "code" / "code-1.sock").touch()
    Place(tmp_path / "code").clear()
    assert list((tmp_path / "code").glob("code*")) == []


def test_in_a_home_of_any_name_there_is_room_for_a_socket(tmp_path: Path) -> None:
    for name in ("short", "long" * 40):
        with place(tmp_path / name) as found, socket.socket(socket.AF_UNIX) as listening:
            assert len(os.fsencode(found.folder)) <= LONGEST or name == "short"
            listening.bind(str(found.of(os.getpid())))
            listening.listen()
            found.take(found.of(os.getpid()))
            assert (tmp_path / name / "running" / "code.sock").is_symlink()
            with socket.socket(socket.AF_UNIX) as asking:
                asking.connect(str(found.link))
            found.leave(found.of(os.getpid()))
            assert not found.link.is_symlink()
