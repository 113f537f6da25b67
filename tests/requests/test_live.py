"""A request through the daemon, past a worker that is killed: from the command to its game's address."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.live import wait_for

from . import trials

pytestmark = [pytest.mark.slow, pytest.mark.daemon, pytest.mark.faults]


def test_who_watches_gets_an_address_though_the_worker_is_killed(tmp_path: Path) -> None:
    with trials.trial(tmp_path) as trial:
        factory = trial.factory
        trial.start()
        command = [sys.executable, "-m", "gamefactory_dagster.cli", "request", trials.PROMPT, "--watch"]
        watching = subprocess.Popen(
            [*command, "--genre", "puzzle"], stdout=subprocess.PIPE, text=True, env=factory.environment
        )
        try:
            first = wait_for(
                "the request", 120, lambda: factory.rows("SELECT id FROM requests.jobs")
            )  # fmt: skip
            request = first[0].id
            wait_for("phase_3", trials.SECONDS, lambda: trial.status(request) in {"phase_3", "phase_4"})
            trial.kill("worker", request)
            said, _ = watching.communicate(timeout=trials.SECONDS)
        finally:
            watching.kill()
        assert watching.returncode == 0, said
        slug = factory.rows("SELECT slug FROM factory.games")[0].slug
        assert said.rstrip().endswith(f": http://{slug}.localhost:3001/")
        assert (factory.settings.published / slug / "index.html").is_file()
        trial.assert_once(request)
