"""The runner family: run right, jump and duck, reach the flag.

What belongs here: what the family tells the rest of the factory about itself.
What does not: its rules, solver and view (JavaScript beside this file) or its levels (``generate.py``).
"""

import random
from collections.abc import Mapping
from typing import Any, ClassVar

from gamefactory_dagster.studio.art.requests import Placed, SpriteRequest
from gamefactory_dagster.studio.design.gdd import GDD
from gamefactory_dagster.studio.families.base import Family, Level, Mishaps

from . import generate, repair, soften

_HERO = (
    SpriteRequest("hero", "hero", "hero", 96, 128, 6),
    SpriteRequest("hero_jump", "hero", "hero", 96, 128, pose="jump"),
    SpriteRequest("hero_fall", "hero", "hero", 96, 128, pose="fall"),
    SpriteRequest("hero_hurt", "hero", "hero", 96, 128, pose="hurt"),
    SpriteRequest("hero_cheer", "hero", "hero", 96, 128, 2, pose="cheer"),
)
_COURSE = (
    SpriteRequest("coin", "pickup", "coin", 56, 56, 4, spins=True),
    SpriteRequest("flag", "goal", "flag", 84, 168),
    SpriteRequest("ground", "solid", "ground", 252, 168, fills_box=True, repeats=True),
    SpriteRequest("ground_end", "solid", "ground_end", 42, 168, fills_box=True),
    SpriteRequest("tuft", "particle", "tuft", 44, 24),
    SpriteRequest("pit", "solid", "pit", 168, 168, fills_box=True, repeats=True),
    SpriteRequest("deep", "particle", "deep", 168, 84, fills_box=True, repeats=True),
    SpriteRequest("ledge", "solid", "ledge", 84, 36, fills_box=True, repeats=True),
    SpriteRequest("ride", "solid", "ride", 84, 36, fills_box=True, repeats=True),
    SpriteRequest("spring", "solid", "spring", 84, 63),
    SpriteRequest("breakable", "solid", "breakable", 84, 84),
)
"""Drawn at the size they have on the screen, which is about one and three quarters of the rules' pixels."""

_FALLING = ("orchard", "arctic", "candy")
_RISING = ("volcano", "space", "clockwork")


def _variants(kind: str, width: int, height: int, frames: int = 1) -> list[SpriteRequest]:
    """Three pictures of one kind of hazard."""
    names = (kind, f"{kind}_b", f"{kind}_c")
    return [
        SpriteRequest(name, "hazard", kind, width, height, frames, variant=i) for i, name in enumerate(names)
    ]


def _life(theme: str) -> SpriteRequest:
    """What moves in the backdrop; its name says how."""
    way = "fall" if theme in _FALLING else "rise" if theme in _RISING else "fly"
    return SpriteRequest(f"life_{way}", "particle", "life", 40, 24, 2, tint="second")


class Runner(Family):
    """Auto-running obstacle courses, one gesture or two."""

    name: ClassVar[str] = "runner"
    genre: ClassVar[str] = "runner"
    core: ClassVar[tuple[str, ...]] = ("tap_jump",)
    endless: ClassVar[bool] = True
    softens: ClassVar[bool] = True
    actions: ClassVar[tuple[str, ...]] = ("run", "jump", "collect")
    causes: ClassVar[Mapping[str, str]] = {
        "hit": "That was one bump too many.",
        "fell": "Mind the gap!",
        "time": "Out of time.",
        "short": "Not enough gathered.",
    }
    icon: ClassVar[tuple[Placed, ...]] = (Placed("hero_jump", 64, 6, 4),)
    splash: ClassVar[tuple[Placed, ...]] = (
        *(Placed("ground", x, 452, 1) for x in range(0, 960, 252)),
        Placed("hazard_low", 48, 388, 1),
        Placed("coin", 500, 330, 1),
        Placed("coin", 566, 286, 1),
        Placed("hero_jump", 628, 64, 3),
    )
    views: ClassVar[tuple[str, ...]] = (
        "shapes.js",
        "road.js",
        "camera.js",
        "scenery.js",
        "ground.js",
        "actors.js",
        "tale.js",
        "view.js",
    )
    rules: ClassVar[tuple[str, ...]] = ("course.js", "endless.js", "rules.js")
    laboratory: ClassVar[tuple[str, ...]] = ("comfort.js", "solver.js", "ways.js", "wits.js", "casual.js")
    mechanics: ClassVar[Mapping[str, str]] = {
        "tap_jump": "A tap makes the hero jump over hazards and gaps.",
        "physics_gravity": "Holding a jump carries it higher and further; tall things need a held jump.",
        "multi_touch": "A second gesture ducks under flyers that fill the air.",
        "health_system": "Three hearts: a hit costs one and gives a moment's safety, not the end.",
        "score_system": "The flag only counts when enough coins have been gathered.",
        "timer_countdown": "The clock is too short for the course; clocks on the way add time.",
        "spawner": "Hazards come rolling and flying towards the hero.",
        "collision_detection": "Crates stop the hero from the side and carry it: stairs, walls, islands.",
        "parallax_scrolling": "Near and far layers of the background move at different speeds.",
        "camera_follow": "The camera looks ahead and follows jumps instead of standing still.",
        "particle_effects": "Dust, sparkles and bursts follow what happens.",
        "sprite_animation": "Hero, flyers and coins move through their frames.",
    }

    def sprites(self, gdd: GDD) -> tuple[SpriteRequest, ...]:
        """Every picture a game of this design draws."""
        has = set(gdd.mechanics)
        requests = [*_HERO, *_COURSE, *_variants("hazard_low", 72, 72), *_variants("hazard_tall", 72, 144)]
        requests.append(_life(gdd.style_guide.theme))
        if "multi_touch" in has:
            requests.append(SpriteRequest("hero_duck", "hero", "hero", 96, 80, 2, pose="duck"))
        if has & {"multi_touch", "spawner"}:
            requests += _variants("hazard_fly", 98, 70, 2)
        if "collision_detection" in has:
            requests.append(SpriteRequest("crate", "solid", "crate", 84, 84))
        if "timer_countdown" in has:
            requests.append(SpriteRequest("clock", "pickup", "clock", 56, 56))
        return tuple(requests)

    def sounds(self, gdd: GDD) -> tuple[str, ...]:
        """Sound effects of the rules' cues, beside the shell's own click, win, lose and unlock."""
        names = ["jump", "land", "collect", "hit", "break"]
        if "multi_touch" in gdd.mechanics:
            names.append("duck")
        if "timer_countdown" in gdd.mechanics:
            names += ["bonus", "tick"]
        return tuple(names)

    def help(self, gdd: GDD) -> tuple[str, ...]:
        """How to play, a line each."""
        has = set(gdd.mechanics)
        jump = "Tap, or press Space or Up, to jump"
        lines = [f"{jump}; hold to jump higher." if "physics_gravity" in has else f"{jump}."]
        if "multi_touch" in has:
            lines.append("Touch the left side, or press Down, to duck.")
        if "collision_detection" in has:
            lines.append("Land on crates; do not run into them.")
        if "score_system" in has:
            lines.append(f"Gather enough {gdd.economy.currency.replace('_', ' ')} before the flag.")
        if "timer_countdown" in has:
            lines.append("Catch clocks: the time alone is not enough.")
        if "health_system" in has:
            lines.append("Hearts forgive bumps; with the last of them the level is lost.")
        lines.append("Springs throw you up, ledges and platforms carry you, cracked boxes burst underfoot.")
        lines.append("Reach the flag.")
        return tuple(lines)

    def fail_states(self, mechanics: tuple[str, ...]) -> tuple[str, ...]:
        """How a game with these mechanics can be lost."""
        lost = "Losing the last heart" if "health_system" in mechanics else "Running into a hazard"
        states = [
            f"{lost}.",
            "Falling into a gap." if "health_system" not in mechanics else "Falling too often.",
        ]
        if "score_system" in mechanics:
            states.append("Reaching the flag without enough coins.")
        if "timer_countdown" in mechanics:
            states.append("Running out of time.")
        return tuple(states)

    def generate(self, gdd: GDD, number: int, rng: random.Random) -> Level:
        """Draft level ``number`` (1..10)."""
        return generate.generate(gdd, number, rng)

    def daily(self, gdd: GDD, number: int, rng: random.Random) -> Level:
        """Draft daily level ``number`` (0..29)."""
        return generate.daily(gdd, number, rng)

    def sections(self, gdd: GDD, rng: random.Random) -> list[dict[str, Any]]:
        """Draft the twenty sections of the endless mode."""
        return generate.sections(gdd, rng)

    def repair(self, level: Level, report: dict[str, Any], rng: random.Random) -> Level | None:
        """Ease ``level`` where ``report`` says it fails."""
        return repair.repair(level, report)

    def harden(self, level: Level, rng: random.Random) -> Level | None:
        """Make ``level`` a little harder; None when nothing in it can be."""
        return repair.harden(level, rng)

    def soften(self, level: Level, mishaps: Mishaps, target: float) -> tuple[Level, float]:
        """Take away some of what people stumble over."""
        return soften.soften(level, mishaps, target)


FAMILY = Runner()
