"""The parent of the workers: what it answers, and who is left when somebody dies."""

import json
import os
import resource
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from gamefactory_dagster.errors import TransientError
from gamefactory_dagster.home import NobodyThereError, listen, socket_path
from gamefactory_dagster.launching import children, wire
from gamefactory_dagster.launching.wire import Answer, Verb
from tests.live import gone, kill, wait_for

pytestmark = pytest.mark.skipif(not children.AVAILABLE, reason="warm workers are for Linux")


@dataclass
class House:
    """A home with a parent of workers that play."""

    home: Path
    process: subprocess.Popen[bytes]

    def ask(self, verb: Verb, run_id: str) -> Answer:
        return wire.ask(self.home, verb, run_id)

    def ended(self, run_id: str) -> Answer:
        """How a run's worker has ended."""

        def look() -> Answer | None:
            answer = self.ask("look", run_id)
            return answer if answer.state == "ended" else None

        return wait_for(f"the end of {run_id}", 20, look)

    def told(self, run_id: str) -> list[Any]:
        """What a worker wrote: its id, whether it resumes, and the code it was made of."""

        def read() -> Any:
            file = self.home / run_id
            return json.loads(file.read_text() or "null") if file.exists() else None

        return wait_for(f"a word of {run_id}", 20, read)

    def told_of(self) -> list[str]:
        """Runs of which Dagster was told."""
        return [run_id for run_ids, _ in self.settled() for run_id in run_ids]

    def settled(self) -> list[list[Any]]:
        file = self.home / "settled"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


@contextmanager
def house(home: Path) -> Iterator[House]:
    home.mkdir(parents=True, exist_ok=True)
    (home / "code").write_text("old")
    process = subprocess.Popen([sys.executable, "-m", "tests.launching.toy", str(home)])
    made = House(home, process)
    try:
        wait_for("the parent", 30, lambda: answers(made.home))
        yield made
    finally:
        for child in psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []:
            kill(child.pid)
        process.kill()
        process.wait()


def answers(home: Path) -> bool:
    """Whether there is a parent, which knows nobody yet."""
    try:
        return wire.ask(home, "look", "nobody") == Answer("unknown")
    except NobodyThereError:
        return False


@pytest.fixture
def at_home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path / "home") as made:
        yield made


def sockets(pid: int) -> int:
    """How many a process has open, beside those it was started with."""
    files = (file for file in Path(f"/proc/{pid}/fd").iterdir() if int(file.name) > 2)
    return sum(str(file.readlink()).startswith("socket:") for file in files)


def test_a_run_has_a_worker_and_its_end_is_known(at_home: House) -> None:
    begun = at_home.ask("launch", "quick-1")
    assert begun.state in ("running", "ended")
    assert at_home.ended("quick-1") == Answer("ended", code=0)
    assert at_home.told("quick-1")[1:] == [False, "old"]
    at_home.ask("resume", "quick-2")
    assert at_home.told("quick-2")[1] is True
    assert at_home.ask("look", "another") == Answer("unknown")


def test_a_run_that_is_asked_for_twice_has_one_worker(at_home: House) -> None:
    first = at_home.ask("launch", "waits-1")
    assert first.state == "running"
    assert at_home.ask("launch", "waits-1") == first
    assert at_home.told("waits-1")[0] == first.pid


def test_dagster_is_told_of_workers_that_ended_badly_and_of_no_others(at_home: House) -> None:
    [[nobody, before]] = wait_for("the first settling", 20, at_home.settled)
    assert nobody == []
    assert before == pytest.approx(time.time(), abs=60)
    (at_home.home / "away").touch()
    for run_id, code in (("quick-1", 0), ("fails-1", 3), ("breaks-1", children.BROKEN)):
        at_home.ask("launch", run_id)
        assert at_home.ended(run_id).code == code
    killed = at_home.ask("launch", "waits-1")
    kill(killed.pid or 0)
    assert at_home.ended("waits-1").code == -signal.SIGKILL
    time.sleep(0.5)
    assert len(at_home.settled()) == 1
    (at_home.home / "away").unlink()

    def all_told() -> bool:
        told = at_home.told_of()
        assert "quick-1" not in told
        return sorted(told) == ["breaks-1", "fails-1", "waits-1"]

    wait_for("all to be told of", 20, all_told)
    assert [before for _, before in at_home.settled()[1:]] == [None] * (len(at_home.settled()) - 1)


def test_who_is_told_to_stop_stops_or_is_killed(at_home: House) -> None:
    at_home.ask("launch", "waits-1")
    assert at_home.ask("stop", "waits-1").state == "running"
    assert at_home.ended("waits-1").code == -signal.SIGTERM
    at_home.ask("launch", "deaf-1")
    wait_for("deaf ears", 20, (at_home.home / "deaf-1.deaf").exists)
    # asking again and again does not put it off
    wait_for("the end of deaf-1", 20, lambda: at_home.ask("stop", "deaf-1").state == "ended")
    assert at_home.ended("deaf-1").code == -signal.SIGKILL
    assert at_home.ask("stop", "unheard of") == Answer("unknown")
    wait_for("a word of it", 20, lambda: "unheard of" in at_home.told_of())


def test_dagster_is_told_of_who_had_to_stop_though_it_ended_well(at_home: House) -> None:
    at_home.ask("launch", "polite-1")
    wait_for("open ears", 20, (at_home.home / "polite-1.heard").exists)
    at_home.ask("stop", "polite-1")
    assert at_home.ended("polite-1").code == 0
    wait_for("a word of it", 20, lambda: "polite-1" in at_home.told_of())


@pytest.mark.parametrize("ears", ["waits", "deaf"])
def test_no_worker_outlives_its_parent(at_home: House, ears: str) -> None:
    pid = at_home.ask("launch", f"{ears}-1").pid
    assert pid is not None
    at_home.told(f"{ears}-1")
    if ears == "deaf":
        wait_for("deaf ears", 20, (at_home.home / "deaf-1.deaf").exists)
    at_home.process.kill()
    at_home.process.wait()
    with pytest.raises(NobodyThereError):
        wire.ask(at_home.home, "look", f"{ears}-1", seconds=0.3)  # no worker listens in its place
    wait_for("the worker's end", 20, lambda: gone(pid))


def test_a_worker_is_told_at_once_that_its_parent_is_gone(at_home: House) -> None:
    pid = at_home.ask("launch", "polite-1").pid
    wait_for("open ears", 20, (at_home.home / "polite-1.heard").exists)
    at_home.process.kill()
    wait_for("its last word", 20, (at_home.home / "polite-1.done").exists)
    wait_for("its end", 20, lambda: gone(pid or 0))


def test_who_lost_its_parent_before_it_could_follow_is_stopped() -> None:
    following = (
        "import signal\n"
        "from gamefactory_dagster.launching import children\n"
        "children.end_with(1, signal.SIGTERM)"
    )
    done = subprocess.run([sys.executable, "-c", following], check=False, timeout=60)
    assert done.returncode == -signal.SIGTERM


def test_it_ends_with_whoever_started_it(tmp_path: Path) -> None:
    (tmp_path / "code").write_text("old")
    starting = (
        "import subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-m', 'tests.launching.toy', {str(tmp_path)!r}])\n"
        "time.sleep(60)"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", starting])
    try:
        made = House(tmp_path, supervisor)
        wait_for("the parent", 30, lambda: answers(made.home))
        worker = made.ask("launch", "waits-1").pid
        [parent] = psutil.Process(supervisor.pid).children()
    finally:
        supervisor.kill()
        supervisor.wait()
    wait_for("the end of both", 20, lambda: gone(parent.pid) and gone(worker or 0))


def test_told_to_stop_it_takes_no_more_and_waits_for_the_last(at_home: House) -> None:
    pid = at_home.ask("launch", "waits-1").pid
    at_home.process.send_signal(signal.SIGINT)

    def refuses() -> bool:
        try:
            return at_home.ask("launch", "quick-1") is None
        except NobodyThereError:
            return True

    wait_for("no more work", 20, refuses)
    assert at_home.ask("look", "waits-1").state == "running"
    assert at_home.process.poll() is None
    kill(pid or 0)
    assert at_home.process.wait(20) == 0
    assert not (at_home.home / "running" / f"{wire.NAME}.sock").exists()


def test_told_to_stop_it_ends_with_the_last_though_nobody_asks(at_home: House) -> None:
    at_home.ask("launch", "naps-1")
    at_home.told("naps-1")
    at_home.process.send_signal(signal.SIGINT)
    assert at_home.process.wait(10) == 0


def test_changed_code_is_taken_in_and_nobody_is_forgotten(at_home: House) -> None:
    worker = at_home.ask("launch", "waits-1").pid
    at_home.ask("launch", "quick-1")
    at_home.ended("quick-1")
    (at_home.home / "code").write_text("new")
    at_home.ask("launch", "quick-2")
    assert at_home.told("quick-2")[2] == "new"
    assert at_home.ask("look", "waits-1") == Answer("running", worker)
    assert at_home.ask("look", "quick-1") == Answer("ended", code=0)
    (at_home.home / "code").write_text("broken")
    error = at_home.ask("launch", "quick-3").error
    assert error == "the definitions cannot be loaded: SyntaxError: no such thing"
    at_home.ask("stop", "waits-1")
    assert at_home.ended("waits-1").code == -signal.SIGTERM
    (at_home.home / "code").write_text("mended")
    assert at_home.ask("launch", "quick-3").error is None
    assert at_home.told("quick-3")[2] == "mended"
    assert at_home.process.poll() is None


def test_it_has_one_thread_and_nothing_open_that_a_fork_could_harm(at_home: House) -> None:
    at_home.ask("launch", "quick-1")
    at_home.ended("quick-1")
    here = psutil.Process(at_home.process.pid)
    assert here.num_threads() == 1
    wait_for("the end of the last question", 10, lambda: sockets(here.pid) == 1)


def test_who_asks_badly_is_left_alone(at_home: House) -> None:
    for said in (b"", b"nonsense\n", b'{"verb": "dance", "run_id": "x"}\n', b"x" * (wire.LINE_BYTES + 9)):
        with socket_path(at_home.home, wire.NAME) as path, socket.socket(socket.AF_UNIX) as asking:
            asking.connect(path)
            asking.settimeout(10)
            try:
                asking.sendall(said)
                asking.shutdown(socket.SHUT_WR)
                assert asking.recv(100) == b""
            except ConnectionError:
                pass
    assert at_home.ask("look", "nobody") == Answer("unknown")
    with socket_path(at_home.home, wire.NAME) as path, socket.socket(socket.AF_UNIX) as silent:
        silent.connect(path)
        assert at_home.ask("look", "nobody") == Answer("unknown"), "who says nothing keeps nobody"
    assert stat.S_IMODE((at_home.home / "running" / f"{wire.NAME}.sock").stat().st_mode) == 0o600


def test_a_line_without_end_is_not_read_to_its_end() -> None:
    here, there = socket.socketpair()
    with here, there:
        here.settimeout(10)
        there.sendall(b"x" * wire.LINE_BYTES)
        assert len(wire.read_line(here)) == wire.LINE_BYTES


def test_a_parent_that_says_nothing_is_waited_for_so_long(tmp_path: Path) -> None:
    with listen(tmp_path, wire.NAME), pytest.raises(TransientError, match="does not answer"):
        wire.ask(tmp_path, "look", "x", seconds=0.2)


def test_a_home_may_have_a_long_name(tmp_path: Path) -> None:
    with house(tmp_path / ("a" * 120)) as made:
        assert made.ask("launch", "quick-1").error is None
        assert made.ended("quick-1").code == 0


def test_where_nobody_is_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(NobodyThereError):
        wire.ask(tmp_path, "look", "x")
    (tmp_path / "running").mkdir()
    with pytest.raises(NobodyThereError):
        wire.ask(tmp_path, "look", "x")


def test_a_child_keeps_the_memory_it_frees_for_what_comes_next() -> None:
    """Of a big block page after page is new; of the second, in the first one's place, hardly any."""

    def task() -> int:
        faults = []
        for _ in range(2):
            before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
            _ = b"x" * (64 << 20)
            del _
            faults.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
        return 0 if faults[1] < faults[0] / 10 else 1

    assert code_of(task) == 0


def test_a_child_has_a_session_of_its_own_and_wakes_nobody_by_its_signals() -> None:
    """Ctrl-C is for its parent, which hears of signals by a pipe that the child was born with."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    before = signal.set_wakeup_fd(writer)
    try:
        assert code_of(lambda: 0 if os.getsid(0) == os.getpid() else 1) == 0
        assert code_of(lambda: 0 if signal.set_wakeup_fd(-1) == -1 else 1) == 0
    finally:
        signal.set_wakeup_fd(before)
        os.close(reader)
        os.close(writer)


def code_of(task: Callable[[], int]) -> int:
    """With which a child ends that has this to do."""
    line = children.lifeline()
    try:
        _, status = os.waitpid(children.fork(task, line), 0)
    finally:
        for end in line:
            os.close(end)
    return os.waitstatus_to_exitcode(status)
