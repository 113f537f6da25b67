"""What each theme looks like: its light and land, and which drawing each part of a game is in it.

What belongs here: the table of what every family may ask for, and a theme dressed for one game. What does
not: the drawings themselves, a table that one family alone needs (it brings that in its folder), or any word
a player reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from gamefactory_dagster.studio.design.gdd import Light, Theme
from gamefactory_dagster.studio.design.parts import OWN_PARTS, SCENERY


@dataclass(frozen=True, slots=True)
class ThemeArt:
    """One theme. Hues are OKLCH degrees; the rest are names of drawings, motifs or colours."""

    sky_hue: float
    sky_chroma: float
    sweep: float
    """Degrees the hue turns from the top of the sky to the horizon."""
    land_hue: float
    land_chroma: float
    far: tuple[str, ...]
    mid: tuple[str, ...]
    near: tuple[str, ...]
    turf: str
    """Colour of the top of the ground."""
    soil: str
    edge: Literal["grass", "drip", "flat", "snow"]
    bloom_hue: float
    """Hue of what flowers or glows in the background."""
    night: bool = False
    deep: str = "blue"
    """Colour of what is at the bottom of a pit."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """What a request may name as its subject -> the drawing or the subject that it is."""
    scenery: str = ""
    """What stands in the backdrop beside the motifs; empty: nothing."""


_PLACES: Mapping[Theme, ThemeArt] = {
    "reef": ThemeArt(
        225, 0.11, -25, 205, 0.09,
        ("rays", "rocks"), ("seaweed", "corals", "bubbles"), ("seaweed", "fans"),
        "sand", "dune", "flat", 10, deep="navy",
    ),
    "desert": ThemeArt(
        62, 0.09, 25, 68, 0.09,
        ("sundisc", "mesas"), ("dunes", "pyramids"), ("dunes", "cacti"),
        "sand", "dune-", "flat", 140, deep="dune-",
    ),
    "orchard": ThemeArt(
        232, 0.09, -60, 135, 0.12,
        ("clouds", "hills"), ("hills", "trees"), ("bushes", "fence"),
        "green", "brown", "grass", 25,
    ),
    "space": ThemeArt(
        285, 0.11, 35, 292, 0.08,
        ("stars", "planets"), ("craters", "domes"), ("craters",),
        "purple+", "purple-", "flat", 330, True, deep="purple",
    ),
    "castle": ThemeArt(
        262, 0.09, 60, 275, 0.06,
        ("clouds", "peaks"), ("castles", "hills"), ("pines", "bushes"),
        "leaf", "stone-", "grass", 20, deep="teal-",
    ),
    "candy": ThemeArt(
        345, 0.09, -45, 340, 0.10,
        ("clouds", "hills"), ("hills", "lollies"), ("lollies", "puffs"),
        "pink", "copper", "drip", 355, deep="rose",
    ),
    "arctic": ThemeArt(
        232, 0.07, -30, 228, 0.05,
        ("aurora", "peaks"), ("peaks", "pines"), ("snowbanks", "pines"),
        "white", "ice-", "snow", 180,
    ),
    "volcano": ThemeArt(
        38, 0.10, 30, 22, 0.08,
        ("volcanoes", "smoke"), ("crags", "embers"), ("crags",),
        "lava", "dark+", "drip", 42, deep="lava",
    ),
    "city": ThemeArt(
        248, 0.08, 90, 262, 0.06,
        ("clouds", "skyline"), ("skyline",), ("lamps", "bushes"),
        "stone+", "iron", "flat", 80, deep="navy",
    ),
    "garden": ThemeArt(
        205, 0.08, -70, 140, 0.12,
        ("clouds", "hills"), ("bushes", "flowers"), ("fence", "flowers"),
        "lime-", "brown", "grass", 355,
    ),
    "clockwork": ThemeArt(
        72, 0.07, -20, 58, 0.07,
        ("cogs", "pipes"), ("chimneys", "cogs"), ("pipes",),
        "brass", "brown-", "flat", 80, deep="lava",
    ),
    "jungle": ThemeArt(
        165, 0.08, -55, 150, 0.11,
        ("rays", "peaks"), ("palms", "temples"), ("ferns", "palms"),
        "leaf", "brown-", "grass", 30, deep="teal-",
    ),
}  # fmt: skip

THEME_ART: Mapping[str, ThemeArt] = {
    name: replace(place, parts=OWN_PARTS[name]) for name, place in _PLACES.items()
}

_BY_DAY = frozenset({"sundisc", "rays"})
"""Motifs that a night has not."""

_WITHOUT_SKY = ("reef", "space")
"""Themes that show no moon: one is under water, the other has stars of its own."""


def dressed(theme: str, cast: Mapping[str, str], light: Light | None) -> ThemeArt:
    """The theme as one game has it: with its cast in their parts, and by night under moon and stars.

    KeyError for a theme there is not; what is cast need not be anything that can be drawn.
    """
    art = THEME_ART[theme]
    far = art.far
    if light == "night" and theme not in _WITHOUT_SKY:
        far = ("stars", "moonlight", *(name for name in far if name not in _BY_DAY))
    parts = {**art.parts, **{part: subject for part, subject in cast.items() if part != SCENERY}}
    return replace(art, far=far, parts=parts, scenery=cast.get(SCENERY, ""))
