"""Dagster's web server as the factory starts it, over no code and an empty instance of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from gamefactory_dagster.arcade.serve import take_port
from tests.live import kill_tree, wait_for


@contextmanager
def serving_ui(home: Path) -> Iterator[str]:
    """Its address. ``home``: a folder for Dagster's own; ``factory.example`` is one of its names."""
    (home / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    with take_port("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
    command = ["gamefactory_dagster.local.ui", "--empty-workspace", "-h", "127.0.0.1", "-p", str(port)]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env={**os.environ, "DAGSTER_HOME": str(home), "GAMEFACTORY_HOSTS": "factory.example"},
            stdout=log,
            stderr=log,
        )
    url = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        assert process.poll() is None, (home / "log").read_text()
        try:
            return httpx.get(f"{url}/server_info").is_success
        except httpx.TransportError:
            return False

    try:
        wait_for("the UI", 60, answers)
        yield url
    finally:
        kill_tree(process.pid)
        process.wait()
