"""The embedded server's life: every test has a server of its own and breaks it."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path

import psutil
import psycopg
import pytest
from filelock import FileLock

from gamefactory_dagster.database import address, cluster, databases, processes, server
from gamefactory_dagster.settings import CHECKOUT, Settings

pytestmark = pytest.mark.faults

ENSURE = (
    "from gamefactory_dagster.database import server; from gamefactory_dagster.settings import get_settings; "
)
ENSURE += "server.ensure(get_settings())"


def in_another_process(settings: Settings, code: str = ENSURE) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "GAMEFACTORY_HOME": str(settings.home), "DATABASE_URL": ""}
    return subprocess.Popen([sys.executable, "-c", code], env=environment, cwd=CHECKOUT)


def write(settings: Settings, value: int) -> None:
    with databases.connect(address.url(settings)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (value int)")
        connection.execute("INSERT INTO kept VALUES (%s)", [value])


def read(settings: Settings) -> list[int]:
    with databases.connect(address.url(settings)) as connection:
        return [value for (value,) in connection.execute("SELECT value FROM kept ORDER BY 1")]


def pid_file(settings: Settings) -> Path:
    return address.server_folder(settings) / "data" / "postmaster.pid"


def kill(settings: Settings) -> None:
    """kill -9 the postmaster; its children notice by themselves."""
    os.kill(processes.postmaster(settings) or 0, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while processes.postmaster(settings) and time.monotonic() < deadline:
        time.sleep(0.02)


def test_two_commands_at_once_share_one_server(own: Settings) -> None:
    commands = [in_another_process(own) for _ in range(3)]
    assert [command.wait(120) for command in commands] == [0, 0, 0]
    status = server.status(own)
    assert status.running
    assert status.pid == int(pid_file(own).read_text().split()[0])
    assert databases.missing(own) == []


def test_it_survives_the_command_that_started_it_and_its_terminal(own: Settings) -> None:
    command = in_another_process(own)
    assert command.wait(120) == 0
    pid = processes.postmaster(own)
    assert pid is not None
    assert os.getsid(pid) not in {os.getsid(0), command.pid}
    assert server.start(own) is False


def test_what_was_committed_survives_a_stop(made: Settings) -> None:
    server.ensure(made)
    write(made, 1)
    assert server.stop(made) is True
    assert server.status(made).running is False
    assert server.stop(made) is False
    server.ensure(made)
    assert read(made) == [1]


def test_a_killed_server_recovers_with_what_was_committed(made: Settings) -> None:
    server.ensure(made)
    write(made, 1)
    kill(made)
    assert pid_file(made).exists()
    server.ensure(made)
    assert read(made) == [1]


def test_children_that_outlive_the_postmaster_are_ended_first(made: Settings) -> None:
    server.ensure(made)
    write(made, 1)
    with psycopg.connect(**connect_arguments(made)) as connection:
        child = psutil.Process(connection.info.backend_pid)
        child.suspend()  # a child that does not notice that its postmaster is gone
        kill(made)
        assert child.is_running()
        server.ensure(made)
        assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
    assert read(made) == [1]


def connect_arguments(settings: Settings) -> dict[str, str]:
    url = address.url(settings)
    return {
        "host": str(address.socket_folder(settings)),
        "user": str(url.username),
        "dbname": str(url.database),
    }


@pytest.mark.parametrize("left", ["reused", "own", "half", "empty"])
def test_a_stale_pid_file_is_not_believed(made: Settings, left: str) -> None:
    server.ensure(made)
    write(made, 1)
    whole = pid_file(made).read_text()
    kill(made)
    other = subprocess.Popen(["sleep", "60"])
    lines = whole.splitlines()
    text = {
        "reused": "\n".join([str(other.pid), *lines[1:]]) + "\n",
        "own": "\n".join([str(os.getpid()), *lines[1:]]) + "\n",
        "half": lines[0][:2],
        "empty": "",
    }[left]
    pid_file(made).write_text(text)
    (address.socket_folder(made) / ".s.PGSQL.5432.lock").write_text(f"{other.pid}\n{lines[1]}\n")
    server.ensure(made)
    assert other.poll() is None
    other.kill()
    other.wait()
    assert read(made) == [1]


def test_a_lock_whose_holder_was_killed_holds_nobody_up(made: Settings) -> None:
    code = "import sys, time; from filelock import FileLock; FileLock(sys.argv[1]).acquire(); "
    code += "print('held', flush=True); time.sleep(60)"
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(made.home / "postgres.lock")], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    holder.kill()
    holder.wait()
    holder.stdout.close()
    server.ensure(made)
    assert server.status(made).running


def test_a_running_server_is_used_without_the_lock(made: Settings) -> None:
    server.ensure(made)
    with FileLock(made.home / "postgres.lock"):
        assert in_another_process(made).wait(20) == 0


def test_an_interrupted_initdb_is_done_again(own: Settings) -> None:
    half = address.server_folder(own) / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server.ensure(own)
    assert server.status(own).running


def test_a_home_too_deep_for_a_socket_works(own: Settings) -> None:
    deep = Settings(home=own.home / ("d" * 60) / ("e, 'f" * 10), database_url=None)
    server.ensure(deep)
    try:
        assert address.socket_folder(deep).parent == Path("/tmp")
        assert server.status(deep).running
    finally:
        server.stop(deep)
        shutil.rmtree(address.socket_folder(deep))


def test_a_home_with_what_a_shell_would_expand_works(own: Settings) -> None:
    odd = Settings(home=own.home / """do$lar `q` "r" \\s 't' $(u)""", database_url=None)
    server.ensure(odd)
    try:
        assert server.status(odd).running
        assert server.status(odd).pid is not None
    finally:
        assert server.stop(odd)
        shutil.rmtree(address.socket_folder(odd))


def test_it_is_set_up_for_a_laptop_and_closed_to_others(own: Settings) -> None:
    server.ensure(own)
    with databases.connect(address.url(own)) as connection:
        found = dict(
            connection.execute(
                "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)",
                [["max_connections", "jit", "fsync", "listen_addresses", "synchronous_commit", "TimeZone",
                  "recovery_init_sync_method"]],
            ).fetchall()
        )  # fmt: skip
    assert found["recovery_init_sync_method"] == ("syncfs" if sys.platform == "linux" else "fsync")
    assert int(found["max_connections"]) >= 100
    assert found["jit"] == "off"
    assert found["fsync"] == found["synchronous_commit"] == "on"
    assert found["listen_addresses"] == ""
    assert found["TimeZone"] == "UTC"
    assert address.server_folder(own).stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become another user")
def test_an_ordinary_user_has_a_server_of_his_own(own: Settings) -> None:
    databases.wanted(own), cluster.binaries()  # loads what the other user may not be allowed to read
    user = pwd.getpwnam("nobody")
    os.chown(own.home, user.pw_uid, user.pw_gid)
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
        os.chdir(own.home)
        try:
            server.ensure(own)
            owner = psutil.Process(processes.postmaster(own)).uids().real
            right = owner == user.pw_uid and server.stop(own)
        except Exception:
            traceback.print_exc()
            right = False
        os._exit(0 if right else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_the_log_tells_why_it_does_not_start(made: Settings) -> None:
    server.ensure(made)
    server.stop(made)
    (address.server_folder(made) / "data" / "postgresql.auto.conf").write_text("shared_buffers = 'much'\n")
    with pytest.raises(server.PermanentError, match="shared_buffers"):
        server.ensure(made)
    assert "shared_buffers" in cluster.log_tail(made)
