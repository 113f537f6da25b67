"""Faults, tried many times: worker, code server, daemon, database killed with -9 in each phase of a request.

What belongs here: one trial, and as many as are wanted, on a factory of their own. One of the tests tries a
few; ``python -m tests.requests.trials --victim worker --times 20`` tries each phase so often.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import psutil

from gamefactory_dagster.database import processes, server
from gamefactory_dagster.database.tables.requests import PHASES
from gamefactory_dagster.errors import GameFactoryError, TransientError
from gamefactory_dagster.local.kept import Child
from gamefactory_dagster.requests.following import follow
from gamefactory_dagster.requests.queue import QueueManager
from tests.live import ONE_COMMIT_A_STEP, Factory, kill, kill_tree, wait_for

SECONDS = 400
"""For a request to end, past whatever is killed."""

PROMPT = "a calm puzzle about lighthouses"

_WORKER = """
SELECT (metadata ->> 'pid')::int AS pid FROM factory.generation_logs
JOIN requests.jobs USING (game_id)
WHERE jobs.id = :id AND log_type = 'step_started' ORDER BY generation_logs.created_at DESC LIMIT 1
"""


class Trial:
    """A factory whose parts may die; a daemon that is gone is started again."""

    def __init__(self, factory: Factory) -> None:
        self.factory = factory
        self.daemon: Child | None = None
        self._context: AbstractContextManager[Child] = nullcontext()  # type: ignore[assignment]

    def start(self) -> None:
        """Have a daemon, and a database."""
        server.ensure(self.factory.settings)
        if self.is_down():
            self.stop()
            self._context = self.factory.daemon()
            self.daemon = self._context.__enter__()

    def is_down(self) -> bool:
        """Whether there is no daemon."""
        if self.daemon is None:
            return True
        try:
            self.daemon.check()
        except TransientError:
            return True
        return False

    def stop(self) -> None:
        """Have none any more, nor anything it started."""
        if self.daemon is not None:
            self._context.__exit__(None, None, None)
            self.daemon = None

    def kill(self, victim: str, request: int) -> None:
        """Kill -9."""
        assert self.daemon is not None
        match victim:
            case "worker":
                [row] = self.factory.rows(_WORKER, id=request)
                kill(row.pid)
            case "code_server":
                for child in psutil.Process(self.daemon.pid).children():
                    kill_tree(child.pid)
            case "daemon":
                kill(self.daemon.pid)
            case "postmaster":
                pid = processes.postmaster(self.factory.settings)
                assert pid is not None
                kill(pid)

    def status(self, request: int) -> str:
        """What has become of a request, as of now; of a database that is away nothing is known."""
        with suppress(GameFactoryError, OSError):
            follow(self.factory.engine)
            [row] = self.factory.rows("SELECT status FROM requests.jobs WHERE id = :id", id=request)
            return str(row.status)
        return "unknown"

    def once(self, victim: str, phase: str) -> dict[str, Any]:
        """One request past one death in one phase: completed, once."""
        self.start()
        request = (
            QueueManager(self.factory.engine, self.factory.settings)
            .create_job(None, PROMPT, {"genre": "puzzle"})
            .id
        )
        reached = {*PHASES[PHASES.index(phase) :], "completed", "failed"}
        wait_for(f"{phase} of request {request}", SECONDS, lambda: self.status(request) in reached)
        at = self.status(request)
        began = time.monotonic()
        self.kill(victim, request)
        self.start()

        def ended() -> bool:
            if self.is_down():
                self.start()
            return self.status(request) in {"completed", "failed"}

        wait_for(f"the end of request {request}", SECONDS, ended)
        self.assert_once(request)
        return {"victim": victim, "phase": at, "seconds": round(time.monotonic() - began, 1)}

    def assert_once(self, request: int) -> None:
        """Completed, each phase told once, one game of it with one commit a step and one build."""
        row = QueueManager(self.factory.engine, self.factory.settings).get_job(request)
        assert row is not None
        assert row.status == "completed", row.error
        lines = Counter(line["message"] for line in row.logs)
        for number in range(1, 5):
            assert lines[f"Starting phase{number}"] == lines[f"phase{number} completed"] == 1, lines
        asked = "SELECT * FROM factory.games WHERE (asked ->> 'id')::int = :id"
        [game] = self.factory.rows(asked, id=request)
        assert game.status == "published"
        assert self.factory.commits(game) == ONE_COMMIT_A_STEP
        builds = "SELECT id::text FROM factory.game_builds WHERE game_id = :id"
        [build] = self.factory.rows(builds, id=game.id)
        assert row.phase_outputs["deployment"]["containerId"] == build.id


VICTIMS = ("worker", "code_server", "daemon", "postmaster")


@contextmanager
def trial(folder: Path) -> Iterator[Trial]:
    """A factory that soon takes a worker for dead, checks games in V8 alone, and is gone afterwards."""
    factory = Factory(
        folder,
        GAMEFACTORY_LEASE_SECONDS="6",
        GAMEFACTORY_START_SECONDS="40",
        GAMEFACTORY_BROWSER_CHECKS="false",
    )
    made = Trial(factory)
    try:
        yield made
    finally:
        made.stop()
        factory.close()


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--victim", choices=VICTIMS, action="append")
    parser.add_argument("--phase", choices=PHASES, action="append")
    parser.add_argument("--times", type=int, default=20)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gamefactory-trials-") as folder, trial(Path(folder)) as made:
        for victim in asked.victim or VICTIMS:
            for phase in asked.phase or PHASES:
                for _ in range(asked.times):
                    sys.stdout.write(json.dumps(made.once(victim, phase)) + "\n")
                    sys.stdout.flush()


if __name__ == "__main__":
    _main()
