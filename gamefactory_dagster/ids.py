"""How things are named: slugs and UUIDs, what they look like and how one is read.

What belongs here: their form. What does not: making a slug of a name (``studio/design/names.py``), and
whether anything has such an id.
"""

import re
from collections.abc import Container
from uuid import UUID

from gamefactory_dagster.errors import InputError

SLUG_LENGTH = 80
"""Characters of the longest slug."""

LABEL_LENGTH = 63
"""Characters of the longest part of a host's name that can be looked up (RFC 1035, 2.3.4)."""

SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
"""Pattern of a whole slug: small ASCII letters and digits with single dashes between."""

UUID_FORM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
"""A whole UUID as PostgreSQL writes it."""

NO_UUID, LAST_UUID = str(UUID(int=0)), str(UUID(int=2**128 - 1))
"""The first and the last in PostgreSQL's order."""

_SLUG = re.compile(SLUG)


def is_slug(text: str) -> bool:
    """Whether ``text`` can be a game's slug: then it is also the safe name of a folder."""
    return len(text) <= SLUG_LENGTH and _SLUG.fullmatch(text) is not None


def own_host(slug: str, host: str, domains: Container[str]) -> str | None:
    """Name a game answers at where its arcade is called ``host``; None where it has none of its own there.

    Nobody else than this machine's own browser looks for names in ``localhost`` here.
    """
    domain = "localhost" if host in {"127.0.0.1", "::1"} else host
    return f"{slug}.{domain}" if domain in domains and len(slug) <= LABEL_LENGTH else None


def canonical_uuid(text: str) -> str | None:
    """The UUID in small letters, whatever its own; None for every other spelling and for what is none."""
    if UUID_FORM.fullmatch(text):
        return text
    lowered = text.lower()
    return lowered if UUID_FORM.fullmatch(lowered) else None


def beginning_alike(beginning: str) -> tuple[str, str] | None:
    """The first and the last UUID that begin so; None for what none does, and for less than 4 characters."""
    lowered = beginning.lower()
    first, last = (lowered + filled[len(lowered) :] for filled in (NO_UUID, LAST_UUID))
    fits = len(lowered) >= 4 and UUID_FORM.fullmatch(first) and UUID_FORM.fullmatch(last)
    return (first, last) if fits else None


def parse_uuid(text: str, field: str, expected: str) -> UUID:
    """Read a UUID somebody gave as ``field``; InputError says what was ``expected``."""
    found = canonical_uuid(text)
    if found is None:
        raise InputError(field, text, expected)
    return UUID(found)


def parse_user(text: str | None, default: UUID) -> UUID:
    """Whom ``--user`` or a run's configuration names, or the ``default`` where they name nobody."""
    return default if text is None else parse_uuid(text, "user", "the id of a row of auth.users")
