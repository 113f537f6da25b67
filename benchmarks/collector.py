"""The collector under load: requests a second and CPU a request, gathered in a buffer and one by one."""

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import psutil
import sqlalchemy as sa

from benchmarks.factory import BenchFactory, bench_factory
from benchmarks.measure import console, measured, print_table, spread

EVENTS = 10
"""Events a request: what a player sends in ten seconds or so."""

SECONDS = 2.0
RUNS = 5
CROWD = 50

ADD_GAME = """
INSERT INTO factory.games (name, slug, genre, status) VALUES ('a', 'a', 'runner', 'published')
RETURNING id, write_key
"""


@dataclass(frozen=True)
class Arcade:
    """A running arcade and a game that may report to it."""

    port: int
    process: psutil.Process
    game_id: str
    write_key: str

    def request(self) -> bytes:
        """One request of new events, as bytes for the socket."""
        events = [self._event() for _ in range(EVENTS)]
        envelope = {"game_id": self.game_id, "write_key": self.write_key, "events": events}
        body = json.dumps(envelope).encode()
        head = (
            f"POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def _event(self) -> dict[str, object]:
        return {
            "event_id": str(uuid4()),
            "event_type": "level_complete",
            "user_id": "u1",
            "session_id": "s1",
            "level": 3,
            "properties": {"score": 100, "moves": 12},
            "device_info": {"os": "web", "width": 390},
            "timestamp": datetime.now(UTC).isoformat(),
        }


@contextmanager
def arcade(factory: BenchFactory, way: str) -> Iterator[Arcade]:
    """Serve in a process of its own, so that the clients' CPU is not counted as the server's."""
    with factory.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM factory.games"))
        game = connection.execute(sa.text(ADD_GAME)).one()
    command = [sys.executable, "-m", "benchmarks.run_arcade", way]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=factory.environment) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        try:
            yield Arcade(port, psutil.Process(process.pid), str(game.id), game.write_key)
        finally:
            process.terminate()


async def client(arcade: Arcade, until: float) -> list[float]:
    """Send one request after the other on one connection until then; returns each one's seconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", arcade.port)
    took: list[float] = []
    while time.perf_counter() < until:
        request = arcade.request()
        start = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        answer = json.loads(await reader.readexactly(length))
        assert answer == {"stored": EVENTS, "duplicate": 0, "quarantined": 0}, answer
        took.append(time.perf_counter() - start)
    writer.close()
    return took


async def crowd(arcade: Arcade, clients: int, seconds: float) -> list[float]:
    """Let so many clients send at once; returns the seconds of every request."""
    until = time.perf_counter() + seconds
    took = await asyncio.gather(*(client(arcade, until) for _ in range(clients)))
    return [one for each in took for one in each]


def load(factory: BenchFactory, way: str, clients: int) -> list[str]:
    """One row of the table."""
    rates, server, postgres, middle, slow = [], [], [], [], []
    with arcade(factory, way) as served:
        asyncio.run(crowd(served, clients, 0.5))
        for _ in range(RUNS):
            before = served.process.cpu_times()
            with measured(factory.postmaster) as cost:
                took = asyncio.run(crowd(served, clients, SECONDS))
            after = served.process.cpu_times()
            server.append((after.user + after.system - before.user - before.system) / len(took) * 1e3)
            postgres.append(cost.postgres / len(took) * 1e3)
            rates.append(len(took) / cost.wall)
            middle.append(statistics.median(took) * 1e3)
            slow.append(statistics.quantiles(took, n=100)[98] * 1e3)
    return [f"{clients} x {way}", *(spread(values) for values in (rates, server, postgres, middle, slow))]


def main() -> None:
    """Print the table."""
    with bench_factory(browser=False) as factory:
        rows = [load(factory, way, clients) for clients in (1, CROWD) for way in ("one by one", "gathered")]
    print_table(
        f"Event collector, {EVENTS} events a request, {RUNS} runs of {SECONDS:.0f} s: median (range)",
        ("clients", "requests/s", "server CPU ms", "PostgreSQL CPU ms", "median ms", "99 % within ms"),
        rows,
    )
    console.print("CPU is a request's. The clients share the machine: alone, it would serve more.")
