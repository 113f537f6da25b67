"""``gamefactory dev``: what keeps it from starting is one sentence, and Ctrl-C ends it at any time."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import httpx
import psutil
import pytest
from pydantic import SecretStr

from gamefactory_dagster.arcade.serve import take_port
from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.home import FACTORY, running
from gamefactory_dagster.launching.children import AVAILABLE
from gamefactory_dagster.local import dev, processes
from gamefactory_dagster.local.kept import Child, Kept, stop
from gamefactory_dagster.local.processes import claimed, makers, who_runs
from tests.live import gone, kill_tree, wait_for

PATIENT = ["http.server", "--bind", "127.0.0.1", "0"]
"""A process that goes on until it is stopped."""


@pytest.fixture
def stand_ins(monkeypatch: pytest.MonkeyPatch):
    """Processes that start at once, in place of Dagster's and the arcade."""
    monkeypatch.setattr(dev, "makers", lambda settings: [("daemon", PATIENT)])
    monkeypatch.setattr(dev, "ARCADE", ("arcade", PATIENT))
    monkeypatch.setattr(dev, "webserver", lambda settings: ("webserver", PATIENT))
    kept = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGHUP)}
    yield monkeypatch
    for name, handler in kept.items():
        signal.signal(name, handler)


@pytest.fixture
def ports(settings):
    """The settings with ports of which none is taken."""
    return settings.model_copy(update={"ui_port": 0, "arcade_port": 0})


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_ctrl_c_stops_everything_and_is_no_failure(ports, stand_ins, capsys) -> None:
    seen: list[psutil.Process] = []

    def look(seconds: float) -> None:
        seen.extend(one for one in psutil.Process().children() if "http.server" in one.cmdline())
        found = running(ports.home, FACTORY)
        assert found is not None
        assert (found.command, found.pid) == ("gamefactory dev", os.getpid())
        raise KeyboardInterrupt

    stand_ins.setattr(dev, "time", SimpleNamespace(sleep=look))
    dev.run_all(ports)
    assert len(seen) == 3
    assert psutil.wait_procs(seen, timeout=10)[1] == []
    told = capsys.readouterr().out
    assert re.search(r"Dagster UI  http://127\.0\.0\.1:[1-9]", told)
    assert re.search(r"Arcade      http://127\.0\.0\.1:[1-9]", told)
    assert "Stopping" in told
    assert running(ports.home, FACTORY) is None


def test_ctrl_c_before_it_runs_is_no_failure_either(ports, stand_ins, capsys) -> None:
    stand_ins.setattr(processes, "prepare", interrupted)
    try:
        dev.run_all(ports)
    except KeyboardInterrupt:  # which would end the tests
        pytest.fail("it was not caught")
    assert "Stopped before" in capsys.readouterr().out


def test_a_process_that_cannot_live_ends_the_others(ports, stand_ins) -> None:
    stand_ins.setattr(dev, "makers", lambda settings: [("daemon", ["nothing"])])
    children: list[Child] = []
    look_after = dev.look_after

    def look(settings, found) -> None:
        children.extend(each.child for each in found if isinstance(each, Kept))
        look_after(settings, found)

    stand_ins.setattr(dev, "look_after", look)
    with pytest.raises(Exception, match=r"the daemon stopped with code 1; .*daemon\.log"):
        dev.run_all(ports)
    assert not any(psutil.pid_exists(child.pid) for child in children)


def test_warm_workers_and_browsers_can_be_done_without(settings, tmp_path) -> None:
    def names(**changed: object) -> list[str]:
        return [name for name, _ in makers(settings.model_copy(update=changed))]

    browser = {"browser_checks": True, "chromium_path": tmp_path}
    some = {"run_broker": SecretStr("redis://localhost:6379/0"), **browser}
    if not AVAILABLE:
        assert names(**browser) == names(**browser, warm_workers=False) == names(**some) == ["daemon"]
        return
    assert names(**browser) == ["code_server", "workers", "browsers", "daemon"]
    assert names(**browser, warm_workers=False) == ["code_server", "browsers", "daemon"]
    assert names(browser_checks=False, warm_workers=False) == ["code_server", "daemon"]
    assert names(**some) == ["code_server", "daemon"]


@pytest.mark.parametrize("field", ["ui_port", "arcade_port"])
def test_a_port_that_is_taken_is_said_before_anything_starts(ports, stand_ins, field: str) -> None:
    stand_ins.setattr(processes, "prepare", interrupted)
    with take_port("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        wanted = rf"cannot listen on 127\.0\.0\.1:{port}: .*set GAMEFACTORY_{field.upper()} to another"
        with pytest.raises(PermanentError, match=wanted):
            dev.run_all(ports.model_copy(update={field: port}))


def test_a_second_one_is_told_who_runs(ports, stand_ins) -> None:
    stand_ins.setattr(processes, "prepare", interrupted)
    with claimed(ports, "gamefactory dev") as ours:
        assert ours
        with pytest.raises(
            PermanentError, match=rf"\(gamefactory dev, process {os.getpid()}\); stop it first"
        ):
            dev.run_all(ports)
        assert running(ports.home, FACTORY) is not None
    assert "another command" in who_runs(ports)


def test_a_home_or_a_host_that_cannot_be_is_said(ports, stand_ins, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="GAMEFACTORY_HOME"):
        dev.run_all(ports.model_copy(update={"home": tmp_path / "file"}))
    with pytest.raises(InputError, match="loopback"):
        dev.run_all(ports.model_copy(update={"arcade_host": "0.0.0.0"}))


DEAF = """
import signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
below = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
print(below.pid, flush=True)
time.sleep(300)
"""


def test_a_second_ctrl_c_ends_what_does_not_stop(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "deaf.py").write_text(DEAF)
    children = [Child(name, ["deaf"], {"PYTHONPATH": str(tmp_path)}, tmp_path) for name in ("a", "b")]
    below = [
        int(wait_for("a child's child", 30, lambda log=child.log: log.read_text().strip()))
        for child in children
    ]
    started = time.monotonic()
    monkeypatch.setattr(Child, "wait", interrupted)
    stop(children)
    assert time.monotonic() - started < 10
    assert not any(psutil.pid_exists(child.pid) for child in children)
    for pid in below:
        wait_for("the end of a child's child", 10, lambda pid=pid: gone(pid))


@pytest.mark.daemon
@pytest.mark.slow
def test_the_whole_of_it(settings, tmp_path: Path) -> None:
    with take_port("127.0.0.1", 0) as one, take_port("127.0.0.1", 0) as two:
        ui_port, arcade_port = one.getsockname()[1], two.getsockname()[1]
    ui, arcade = f"http://127.0.0.1:{ui_port}", f"http://127.0.0.1:{arcade_port}"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DAGSTER_")},
        "DATABASE_URL": settings.database_url,
        "GAMEFACTORY_HOME": str(settings.home),
        "GAMEFACTORY_DAGSTER_DATABASE": settings.dagster_database,
        "GAMEFACTORY_UI_PORT": str(ui_port),
        "GAMEFACTORY_ARCADE_PORT": str(arcade_port),
    }
    command = [sys.executable, "-m", "gamefactory_dagster.cli"]

    def answers(url: str) -> bool:
        assert process.poll() is None, (tmp_path / "out").read_text()
        try:
            return httpx.get(url, timeout=5).is_success
        except httpx.TransportError:
            return False

    with (tmp_path / "out").open("wb") as out:
        process = subprocess.Popen(
            [*command, "dev"],
            env=environment,
            stdout=out,
            stderr=out,
            # whoever runs the tests in the background ignores it, and that is inherited
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        )
    try:
        wait_for("the arcade", 120, lambda: answers(f"{arcade}/healthz"))
        wait_for("the UI", 120, lambda: answers(f"{ui}/server_info"))
        for url in (ui, arcade):
            assert httpx.get(url, headers={"Host": "evil.example"}).status_code == 421
        query = {"query": "{ workspaceOrError { ... on Workspace { locationEntries { name } } } }"}
        refused = httpx.post(f"{ui}/graphql", json=query, headers={"Origin": arcade})
        assert refused.status_code == 403
        wait_for("our code", 120, lambda: "gamefactory" in httpx.post(f"{ui}/graphql", json=query).text)
        again = subprocess.run(
            [*command, "dev"], env=environment, capture_output=True, text=True, check=False
        )
        assert (again.returncode, again.stdout) == (1, "")
        assert re.fullmatch(
            rf"Error: a factory is running in .* \(gamefactory dev, process {process.pid}\); stop it .*\n",
            again.stderr,
        )
        assert json.loads((settings.home / "running" / "arcade.json").read_text())["url"] == arcade
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=120) == 0
        assert "Traceback" not in (tmp_path / "out").read_text()
    finally:
        kill_tree(process.pid)
