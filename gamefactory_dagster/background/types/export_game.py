"""A game as one zip in the artifact store: what players get, and the project it was made from."""

import logging
from typing import Any

import sqlalchemy as sa
from pydantic import Field

from gamefactory_dagster.background.kinds import Kind, Parameters, Work
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.tables.factory import Game, GameBuild
from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.ledger.recording import Made

log = logging.getLogger(__name__)


class ExportGame(Parameters):
    """Which game."""

    game: str = Field(min_length=1, max_length=80)
    """Its slug, its id, or the first characters of that, 4 or more."""


def run(work: Work, given: ExportGame) -> dict[str, Any]:
    """Pack its newest build and its repository, each in a folder of its own; same game, same bytes."""
    from gamefactory_dagster.production.batches import find_game
    from gamefactory_dagster.studio.providers import embedded
    from gamefactory_dagster.studio.shipping.build import Bundle, pack

    game_id = find_game(work.engine, given.game)
    newest = (
        sa.select(Game.slug, GameBuild.artifact_url)
        .join(GameBuild, GameBuild.game_id == Game.id)
        .where(Game.id == game_id, GameBuild.status == "success", GameBuild.artifact_url.is_not(None))
        .order_by(GameBuild.build_number.desc())
        .limit(1)
    )
    with transaction(work.engine) as connection:
        build = connection.execute(newest).one_or_none()
    if build is None:
        raise PermanentError(f"game {given.game} has not been built yet; there is nothing to export")
    providers = embedded(work.settings)
    history = providers.repositories.log(str(game_id))
    commit = history[0].commit
    played = Bundle.from_zip(providers.artifacts.get(build.artifact_url)).files
    project = providers.repositories.read(str(game_id), commit)
    content = pack(
        {f"{build.slug}/game/{path}": data for path, data in played.items()}
        | {f"{build.slug}/project/{path}": data for path, data in project.items()}
    )
    stored = providers.artifacts.put("exports", content, ".zip")
    name = f"{build.slug}.zip"
    work.made.append(Made.of(content, "zip", stored.url, "application/zip", path=name, game=build.slug))
    log.info("%s: %d files of the game, %d of its project at %s", name, len(played), len(project), commit)
    return {
        "url": stored.url,
        "sha256": stored.sha256,
        "size": stored.size,
        "game": build.slug,
        "commit": commit,
    }


KIND = Kind(
    "export_game",
    ExportGame,
    run,
    "Packs a game, and the project it was made from, as one zip in the artifact store.",
    example={"game": "pearl-dash"},
    timeout=300,
    memory_mb=1024,
)
