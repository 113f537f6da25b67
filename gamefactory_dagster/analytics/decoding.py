"""JSON out of bytes that anybody may have sent, the same on every Python and whatever parses it.

What belongs here: text, numbers and nesting as such. What does not: what an event holds (``events.py``), and
where its bytes end (``lines.py``).
"""

import codecs
import json
from collections.abc import Iterator
from itertools import accumulate

import orjson

DEPTH = 256
"""Most objects and lists within one another, in a document or in a value that is kept.

Ours and not the parser's, which depends on the version of Python and on who calls it. A batch of events needs
19; Python's own limit begins at some 900.
"""

MARK = codecs.BOM_UTF8
"""What Windows programs put before UTF-8 text; passed over."""

_INT64 = 2**63
_INT64_DIGITS = 20
"""Characters of the longest whole number of 64 bits, with its sign or without one."""

_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_ALL_BUT_MARKS = bytes(byte for byte in range(256) if byte not in b'[]{}"')


class TooDeepError(ValueError):
    """JSON that is nested more than ``DEPTH`` deep."""

    def __init__(self) -> None:
        super().__init__(f"JSON nested more than {DEPTH} deep")


def decode(text: bytes | str) -> object:
    """Parse ``text``, bytes being UTF-8.

    Raises ValueError for what is no JSON, and TooDeepError for what is too deep.

    orjson refuses a whole document for one lone surrogate or one huge number. The standard parser takes
    them, so that the event at fault can be told from its neighbours.
    """
    text = (text.encode() if isinstance(text, str) else text).removeprefix(MARK)
    if opens_too_much(text):
        _check_depth(text)
    try:
        value: object = orjson.loads(text)
    except orjson.JSONDecodeError:
        # Given bytes, the standard parser would guess at UTF-16 and UTF-32.
        value = json.loads(text.decode(), parse_int=_whole_number, parse_constant=_no_constant)
    return value


def opens_too_much(text: bytes) -> bool:
    """Whether ``text`` may be too deep: the quick question, which says yes of many that are not."""
    return len(text) > 2 * DEPTH and text.count(b"{") + text.count(b"[") > DEPTH


def layers(value: object) -> Iterator[list[object]]:
    """Give what is in an object or list, then what is in those inside it, and so on: no recursion.

    A layer holds the keys and the items of all containers so deep; one that is empty has a layer, too.
    """
    containers = [value] if type(value) is dict or type(value) is list else []
    while containers:
        items: list[object] = []
        for container in containers:
            items += container
            if type(container) is dict:
                items += container.values()
        yield items
        containers = [item for item in items if type(item) is dict or type(item) is list]


def is_too_deep(value: object) -> bool:
    """Whether a decoded value is nested more than ``DEPTH`` deep."""
    return any(depth > DEPTH for depth, _ in enumerate(layers(value), 1))


def _check_depth(text: bytes) -> None:
    """Raise TooDeepError or, when brackets stay open, ValueError, if more are open at once than may be.

    Of valid JSON this is exact. A parser that stops at a fault has seen the same brackets up to there.
    """
    unescaped = text.replace(rb"\\", b"").replace(rb"\"", b"")
    marks = unescaped.translate(None, _ALL_BUT_MARKS).replace(b'""', b"")
    brackets = b"".join(marks.split(b'"')[::2])  # every other part is inside a string
    depths = list(accumulate(map(_STEPS.__getitem__, brackets), initial=0))
    if max(depths) > DEPTH:
        raise TooDeepError if depths[-1] == 0 else ValueError("brackets are not closed")


def _whole_number(digits: str) -> int | float:
    """Read one as orjson does: past 64 bits it is a float, and past those an infinity.

    ``int`` would refuse the whole document for more than 4,300 digits.
    """
    number = int(digits) if len(digits) <= _INT64_DIGITS else 2 * _INT64
    return number if -_INT64 <= number < 2 * _INT64 else float(digits)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
