"""The whole factory of ``gamefactory dev`` when its database dies under it."""

import time

import httpx
import pytest

from gamefactory_dagster.database import processes, server
from tests.live import Factory, free_port, kill, wait_for

pytestmark = [pytest.mark.daemon, pytest.mark.faults, pytest.mark.slow]

ASKED = "{ runsOrError(limit: 1) { __typename } instance { daemonHealth { allDaemonStatuses "
ASKED += "{ daemonType lastHeartbeatTime } } } }"


@pytest.fixture
def ports():
    return free_port(), free_port()


@pytest.fixture
def factory(tmp_path_factory, ports):
    ui, arcade = ports
    limits = {"GAMEFACTORY_UI_PORT": str(ui), "GAMEFACTORY_ARCADE_PORT": str(arcade)}
    made = Factory(tmp_path_factory.mktemp("dev"), **limits)
    yield made
    made.close()


def ask(port: int):
    """What the UI's server answers; None when it does not."""
    try:
        return httpx.post(f"http://127.0.0.1:{port}/graphql", json={"query": ASKED}, timeout=30).json()
    except httpx.TransportError:
        return None


def last_heartbeat(port: int) -> float:
    found = ask(port)
    statuses = found["data"]["instance"]["daemonHealth"]["allDaemonStatuses"] if found else []
    return min((status["lastHeartbeatTime"] or 0 for status in statuses), default=0)


def test_a_database_that_is_killed_comes_back_and_everything_goes_on(factory, ports):
    ui, arcade = ports
    with factory.running("dev", ["gamefactory_dagster.cli", "dev"]) as dev:
        wait_for("an answer of the UI", 120, lambda: ask(ui))
        wait_for("heartbeats of every daemon", 120, lambda: last_heartbeat(ui))
        killed = time.time()
        kill(processes.postmaster(factory.settings))

        wait_for("a database", 30, lambda: server.status(factory.settings).running)
        time.sleep(1)
        assert "errors" not in ask(ui), "the first answer after the restart"
        assert httpx.get(f"http://127.0.0.1:{arcade}/", timeout=10).status_code == 200
        batch = factory.submit("after", 1)
        assert factory.wait_for_end(dev, batch) == "completed"
        wait_for("later heartbeats", 90, lambda: last_heartbeat(ui) > killed)
