"""The small job system at work: each errand done once, by a run, by hand, or after its worker was killed."""

import json
import os
import subprocess
import sys

import dagster as dg
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from gamefactory_dagster.errors import InputError, LeaseLostError
from gamefactory_dagster.orchestration.defs import Factory
from tests.board import Board
from tests.live import kill, wait_for

from . import errands
from .errands import ERRANDS, WORK, do_next, do_this, tick


@pytest.fixture
def submit(engine):
    with engine.begin() as connection:
        ERRANDS.create(connection)

    def submit(*words: str) -> None:
        with engine.begin() as connection:
            connection.execute(sa.insert(ERRANDS), [{"words": one} for one in words])

    return submit


def found(engine) -> list[sa.Row]:
    with engine.connect() as connection:
        return list(connection.execute(sa.select(ERRANDS).order_by(ERRANDS.c.id)))


def test_the_sensor_asks_for_one_run_each_and_the_run_does_it(engine, settings, submit) -> None:
    submit("buy milk", "post the letter")
    resources = {"factory": Factory(engine, settings)}
    with dg.DagsterInstance.ephemeral() as instance:
        asked = errands.errands.evaluate_tick(
            dg.build_sensor_context(
                instance=instance,
                resources=resources,
                definitions=dg.Definitions(sensors=[errands.errands], resources=resources),
            )
        ).run_requests
        assert [request.run_key for request in asked] == ["1:1", "2:1"]
        for request in asked:
            job = errands.one_errand
            assert job.execute_in_process(request.run_config, instance, resources=resources).success
    assert [(row.status, row.result) for row in found(engine)] == [
        ("completed", "BUY MILK"),
        ("completed", "POST THE LETTER"),
    ]


def test_errands_can_be_done_in_order_without_a_run(engine, settings, submit) -> None:
    submit("one", "two")
    assert [do_next(engine, "me", 20) for _ in range(3)] == ["ONE", "TWO", None]
    assert tick(engine, settings, Board(), WORK).wanted == ()


KILLED = """
import sys
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.settings import get_settings
from tests.orchestration.errands import do_this
do_this(get_engine(get_settings()), 1, "killed", 2.0)
"""


@pytest.mark.faults
def test_a_killed_worker_s_errand_is_done_once_by_the_next(engine, settings, submit) -> None:
    submit("walk slowly slowly slowly slowly slowly slowly home")
    board = Board()
    (asked,) = tick(engine, settings, board, WORK).wanted
    environment = {**os.environ, "DATABASE_URL": settings.database_url, "PYTHONPATH": "."}
    with subprocess.Popen([sys.executable, "-c", KILLED], env=environment) as process:
        wait_for("the worker", 60, lambda: found(engine)[0].status == "running")
        board.put("killed", "alive", key=asked.run_key)
        with pytest.raises(LeaseLostError, match="in the hands of killed"):
            do_this(engine, 1, "too early", 2.0)
        assert tick(engine, settings, board, WORK).wanted == ()
        kill(process.pid)
        process.wait()
    (again,) = wait_for("its lease to run out", 20, lambda: tick(engine, settings, board, WORK).wanted)
    assert (again.subject, again.attempt) == (asked.subject, 2)
    assert board.given_up == ["killed"]
    do_this(engine, 1, "the next", 20)
    (row,) = found(engine)
    assert (row.status, row.attempt, row.lease_owner) == ("completed", 2, None)
    assert row.result.endswith("HOME")


def test_one_that_keeps_killing_its_worker_fails_in_the_end(engine, settings, submit) -> None:
    submit("x")
    board = Board()
    for attempt in (1, 2, 3):
        (asked,) = tick(engine, settings, board, WORK).wanted
        assert asked.attempt == attempt
        board.put(f"r{attempt}", "failed", key=asked.run_key)
        with engine.begin() as connection:
            connection.execute(sa.update(ERRANDS).values(requested_at=sa.text("now() - interval '1 hour'")))
        tick(engine, settings.model_copy(update={"runs_per_tick": 1}), board, WORK)
        with engine.begin() as connection:  # asked for again by that tick: as if it had not been
            connection.execute(sa.update(ERRANDS).values(requested_at=None))
    (row,) = found(engine)
    assert (row.status, row.result) == ("failed", "gave up after 3 attempts; last: run r3 never took it up")


def test_the_command_lists_errands(engine, settings, submit, monkeypatch) -> None:
    monkeypatch.setattr(errands, "get_settings", lambda: settings)
    submit("one", "two")
    do_next(engine, "me", 20)

    def run(*arguments: str) -> str:
        return CliRunner().invoke(errands.app, list(arguments), catch_exceptions=False).stdout

    assert [one["words"] for one in json.loads(run("--json", "--status", "completed"))] == ["one"]
    assert "two" in run()
    with pytest.raises(InputError, match="one of completed, failed, pending, running"):
        run("--status", "lost")
