"""A whole tile swap game, built as it would be published, for the tests that need a browser."""

import json

from gamefactory_dagster.studio import player
from gamefactory_dagster.studio.art.atlas import pack
from gamefactory_dagster.studio.design.event_spec import event_spec, javascript
from gamefactory_dagster.studio.families.tile_swap import FAMILY
from gamefactory_dagster.studio.shipping.build import Bundle, WebBuilder

PALETTE = {
    "sky": "#274b73", "ground": "#152238", "ink": "#0d1420", "accent": "#ffb347",
    "panel": "#1d2b45", "paper": "#f4f1e8",
}  # fmt: skip


def bundle(gdd, levels, kit=None):
    """The bundle of a game; ``kit`` is an art kit, or None for placeholder shapes."""
    game = {
        "format": 1, "version": "1.0.0", "slug": gdd.slug, "name": gdd.name, "tagline": gdd.tagline,
        "genre": gdd.genre, "family": gdd.family, "mechanics": list(gdd.mechanics),
        "style": gdd.style_guide.style, "theme": gdd.style_guide.theme,
        "palette": dict(kit.palette) if kit else PALETTE, "free_levels": 3,
        "economy": gdd.economy.model_dump(), "help": list(FAMILY.help(gdd)), "sounds": [],
        "art": kit is not None,
        "ads": {"seconds": 5, "revenue_micros": 0}, "levels": levels,
    }  # fmt: skip
    files = {f"web/src/{name}": content for name, content in player.sources(FAMILY).items()}
    files["web/src/events.js"] = javascript(event_spec(gdd))
    files["web/index.html"] = player.page(gdd)
    files["web/game.json"] = json.dumps(game).encode()
    if kit:
        image, places = pack(kit.sprites())
        files |= {f"web/{picture.filename}": picture.png for picture in kit.pictures}
        files |= {"web/atlas.png": image, "web/atlas.json": json.dumps(places).encode()}
    built: Bundle = WebBuilder().build(files, "1.0.0")
    return built
