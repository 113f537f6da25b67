"""A whole game of any family as its steps leave it in the repository, and as it is published."""

import json
from collections.abc import Sequence
from typing import Any

from gamefactory_dagster.production.steps.game_data import game_data
from gamefactory_dagster.studio import families, player
from gamefactory_dagster.studio.art import ArtKit
from gamefactory_dagster.studio.art.atlas import pack
from gamefactory_dagster.studio.audio import Sound
from gamefactory_dagster.studio.design.event_spec import event_spec, javascript
from gamefactory_dagster.studio.design.gdd import GDD
from gamefactory_dagster.studio.families.base import Level
from gamefactory_dagster.studio.shipping.build import Bundle, WebBuilder


def web_files(
    gdd: GDD, levels: list[Level], kit: ArtKit | None = None, audio: Sequence[Sound] = (), **changes: Any
) -> dict[str, bytes]:
    """The files under ``web/``; without a kit it has placeholder shapes. ``changes`` are of its game.json."""
    family = families.FAMILIES[gdd.family]
    data = game_data(gdd, family, levels, dict(kit.palette) if kit else None) | changes
    files = {f"web/src/{name}": content for name, content in player.sources(family).items()}
    files["web/src/events.js"] = javascript(event_spec(gdd))
    files["web/index.html"] = player.page(gdd)
    files["web/game.json"] = json.dumps(data).encode()
    if kit:
        atlas, places = pack(kit.sprites())
        files |= {f"web/{picture.filename}": picture.png for picture in kit.pictures}
        files |= {"web/atlas.png": atlas, "web/atlas.json": json.dumps(places).encode()}
    return files | {f"web/audio/{sound.filename}": sound.content for sound in audio}


def built(
    gdd: GDD, levels: list[Level], kit: ArtKit | None = None, audio: Sequence[Sound] = (), **changes: Any
) -> Bundle:
    """The bundle of ``web_files``."""
    return WebBuilder().build(web_files(gdd, levels, kit, audio, **changes), "1.0.0")
