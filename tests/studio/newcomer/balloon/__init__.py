"""The smallest family there can be: pump a balloon up before the wind comes.

It lies in no folder of the package; ``test_new_family.py`` takes it through every room of the studio.
"""

import random
from collections.abc import Mapping
from typing import Any, ClassVar

from gamefactory_dagster.studio.art.requests import Placed, SpriteRequest
from gamefactory_dagster.studio.design.gdd import GDD
from gamefactory_dagster.studio.families.base import Family, Level

from . import drawings, sounds

__all__ = ["FAMILY", "drawings", "sounds"]

PRIZES = {"reef": "shell", "space": "planet", "candy": "lollipop"}
"""Theme -> the drawing of the prize; a gem elsewhere."""


class Balloon(Family):
    """Pump in time."""

    name: ClassVar[str] = "balloon"
    genre: ClassVar[str] = "casual"
    core: ClassVar[tuple[str, ...]] = ("tilt_control",)
    mechanics: ClassVar[Mapping[str, str]] = {
        "tilt_control": "Leaning on the pump fills the balloon.",
        "timer_countdown": "The wind comes sooner.",
        "score_system": "Every stroke counts.",
        "card_flip": "The prize lies face down.",
        "particle_effects": "Air sparkles.",
    }
    endless: ClassVar[bool] = True
    actions: ClassVar[tuple[str, ...]] = ("pump", "wait")
    causes: ClassVar[Mapping[str, str]] = {"wind": "The wind was faster."}
    icon: ClassVar[tuple[Placed, ...]] = (Placed("balloon", 112, 60, 4),)
    splash: ClassVar[tuple[Placed, ...]] = (Placed("lawn", 432, 440, 1), Placed("balloon", 408, 250, 2))

    def sprites(self, gdd: GDD) -> tuple[SpriteRequest, ...]:
        prize = PRIZES.get(gdd.style_guide.theme, "gem")
        return (
            SpriteRequest("balloon", "goal", "balloon", 72, 96, 2, tint="red"),
            SpriteRequest("lawn", "ui", "cell", 96, 96, fills_box=True),
            SpriteRequest("prize", "pickup", prize, 32, 32, 4, spins=True, behind="lawn"),
        )

    def sounds(self, gdd: GDD) -> tuple[str, ...]:
        return ("puff",)

    def help(self, gdd: GDD) -> tuple[str, ...]:
        return ("Press Space or touch to pump.",)

    def fail_states(self, mechanics: tuple[str, ...]) -> tuple[str, ...]:
        return ("The wind comes before the balloon is full.",)

    def generate(self, gdd: GDD, number: int, rng: random.Random) -> Level:
        need, difficulty = 6 + number // 2, gdd.difficulty_curve[number - 1]
        wind = 0 if number == 1 else (need - 1) * (110 - difficulty // 2)
        return {"number": number, "seed": rng.randrange(2**31), "need": need, "wind": wind}

    def sections(self, gdd: GDD, rng: random.Random) -> list[dict[str, Any]]:
        return [{"need": need} for need in rng.sample(range(3, 40), 20)]

    def repair(self, level: Level, report: dict[str, Any], rng: random.Random) -> Level | None:
        return None


FAMILY = Balloon()
