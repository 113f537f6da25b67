"""A Redis server of a test's own, as Debian's ``redis-server`` is one."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis, RedisError

from .live import free_port, wait_for

PASSWORD = "a-secret"

needs_redis = pytest.mark.skipif(shutil.which("redis-server") is None, reason="no redis-server here")


class Server:
    """One that may be stopped and started again; it keeps nothing. ``url`` has its password."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._host, self._port = host, free_port()
        self.url = f"redis://:{PASSWORD}@{host}:{self._port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = {"port": self._port, "bind": self._host, "requirepass": PASSWORD, "save": ""}
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        self._process = subprocess.Popen(["redis-server", *words], stdout=subprocess.DEVNULL, cwd=Path("/"))
        wait_for("redis-server", 10, self.answers)

    def stop(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def answers(self) -> bool:
        with Redis.from_url(self.url) as client:
            try:
                return bool(client.ping())
            except RedisError:
                return False


@contextmanager
def redis_server(host: str = "127.0.0.1") -> Iterator[Server]:
    """Have one during the block."""
    server = Server(host)
    server.start()
    try:
        yield server
    finally:
        server.stop()
