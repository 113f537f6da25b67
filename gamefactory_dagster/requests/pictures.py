"""A picture of a request's game, out of the game's repository, as soon as it was drawn.

What belongs here: finding it and giving it out, nothing but what the factory itself drew. What does not: the
published game's files (``arcade/files.py``).
"""

import hashlib
from typing import Any

import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.production.lifecycle import STEPS
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.studio.art.picture import kept_at
from gamefactory_dagster.studio.providers import repositories_of

MAX_BYTES = 2 * 1024 * 1024
"""Of a picture that is given out; the factory's largest has a twentieth of it."""

_DRAWN = STEPS.index("asset_generation") + 1


def find(engine: sa.Engine, request: int, picture: str) -> Any | None:
    """Find the row of a picture, with where it is kept and its ``checksum``; None where there is none."""
    asked = {"id": request, "picture": picture, "step": _DRAWN}
    with transaction(engine) as connection:
        row = connection.execute(sa.text(load("requests/picture")), asked).one_or_none()
    return row if row is not None and row.commit and (row.size_bytes or 0) <= MAX_BYTES else None


def content(settings: Settings, row: Any) -> bytes | None:
    """Read a picture; None where it is lost, or is no longer what the row says."""
    try:
        with repositories_of(settings).opened(row.repository) as read:
            found = read(row.commit, kept_at(row.asset_type, row.filename))
    except PermanentError:
        return None
    return found if hashlib.sha256(found).hexdigest() == row.checksum else None
