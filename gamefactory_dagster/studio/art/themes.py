"""What each theme looks like: its light and land, and which drawing each part of a game is in it.

What belongs here: the table of what every family may ask for. What does not: the drawings themselves, a table
that one family alone needs (it brings that in its folder), or any word a player reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ThemeArt:
    """One theme. Hues are OKLCH degrees; the rest are names of drawings, motifs or colours."""

    sky_hue: float
    sky_chroma: float
    sweep: float
    """Degrees the hue turns from the top of the sky to the horizon."""
    land_hue: float
    land_chroma: float
    hero: str
    low: str
    tall: str
    fly: str
    coin: str
    crate: str
    item: str
    tiles: tuple[str, str, str, str, str, str]
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
    life: str = "bird"
    """Drawing of what moves in the backdrop."""

    @property
    def parts(self) -> dict[str, str]:
        """What a request may name as its subject -> the drawing that it is in this theme."""
        named = {
            "hero": self.hero,
            "hazard_low": self.low,
            "hazard_tall": self.tall,
            "hazard_fly": self.fly,
            "coin": self.coin,
            "crate": self.crate,
            "life": self.life,
            "item": self.item,
        }
        return named | {f"tile_{index}": tile for index, tile in enumerate(self.tiles)}


THEME_ART: Mapping[str, ThemeArt] = {
    "reef": ThemeArt(
        225, 0.11, -25, 205, 0.09, "fish", "urchin", "coral", "jellyfish", "pearl", "crate_wood", "clam",
        ("crab", "starfish", "tile_fish", "drop", "tile_jelly", "shell"),
        ("rays", "rocks"), ("seaweed", "corals", "bubbles"), ("seaweed", "fans"), "sand", "dune", "flat", 10,
        deep="navy", life="minnow",
    ),
    "desert": ThemeArt(
        62, 0.09, 25, 68, 0.09, "fennec", "scorpion", "cactus", "vulture", "suncoin", "crate_stone", "fennec",
        ("vase", "sun", "cactus_pot", "beetle", "gem", "pyramid"),
        ("sundisc", "mesas"), ("dunes", "pyramids"), ("dunes", "cacti"), "sand", "dune-", "flat", 140,
        deep="dune-",
    ),
    "orchard": ThemeArt(
        232, 0.09, -60, 135, 0.12, "hedgehog", "toadstool", "thorns", "wasp", "apple", "crate_wood", "basket",
        ("apple", "lemon", "pear", "berry", "grapes", "leaf"),
        ("clouds", "hills"), ("hills", "trees"), ("bushes", "fence"), "green", "brown", "grass", 25,
        life="leaf",
    ),
    "space": ThemeArt(
        285, 0.11, 35, 292, 0.08, "astronaut", "mine", "crystals", "ufo", "star", "crate_metal", "astronaut",
        ("rocket", "star", "tile_ufo", "planet", "gem", "moon"),
        ("stars", "planets"), ("craters", "domes"), ("craters",), "purple+", "purple-", "flat", 330, True,
        deep="purple", life="mote",
    ),
    "castle": ThemeArt(
        262, 0.09, 60, 275, 0.06, "knight", "spikes", "brazier", "bat", "crowncoin", "crate_stone", "knight",
        ("shield", "crown", "potion", "gem", "tower", "key"),
        ("clouds", "peaks"), ("castles", "hills"), ("pines", "bushes"), "leaf", "stone-", "grass", 20,
        deep="teal-",
    ),
    "candy": ThemeArt(
        345, 0.09, -45, 340, 0.10, "gingerbread", "gumdrop", "cane", "winged_donut", "sweet", "crate_biscuit",
        "gingerbread", ("heart", "lollipop", "tile_cane", "cupcake", "sweet", "donut"),
        ("clouds", "hills"), ("hills", "lollies"), ("lollies", "puffs"), "pink", "copper", "drip", 355,
        deep="rose", life="mote",
    ),
    "arctic": ThemeArt(
        232, 0.07, -30, 228, 0.05, "penguin", "ice_spikes", "icicle", "owl", "snowflake", "crate_ice",
        "penguin", ("snowman", "star", "tile_fish", "igloo", "snowflake", "mitten"),
        ("aurora", "peaks"), ("peaks", "pines"), ("snowbanks", "pines"), "white", "ice-", "snow", 180,
        life="mote",
    ),
    "volcano": ThemeArt(
        38, 0.10, 30, 22, 0.08, "dragon", "magma", "fire", "firebat", "ruby", "crate_stone", "dragon",
        ("flame", "bolt", "egg", "gem", "volcano", "bone"),
        ("volcanoes", "smoke"), ("crags", "embers"), ("crags",), "lava", "dark+", "drip", 42,
        deep="lava", life="mote",
    ),
    "city": ThemeArt(
        248, 0.08, 90, 262, 0.06, "cat", "cone", "signal", "drone", "token", "crate_metal", "skateboard",
        ("umbrella", "bulb", "house", "car", "bolt", "cup"),
        ("clouds", "skyline"), ("skyline",), ("lamps", "bushes"), "stone+", "iron", "flat", 80,
        deep="navy",
    ),
    "garden": ThemeArt(
        205, 0.08, -70, 140, 0.12, "ladybug", "snail", "flytrap", "wasp", "flower", "crate_pot", "ladybug",
        ("mushroom", "flower", "leaf", "butterfly", "tulip", "acorn"),
        ("clouds", "hills"), ("bushes", "flowers"), ("fence", "flowers"), "lime-", "brown", "grass", 355,
        life="flutter",
    ),
    "clockwork": ThemeArt(
        72, 0.07, -20, 58, 0.07, "robot", "saw", "coil", "copter", "gear", "crate_metal", "robot",
        ("potion", "bulb", "hexnut", "gear", "watch", "key"),
        ("cogs", "pipes"), ("chimneys", "cogs"), ("pipes",), "brass", "brown-", "flat", 80,
        deep="lava", life="mote",
    ),
    "jungle": ThemeArt(
        165, 0.08, -55, 150, 0.11, "monkey", "snake", "totem", "toucan", "banana", "crate_wood", "monkey",
        ("mushroom", "banana", "leaf", "butterfly", "gem", "idol"),
        ("rays", "peaks"), ("palms", "temples"), ("ferns", "palms"), "leaf", "brown-", "grass", 30,
        deep="teal-", life="flutter",
    ),
}  # fmt: skip
