"""Machines of a site, for which network namespaces of this one stand, and what a site has of its own.

What belongs here: links that may be cut, and a PostgreSQL 15 of Debian's that listens on the site's network.
What does not: the factory.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from gamefactory_dagster.database import roles

from .live import kill_tree

PROGRAMS = Path("/usr/lib/postgresql/15/bin")

PASSWORD = "p@ss/w%rd #1"
"""Of the role that works there; it needs escaping."""

LACKING = [
    *(["root"] if os.geteuid() else []),
    *(name for name in ("ip", "redis-server", "runuser") if shutil.which(name) is None),
    *([] if (PROGRAMS / "initdb").exists() else ["Debian's postgresql-15"]),
]

needs_machines = pytest.mark.skipif(bool(LACKING), reason=f"machines in namespaces need {', '.join(LACKING)}")


def ip(*words: str) -> None:
    """One command of iproute2."""
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


class Site:
    """A network, ``address`` on it, and machines that reach one another by it and by nothing else."""

    def __init__(self) -> None:
        number = os.getpid() % 10_000
        self._bridge = f"gfb{number}"
        self._net = f"10.77.{number % 250}"
        self._prefix = f"gf{number}"
        self._machines: list[str] = []
        self.address = f"{self._net}.1"

    def __enter__(self) -> "Site":
        ip("link", "add", self._bridge, "type", "bridge")
        ip("addr", "add", f"{self.address}/24", "dev", self._bridge)
        ip("link", "set", self._bridge, "up")
        return self

    def __exit__(self, *_: object) -> None:
        for machine in self._machines:
            ip("netns", "del", self._namespace(machine))
        ip("link", "del", self._bridge)

    def add(self, machine: str) -> None:
        """Have another machine, with a name of one letter."""
        space, link = self._namespace(machine), self._link(machine)
        ip("netns", "add", space)
        self._machines.append(machine)
        ip("link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", space)
        self.mend(machine)
        ip("link", "set", link, "up")
        ip("-n", space, "addr", "add", f"{self._net}.{10 + len(self._machines)}/24", "dev", "eth0")
        for name in ("eth0", "lo"):
            ip("-n", space, "link", "set", name, "up")

    def cut(self, machine: str) -> None:
        """Have nothing reach a machine or come from it; it is not told."""
        ip("link", "set", self._link(machine), "nomaster")

    def mend(self, machine: str) -> None:
        """Have its link whole again."""
        ip("link", "set", self._link(machine), "master", self._bridge)

    @contextmanager
    def running(
        self, machine: str, command: Sequence[str], environment: Mapping[str, str], log: Path
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A command on a machine during the block, with all it started gone afterwards."""
        with log.open("ab") as output:
            process = subprocess.Popen(
                ["ip", "netns", "exec", self._namespace(machine), *command],
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        try:
            yield process
        finally:
            kill_tree(process.pid)
            process.wait()

    def _namespace(self, machine: str) -> str:
        return f"{self._prefix}{machine}"

    def _link(self, machine: str) -> str:
        return f"{self._prefix}v{machine}"


def free_port_on(address: str) -> int:
    """A port nobody listens on there."""
    with socket.socket() as taken:
        taken.bind((address, 0))
        return int(taken.getsockname()[1])


def _as_postgres(*words: str) -> None:
    """PostgreSQL refuses to run as root; the package made this user."""
    subprocess.run(
        ["runuser", "-u", "postgres", "--", *words], check=True, cwd="/", stdout=subprocess.DEVNULL
    )


@contextmanager
def postgresql_15(address: str) -> Iterator[str]:
    """A server on that address during the block; the URL of a database for a role that may make databases."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="gamefactory-site-"))
        stack.callback(shutil.rmtree, folder)
        shutil.chown(folder, "postgres")
        data, port = folder / "data", free_port_on(address)
        words = ["--locale=C.UTF-8", "--encoding=UTF8", "--no-sync", "--auth-local=trust", "-U", "postgres"]
        _as_postgres(str(PROGRAMS / "initdb"), "-D", str(data), *words)
        with (data / "pg_hba.conf").open("a") as rules:
            rules.write("host all all samenet scram-sha-256\n")
        options = f"-p {port} -k {folder} -c listen_addresses={address} -c fsync=off -c max_connections=200"
        control = [str(PROGRAMS / "pg_ctl"), "-D", str(data), "-s", "-w"]
        _as_postgres(*control, "-l", str(folder / "log"), "-o", options, "start")
        stack.callback(_as_postgres, *control, "-m", "immediate", "stop")
        with psycopg.connect(host=str(folder), port=port, user="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE ROLE factory LOGIN CREATEDB PASSWORD '{PASSWORD}'")
            roles.introduce_to(connection, "factory")
        yield f"postgresql://factory:{quote(PASSWORD, safe='')}@{address}:{port}/gamefactory"
