"""Signs of life of the workers on many machines: keys in Redis that go by themselves.

What belongs here: giving them, and looking for them. What does not: what a worker does, and what becomes of
the runs of one that is gone (``defs/``).
"""

import logging
import mmap
import time
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
"""Between two signs of a worker."""

SILENT_SECONDS = 5
"""After which one is gone."""

ROOM_SECONDS = 2
"""How long a worker that said it has room for a run is believed."""

FRESH_SECONDS = 15
"""How long a server that was started anew may not have heard of everybody."""


class Room:
    """Whether a worker has room for another run, as it says and the process knows that gives its signs."""

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, 1)

    def say(self, there_is: bool) -> None:
        """Tell."""
        self._shared[0] = there_is

    def there_is(self) -> bool:
        """Whether there is any."""
        return bool(self._shared[0])


def connected(url: str) -> "Redis":
    """Give a client that waits for no answer longer than for a sign of life."""
    from redis import Redis

    return Redis.from_url(url, socket_timeout=SILENT_SECONDS, socket_connect_timeout=SILENT_SECONDS)


def pulse(url: str, worker: str, queue: str, room: Room) -> NoReturn:
    """Say every second that a worker is alive, and whether it has room for a run of its queue.

    In a process of its own, which ends with the worker: what the worker is busy with does not silence it.
    """
    from redis import RedisError

    redis, away = connected(url), False
    while True:
        try:
            give(redis, worker, queue if room.there_is() else None)
            away = False
        except RedisError as error:
            if not away:
                log.warning("nobody hears that %s is alive: %s", worker, error)
            away = True
        time.sleep(BEAT_SECONDS)


def give(redis: "Redis", worker: str, queue: str | None) -> None:
    """Be alive for the next seconds, as this worker, and as one of those with room for a run of a queue."""
    redis.set(_worker(worker), "alive", ex=SILENT_SECONDS)
    if queue is not None:
        redis.set(_queue(queue), worker, ex=ROOM_SECONDS)


def lives(redis: "Redis", worker: str) -> bool:
    """Whether a worker is alive, or may be: a server that was just started has not heard of all."""
    if redis.exists(_worker(worker)):
        return True
    return int(redis.info("server")["uptime_in_seconds"]) < FRESH_SECONDS


def has_room(redis: "Redis", queue: str) -> bool:
    """Whether anybody would begin a run of a queue now: somebody has room, and no other run waits for it."""
    return bool(redis.exists(_queue(queue))) and not redis.llen(queue)


def _worker(name: str) -> str:
    return f"gamefactory:worker:{name}"


def _queue(name: str) -> str:
    return f"gamefactory:queue:{name}"
