"""A published game as an engineer looks at it: its picture, its link, its levels.

What belongs here: reading them. What does not: how Dagster shows them (``defs.py``), and the gallery.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database.tables.factory import Game, GameStep
from gamefactory_dagster.studio.art.picture import reduced
from gamefactory_dagster.studio.families.base import Certificate
from gamefactory_dagster.studio.shipping.published import PublishedGames

from .lifecycle import STEPS
from .steps.base import level_rows

PICTURE = (480, 270)
"""Pixels of the picture: about 20 kB as JPEG."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One game of the catalogue."""

    slug: str
    name: str
    genre: str
    family: str
    play_url: str
    mechanics: list[str]
    levels: list[dict[str, Any]]
    """A record each, of its certificate: level, seconds, inputs and more; see ``steps.base.level_rows``."""
    picture: bytes | None
    """JPEG; None where it is not among its files."""


def entry(connection: sa.Connection, published: PublishedGames, game_id: UUID) -> Entry | None:
    """Read a game; None unless it is published. ``published``: the games' files."""
    game = connection.execute(
        sa.select(Game.__table__).where(Game.id == game_id, Game.status == "published")
    ).one_or_none()
    if game is None:
        return None
    certificates = connection.scalar(
        sa.select(GameStep.artifacts["certificates"]).where(
            GameStep.game_id == game_id, GameStep.step_number == STEPS.index("content_production") + 1
        )
    )
    published.renew([game.slug])
    return Entry(
        slug=game.slug,
        name=game.name,
        genre=game.genre,
        family=game.selected_template or "",
        play_url=game.play_url or "",
        mechanics=list(game.selected_mechanics or []),
        levels=level_rows([Certificate(**made) for made in certificates or []]),
        picture=reduced(published.folder / game.slug / "splash.png", PICTURE, "JPEG", 82),
    )
