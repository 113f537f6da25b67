"""The parent of the workers with everything there is imported."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from gamefactory_dagster.launching import children
from gamefactory_dagster.local.processes import ONE_THREAD
from tests.live import wait_for

from .test_parent import answers, sockets

pytestmark = pytest.mark.skipif(not children.AVAILABLE, reason="warm workers are for Linux")


def test_the_parent_has_one_thread_and_no_connection_when_it_forks(tmp_path: Path) -> None:
    """A thread or a connection would be broken in its children."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gamefactory_dagster.launching"],
        env={
            **os.environ,
            **ONE_THREAD,
            "GAMEFACTORY_HOME": str(tmp_path),
            "DAGSTER_HOME": str(tmp_path / "none"),
        },
        stdin=subprocess.DEVNULL,
    )
    try:
        wait_for("the parent", 60, lambda: answers(tmp_path))
        assert process.poll() is None
        here = psutil.Process(process.pid)
        assert "gamefactory_dagster.launching" in here.cmdline()
        assert here.num_threads() == 1
        assert here.net_connections(kind="inet") == []
        wait_for("the end of the last question", 10, lambda: sockets(here.pid) == 1)
        assert any("/numpy/" in one.path for one in here.memory_maps()), "what steps use is imported"
    finally:
        process.kill()
        process.wait()
