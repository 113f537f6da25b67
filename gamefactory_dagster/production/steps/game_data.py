"""``game.json``: the data the web player plays. Composition only; the parts come from elsewhere."""

from dataclasses import asdict
from typing import Any

from gamefactory_dagster.studio.design.credits import credits_of
from gamefactory_dagster.studio.design.gdd import GDD
from gamefactory_dagster.studio.families.base import Family, Level
from gamefactory_dagster.studio.families.cues import cues

from .base import VERSION

NEUTRAL_PALETTE = {
    "sky": "#dfe7ee",
    "ground": "#8594a3",
    "ink": "#1d2733",
    "accent": "#2f6fb0",
    "panel": "#ffffff",
    "paper": "#f4f6f8",
}
"""What the prototype is drawn with before there is art."""

AD_SECONDS = 5
"""Length of the built-in house ad."""

SKINS = (("Carnival", 130, 130, 4), ("Aurora", 215, 110, 8), ("Moonlight", 290, 80, 12))
"""Name, how far hues are turned, how strong they are in per cent, and the price in levels at full marks."""

SHELL_SOUNDS = ("click", "win", "lose", "unlock", "tick", "star", "count", "buy", "flight", "goal", "combo")
"""Effects every game plays, whatever its family."""


def sounds_of(family: Family, gdd: GDD) -> tuple[str, ...]:
    """Every effect a game plays, each once: the shell's, the family's, and what its rules list as cues."""
    return tuple(dict.fromkeys((*SHELL_SOUNDS, *family.sounds(gdd), *cues(family))))


def game_data(
    gdd: GDD, family: Family, levels: list[Level], palette: dict[str, str] | None = None
) -> dict[str, Any]:
    """The game's data; without a palette it is drawn with placeholder shapes and plays no sounds."""
    return {
        "format": 1,
        "version": VERSION,
        "slug": gdd.slug,
        "name": gdd.name,
        "tagline": gdd.tagline,
        "genre": gdd.genre,
        "family": gdd.family,
        "mechanics": list(gdd.mechanics),
        "style": gdd.style_guide.style,
        "theme": gdd.style_guide.theme,
        "palette": palette or NEUTRAL_PALETTE,
        "free_levels": gdd.progression.free_levels,
        "economy": {**gdd.economy.model_dump(), "price": gdd.economy.level_price},
        "help": list(family.help(gdd)),
        "credits": [asdict(credit) for credit in credits_of(gdd)],
        # A house ad earns nothing; a paid network's value per view would stand here.
        "ads": {"seconds": AD_SECONDS, "revenue_micros": 0},
        "sounds": list(sounds_of(family, gdd)) if palette else [],
        "art": palette is not None,
        "levels": levels,
        "skins": [
            {"name": name, "turn": turn, "strength": strength, "price": levels_at_par * gdd.economy.par}
            for name, turn, strength, levels_at_par in SKINS
        ],
    }
