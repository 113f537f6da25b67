"""What a player's client reports: events in the web player's form, marked as playtest traffic.

What belongs here: ids, times and the specification's rules. What does not: when an event happens
(``lives.py``).
"""

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from gamefactory_dagster.errors import PermanentError

TRAFFIC = {"traffic": "playtest"}
"""The ``device_info`` of every event: a real client sends none, so playtests can be told apart."""


LATER = frozenset({"mode", "purpose", "method"})
"""Properties that games of earlier versions do not report: left out where their specification is silent."""


class Client:
    """One player's client for one game. ``events`` are all it reported, in order.

    ``spec`` is the game's event specification; an event or property it does not name raises PermanentError,
    as the web player refuses it.
    """

    def __init__(self, spec: Mapping[str, Any], key: str) -> None:
        self.events: list[dict[str, Any]] = []
        self.sessions = 0
        self._spec = spec["events"]
        self._random = random.Random(f"{key}:ids")
        self._user = ""
        self._session = ""
        self._count = 0

    def open(self, now: int) -> None:
        """Load the page at ``now``, in milliseconds since 1970: a new session; at first, a new user too."""
        self._user = self._user or self._uuid(now)
        self._session = self._uuid(now)
        self.sessions += 1

    def emit(self, now: int, event_type: str, level: int | None = None, **properties: int | str) -> None:
        """Report an event at ``now``, in milliseconds since 1970."""
        said = self._spec.get(event_type)
        named = said["properties"] if said else {}
        properties = {name: value for name, value in properties.items() if name in named or name not in LATER}
        if said is None or not said["sent"] or named.keys() != properties.keys():
            raise PermanentError(f"the game's events have no {event_type} with {sorted(properties)}")
        self.events.append(
            {
                "event_id": self._uuid(now),
                "event_type": event_type,
                "user_id": self._user,
                "session_id": self._session,
                "level": level,
                "properties": properties,
                "timestamp": _timestamp(now),
                "device_info": TRAFFIC,
            }
        )

    def _uuid(self, now: int) -> str:
        """RFC 9562, version 7: milliseconds, the player's running number, the player's own random bits."""
        self._count += 1
        value = now << 80 | 7 << 76 | (self._count & 0xFFF) << 64 | 2 << 62 | self._random.getrandbits(62)
        text = f"{value:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _timestamp(now: int) -> str:
    """ISO 8601 with milliseconds and Z, as ``toISOString`` writes it."""
    seconds, milliseconds = divmod(now, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{milliseconds:03}Z"
