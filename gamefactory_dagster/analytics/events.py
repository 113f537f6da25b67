"""The rules one raw event must keep to be stored. Pure: no clock, no database.

What belongs here: turning what a client or a file sent into an ``Event``, or saying why it is quarantined.
What does not: whether the game exists and whether the event was seen before (``ingest.py``).

This is the hot path of ingestion (millions of events): plain checks on plain types, about three
microseconds an event. What PostgreSQL would refuse must be refused here, because one bad row would
otherwise take the whole statement with it.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

import orjson

from gamefactory_dagster.ids import canonical_uuid
from gamefactory_dagster.studio.design.event_spec import EVENT_TYPES

from .decoding import TooDeepError, decode, layers

KNOWN_TYPES = frozenset(EVENT_TYPES)
"""The event types, quick to look up."""

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""Timestamps before this come from a device without a clock."""

CLOCK_SKEW = timedelta(minutes=10)
"""How far ahead of our clock a client's may be."""

STRING_LIMIT = 255
"""Characters in ``user_id`` and ``session_id``."""

JSON_BYTES = 16_384
"""Largest ``properties`` or ``device_info``, as compact UTF-8 JSON; the player sends under 200."""

JSON_DEPTH = 16
"""Deepest nesting inside ``properties`` or ``device_info``; the object itself is 1."""

MONEY = {"rewarded_ad_completed": "revenue_micros", "iap_completed": "revenue_cents"}
"""Event type -> the property that holds its money, a non-negative integer."""

INT32 = 2**31
"""A ``level`` is below it, and not below its negative."""

INT64 = 2**63
"""Money is below it."""

_CLOCK = re.compile(
    r"[Tt ][0-2][0-9]:[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?"
    r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)?"
).fullmatch
"""What follows the date in a timestamp, whole, but for hours above 23.

RFC 3339, and of ISO 8601 also a comma, no seconds, no offset and short offsets. Not its dates by week or day
of the year, nor 24:00, which is another day's midnight, nor a leap second, which no client's clock shows.
"""

Reason = Literal[
    "not_json", "not_an_object", "unknown_type", "unknown_game", "other_game", "missing", "not_a_uuid",
    "not_a_string", "too_long", "holds_nul", "not_unicode", "unparseable", "too_early", "too_late",
    "not_an_integer", "out_of_range", "negative", "not_usd", "too_deep", "too_large", "implausible",
]  # fmt: skip


class Event(NamedTuple):
    """One acceptable event, in the order of the table's columns."""

    id: str
    game_id: str
    event_type: str
    user_id: str | None
    session_id: str | None
    level: int | None
    properties: str
    """JSON text that ``jsonb`` takes."""
    device_info: str
    """JSON text that ``jsonb`` takes."""
    timestamp: datetime
    """The client's, in UTC."""


class Rejected(NamedTuple):
    """Why an event is quarantined."""

    reason: Reason
    field: str | None = None
    """The field at fault, dotted inside an object; None for the event as a whole."""
    game_id: str | None = None
    """The game it names, where that much could be read."""


class Refusal(Exception):  # noqa: N818  it never leaves the rules: validate turns it into a Rejected
    """A rule that was broken."""

    def __init__(self, reason: Reason, field: str | None = None) -> None:
        self.reason = reason
        self.field = field


def validate(raw: object, received_at: datetime, game_id: str | None = None) -> Event | Rejected:
    """Judge one event by the rules of ``docs/metrics.md``; never raises.

    ``raw`` is a decoded JSON value, or ``bytes`` for one undecoded line. ``received_at`` has a time zone.
    ``game_id`` (lower case), when given, is the only game the event may be of, and the one it is of when it
    names none.
    """
    named = game_id
    try:
        if type(raw) is bytes:
            raw = _decoded(raw)
        if type(raw) is not dict:
            raise Refusal("not_an_object")
        get = raw.get
        game = get("game_id")
        if game is not None or game_id is None:
            named = game = _uuid(game, "game_id")
            if game_id is not None and game != game_id:
                raise Refusal("other_game", "game_id")
        else:
            game = game_id
        event_type = get("event_type")
        if type(event_type) is not str or event_type not in KNOWN_TYPES:
            raise Refusal("missing" if event_type is None else "unknown_type", "event_type")
        level = get("level")
        if level is not None:
            _check_level(level)
        properties = get("properties")
        if properties and event_type in MONEY:
            check_money(properties, MONEY[event_type])
        return Event(
            _uuid(get("event_id"), "event_id"),
            game,
            event_type,
            _string(get("user_id"), "user_id"),
            _string(get("session_id"), "session_id"),
            level,
            json_object(properties, "properties"),
            json_object(get("device_info"), "device_info"),
            client_time(get("timestamp"), received_at),
        )
    except Refusal as refusal:
        return Rejected(refusal.reason, refusal.field, named)


def _decoded(line: bytes) -> object:
    try:
        return decode(line)
    except TooDeepError:
        raise Refusal("too_deep") from None
    except ValueError:
        raise Refusal("not_json") from None


def _uuid(value: object, field: str) -> str:
    """Give the canonical form: two spellings of one id must not count as two events."""
    if value is None:
        raise Refusal("missing", field)
    found = canonical_uuid(value) if type(value) is str else None
    if found is None:
        raise Refusal("not_a_uuid", field)
    return found


def _string(value: object, field: str) -> str | None:
    if value is None:
        return None
    if type(value) is not str:
        raise Refusal("not_a_string", field)
    if len(value) > STRING_LIMIT:
        raise Refusal("too_long", field)
    if "\0" in value:
        raise Refusal("holds_nul", field)
    if not value.isascii():
        _check_unicode(value, field)
    return value


def _check_unicode(value: str, field: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Refusal("not_unicode", field) from None


def _check_level(level: object) -> None:
    if type(level) is not int:
        raise Refusal("not_an_integer", "level")
    if not -INT32 <= level < INT32:
        raise Refusal("out_of_range", "level")


def check_money(properties: object, name: str) -> None:
    """Raise Refusal unless the money in ``properties``, if any, is a count of US cents or micros."""
    if type(properties) is not dict:
        raise Refusal("not_an_object", "properties")
    currency = properties.get("currency")
    if currency is not None and currency != "USD":
        raise Refusal("not_usd", "properties.currency")
    if name not in properties:
        return
    amount = properties[name]
    if type(amount) is not int:
        raise Refusal("not_an_integer", f"properties.{name}")
    if amount < 0:
        raise Refusal("negative", f"properties.{name}")
    if amount >= INT64:
        raise Refusal("out_of_range", f"properties.{name}")


def client_time(value: object, received_at: datetime) -> datetime:
    """Read a date and time as ``docs/metrics.md`` has it, to the microsecond, in UTC. Raises Refusal."""
    if value is None:
        raise Refusal("missing", "timestamp")
    # Of the date fromisoformat takes only one form with this dash; of what follows it takes more forms, and
    # passes over what it does not understand.
    if type(value) is not str or value[7:8] != "-" or _CLOCK(value, 10) is None:
        raise Refusal("unparseable", "timestamp")
    try:
        timestamp = datetime.fromisoformat(value.replace("z", "Z") if value[-1] == "z" else value)
    except ValueError:
        raise Refusal("unparseable", "timestamp") from None
    if timestamp.tzinfo is None:
        timestamp = timestamp.replace(tzinfo=UTC)
    if timestamp < EARLIEST:
        raise Refusal("too_early", "timestamp")
    if timestamp - received_at > CLOCK_SKEW:
        raise Refusal("too_late", "timestamp")
    return timestamp if timestamp.tzinfo is UTC else timestamp.astimezone(UTC)


def json_object(value: object, field: str) -> str:
    """JSON text for a ``jsonb`` column, bounded in size and depth; "{}" for null. Raises Refusal."""
    if value is None:
        return "{}"
    if type(value) is not dict:
        raise Refusal("not_an_object", field)
    if not value:
        return "{}"
    try:
        text = orjson.dumps(value)
    except TypeError:
        # Too deep, a lone surrogate, or a number over 64 bits: the walk says which.
        _walk(value, field)
        raise Refusal("out_of_range", field) from None
    if len(text) > JSON_BYTES:
        raise Refusal("too_large", field)
    # Only text with one of these marks can break a rule: nesting, an escaped NUL, an infinity (written null).
    if b"[" in text or b"\\u0000" in text or b"null" in text or text.count(b"{") > 1:
        _walk(value, field)
    return text.decode()


def _walk(value: object, field: str) -> None:
    """Check every string, number and nesting level inside ``value``."""
    for depth, items in enumerate(layers(value), 1):
        if depth > JSON_DEPTH:
            raise Refusal("too_deep", field)
        for item in items:
            _check_scalar(item, field)


def _check_scalar(item: object, field: str) -> None:
    if type(item) is str:
        if "\0" in item:
            raise Refusal("holds_nul", field)
        _check_unicode(item, field)
    elif type(item) is int:
        if not -INT64 <= item < 2 * INT64:
            raise Refusal("out_of_range", field)
    elif type(item) is float and item - item != 0:  # an infinity or NaN
        raise Refusal("out_of_range", field)
