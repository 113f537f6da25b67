"""Games ordered one by one, and not in batches: entering one, where it stands, what there is to tell of it.

What belongs here: what whoever orders a game wants to know of it and do with it, each in the caller's
transaction. What does not: planning it (``planning.py``), making it, and who orders any.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database.sql import load
from gamefactory_dagster.database.tables.factory import Game, GameStep
from gamefactory_dagster.ids import SLUG_LENGTH
from gamefactory_dagster.studio.design.names import slugify
from gamefactory_dagster.studio.design.wishes import Wishes
from gamefactory_dagster.studio.shipping.publisher import Publisher

from .lifecycle import ENDED, STEPS
from .planning import PlannedGame
from .states import GAMES, cancel_game, record

Plan = Callable[[Collection[str]], PlannedGame]
"""Plans a game around slugs that are taken."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a game is: its state, its last finished step, and why it failed or was cancelled."""

    status: str
    current_step: int
    error_message: str | None


@dataclass(frozen=True, slots=True)
class Story:
    """What there is to tell of a game; of steps not done yet nothing."""

    name: str
    slug: str
    genre: str
    theme: str | None
    style: str | None
    design: Mapping[str, Any]
    """As ``studio/design/gdd.py`` has it; empty before there is one."""
    play_url: str | None
    assets: int
    """Pictures and sounds."""
    levels: int
    """Proven winnable."""
    build_id: UUID | None
    """Of the build that is published, or will be."""
    build_bytes: int | None
    begun: Mapping[int, datetime]
    ended: Mapping[int, datetime]
    """When steps last began and ended, by their numbers."""


def planned_around(
    connection: sa.Connection, plan: Plan, name: str | None = None, *, unlike_all: bool = False
) -> PlannedGame:
    """Plan a game whose slug no other has; ``name`` goes before the plan's.

    ``unlike_all``: the plan hears of every slug there is, and not only of those it would take. The caller
    holds ``Lock.PLANNING``, or two might settle on the same.
    """
    taken = set(connection.scalars(sa.select(Game.slug))) if unlike_all else set()
    while True:
        game = plan(taken)
        if name is not None:
            game = replace(game, name=name, slug=_slug_around(name, taken))
        if connection.scalar(sa.select(Game.slug).where(Game.slug == game.slug)) is None:
            return game
        taken.add(game.slug)


def _slug_around(name: str, taken: Collection[str]) -> str:
    slug, number = slugify(name), 2
    found = slug
    while found in taken:
        end = f"-{number}"
        found, number = f"{slug[: SLUG_LENGTH - len(end)].rstrip('-')}{end}", number + 1
    return found


def enter(
    connection: sa.Connection,
    game: PlannedGame,
    *,
    owner: UUID | None,
    designer: str | None,
    priority: int,
    asked: Mapping[str, Any],
) -> UUID:
    """Insert a planned game with its twelve steps; it waits for its run. ``asked``: what the ledger tells."""
    values = {
        "name": game.name,
        "slug": game.slug,
        "genre": game.genre,
        "theme": game.theme,
        "style": game.style,
        "seed": game.seed,
        "wishes": game.wishes.as_json(),
        "designer": designer,
        "owner_id": owner,
        "priority": priority,
        "asked": dict(asked),
    }
    game_id: UUID = connection.execute(sa.insert(Game).values(values).returning(Game.id)).scalar_one()
    steps = [
        {"game_id": game_id, "step_number": number, "step_name": name}
        for number, name in enumerate(STEPS, start=1)
    ]
    connection.execute(sa.insert(GameStep), steps)
    record(connection, game_id, None, "game_ordered", f"{game.name} ordered by itself")
    return game_id


def genres_of(connection: sa.Connection, games: Sequence[UUID]) -> list[str]:
    """Give the genres of these games, in the order of the ids."""
    rows = connection.execute(sa.select(Game.id, Game.genre).where(Game.id.in_(games)))
    found = {row.id: row.genre for row in rows}
    return [found[game] for game in games if game in found]


def as_planned(connection: sa.Connection, game: UUID) -> PlannedGame:
    """Give a game as it could be planned again: its name, genre, theme and style, seed and wishes."""
    row = connection.execute(sa.select(GAMES).where(Game.id == game)).mappings().one()
    return PlannedGame(
        1,
        row["name"],
        row["slug"],
        row["genre"],
        row["theme"],
        row["style"],
        row["seed"],
        Wishes.from_json(row["wishes"]),
    )


def standings(connection: sa.Connection, games: Collection[UUID]) -> dict[UUID, Standing]:
    """Give how far these games are; one that is gone is left out."""
    wanted = sa.select(Game.id, Game.status, Game.current_step, Game.error_message)
    rows = connection.execute(wanted.where(Game.id.in_(games)))
    return {row.id: Standing(row.status, row.current_step, row.error_message) for row in rows}


def story(connection: sa.Connection, game: UUID) -> Story:
    """Give what there is to tell of a game."""
    row = connection.execute(sa.text(load("production/story")), {"game": game}).mappings().one()
    steps = connection.execute(
        sa.select(GameStep.step_number, GameStep.started_at, GameStep.completed_at).where(
            GameStep.game_id == game
        )
    ).all()
    begun = {step.step_number: step.started_at for step in steps if step.started_at is not None}
    ended = {step.step_number: step.completed_at for step in steps if step.completed_at is not None}
    return Story(**row, begun=begun, ended=ended)


def cancel(connection: sa.Connection, publisher: Publisher, game: UUID, why: str) -> bool:
    """Cancel a game that has not ended; whether there was anything to cancel.

    Raises TransientError when the publisher cannot do it now.
    """
    locked = sa.select(GAMES).where(GAMES.c.id == game).with_for_update(key_share=True)
    row = connection.execute(locked).mappings().one_or_none()
    if row is None or row["status"] in ENDED:
        return False
    cancel_game(connection, publisher, row, why)
    return True
