"""What one client may ask of the arcade, how fast, and beside how many others.

What belongs here: the bounds, the token bucket, the sharing of places. What does not: reading requests
(``collector.py``) and watching connections (``connections.py``).
"""

import ipaddress
import math
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of the arcade's connections, of its event collector and of answers that go on."""

    connections: int = 256
    """Open at once, shared as ``Shares`` says."""
    head_seconds: float = 10.0
    """How long a client may take to ask, from connecting or from the first byte of its next request."""
    head_bytes: int = 64 * 1024
    stall_seconds: float = 60.0
    """How long a client may take nothing of an answer that is on its way."""

    body_bytes: int = 256 * 1024
    """Largest request body; 500 of the player's events are about 130 kB."""
    batch_events: int = 500
    body_seconds: float = 10.0
    """How long a client may take to send its body."""
    tokens_per_second: float = 2000.0
    """A request costs one token and each of its events another. A player sends about one event a second."""
    token_bytes: int = 512
    """What a request brings costs a token for so many bytes if that is more: events have half of it."""
    burst_tokens: float = 10_000.0
    clients: int = 10_000
    """Buckets kept; the client not seen for longest is forgotten first."""
    watchers: int = 64
    """Answers that go on for as long as there is something to tell, shared as ``Shares`` says."""
    watch_seconds: float = 1800.0
    """How long one of them goes on; a browser asks again."""
    waiting: int = 128
    """Requests that may wait for the database, shared as ``Shares`` says; one more is told to come back."""
    flush_events: int = 1000
    """Most events stored in one transaction."""
    flush_seconds: float = 0.005
    """How long a busy collector gathers requests before it stores them."""


class RateLimiter:
    """A token bucket a client, in bounded memory. Not for use from several threads."""

    def __init__(
        self, rate: float, burst: float, clients: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._clients = clients
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, client: str, cost: float) -> int:
        """Take ``cost`` tokens and return 0, or take none and return the whole seconds to wait."""
        tokens = self._tokens(client)
        wait = 0 if tokens >= cost else max(1, math.ceil((cost - tokens) / self._rate))
        self._keep(client, tokens if wait else tokens - cost)
        return wait

    def owe(self, client: str, cost: float) -> None:
        """Take ``cost`` tokens for what was received already, also those that are not there yet."""
        self._keep(client, self._tokens(client) - cost)

    def _tokens(self, client: str) -> float:
        now = self._clock()
        tokens, then = self._buckets.get(client, (self._burst, now))
        return min(self._burst, tokens + (now - then) * self._rate)

    def _keep(self, client: str, tokens: float) -> None:
        self._buckets[client] = (tokens, self._clock())
        self._buckets.move_to_end(client)
        if len(self._buckets) > self._clients:
            self._buckets.popitem(last=False)


class Shares:
    """Places that clients share: nobody takes more than are left for the others. Not for several threads.

    The first has half of them at most, the next half of what is left: there is one for whoever comes new.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._held: Counter[str] = Counter()

    def room(self, client: str) -> bool:
        """Whether the client may take one more."""
        return self._held[client] < self._places - self._held.total()

    def take(self, client: str) -> bool:
        """Take a place for the client; False when it may not have one more."""
        if not self.room(client):
            return False
        self._held[client] += 1
        return True

    def give_back(self, client: str) -> None:
        """Give back a place that was taken."""
        self._held[client] -= 1
        if not self._held[client]:
            del self._held[client]


def client_name(host: str | None) -> str:
    """Name the bucket of a client address: an IPv6 client owns its whole /64 and gets one bucket for it."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return "unknown"
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((int(address), 64), strict=False).network_address)
