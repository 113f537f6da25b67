"""What the factory's processes are given, and how one that fails is told of or started again."""

import os
import shlex
import shutil
import signal
import tempfile
import time
from pathlib import Path

import pytest
import yaml

from gamefactory_dagster.database import address, databases, server
from gamefactory_dagster.database import processes as server_processes
from gamefactory_dagster.errors import PermanentError, TransientError
from gamefactory_dagster.local import kept as kept_module
from gamefactory_dagster.local import processes
from gamefactory_dagster.local.env import exports
from gamefactory_dagster.local.kept import Child, Kept
from gamefactory_dagster.local.processes import WORKSPACE, Server, prepare, running
from gamefactory_dagster.settings import Settings
from tests.live import wait_for


def test_processes_find_the_same_home_from_any_folder(database, monkeypatch) -> None:
    home = database.settings.home
    monkeypatch.chdir(home.parent)
    environment = prepare(database.settings.model_copy(update={"home": Path(home.name)}))
    assert environment["GAMEFACTORY_HOME"] == str(home)
    assert environment["DAGSTER_HOME"] == str(home / "dagster")
    assert (home / "dagster" / "dagster.yaml").is_file()


def test_a_shell_reads_what_env_prints(settings) -> None:
    lines = exports(settings)
    read = dict(word.split("=", 1) for line in lines for word in shlex.split(line.removeprefix("export ")))
    assert read == prepare(settings)


def test_what_a_dagster_yaml_of_ones_own_lacks_is_said_aside(settings, capsys) -> None:
    file = settings.dagster_home / "dagster.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("telemetry: {enabled: false}\n")
    exports(settings)
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"{file} is your own and stays as it is, but it should say storage.postgres (")


def test_the_workspace_is_a_file_that_names_our_definitions() -> None:
    [target] = yaml.safe_load(Path(WORKSPACE).read_text())["load_from"]
    assert target["python_module"]["module_name"] == "gamefactory_dagster.definitions"


def test_a_child_that_fails_is_quoted(tmp_path: Path) -> None:
    Child("good", ["this"], {}, tmp_path).finish()
    with pytest.raises(
        PermanentError, match=r"(?s)^bad failed with code 1; the end of .*No module named nothing"
    ):
        Child("bad", ["nothing"], {}, tmp_path).finish()


def test_a_child_that_was_killed_is_started_again_unless_it_cannot_live(tmp_path: Path, capsys) -> None:
    kept = Kept(lambda: Child("sleeper", ["http.server", "--bind", "127.0.0.1", "0"], {}, tmp_path))
    try:
        kept.check()
        for _ in range(kept_module.DEATHS - 1):
            dead = kept.child
            dead.kill()
            kept.check()
            assert kept.child.pid != dead.pid
            kept.child.check()
        assert capsys.readouterr().err.count("Died and started again: sleeper; ") == kept_module.DEATHS - 1
        kept.child.kill()
        with pytest.raises(TransientError, match="the sleeper stopped with code -9"):
            kept.check()
    finally:
        kept.child.kill()


def test_what_is_not_needed_may_fail_to_live(tmp_path: Path, capsys) -> None:
    kept = Kept(lambda: Child("luxury", ["nothing"], {}, tmp_path), needed=False)

    def given_up() -> bool:
        kept.check()
        return "Going on without: the luxury stopped with code 1" in capsys.readouterr().err

    wait_for("the end of patience", 60, given_up)
    kept.check()
    assert capsys.readouterr().err == ""


@pytest.mark.faults
def test_a_database_server_that_was_killed_is_started_again(capsys) -> None:
    home = Path(tempfile.mkdtemp(prefix="gf-"))
    settings = Settings(home=home, database_url=None)
    server.ensure(settings)
    try:
        watched = Server(settings)
        watched.check()
        first = server_processes.postmaster_process(settings)
        assert first is not None
        watched.check()
        assert (server_processes.postmaster(settings), capsys.readouterr().err) == (first.pid, "")

        os.kill(first.pid, signal.SIGKILL)
        killed = time.monotonic()
        while server_processes.postmaster(settings) in {first.pid, None}:
            assert time.monotonic() < killed + 10
            watched.check()

        databases.connect(address.url(settings)).close()
        assert capsys.readouterr().err == "The database server is gone; starting it again.\n"
        watched.check()
        assert capsys.readouterr().err == ""
    finally:
        server.stop(settings)
        shutil.rmtree(home)


def test_a_server_that_does_not_start_is_tried_again_later(monkeypatch, capsys, tmp_path) -> None:
    tries: list[Settings] = []

    def start(settings: Settings) -> None:
        tries.append(settings)
        raise PermanentError("the disk is full")

    monkeypatch.setattr(server, "start", start)
    watched = Server(Settings(home=tmp_path, database_url=None))
    watched.check()
    watched.check()
    assert len(tries) == 1
    assert "the disk is full\nTrying again in 10 s." in capsys.readouterr().err
    later = time.monotonic() + processes.RESTART_SECONDS + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    watched.check()
    assert len(tries) == 2


def test_a_server_of_somebody_elses_is_not_started(settings, capsys) -> None:
    with running(settings, "a test") as watched:
        assert [type(each) for each in watched] == [Server]
        for each in watched:
            each.check()
    assert capsys.readouterr().err == ""
