"""A whole factory in a temporary home, run by its own commands: real daemon, real run workers."""

import datetime as dt
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

import dagster as dg
import psutil
import pytest

from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.local.kept import Child
from gamefactory_dagster.local.processes import DAEMON, prepare
from gamefactory_dagster.production.dispatch import SHORT
from gamefactory_dagster.production.lifecycle import STEPS
from gamefactory_dagster.settings import Settings, variable
from gamefactory_dagster.studio.providers import publisher_of, repositories_of
from tests.factory_rows import rows
from tests.ledger_rows import assert_told, of_game

ONE_COMMIT_A_STEP = [f"{number:02} {name}" for number, name in enumerate(STEPS, start=1)]
"""What ``Factory.commits`` gives of a whole game."""


class Factory:
    """One home with its database, or one elsewhere; commands run in processes of their own."""

    def __init__(self, home: Path, database_url: str | None = None, **limits: str) -> None:
        # a DATABASE_URL or DAGSTER_HOME of the person running the tests must not leak in
        outside = {"DATABASE_URL", "DAGSTER_HOME", "DAGSTER_POSTGRES_URL"}
        self.environment = {name: value for name, value in os.environ.items() if name not in outside}
        self.environment |= {"GAMEFACTORY_HOME": str(home), **limits}
        if database_url is not None:
            self.environment["DATABASE_URL"] = database_url
            done = self.run("db", "upgrade")
            assert done.returncode == 0, done.stderr
        # days of last month are partitions too, whatever day it is and whatever events there are
        years_ago = dt.date(2015, 1, 1)
        shared = {
            field: limits[variable(field)]
            for field in ("artifact_url", "repository_url", "published_url")
            if variable(field) in limits
        }
        self.settings = Settings.model_validate(
            {
                "home": home,
                "database_url": database_url,
                "dagster_home_override": None,
                "first_day": years_ago,
                **shared,
            }
        )
        self.dagster = prepare(self.settings)
        self.engine = get_engine(self.settings)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``gamefactory ...`` to its end."""
        return subprocess.run(
            [sys.executable, "-m", "gamefactory_dagster.cli", *arguments],
            capture_output=True,
            text=True,
            env=self.environment,
            timeout=300,
            check=False,
        )

    def json(self, *arguments: str) -> Any:
        """Run a command with ``--json`` and read what it printed."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def rows(self, statement: str, **parameters: Any) -> list[Any]:
        """Rows of a query."""
        return rows(self.engine, statement, **parameters)

    def submit(self, name: str, count: int, *more: str) -> str:
        """Order a batch; its id."""
        return str(self.json("batch", "submit", "--name", name, "--count", str(count), *more)["id"])

    def games(self, batch: str) -> list[Any]:
        """The games of a batch, in its order."""
        return self.rows(
            "SELECT * FROM factory.games WHERE batch_id = :batch ORDER BY batch_position", batch=batch
        )

    def steps(self, game: Any) -> list[Any]:
        """The steps of a game, in their order."""
        return self.rows(
            "SELECT * FROM factory.game_steps WHERE game_id = :game ORDER BY step_number", game=game.id
        )

    def commits(self, game: Any) -> list[str]:
        """First lines of a game's commits, oldest first."""
        log = repositories_of(self.settings).log(str(game.id))
        return [entry.message.splitlines()[0] for entry in reversed(log)]

    def wait_for_end(self, daemon: Child, batch: str, seconds: float = 600) -> str:
        """The state in which a batch ended."""

        def ended() -> str | None:
            daemon.check()
            [row] = self.rows("SELECT status FROM factory.batches WHERE id = :batch", batch=batch)
            return row.status if row.status in {"completed", "failed", "cancelled"} else None

        return str(wait_for(f"the end of batch {batch}", seconds, ended))

    @contextmanager
    def running(self, name: str, arguments: list[str]) -> Iterator[Child]:
        """``python -m`` with these arguments during the block, with all it started gone afterwards."""
        child = Child(name, arguments, {**self.environment, **self.dagster}, self.settings.home / "logs")
        try:
            yield child
        finally:
            kill_tree(child.pid)

    def daemon(self) -> AbstractContextManager[Child]:
        """The Dagster daemon."""
        return self.running(*DAEMON)

    @contextmanager
    def instance(self) -> Iterator[dg.DagsterInstance]:
        """Dagster's own view of its runs."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.dagster.items():
                patch.setenv(name, value)
            with dg.DagsterInstance.get() as found:
                yield found

    def close(self) -> None:
        """Stop the database."""
        self.engine.dispose()
        self.run("db", "stop")


def at_work(instance: dg.DagsterInstance, batch: str) -> tuple[str, int]:
    """A run of a batch's game that has begun, and its process; waits for one."""
    about = {"gamefactory/batch": batch[:SHORT]}

    def found() -> tuple[str, int] | None:
        for run in instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED], tags=about)):
            for entry in instance.all_logs(run.run_id):
                if begun := re.fullmatch(r"Started process for run \(pid: (\d+)\)\.", entry.message):
                    return run.run_id, int(begun[1])
        return None

    return wait_for(f"a run of batch {batch}", 120, found)


def started_with(variable: str, value: str) -> dict[int, str]:
    """Living processes with that in their environment, at whatever remove: process id -> command line."""
    found = {}
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            if process.environ().get(variable) == value and process.status() != psutil.STATUS_ZOMBIE:
                found[process.pid] = " ".join(process.cmdline())
    return found


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def kill_tree(pid: int) -> None:
    """kill -9 of a process and everything below it."""
    try:
        parent = psutil.Process(pid)
    except psutil.NoSuchProcess:
        return
    for process in [*parent.children(recursive=True), parent]:
        kill(process.pid)


def kill(pid: int) -> None:
    """kill -9; a process that is gone already is fine."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def gone(pid: int) -> bool:
    """Whether a process has ended, fetched by its parent or not."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_for(what: str, seconds: float, check: Callable[[], Any]) -> Any:
    """Wait until ``check`` gives something; fails with ``what`` after ``seconds``."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := check():
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {seconds} s")


def assert_whole(factory: Factory, batch: str, count: int) -> None:
    """Every game published, with one commit a step, one set of assets, one build."""
    games = factory.games(batch)
    states = [(game.status, game.current_step) for game in games]
    assert states == [("published", 12)] * count, [(game.slug, game.error_message) for game in games]
    for game in games:
        assert factory.commits(game) == ONE_COMMIT_A_STEP
        assets = factory.rows("SELECT filename FROM factory.game_assets WHERE game_id = :id", id=game.id)
        assert len(assets) == len({row.filename for row in assets}) > 10
        builds = factory.rows("SELECT status FROM factory.game_builds WHERE game_id = :id", id=game.id)
        assert [build.status for build in builds] == ["success"]
        assert publisher_of(factory.settings).checksum(game.slug)
        assert [step.status for step in factory.steps(game)] == ["completed"] * 12
        assert_ledger_agrees(factory, game)


def assert_ledger_agrees(factory: Factory, game: Any) -> None:
    """The ledger tells of every step that was begun, and of each of the twelve that it ended, once."""
    told = of_game(factory.engine, game.id)
    assert [run.job.status for run in told] == ["failed"] * (len(told) - 1) + ["completed"]
    for run in told:
        assert_told(run.told)
    steps = [event for run in told for event in run.told if event[0] != "system"]
    assert [bot for bot, kind in steps if kind == "end"] == list(STEPS)
    begun = factory.rows(
        """SELECT step_number AS number FROM factory.generation_logs
           WHERE game_id = :id AND log_type = 'step_started' ORDER BY created_at""",
        id=game.id,
    )
    assert [bot for bot, kind in steps if kind == "start"] == [STEPS[row.number - 1] for row in begun]
