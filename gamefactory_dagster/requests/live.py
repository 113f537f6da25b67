"""Watching requests: whoever follows one is told when it changes, and all who follow share the asking.

What belongs here: who watches what, asking the database once a second for all of it, and the stream of
server-sent events. What does not: what is told (``request_page.py``), and what is asked (``seen.py``).

Nothing is kept for a watcher that reads slowly: there is one newest state, and whoever comes late gets that.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field

import orjson
import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from gamefactory_dagster.arcade.limits import Shares
from gamefactory_dagster.database.engine import transaction

from . import seen
from .seen import Seen

log = logging.getLogger(__name__)

ASK_SECONDS = 1.0
"""How often the database is asked, however many watch."""

HEARTBEAT_SECONDS = 15.0
"""How long a stream may be silent: proxies end those that are for longer."""

RETRY = b"retry: 3000\n\n"
"""When a browser that lost the stream asks again, in milliseconds."""

Parts = dict[str, str]
"""HTML by the id of the element it is in."""


Render = Callable[[list[Seen]], Parts]
Events = AsyncGenerator[bytes, None]


@dataclass(frozen=True, slots=True)
class Ending:
    """When a stream ends by itself: at a moment of the event loop's clock, or when the server stops."""

    until: float
    is_leaving: Callable[[], bool]

    def is_due(self) -> bool:
        """Whether it is time."""
        return asyncio.get_running_loop().time() >= self.until or self.is_leaving()


@dataclass(slots=True)
class Topic:
    """A request that is watched: the newest state of it and its pair, and who waits for the next one."""

    newest: list[Seen]
    mark: str | None = None
    version: int = 0
    is_away: bool = False
    """Whether the database did not answer when it was last asked."""
    watchers: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self) -> None:
        """Wake all who wait."""
        self.version += 1
        self.changed.set()
        self.changed = asyncio.Event()


class Watching:
    """All that is watched. One an application, used on its event loop alone."""

    def __init__(self, engine: sa.Engine, places: int) -> None:
        self._engine = engine
        self._topics: dict[int, Topic] = {}
        self._shares = Shares(places)
        self._asking: asyncio.Task[None] | None = None

    def has_room(self, client: str) -> bool:
        """Whether the client may watch one more."""
        return self._shares.room(client)

    async def stream(self, client: str, found: list[Seen], render: Render, ending: Ending) -> Events:
        """Server-sent events of a request and its pair, until both have ended or the ``ending`` says so.

        ``parts``: HTML that is different from what was told before; ``away`` and ``back``: whether the
        database answers; ``end``: nothing will follow.
        """
        told: Parts = {}
        version, is_away, silent = -1, False, 0.0
        with self._watched(client, found) as topic:
            yield RETRY
            while topic is not None and not ending.is_due():
                if topic.version == version:
                    silent = 0.0 if silent >= HEARTBEAT_SECONDS else silent + ASK_SECONDS
                    if not await _rung(topic.changed, ASK_SECONDS) and not silent:
                        yield b": still here\n\n"
                    continue
                version, now, silent = topic.version, topic.newest, 0.0
                parts = render(now) if now else {}
                if news := {id_: html for id_, html in parts.items() if told.get(id_) != html}:
                    yield event("parts", news)
                told = parts
                if topic.is_away != is_away:
                    is_away = topic.is_away
                    yield event("away" if is_away else "back", {})
                if all(one.is_over for one in now):
                    yield event("end", {})
                    return

    @contextmanager
    def _watched(self, client: str, found: list[Seen]) -> Iterator[Topic | None]:
        """The topic for as long as it is watched; None where somebody took the last place meanwhile."""
        if not self._shares.take(client):
            yield None
            return
        key = found[0].id
        topic = self._topics.setdefault(key, Topic(found))
        topic.watchers += 1
        if self._asking is None or self._asking.done():
            self._asking = asyncio.get_running_loop().create_task(self._ask())
        try:
            yield topic
        finally:
            self._shares.give_back(client)
            topic.watchers -= 1
            if not topic.watchers:
                del self._topics[key]

    async def _ask(self) -> None:
        """Ask again and again, for as long as somebody watches."""
        while self._topics:
            known = {key: topic.mark for key, topic in self._topics.items()}
            ids = {key: [one.id for one in topic.newest] for key, topic in self._topics.items()}
            try:
                found, is_away = await run_in_threadpool(self._look, known, ids), False
            except Exception as error:
                if not any(topic.is_away for topic in self._topics.values()):
                    log.warning("requests cannot be watched just now: %s", error)
                found, is_away = {}, True
            for key, topic in self._topics.items():
                if key in found:
                    topic.mark, topic.newest = found[key]
                if key in found or topic.is_away != is_away:
                    topic.is_away = is_away
                    topic.tell()
            await asyncio.sleep(ASK_SECONDS)

    def _look(
        self, known: dict[int, str | None], ids: dict[int, list[int]]
    ) -> dict[int, tuple[str, list[Seen]]]:
        """Each topic that has changed since its mark was ``known``: the new mark, and how it is now."""
        found = {}
        with transaction(self._engine) as connection:
            marks = seen.marks(connection, [id_ for some in ids.values() for id_ in some])
            for key, old in known.items():
                mark = " | ".join(marks.get(id_, "") for id_ in ids[key])
                if mark != old:
                    found[key] = (mark, seen.seen(connection, key))
        return found


class Stream(StreamingResponse):
    """An answer of events; whatever ends it, who watched is forgotten at once."""

    def __init__(self, events: Events) -> None:
        super().__init__(events, media_type="text/event-stream", headers={"x-accel-buffering": "no"})
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until there is no more, or nobody listens."""
        async with aclosing(self._events):
            await super().__call__(scope, receive, send)


async def _rung(changed: asyncio.Event, seconds: float) -> bool:
    """Whether it was set within so many seconds."""
    try:
        await asyncio.wait_for(changed.wait(), seconds)
    except TimeoutError:
        return False
    return True


def event(name: str, data: object) -> bytes:
    """One event as it is sent."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), orjson.dumps(data))
