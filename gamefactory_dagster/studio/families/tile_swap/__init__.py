"""The tile swap family: swap two neighbours, clear lines of three and more, meet the level's goal in time.

What belongs here: what the factory asks of a family. What does not: rules (``rules.js`` and what it stands
on), search (``solver.js``), casual player, picture (``view.js``), what a game's levels are built of
(``grammar.py``) and their numbers (``generate.py``).
"""

import random
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from gamefactory_dagster.studio.art.requests import Placed, SpriteRequest
from gamefactory_dagster.studio.design.gdd import GDD
from gamefactory_dagster.studio.families.base import Budget, Family, Level

from . import drawings
from .generate import FEWEST_MOVES, MOST_MOVES, draft, draft_daily, eased, hardened
from .grammar import grammar

__all__ = ["FAMILY", "drawings"]

TILES = 6
"""Pictures of tiles: ``tile_0`` is kind 1 of the rules."""

SIDE = 96
"""Pixels of a tile's side: a phone held upright shows it about so large."""

_MECHANICS = {
    "tile_swap": "Two neighbouring tiles change places to line up three of a kind; more make special tiles.",
    "score_system": "The level asks for points; cascades multiply them, so planning ahead beats grabbing.",
    "timer_countdown": "A tight clock runs; clearing clock tiles adds seconds to it.",
    "health_system": "Fuses burn down by one each swap; one that burns out costs one of three hearts.",
    "card_flip": "Some tiles lie face down and cannot be swapped until a match beside them turns them over.",
    "path_following": "An item must be brought down a marked path: matches beside it push it on.",
    "spawner": "Every few swaps a tile turns to stone and must be cracked by a match beside it.",
    "collision_detection": "Fixed stones hold up the tiles above them until matches beside them break them.",
    "physics_gravity": "The side that tiles fall to turns a quarter with every swap.",
    "particle_effects": "Cleared tiles burst into sparks, and special tiles go off in beams and rings.",
    "sprite_animation": "Tiles breathe, stretch as they fall and squash as they land.",
}

_HELP = {
    "score_system": "Reach the score. A cascade multiplies every point it makes.",
    "timer_countdown": "Beat the clock. Tiles with a small clock add three seconds.",
    "health_system": "Clear fuses before their number reaches zero: each that burns out costs a heart.",
    "card_flip": "Turn a face-down tile by matching beside it.",
    "path_following": "Match beside the item to push it on along its path to the exit.",
    "spawner": "Stones appear as you go. Match beside one to break it.",
    "collision_detection": "Stones hold up what lies on them. Match beside them to break them.",
    "physics_gravity": "Tiles fall to another side after each swap: follow the arrow.",
}


class TileSwap(Family):
    """Match-three puzzles."""

    name: ClassVar[str] = "tile_swap"
    genre: ClassVar[str] = "puzzle"
    core: ClassVar[tuple[str, ...]] = ("tile_swap",)
    mechanics: ClassVar[Mapping[str, str]] = MappingProxyType(_MECHANICS)
    laboratory: ClassVar[tuple[str, ...]] = ("solver.js", "turns.js", "casual.js")
    budget: ClassVar[Budget | None] = Budget("moves", FEWEST_MOVES, MOST_MOVES)
    actions: ClassVar[tuple[str, ...]] = ("swap", "match", "cascade", "clear")
    rules: ClassVar[tuple[str, ...]] = ("board.js", "specials.js", "falls.js", "rules.js")
    causes: ClassVar[Mapping[str, str]] = {
        "moves": "Out of moves.",
        "time": "Out of time.",
        "hearts": "Too many fuses burnt out.",
        "stuck": "No swap was left.",
    }
    icon: ClassVar[tuple[Placed, ...]] = (
        Placed("tile_1", 40, 62, 2),
        Placed("tile_2", 280, 62, 2),
        Placed("tile_0", 112, 194, 3),
    )
    splash: ClassVar[tuple[Placed, ...]] = tuple(
        Placed(f"tile_{i}", 34 + 140 * i, 238 + 12 * (i % 2), 2) for i in range(TILES)
    )
    views: ClassVar[tuple[str, ...]] = (
        "tiles.js", "motion.js", "blasts.js", "table.js", "panel.js", "hands.js", "lessons.js", "telling.js",
        "view.js",
    )  # fmt: skip

    def sprites(self, gdd: GDD) -> tuple[SpriteRequest, ...]:
        """Tiles and a cell always; the rest where a mechanic puts it on the board."""
        has = set(gdd.mechanics)
        asked = [
            SpriteRequest(f"tile_{i}", "tile", f"tile_{i}", SIDE, SIDE, tint=f"tile{i}", behind="cell")
            for i in range(TILES)
        ]
        asked.append(SpriteRequest("cell", "ui", "cell", 64, 64, fills_box=True))
        if "timer_countdown" in has:
            asked.append(SpriteRequest("clock_tile", "pickup", "clock_tile", 64, 64, behind="cell"))
        if "health_system" in has:
            asked.append(SpriteRequest("fuse", "hazard", "fuse", SIDE, SIDE, behind="cell"))
            asked.append(SpriteRequest("heart", "ui", "heart", 32, 32))
        if has & {"spawner", "collision_detection"}:
            asked.append(SpriteRequest("stone", "solid", "stone", SIDE, SIDE, behind="cell"))
        if "card_flip" in has:
            asked.append(SpriteRequest("cover", "cover", "cover", SIDE, SIDE, behind="cell"))
        if "path_following" in has:
            asked.append(SpriteRequest("item", "goal", "item", SIDE, SIDE, behind="cell"))
        return tuple(asked)

    def sounds(self, gdd: GDD) -> tuple[str, ...]:
        """Sounds of the cues these rules give."""
        has = set(gdd.mechanics)
        extra = {
            "hit": {"health_system"}, "collect": {"path_following"}, "bonus": {"timer_countdown"},
            "break": {"spawner", "collision_detection"},
        }  # fmt: skip
        return (
            *("swap", "match", "cascade", "land", "tick", "make", "blast", "goal"),
            *(name for name, why in extra.items() if why & has),
        )

    def help(self, gdd: GDD) -> tuple[str, ...]:
        """How to play, a line each."""
        lines = [
            "Drag a tile onto its neighbour, or pick one and then the other. Arrows and Space work too.",
            "Three in a line clear. Four make a line tile, an L or T a bomb, five a colour tile.",
            "Swap two special tiles with each other for something bigger.",
        ]
        if not {"score_system", "path_following"} & set(gdd.mechanics):
            lines.append("Collect the tiles the level asks for before your moves run out.")
        lines.extend(line for name, line in _HELP.items() if name in gdd.mechanics)
        if "timer_countdown" not in gdd.mechanics:
            lines.append("Take all the time you like: only swaps cost moves.")
        return tuple(lines)

    def fail_states(self, mechanics: tuple[str, ...]) -> tuple[str, ...]:
        """How such a game is lost."""
        states = ["No moves are left and the goal is not met."]
        if "timer_countdown" in mechanics:
            states.append("The clock runs out.")
        if "health_system" in mechanics:
            states.append("Three fuses have burnt out.")
        return tuple(states)

    def generate(self, gdd: GDD, number: int, rng: random.Random) -> Level:
        """Draft level ``number`` (1..10) at its place on the design's curve."""
        return draft(grammar(gdd.seed, gdd.mechanics), number, gdd.difficulty_curve[number - 1], rng)

    def repair(self, level: Level, report: dict[str, Any], rng: random.Random) -> Level | None:
        """Lower goals by what the solver's best attempt lacked, give a move or two, time, or longer fuses."""
        return eased(level, report, rng)

    def harden(self, level: Level, rng: random.Random) -> Level | None:
        """Ask for a little more, with a move less now and then."""
        return hardened(level, rng)

    def daily(self, gdd: GDD, number: int, rng: random.Random) -> Level:
        """Draft the daily level of day ``number`` (0..29)."""
        return draft_daily(grammar(gdd.seed, gdd.mechanics), number, rng)


FAMILY = TileSwap()
"""The one instance."""
