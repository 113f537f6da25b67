"""Faults during batches, tried many times under ``gamefactory dev``: each of its processes killed with -9.

What belongs here: one trial, and as many as are wanted, on a factory of their own. ``python -m
tests.launching.trials --victim worker --times 20`` kills so many workers, one in each batch.
"""

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import dagster as dg
import psutil
import sqlalchemy as sa

from gamefactory_dagster.database import processes
from gamefactory_dagster.errors import GameFactoryError
from gamefactory_dagster.home import FACTORY, running
from tests.live import Factory, assert_whole, free_port, gone, kill, started_with, wait_for

NOTICED_SECONDS, SERVER_SECONDS = 15, 30
"""In which a loss is noticed; that of the database's server."""

END_SECONDS = 600
"""For a batch to end, past whatever is killed."""

GAMES = 3

PARTS = {
    "parent": "gamefactory_dagster.launching",
    "keeper": "gamefactory_dagster.studio.browser",
    "daemon": "daemon",
    "code_server": "code_server",
    "arcade": "arcade",
}
"""Child of ``dev`` -> what its command line has."""

VICTIMS = ("worker", "browser", "parent", "keeper", "daemon", "code_server", "supervisor", "postmaster")

_WORKER = """
SELECT metadata ->> 'pid' AS pid, lease_owner FROM factory.generation_logs AS logs
JOIN factory.games ON games.id = logs.game_id
WHERE games.batch_id = :batch AND log_type = 'step_started' AND lease_owner IS NOT NULL
ORDER BY logs.created_at DESC LIMIT 1
"""


def _as_from_a_terminal() -> None:
    """Take Ctrl-C and a closed terminal as anybody does: whoever starts many trials may ignore them."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


class Trial:
    """A factory under ``gamefactory dev``, which is begun again when it is gone."""

    def __init__(self, factory: Factory, instance: dg.DagsterInstance) -> None:
        self.factory, self.instance = factory, instance
        self.run_id = ""
        self.dev: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Have ``dev`` at work with all its children."""
        if self.dev is not None and self.dev.poll() is None:
            return
        with (self.factory.settings.home / "dev.log").open("ab") as log:
            self.dev = subprocess.Popen(
                [sys.executable, "-m", "gamefactory_dagster.cli", "dev"],
                env=self.factory.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_as_from_a_terminal,  # noqa: PLW1509
            )
        home = self.factory.settings.home
        wait_for("the factory", 120, lambda: running(home, FACTORY))
        wait_for("its daemon", 120, lambda: self.child("daemon"))

    def child(self, part: str) -> int | None:
        """The process id of one of the children of ``dev``."""
        assert self.dev is not None
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.dev.pid).children():
                with suppress(psutil.NoSuchProcess):
                    if any(PARTS[part] in word for word in child.cmdline()):
                        return child.pid
        return None

    def victim(self, name: str, batch: str) -> int | None:
        """Who is to be killed, once there is one."""
        assert self.dev is not None
        match name:
            case "worker":
                for row in self.factory.rows(_WORKER, batch=batch):
                    self.run_id = row.lease_owner
                    return None if gone(int(row.pid)) else int(row.pid)
                return None
            case "browser":
                keeper = self.child("keeper")
                browsers = psutil.Process(keeper).children() if keeper else []
                return random.choice(browsers).pid if browsers else None
            case "supervisor":
                return self.dev.pid
            case "postmaster":
                return processes.postmaster(self.factory.settings)
        return self.child(name)

    def ask(self, statement: sa.TextClause) -> Any:
        """One value; None while the database is away."""
        with suppress(sa.exc.DBAPIError, GameFactoryError), self.factory.engine.connect() as connection:
            return connection.scalar(statement)
        return None

    def noticed(self, name: str, pid: int) -> bool:
        """Whether somebody has done something about a death."""
        match name:
            case "worker":
                run = self.instance.get_run_by_id(self.run_id)
                return run is None or run.is_finished
            case "browser":
                return gone(pid)  # whoever had it has another: the batch ends
            case "supervisor":
                return self.alone()
            case "postmaster":
                return processes.postmaster(self.factory.settings) not in (None, pid)
        return self.child(name) not in (None, pid)

    def alone(self) -> bool:
        """Whether nothing is left over."""
        return not self.left_over()

    def wait_alone(self) -> None:
        """Wait for that; raises AssertionError, which says what is left, when it takes too long."""
        try:
            wait_for("the end of all it had started", NOTICED_SECONDS, self.alone)
        except AssertionError as error:
            raise AssertionError("\n".join([str(error), *self.left_over()])) from error

    def left_over(self) -> list[str]:
        """Processes of this home but for the database's server, which outlives all."""
        found = started_with("GAMEFACTORY_HOME", self.factory.environment["GAMEFACTORY_HOME"])
        programs = {pid: words.partition(" ")[0].rpartition("/")[2] for pid, words in found.items()}
        return [
            f"{pid} {words[:120]}" for pid, words in found.items() if not programs[pid].startswith("postgres")
        ]

    def once(self, name: str) -> dict[str, Any]:
        """One batch past one death: whole; and how long until the death was noticed, and the batch ended."""
        self.start()
        batch = self.factory.submit(f"without its {name}", GAMES)
        begun = f"SELECT count(*) FROM factory.games WHERE batch_id = '{batch}' AND status = 'in_progress'"
        wait_for("a game at work", 120, lambda: self.ask(sa.text(begun)))
        time.sleep(random.uniform(0, 6))
        pid = wait_for(f"a {name}", 60, lambda: self.victim(name, batch))
        kill(pid)
        began = time.monotonic()
        within = SERVER_SECONDS if name == "postmaster" else NOTICED_SECONDS
        wait_for(f"somebody noticing the death of the {name}", within, lambda: self.noticed(name, pid))
        noticed = time.monotonic() - began
        self.start()
        state = f"SELECT status FROM factory.batches WHERE id = '{batch}'"
        ends = ("completed", "failed", "cancelled")
        wait_for(f"the end of batch {batch}", END_SECONDS, lambda: self.ask(sa.text(state)) in ends)
        assert_whole(self.factory, batch, GAMES)
        ended = round(time.monotonic() - began, 1)
        return {"noticed": round(noticed, 1), "ended": ended}

    def stop(self) -> None:
        """End ``dev`` in good order; nothing of it is left."""
        if self.dev is None:
            return
        self.dev.terminate()
        self.dev.wait(150)
        self.wait_alone()


@contextmanager
def trial(folder: Path) -> Iterator[Trial]:
    """A factory that soon takes a worker for dead, and is gone afterwards."""
    factory = Factory(
        folder,
        GAMEFACTORY_LEASE_SECONDS="6",
        GAMEFACTORY_START_SECONDS="40",
        GAMEFACTORY_UI_PORT=str(free_port()),
        GAMEFACTORY_ARCADE_PORT="0",
    )
    with factory.instance() as instance:
        made = Trial(factory, instance)
        try:
            yield made
        finally:
            made.stop()
            factory.close()


def try_often(
    about: str | None,
    what: str,
    names: Sequence[str],
    times: int,
    once: Callable[[Trial, str], dict[str, Any]],
) -> None:
    """Be a program that tries each of ``names``, or those asked for by ``--what``, so often; a line each."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument(f"--{what}", choices=names, action="append", dest="names")
    parser.add_argument("--times", type=int, default=times)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gamefactory-trials-") as folder, trial(Path(folder)) as made:
        for _ in range(asked.times):
            for name in asked.names or names:
                sys.stdout.write(json.dumps({what: name, **once(made, name)}) + "\n")
                sys.stdout.flush()


if __name__ == "__main__":
    try_often(__doc__, "victim", VICTIMS, 20, Trial.once)
