"""What one runner game's levels are made of, and like: two games of a batch differ here, not only in skin.

What belongs here: which pieces there are, which a game favours, in which order a game brings in what is new.
What does not: the pieces (``pieces.py``, ``heights.py``), or the composing of one level (``generate.py``).
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gamefactory_dagster.studio.design.gdd import GDD

from . import heights, pieces
from .pieces import Piece

Choices = tuple[tuple[int, Piece], ...]
"""Difficulty from which a piece may appear, and the piece."""

BASE: Mapping[str, Choices] = MappingProxyType(
    {
        "hops": ((0, pieces.hop), (15, pieces.wide)),
        "gaps": ((0, pieces.gap), (32, pieces.leap)),
        "beats": ((10, pieces.rhythm),),
        "talls": ((18, pieces.tall),),
    }
)
"""What every game has, by kind; talls only once holding was shown, where jumps are held."""

SPECIAL: Mapping[str, Choices] = MappingProxyType(
    {
        "physics_gravity": ((0, pieces.tall),),
        "multi_touch": ((0, pieces.tunnel), (18, pieces.over_and_under), (30, pieces.lookout)),
        "collision_detection": ((0, pieces.wall), (5, pieces.stairs), (20, pieces.islands)),
        "spawner": ((0, pieces.roller), (12, pieces.swoop), (30, pieces.volley)),
        "score_system": (),
        "timer_countdown": (),
    }
)
"""Pieces that only games with the mechanic have; the last two change what a level asks, not what is in it."""

CONTENT: Mapping[str, Choices] = MappingProxyType(
    {
        "ledges": ((0, heights.storey), (0, heights.bridge), (12, heights.climb)),
        "springs": ((0, heights.vault), (8, heights.loft), (25, heights.trampolines)),
        "breakables": ((0, heights.smash), (10, heights.chain), (22, heights.barricade)),
        "rides": ((0, heights.ferry), (0, heights.elevator), (18, heights.floats)),
    }
)
"""Things to climb, bounce on, break and ride: a game has three of the four kinds."""

LESSONS: Mapping[str, str] = MappingProxyType(
    {
        "physics_gravity": "hold", "multi_touch": "duck", "collision_detection": "crates",
        "spawner": "rollers", "score_system": "coins", "timer_countdown": "clock",
        "ledges": "climb", "springs": "bounce", "breakables": "break", "rides": "ride",
    }
)  # fmt: skip
"""What a level that brings in one of these teaches; level 1 teaches to jump."""

KINDS_A_GAME = 3

FINALES: Mapping[str, tuple[Piece, ...]] = MappingProxyType(
    {
        "ledges": (heights.bridge, heights.climb),
        "springs": (heights.loft, heights.vault),
        "breakables": (heights.chain, heights.chain),
        "rides": (heights.ferry, heights.elevator),
        "hops": (pieces.rhythm, pieces.breather),
        "gaps": (pieces.gap, pieces.gap, pieces.breather),
        "beats": (pieces.rhythm, pieces.rhythm),
        "talls": (pieces.wide, pieces.breather, pieces.hop),
    }
)
"""Set pieces before the flag, by what a game favours."""

MOTIFS = ((0,), (0, 1), (1, 0, 0), (0, 0, 1), (1, 0), (0, 1, 1), (2, 0), (0, 2, 0))
VOICES = (("low",), ("low", "gap"), ("gap", "low", "low"), ("low", "low", "tall"), ("gap",), ("tall", "low"))


@dataclass(frozen=True, slots=True)
class Grammar:
    """How the levels of one game are put together."""

    base: Mapping[str, float]
    """Kind of ``BASE`` -> how much of the plain running it is."""
    content: tuple[str, ...]
    """Kinds of ``CONTENT`` it has, the favourite first."""
    motif: tuple[int, ...]
    voice: tuple[str, ...]
    """Of its rhythms, see ``Sheet``."""
    pace: float
    """Factor on the rests between pieces."""
    stretch: tuple[int, int]
    """Pieces between two breathers, least and most."""
    waves: int
    """Waves of coins in a breather."""
    relish: float
    """Share of a stretch that is special pieces."""
    order: tuple[str, ...]
    """What is brought in, one a level from the second on."""

    def known(self, number: int) -> tuple[str, ...]:
        """What level ``number`` may use, in the order it came in."""
        return self.order[: max(0, number - 1)]

    def fresh(self, number: int) -> str:
        """What level ``number`` brings in, or nothing."""
        return self.order[number - 2] if 2 <= number <= len(self.order) + 1 else ""

    def finale(self, known: tuple[str, ...]) -> tuple[Piece, ...]:
        """What stands before the flag: the favourite that was shown, else the favourite way of running."""
        for kind in self.content:
            if kind in known:
                return FINALES[kind]
        return FINALES[max(self.base, key=lambda kind: (self.base[kind], kind))]


def grammar(gdd: GDD, salt: str = "") -> Grammar:
    """The grammar of a game, always the same; with ``salt`` another one for a level beside the ten."""
    rng = random.Random(f"{gdd.seed}:runner:grammar:{salt}")
    content = tuple(rng.sample(sorted(CONTENT), KINDS_A_GAME))
    favourite = rng.choice(sorted(BASE))
    least = rng.choice((2, 3, 3, 4))
    return Grammar(
        base={kind: 4.0 if kind == favourite else rng.choice((0.3, 1.0, 1.5)) for kind in BASE},
        content=content,
        motif=rng.choice(MOTIFS),
        voice=rng.choice(VOICES),
        pace=rng.uniform(0.8, 1.25),
        stretch=(least, least + rng.choice((0, 1, 2))),
        waves=rng.choice((1, 1, 2)),
        relish=rng.uniform(0.45, 0.75),
        order=_order([name for name in gdd.mechanics if name in SPECIAL], content),
    )


def _order(mechanics: list[str], content: tuple[str, ...]) -> tuple[str, ...]:
    """Mechanics and kinds of content by turns; how to jump before all that takes a good jump."""
    mechanics = sorted(mechanics, key=lambda name: name != "physics_gravity")
    turns: list[str] = []
    for i in range(max(len(mechanics), len(content))):
        turns += [*mechanics[i : i + 1], *content[i : i + 1]]
    return tuple(turns)


def open_at(choices: Choices, difficulty: int) -> list[Piece]:
    """The pieces of a kind that a difficulty allows; the first is always among them."""
    return [piece for low, piece in choices if low <= difficulty] or [choices[0][1]]
