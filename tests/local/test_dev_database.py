"""The whole factory of ``gamefactory dev`` when its database dies under it."""

import random
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pytest

from gamefactory_dagster.database import processes, server
from tests.live import Factory, assert_whole, free_port, kill, wait_for

pytestmark = [pytest.mark.daemon, pytest.mark.faults, pytest.mark.slow]

ASKED = "{ runsOrError(limit: 1) { __typename } instance { daemonHealth { allDaemonStatuses "
ASKED += "{ daemonType lastHeartbeatTime } } } }"


@pytest.fixture
def ports():
    return free_port(), free_port()


@pytest.fixture
def factory(tmp_path_factory, ports):
    ui, arcade = ports
    made = Factory(
        tmp_path_factory.mktemp("dev"),
        GAMEFACTORY_UI_PORT=str(ui),
        GAMEFACTORY_ARCADE_PORT=str(arcade),
        GAMEFACTORY_BROWSER_CHECKS="false",
    )
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


class Player:
    """Plays on whatever happens: sends what it did again and again until that is acknowledged."""

    def __init__(self, port: int, game, name: str, over: threading.Event) -> None:
        self._url = f"http://127.0.0.1:{port}/v1/events"
        self._game = game
        self._name = name
        self._over = over
        self.acknowledged: list[UUID] = []

    def play(self) -> "Player":
        """Until it is over; gives itself."""
        while not self._over.wait(0.2):
            events = [self._event(level) for level in range(1, 6)]
            body = {"game_id": str(self._game.id), "write_key": self._game.write_key, "events": events}
            wait_for("an acknowledgement", 120, lambda body=body: self._told(body))
            self.acknowledged += [UUID(event["event_id"]) for event in events]
        return self

    def _event(self, level: int) -> dict[str, object]:
        return {
            "event_id": str(uuid4()),
            "event_type": "level_start",
            "user_id": self._name,
            "session_id": f"{self._name} today",
            "level": level,
            "properties": {},
            "timestamp": datetime.now(UTC).isoformat(),
        }

    def _told(self, body) -> bool:
        with suppress(httpx.TransportError):
            answer = httpx.post(self._url, json=body, timeout=30)
            assert answer.status_code in {200, 429, 503}, answer.text
            return answer.status_code == 200
        return False


@pytest.mark.parametrize("kills", [4, pytest.param(20, marks=pytest.mark.exhaustive)])
def test_a_database_that_is_killed_again_and_again_loses_nothing(factory, ports, kills):
    ui, arcade = ports
    moments = random.Random(7)
    over = threading.Event()
    with factory.running("dev", ["gamefactory_dagster.cli", "dev"]) as dev, ThreadPoolExecutor(2) as pool:
        wait_for("an answer of the UI", 120, lambda: ask(ui))
        wait_for("heartbeats of every daemon", 120, lambda: last_heartbeat(ui))
        first = factory.submit("played", 1, "--genre", "puzzle")
        assert factory.wait_for_end(dev, first) == "completed"
        [played] = factory.games(first)
        batch = factory.submit("made meanwhile", 2, "--genre", "puzzle")
        playing: list[Future[Player]] = [
            pool.submit(Player(arcade, played, name, over).play) for name in ("ann", "bob")
        ]
        try:
            for _ in range(kills):
                time.sleep(moments.uniform(0, 6))
                kill(processes.postmaster(factory.settings))
                killed = time.time()
                wait_for("a database", 30, lambda: server.status(factory.settings).running)
            ends = factory.wait_for_end(dev, batch)
        finally:
            over.set()
        players = [one.result(timeout=120) for one in playing]

        assert "errors" not in ask(ui)
        assert httpx.get(f"http://127.0.0.1:{arcade}/", timeout=10).status_code == 200
        wait_for("later heartbeats", 90, lambda: last_heartbeat(ui) > killed)

    assert ends == "completed"
    assert_whole(factory, batch, 2)
    stored = factory.rows("SELECT id FROM analytics_events WHERE user_id IN ('ann', 'bob')")
    told = [event for player in players for event in player.acknowledged]
    assert len(told) > 10 * kills
    assert sorted(event.id for event in stored) == sorted(told)
