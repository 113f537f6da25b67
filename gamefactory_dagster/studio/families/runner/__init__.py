"""The runner family: run right, jump and duck, reach the flag.

What belongs here: what the family tells the rest of the factory about itself.
What does not: its rules, solver and view (JavaScript beside this file) or its levels (``generate.py``).
"""

import random
from collections.abc import Mapping
from typing import Any, ClassVar

from gamefactory_dagster.studio.art.requests import Placed, SpriteRequest
from gamefactory_dagster.studio.design.gdd import GDD
from gamefactory_dagster.studio.families.base import Family, Level

from . import generate, repair


class Runner(Family):
    """Auto-running obstacle courses, one gesture or two."""

    name: ClassVar[str] = "runner"
    genre: ClassVar[str] = "runner"
    core: ClassVar[tuple[str, ...]] = ("tap_jump",)
    endless: ClassVar[bool] = True
    actions: ClassVar[tuple[str, ...]] = ("run", "jump", "collect")
    causes: ClassVar[Mapping[str, str]] = {
        "hit": "That was one bump too many.",
        "fell": "Mind the gap!",
        "time": "Out of time.",
        "short": "Not enough gathered.",
    }
    icon: ClassVar[tuple[Placed, ...]] = (Placed("hero_jump", 96, 34, 7),)
    splash: ClassVar[tuple[Placed, ...]] = (
        *(Placed("ground", x, 476, 1) for x in range(0, 960, 96)),
        Placed("hero_jump", 384, 222, 4),
        Placed("coin", 640, 300, 2),
        Placed("coin", 728, 268, 2),
        Placed("hazard_low", 800, 398, 2),
    )
    rules: ClassVar[tuple[str, ...]] = ("course.js", "endless.js", "rules.js")
    views: ClassVar[tuple[str, ...]] = ("shapes.js", "scenery.js", "view.js")
    laboratory: ClassVar[tuple[str, ...]] = ("comfort.js", "solver.js", "wits.js", "casual.js")
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
        requests = [
            SpriteRequest("hero", "hero", "hero", 48, 64, 4),
            SpriteRequest("hero_jump", "hero", "hero", 48, 64, pose="jump"),
            SpriteRequest("hazard_low", "hazard", "hazard_low", 40, 40),
            SpriteRequest("hazard_tall", "hazard", "hazard_tall", 40, 80),
            SpriteRequest("coin", "pickup", "coin", 32, 32, 4, spins=True),
            SpriteRequest("flag", "goal", "flag", 48, 96),
            SpriteRequest("ground", "solid", "ground", 96, 96, fills_box=True),
        ]
        if "multi_touch" in has:
            requests.append(SpriteRequest("hero_duck", "hero", "hero", 48, 40, pose="duck"))
        if has & {"multi_touch", "spawner"}:
            requests.append(SpriteRequest("hazard_fly", "hazard", "hazard_fly", 56, 40, 2))
        if "collision_detection" in has:
            requests.append(SpriteRequest("crate", "solid", "crate", 48, 48))
        if "timer_countdown" in has:
            requests.append(SpriteRequest("clock", "pickup", "clock", 32, 32))
        if "particle_effects" in has:
            requests.append(SpriteRequest("spark", "particle", "spark", 16, 16))
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
            lines.append("You have three hearts.")
        lines.append("Springs throw you up, ledges and platforms carry you, cracked boxes burst underfoot.")
        lines.append("Reach the flag.")
        return tuple(lines)

    def fail_states(self, mechanics: tuple[str, ...]) -> tuple[str, ...]:
        """How a game with these mechanics can be lost."""
        lost = "Losing the last of three hearts" if "health_system" in mechanics else "Running into a hazard"
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


FAMILY = Runner()
