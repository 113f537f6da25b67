"""A thousand runs in a row through one parent, which keeps neither memory nor descriptors of them."""

import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import dagster as dg
import psutil
import pytest

from gamefactory_dagster.launching import children, wire
from gamefactory_dagster.local.processes import WORKERS
from tests.live import Factory, wait_for

from .test_parent import answers, house, sockets

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not children.AVAILABLE, reason="warm workers are for Linux"),
]

RUNS, BEFORE = 1000, 50
"""How many there are, and how many there were before what is kept is counted: by then all is imported."""

GROWTH = 1_000_000
"""Bytes it may grow by: it remembers how each run ended, in some two hundred, and arenas are not full."""


def kept_by(parent: psutil.Process) -> tuple[int, int]:
    """Private bytes and descriptors, once nobody asks any more."""
    wait_for("the last answer", 10, lambda: not parent.children() and sockets(parent.pid) == 1)
    assert parent.num_threads() == 1
    return parent.memory_full_info().uss, parent.num_fds()


def assert_nothing_is_kept(home: Path, pid: int, run_id: Callable[[], str]) -> None:
    """Have runs begun one after another; ``run_id`` gives one that has nothing to do."""
    parent = psutil.Process(pid)

    def one() -> None:
        name = run_id()
        answer = wire.ask(home, "launch", name)
        late = time.monotonic() + 60
        while answer.state == "running" and time.monotonic() < late:
            time.sleep(0.005)
            answer = wire.ask(home, "look", name)
        assert (answer.state, answer.code) == ("ended", 0)

    for _ in range(BEFORE):
        one()
    memory, *others = kept_by(parent)
    for _ in range(RUNS):
        one()
    after, *others_after = kept_by(parent)
    assert others_after == others
    assert after - memory < GROWTH, f"{memory} grew to {after} bytes"


def test_of_runs_that_play(tmp_path: Path) -> None:
    with house(tmp_path) as made:
        assert_nothing_is_kept(made.home, made.process.pid, lambda: f"plays-{uuid4()}")


@pytest.mark.daemon
@pytest.mark.exhaustive
def test_of_runs_of_dagsters(tmp_path: Path) -> None:
    """Each was stopped before it began: its worker connects, reads it, and ends it."""
    factory = Factory(tmp_path)
    try:
        with factory.running(*WORKERS) as parent, factory.instance() as instance:
            wait_for("the parent", 120, lambda: answers(tmp_path))

            def stopped() -> str:
                run = dg.DagsterRun(job_name="make_game", status=dg.DagsterRunStatus.CANCELING)
                return instance.add_run(run).run_id

            assert_nothing_is_kept(tmp_path, parent.pid, stopped)
            wanted = dg.RunsFilter(statuses=[dg.DagsterRunStatus.CANCELED])
            assert instance.get_runs_count(wanted) == RUNS + BEFORE
    finally:
        factory.close()
