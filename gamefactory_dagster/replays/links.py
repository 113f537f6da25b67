"""Links to recorded matches: what a person gives, and the one form a match is known by.

What belongs here: the rule for such a link. What does not: whether anything is there (``sources/``).
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from gamefactory_dagster.errors import InputError

LONGEST = 500
"""Characters a link may have."""

EXPECTED = "a link such as https://www.duelingbook.com/replay?id=123456"

_LINK = re.compile(
    r"(?i:(?:https?://)?(?:www\.)?duelingbook\.com)/replay/?"
    r"\?(?P<query>[\w\-.~:/?\[\]@!$&'()*+,;=%]*)(?:#[\w\-.~:/?\[\]@!$&'()*+,;=%]*)?",
    re.ASCII,
)
"""No user, port or dot after the host, and nothing a URL may not have: no blank, backslash or control."""

_ID = re.compile(r"(?:[0-9]{1,19}-)?(?P<id>[0-9]{1,19})")
"""The site puts the id of a user before that of the match, in links of its own."""


@dataclass(frozen=True, slots=True)
class Link:
    """One recorded match, by the site's positive number for it."""

    id: int

    @property
    def url(self) -> str:
        """The canonical link."""
        return f"https://www.duelingbook.com/replay?id={self.id}"


def read_link(text: str) -> Link:
    """The match a link is to; blanks around it, a fragment and parameters other than ``id`` do not count.

    Raises InputError for everything else, two ids among it.
    """
    given = text.strip()
    found = _LINK.fullmatch(given) if len(given) <= LONGEST else None
    query = parse_qsl(found["query"], keep_blank_values=True) if found else []
    ids = [_ID.fullmatch(value) for name, value in query if name == "id"]
    match = ids[0] if len(ids) == 1 else None
    if match is None or int(match["id"]) == 0:
        raise InputError("link", text, EXPECTED)
    return Link(int(match["id"]))


def canonical(text: str) -> str:
    """The one form of a link: two links to one match have the same. Raises InputError like ``read_link``."""
    return read_link(text).url
