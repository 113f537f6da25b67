"""The short way through the rules for the lines nearly every log is made of: a third of ``validate``'s time.

What belongs here: recognising a plain line and reading it. What does not: a rule of its own. It takes a line
only when ``validate`` would, gives the equal Event, and leaves everything else, and every refusal, to it.
"""

from datetime import datetime
from typing import Annotated

import msgspec

from gamefactory_dagster.ids import UUID_FORM

from .decoding import opens_too_much
from .events import (
    INT32,
    INT64,
    JSON_BYTES,
    KNOWN_TYPES,
    MONEY,
    STRING_LIMIT,
    Event,
    Refusal,
    check_money,
    client_time,
)

_Level = Annotated[int, msgspec.Meta(ge=-INT32, lt=INT32)]
_Scalar = str | bool | Annotated[int, msgspec.Meta(ge=-INT64, le=INT64 - 1)] | None
"""Not floats, whose text depends on who writes it."""


class _Line(msgspec.Struct, gc=False):
    event_id: str
    game_id: str
    event_type: str
    timestamp: str
    user_id: str | None = None
    session_id: str | None = None
    level: _Level | None = None
    properties: dict[str, _Scalar] | None = None
    device_info: dict[str, _Scalar] | None = None


_decode = msgspec.json.Decoder(_Line).decode
_encode = msgspec.json.Encoder().encode


def plain_event(line: bytes, received_at: datetime) -> Event | None:
    """Read one line; None says no more than that ``validate`` has to look at it.

    Without a backslash no string holds a NUL, half a surrogate or anything else spelt out; pure ASCII needs
    no check of its encoding. Flat ``properties`` and ``device_info`` can break no rule but those on size and
    money.
    """
    if b"\\" in line or not line.isascii() or opens_too_much(line):
        return None
    try:
        found = _decode(line)
        user_id, session_id, properties = found.user_id, found.session_id, found.properties
        if (
            found.event_type not in KNOWN_TYPES
            or UUID_FORM.fullmatch(found.event_id) is None
            or UUID_FORM.fullmatch(found.game_id) is None
            or (user_id is not None and len(user_id) > STRING_LIMIT)
            or (session_id is not None and len(session_id) > STRING_LIMIT)
            or len(line) > JSON_BYTES
        ):
            return None
        if properties and found.event_type in MONEY:
            check_money(properties, MONEY[found.event_type])
        return Event(
            found.event_id,
            found.game_id,
            found.event_type,
            user_id,
            session_id,
            found.level,
            _encode(properties).decode() if properties else "{}",
            _encode(found.device_info).decode() if found.device_info else "{}",
            client_time(found.timestamp, received_at),
        )
    except (msgspec.MsgspecError, Refusal):
        return None
