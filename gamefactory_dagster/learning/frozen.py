"""Games that stand still in learning: flooded with implausible events, and nobody looked yet.

What belongs here: which they are, and saying that one may be learned from again. What does not: what is
implausible (``analytics/plausible.py``), and what is read of them (``outcomes.py``).

A game that stands still keeps the outcome of the days before, rather than none: leaving it out would move the
weights, and be the cheapest way to move them.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.tables.factory import Game


@dataclass(frozen=True, slots=True)
class Frozen:
    """A game and its first day, UTC, on which more implausible events were received than good ones."""

    slug: str
    since: dt.date
    implausible: int
    """Events of that and such days."""


def frozen(connection: sa.Connection) -> list[Frozen]:
    """All of them, by slug."""
    statement = """
    SELECT slug, since, implausible FROM factory.frozen_games
    JOIN factory.games ON games.id = game_id ORDER BY slug
    """
    return [Frozen(*row) for row in connection.execute(sa.text(statement))]


def told(game: Frozen) -> str:
    """One sentence, with what to do."""
    return (
        f"{game.slug} is learned from only up to {game.since}, since when it got {game.implausible:,} "
        f"implausible events; when you have looked: gamefactory game trust {game.slug}"
    )


def trust(engine: sa.Engine, game_id: UUID) -> dt.date:
    """Learn from a game whatever was received of it up to today, UTC, which is returned; safe to repeat."""
    today = sa.cast(sa.func.timezone("UTC", sa.func.now()), sa.Date)
    statement = sa.update(Game).where(Game.id == game_id).values(trusted_until=today)
    with transaction(engine) as connection:
        day = connection.execute(statement.returning(Game.trusted_until)).scalar_one()
    assert day is not None
    return day
