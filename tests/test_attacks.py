"""What one attacker on one address can do to the arcade, while somebody else plays.

Loopback only: the attacker comes from 127.0.0.1, the player from 127.0.0.2. Each attack goes on for a few
seconds; meanwhile the player opens pages and reports events, all of which must be served, soon and once.
"""

import asyncio
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from uuid import uuid4

import httpx
import pytest

from gamefactory_dagster.arcade.limits import Limits
from tests.arcade.conftest import GAME, Arcade, add_published, published  # noqa: F401
from tests.arcade.sending import envelope, event, stored
from tests.foreign import NAMES, SITES, statuses

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux has all of 127.0.0.0/8"),
]

SECONDS = 3.0
"""An attack's."""

PATIENCE = 5.0
"""How long the player waits for any answer. Attacker and player share a process here, and the machine."""

TRIES = 3
"""A machine may be slow for a while for reasons of its own; what an attack does, it does each time."""

MANY = Limits().connections + 44
"""Connections of an attacker: more than there are for everybody."""

Attack = Callable[[str, int], Awaitable[None]]


@pytest.fixture
def arcade(settings, engine, published) -> Iterator[Arcade]:  # noqa: F811
    """The command itself, in a process of its own: the attacker must not take its time but by asking."""
    add_published(engine)
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "GAMEFACTORY_HOME": str(settings.home),
        "GAMEFACTORY_DAGSTER_DATABASE": settings.dagster_database,
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "gamefactory_dagster.cli", "arcade", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
            assert found is not None
            yield Arcade(found.group(), None)
        finally:
            process.kill()


class Player:
    """Somebody who goes on opening pages and reporting events in a thread of their own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._over = threading.Event()
        self.tried: list[str] = []
        self.sent: list[str] = []
        self.faults: list[str] = []
        self.slowest = 0.0

    def play(self) -> None:
        # each request over a connection of its own: who has one already is not kept out by who comes later
        unkept = httpx.Limits(max_keepalive_connections=0)
        transport = httpx.HTTPTransport(local_address="127.0.0.2", limits=unkept)
        with httpx.Client(transport=transport, base_url=self._url, timeout=PATIENCE) as client:
            while not self._over.is_set():
                for path in ("/", "/games/reef-run/game.json"):
                    self._try(client, "GET", path)
                one = event()
                self.tried.append(one["event_id"])
                if self._try(client, "POST", "/v1/events", envelope([one])):
                    self.sent.append(one["event_id"])
                time.sleep(0.02)

    def _try(self, client: httpx.Client, method: str, path: str, content: bytes | None = None) -> bool:
        started = time.monotonic()
        try:
            answer = client.request(method, path, content=content, headers={"Content-Type": "text/plain"})
        except httpx.TransportError as error:
            self.faults.append(f"{method} {path}: {error!r}")
            return False
        finally:
            self.slowest = max(self.slowest, time.monotonic() - started)
        if answer.status_code != 200:
            self.faults.append(f"{method} {path}: {answer.status_code} {answer.text[:100]}")
        return answer.status_code == 200

    @property
    def content(self) -> bool:
        """Whether everything was answered, and soon."""
        return not self.faults and len(self.sent) > 2 and self.slowest < PATIENCE

    @contextmanager
    def playing(self) -> Iterator[None]:
        thread = threading.Thread(target=self.play)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()


async def slow_heads(host: str, port: int) -> None:
    await many(host, port, b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ", b"a")


async def slow_bodies(host: str, port: int) -> None:
    head = b"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
    await many(host, port, head + b"Content-Length: 99999\r\n\r\n", b" ")


async def silent_connections(host: str, port: int) -> None:
    await many(host, port, b"", b"")


async def many(host: str, port: int, first: bytes, more: bytes) -> None:
    """Open many connections and trickle; open a new one for each that is closed."""

    async def one() -> None:
        while True:
            with suppress(OSError):
                reader, writer = await asyncio.open_connection(host, port)
                writer.write(first)
                while not reader.at_eof():
                    writer.write(more)
                    await writer.drain()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(reader.read(1000), 0.3)
                writer.close()
            await asyncio.sleep(0.2)

    await asyncio.gather(*(one() for _ in range(MANY)))


async def flood(host: str, port: int, body: Callable[[], bytes]) -> None:
    """Send large requests one after the other over as many connections as there are."""

    async def one() -> None:
        while True:
            with suppress(OSError):
                reader, writer = await asyncio.open_connection(host, port)
                content = body()
                head = (
                    f"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
                    f"Content-Length: {len(content)}\r\n\r\n"
                )
                writer.write(head.encode() + content)
                await writer.drain()
                await reader.read(1000)
                writer.close()
            await asyncio.sleep(0.01)

    await asyncio.gather(*(one() for _ in range(MANY)))


async def flood_of_pages(host: str, port: int) -> None:
    async def one() -> None:
        while True:
            with suppress(OSError):
                reader, writer = await asyncio.open_connection(host, port)
                writer.write(b"GET /?q=%25_%25 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                await reader.read(100_000)
                writer.close()
            await asyncio.sleep(0.01)

    await asyncio.gather(*(one() for _ in range(MANY)))


EVENTS = [event() for _ in range(500)]


async def flood_of_events(host: str, port: int) -> None:
    # the same ones: what is stored is counted below, and a duplicate costs the arcade as much
    await flood(host, port, lambda: envelope(EVENTS))


async def flood_of_bytes(host: str, port: int) -> None:
    await flood(host, port, lambda: b"[" * Limits().body_bytes)


async def flood_of_strangers(host: str, port: int) -> None:
    await flood(host, port, lambda: envelope([]).replace(GAME.encode(), str(uuid4()).encode()))


ATTACKS: list[Attack] = [
    slow_heads, slow_bodies, silent_connections, flood_of_events, flood_of_bytes, flood_of_strangers,
    flood_of_pages,
]  # fmt: skip


def attack(way: Attack, url: str) -> None:
    host, port = url.removeprefix("http://").split(":")

    async def for_a_while() -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(way(host, int(port)), SECONDS)

    asyncio.run(for_a_while())


@pytest.mark.parametrize("way", ATTACKS, ids=lambda way: way.__name__)
def test_one_attacker_does_not_keep_others_from_playing(arcade: Arcade, engine, way: Attack) -> None:
    players: list[Player] = []
    while not (players and players[-1].content) and len(players) < TRIES:
        players.append(Player(arcade.url))
        with players[-1].playing():
            time.sleep(0.5)
            attack(way, arcade.url)
    assert players[-1].faults == []
    assert players[-1].content
    there = {str(row.id) for row in stored(engine)} - {one["event_id"] for one in EVENTS}
    assert {one for player in players for one in player.sent} <= there
    assert there <= {one for player in players for one in player.tried}


def test_foreign_names_and_pages_get_nothing_of_the_arcade(arcade: Arcade, engine) -> None:
    names = [{"Host": name} for name in NAMES]
    for path in ("/", "/healthz", "/games/reef-run/", "/games/reef-run/config.json"):
        assert statuses(arcade.url, path, names) <= {400, 421}
    content = envelope([event()])
    plain = [{"Content-Type": "text/plain", **each} for each in (*names, *SITES)]
    assert statuses(arcade.url, "/v1/events", plain, content=content) <= {400, 403, 421}
    assert stored(engine) == []


def test_hostile_names_are_no_fault_of_ours(arcade: Arcade, settings) -> None:
    (settings.published / "round").symlink_to("round")
    dots = "%2e%2e%2f" * 9
    for path in (
        "/games/round/", "/games/round/x", f"/games/reef-run/{dots}etc/passwd", "/games/reef-run/%00",
        "/games/%ff%fe/", "/%", "/?page=" + "9" * 5000, "/?q=%00%ff", "/games/" + "a/" * 3000,
        "//evil.example/",
    ):  # fmt: skip
        status, body = arcade.raw(path)
        assert status in {200, 400, 404}, path
        assert b"root:" not in body
