"""What one client may ask of the arcade, and how fast.

What belongs here: the bounds and the token bucket. What does not: reading requests (``collector.py``).
"""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of the event collector."""

    body_bytes: int = 256 * 1024
    """Largest request body; 500 of the player's events are about 130 kB."""
    batch_events: int = 500
    body_seconds: float = 10.0
    """How long a client may take to send its body."""
    tokens_per_second: float = 2000.0
    """A request costs one token and each of its events another. A player sends about one event a second."""
    burst_tokens: float = 10_000.0
    clients: int = 10_000
    """Buckets kept; the client not seen for longest is forgotten first."""
    waiting: int = 64
    """Requests that may wait for the database; the next is told to come back later."""
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
        now = self._clock()
        tokens, then = self._buckets.get(client, (self._burst, now))
        tokens = min(self._burst, tokens + (now - then) * self._rate)
        wait = 0 if tokens >= cost else max(1, math.ceil((cost - tokens) / self._rate))
        self._buckets[client] = (tokens if wait else tokens - cost, now)
        self._buckets.move_to_end(client)
        if len(self._buckets) > self._clients:
            self._buckets.popitem(last=False)
        return wait


def client_name(host: str | None) -> str:
    """Name the bucket of a client address: an IPv6 client owns its whole /64 and gets one bucket for it."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return "unknown"
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((int(address), 64), strict=False).network_address)
