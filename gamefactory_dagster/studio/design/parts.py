"""The parts that the things of a game play, and what plays each in every theme where a design says nothing.

What belongs here: names of parts and of drawings. What does not: how a theme is coloured (``art/themes.py``),
and who plays a part because somebody wished it (``casting.py``).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

TILES: Final = ("tile_0", "tile_1", "tile_2", "tile_3", "tile_4", "tile_5")

PARTS: Final = ("hero", "hazard_low", "hazard_tall", "hazard_fly", "coin", "crate", "item", "life", *TILES)
"""What a sprite may ask for in place of a drawing. ``item`` is brought home; ``life`` is in the backdrop."""

SCENERY: Final = "scenery"
"""The part of what stands in the backdrop: no sprite asks for it, and no theme has its own for it."""


def _parts(others: str, tiles: str) -> Mapping[str, str]:
    return MappingProxyType(dict(zip(PARTS, (*others.split(), *tiles.split()), strict=True)))


OWN_PARTS: Mapping[str, Mapping[str, str]] = {
    "reef": _parts(
        "fish urchin coral jellyfish pearl crate_wood clam minnow",
        "crab starfish tile_fish drop tile_jelly shell",
    ),
    "desert": _parts(
        "fennec scorpion cactus vulture suncoin crate_stone fennec bird",
        "vase sun cactus_pot beetle gem pyramid",
    ),
    "orchard": _parts(
        "hedgehog toadstool thorns wasp apple crate_wood basket leaf",
        "apple lemon pear berry grapes leaf",
    ),
    "space": _parts(
        "astronaut mine crystals ufo star crate_metal astronaut mote",
        "rocket star tile_ufo planet gem moon",
    ),
    "castle": _parts(
        "knight spikes brazier bat crowncoin crate_stone knight bird",
        "shield crown potion gem tower key",
    ),
    "candy": _parts(
        "gingerbread gumdrop cane winged_donut sweet crate_biscuit gingerbread mote",
        "heart lollipop tile_cane cupcake sweet donut",
    ),
    "arctic": _parts(
        "penguin ice_spikes icicle owl snowflake crate_ice penguin mote",
        "snowman star tile_fish igloo snowflake mitten",
    ),
    "volcano": _parts(
        "dragon magma fire firebat ruby crate_stone dragon mote",
        "flame bolt egg gem volcano bone",
    ),
    "city": _parts(
        "cat cone signal drone token crate_metal skateboard bird",
        "umbrella bulb house car bolt cup",
    ),
    "garden": _parts(
        "ladybug snail flytrap wasp flower crate_pot ladybug flutter",
        "mushroom flower leaf butterfly tulip acorn",
    ),
    "clockwork": _parts(
        "robot saw coil copter gear crate_metal robot mote",
        "potion bulb hexnut gear watch key",
    ),
    "jungle": _parts(
        "monkey snake totem toucan banana crate_wood monkey flutter",
        "mushroom banana leaf butterfly gem idol",
    ),
}
"""Theme -> part -> the drawing that plays it."""

SHOWS: Mapping[str, str] = MappingProxyType({
    "minnow": "fish", "tile_fish": "fish", "tile_jelly": "jellyfish", "coral": "coral branch",
    "fennec": "fox", "cactus_pot": "cactus", "toadstool": "mushroom", "tile_ufo": "flying saucer",
    "ufo": "flying saucer", "firebat": "bat", "winged_donut": "donut", "signal": "traffic light",
    "bulb": "light bulb", "skateboard": "red skateboard", "flutter": "butterfly", "hexnut": "bolt and nut",
    "copter": "helicopter", "volcano": "erupting volcano", "drop": "water drop", "fire": "bonfire",
    "ice_spikes": "icicle", "mine": "bomb", "bird": "dove", "cup": "coffee", "suncoin": "silver coin",
})  # fmt: skip
"""What a drawing of a theme's own shows, where it is not called as the subject is."""
