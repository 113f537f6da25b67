"""The short way through the rules for the lines nearly every log is made of: a third of ``validate``'s time.

What belongs here: recognising a plain line and reading it. What does not: a rule of its own. It takes a line
only when ``validate`` would, gives the equal Event, and leaves everything else, and every refusal, to it.
"""

from datetime import datetime
from typing import Annotated

import msgspec
import orjson

from .events import (
    CANONICAL,
    EVENT_TYPES,
    INT32,
    MONEY,
    STRING_LIMIT,
    Event,
    Refusal,
    check_money,
    client_time,
    json_object,
)

_Level = Annotated[int, msgspec.Meta(ge=-INT32, lt=INT32)]
_EMPTY = msgspec.Raw(b"{}")


class _Line(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    event_id: str
    game_id: str
    event_type: str
    timestamp: str
    user_id: str | None = None
    session_id: str | None = None
    level: _Level | None = None
    properties: msgspec.Raw = _EMPTY
    device_info: msgspec.Raw = _EMPTY


_decode = msgspec.json.Decoder(_Line).decode


def plain_event(line: bytes, received_at: datetime) -> Event | None:
    """Read one line; None says no more than that ``validate`` has to look at it.

    Without a backslash no string holds a NUL, half a surrogate or anything else spelt out; pure ASCII needs
    no check of its encoding. The values inside ``properties`` and ``device_info`` are judged by the rules.
    """
    if b"\\" in line or not line.isascii():
        return None
    try:
        found = _decode(line)
        user_id, session_id = found.user_id, found.session_id
        if (
            found.event_type not in EVENT_TYPES
            or CANONICAL.fullmatch(found.event_id) is None
            or CANONICAL.fullmatch(found.game_id) is None
            or (user_id is not None and len(user_id) > STRING_LIMIT)
            or (session_id is not None and len(session_id) > STRING_LIMIT)
        ):
            return None
        return Event(
            found.event_id,
            found.game_id,
            found.event_type,
            user_id,
            session_id,
            found.level,
            _object(found.properties, "properties", MONEY.get(found.event_type)),
            _object(found.device_info, "device_info", None),
            client_time(found.timestamp, received_at),
        )
    except (msgspec.MsgspecError, orjson.JSONDecodeError, RecursionError, Refusal):
        return None


def _object(raw: msgspec.Raw, field: str, money: str | None) -> str:
    text = bytes(raw)
    if text == b"{}":
        return "{}"
    value = orjson.loads(text)
    if money is not None and value:
        check_money(value, money)
    return json_object(value, field)
