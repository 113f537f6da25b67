"""The grammar of one game: what its levels are built of, so that two games differ in more than pictures.

What belongs here: choices that hold for all levels of a game, and which mechanics a level has. What does not:
the numbers of a level (``generate.py``), shapes (``outlines.py``).
"""

import random
from dataclasses import dataclass

from .outlines import MILD, OUTLINES

_GENTLE = ("score_system", "collision_detection", "card_flip", "path_following")
_STERN = ("spawner", "physics_gravity", "health_system", "timer_countdown")
"""Mechanics that change a level; those that press the player come into a game later."""

LESSONS = {
    "score_system": "points", "timer_countdown": "clock", "health_system": "fuses", "card_flip": "covers",
    "path_following": "path", "spawner": "stones", "collision_detection": "stones",
    "physics_gravity": "turning",
}  # fmt: skip
"""Mechanic -> the lesson of the level that first has it (``lessons.js`` knows how it is shown)."""

LAYOUTS = ("scattered", "floor", "rim", "middle")
"""Where stones and covers are put first."""

_SIZES = (
    ((6, 6), (7, 7)),
    ((7, 6), (8, 7)),
    ((7, 7), (8, 6)),
    ((6, 7), (7, 7)),
    ((7, 6), (7, 7)),
    ((8, 6), (8, 7)),
)
"""Columns and rows of easy boards, and of hard ones."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """What the levels of one game have in common."""

    order: tuple[str, ...]
    """Its mechanics beside the swap, in the order in which they are met."""
    mild: str
    """Outline of its second and third board."""
    bold: tuple[str, str, str]
    """Outlines of the later ones, in turn."""
    sizes: tuple[tuple[int, int], tuple[int, int]]
    layout: str

    def mechanics(self, number: int) -> tuple[str, ...]:
        """What level ``number`` (1..10) has: nothing more, then one new thing each, then two, three, all."""
        count = len(self.order)
        if number == 1 or not count:
            return ()
        if number - 1 <= count:
            return (self.order[number - 2],)
        size = count if number >= 9 else min(count, 2 + (number - count - 2) // 2)
        return tuple(self.order[(number + turn) % count] for turn in range(size))

    def teaches(self, number: int) -> list[str]:
        """The lessons of level ``number``: the swap, then what is new; special tiles in the first three."""
        if number == 1:
            return ["swap", "special"]
        new = [LESSONS[self.order[number - 2]]] if number - 1 <= len(self.order) else []
        return new + (["special"] if number <= 3 else [])

    def outline(self, number: int) -> str:
        """The outline of level ``number``; the first is a whole rectangle."""
        if number == 1:
            return "full"
        return self.mild if number <= 3 else self.bold[number % 3]


def grammar(seed: int, mechanics: tuple[str, ...]) -> Grammar:
    """The grammar of the game of this seed; every choice of its own, so that likely pairs of games differ."""
    rng = random.Random(f"{seed}:tile_swap:grammar")
    gentle, stern = ([name for name in names if name in mechanics] for names in (_GENTLE, _STERN))
    rng.shuffle(gentle)
    rng.shuffle(stern)
    first, second, third = rng.sample([name for name in OUTLINES if name != "full"], 3)
    return Grammar(
        order=(*gentle, *stern),
        mild=rng.choice(MILD),
        bold=(first, second, third),
        sizes=rng.choice(_SIZES),
        layout=rng.choice(LAYOUTS),
    )
