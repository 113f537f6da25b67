"""How things are named: slugs and UUIDs, what they look like and how one is read.

What belongs here: their form. What does not: making a slug of a name (``studio/design/names.py``), and
whether anything has such an id.
"""

import re
from uuid import UUID

from gamefactory_dagster.errors import InputError

SLUG_LENGTH = 80
"""Characters of the longest slug."""

SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
"""Pattern of a whole slug: small ASCII letters and digits with single dashes between."""

UUID_FORM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
"""A whole UUID as PostgreSQL writes it."""

_SLUG = re.compile(SLUG)


def is_slug(text: str) -> bool:
    """Whether ``text`` can be a game's slug: then it is also the safe name of a folder."""
    return len(text) <= SLUG_LENGTH and _SLUG.fullmatch(text) is not None


def canonical_uuid(text: str) -> str | None:
    """The UUID in small letters, whatever its own; None for every other spelling and for what is none."""
    if UUID_FORM.fullmatch(text):
        return text
    lowered = text.lower()
    return lowered if UUID_FORM.fullmatch(lowered) else None


def parse_uuid(text: str, field: str, expected: str) -> UUID:
    """Read a UUID somebody gave as ``field``; InputError says what was ``expected``."""
    found = canonical_uuid(text)
    if found is None:
        raise InputError(field, text, expected)
    return UUID(found)


def parse_user(text: str | None, default: UUID) -> UUID:
    """Whom ``--user`` or a run's configuration names, or the ``default`` where they name nobody."""
    return default if text is None else parse_uuid(text, "user", "the id of a row of auth.users")
