"""Daemons and code servers are killed with -9, or are two; every game ends, nothing lost nor doubled."""

import psutil
import pytest

from tests.live import Factory, assert_whole, kill, kill_tree, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.daemon, pytest.mark.faults]

ORDER = ("--seed", "11", "--genre", "puzzle")


def test_killing_the_daemon_while_it_launches_a_batch_and_then_the_code_server_with_its_workers(
    factory: Factory,
) -> None:
    with factory.daemon() as daemon:
        batch = factory.submit("daemon and code server killed", 2, *ORDER)
        requested = "SELECT 1 FROM factory.games WHERE batch_id = :batch AND requested_at IS NOT NULL"
        wait_for("the first request", 120, lambda: factory.rows(requested, batch=batch))
        kill(daemon.pid)
    with factory.daemon() as daemon:
        at_work = "SELECT 1 FROM factory.games WHERE batch_id = :batch AND current_step BETWEEN 3 AND 8"
        wait_for("a step of a game at work", 120, lambda: factory.rows(at_work, batch=batch))
        for child in psutil.Process(daemon.pid).children():
            kill_tree(child.pid)
        assert factory.wait_for_end(daemon, batch) == "completed"
    assert_whole(factory, batch, 2)


@pytest.mark.exhaustive
def test_two_daemons_at_once_make_every_game_once(factory: Factory) -> None:
    with factory.daemon() as one, factory.daemon():
        batch = factory.submit("two daemons", 2, *ORDER)
        assert factory.wait_for_end(one, batch) == "completed"
    assert_whole(factory, batch, 2)
