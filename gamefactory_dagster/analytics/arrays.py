"""A JSON array cut into its elements as it comes, without parsing them.

What belongs here: finding the commas between elements and the bracket at the end. What does not: whether an
element is JSON (``events.py``), and one that does not end (``lines.py``).
"""

import re

_OPENING = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[(?=\s*[{\]])")
_UNDECIDED = re.compile(rb"\xef?\xbb?\xbf?\s*(?:\[\s*)?")

_STRING_REST = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_STRING = rb'"' + _STRING_REST.pattern + rb'"'
_FLAT = rb'[\[{][^"\[\]{}]*+(?:%s[^"\[\]{}]*+)*+[\]}]' % _STRING
_TO_MARK = re.compile(rb'[^"\[\]{},]*+(?:(?:%s|%s)[^"\[\]{},]*+)*+' % (_STRING, _FLAT), re.DOTALL)
_TO_BRACKET = re.compile(rb'[^"\[\]{}]*+(?:(?:%s|%s)[^"\[\]{}]*+)*+' % (_STRING, _FLAT), re.DOTALL)
"""Up to what matters between elements, and inside one; strings and flat containers are passed over whole."""

_OPENERS = re.compile(rb"[\[{]*+")


def undecided(beginning: bytes) -> bool:
    """Whether more of a document must be seen to know if it is an array of objects."""
    return _UNDECIDED.fullmatch(beginning) is not None


def first_element(beginning: bytes) -> int | None:
    """Where the first element begins, if the document is an array of objects or an empty one."""
    opening = _OPENING.match(beginning)
    return opening.end() if opening else None


class Elements:
    """Cuts what follows the opening bracket, block by block; knows where it is between two blocks."""

    def __init__(self) -> None:
        self._depth = 0
        """Brackets open inside the element."""
        self._in_string = False
        self._escaped = False
        """Whether the next byte belongs to the backslash before it."""
        self.ended = False
        """Whether the closing bracket was found."""
        self.rest = b""
        """What came after it."""

    def cut(self, block: bytes) -> list[bytes]:
        """Give the parts between commas, as ``split`` does: the first and the last may be parts of elements.

        After the closing bracket comes nothing, as a last part.
        """
        parts: list[bytes] = []
        begin = 0
        place = self._pass_string(block, 0) if self._in_string else 0
        while place < len(block):
            place = _pass(_TO_BRACKET if self._depth else _TO_MARK, block, place)
            mark = block[place : place + 1]
            place += 1
            if mark == b'"':
                place = self._pass_string(block, place)
            elif mark in {b"[", b"{"}:
                after = _pass(_OPENERS, block, place)
                self._depth += 1 + after - place
                place = after
            elif self._depth and mark:
                self._depth -= 1
            elif mark in {b",", b"]"}:
                parts.append(block[begin : place - 1])
                begin = place
                if mark == b"]":
                    self.ended, self.rest = True, block[place:]
                    return [*parts, b""]
        return [*parts, block[begin:]]

    def _pass_string(self, block: bytes, place: int) -> int:
        """Find where the string ends that goes on at ``place``; perhaps not in this block."""
        place = _pass(_STRING_REST, block, place + self._escaped)
        ended = block[place : place + 1] == b'"'
        self._in_string = not ended
        self._escaped = block[place : place + 1] == b"\\"
        return place + 1 if ended else len(block)


def _pass(pattern: re.Pattern[bytes], block: bytes, place: int) -> int:
    """Where what matches at ``place`` ends; the patterns match nothing, too."""
    found = pattern.match(block, place)
    assert found is not None
    return found.end()
