"""A server on this machine that answers just as a test says, byte by byte."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

REPLAY = b'{"player1": {"username": "ann"}, "player2": {"username": "bob"}, "plays": [{"play": "RPS"}]}'


@dataclass
class Asked:
    """One request; ``send`` writes, and waits until there is room for more."""

    path: str
    headers: dict[str, str]
    send: Callable[[bytes], Awaitable[None]]


Answer = Callable[[Asked], Awaitable[None]]


@dataclass
class Endpoint:
    """Where the server is, and what it was asked so far."""

    port: int
    asked: list[Asked] = field(default_factory=list)
    sent: int = 0
    """Bytes of answers."""
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/replays/{{id}}"

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


@asynccontextmanager
async def answering(answer: Answer, tls: ssl.SSLContext | None = None) -> AsyncIterator[Endpoint]:
    """A server that answers each request by ``answer`` and then closes the connection."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def send(content: bytes) -> None:
            writer.write(content)
            await writer.drain()
            endpoint.sent += len(content)

        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])
            }
            asked = Asked(head[0].split(" ")[1], headers, send)
            endpoint.asked.append(asked)
            await answer(asked)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    endpoint = Endpoint(server.sockets[0].getsockname()[1], scheme="https" if tls else "http")
    try:
        yield endpoint
    finally:
        server.close()


def whole(body: bytes = REPLAY, status: str = "200 OK", **headers: str) -> bytes:
    """An answer with its length; underscores in names of headers stand for dashes."""
    told = {"Content-Length": str(len(body))} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return head(status, **told) + body


def head(status: str = "200 OK", **headers: str) -> bytes:
    """The beginning of an answer."""
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def always(*parts: bytes, pause: float = 0.0) -> Answer:
    """Answer with these bytes whatever is asked, with a pause after each part."""

    async def answer(asked: Asked) -> None:
        for part in parts:
            await asked.send(part)
            await asyncio.sleep(pause)

    return answer


def in_turn(*answers: Answer) -> Answer:
    """Answer each request by the next of these; the last one goes on."""
    left = list(answers)

    async def answer(asked: Asked) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(asked)

    return answer


async def hang(asked: Asked) -> None:
    """Never answer."""
    await asyncio.sleep(3600)
