"""A pretended factory whose games do as hidden effects say: it shows whether a rule of choosing learns.

What belongs here: that world, the measure of a rule in it, and our own rule. What does not: the rules it is
compared with (``benchmarks/learning.py``). Pure and seeded: equal arguments, equal numbers.
"""

import random
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .choice import COUNT, Weighted, choose
from .model import Sample, learn

GENRES = tuple(f"genre {number}" for number in range(6))
MECHANICS = tuple(f"mechanic {number}" for number in range(20))
BATCH = 10
"""Games a batch; how they did is known before the next. As many of all three as in docs/metrics.md."""

MEAN, SPREAD = 37.0, 8.0
"""Of outcomes, in points of the score. The world's own numbers, though the model (``model.py``) believes the
same: trying another belief must not move the world it is tried in."""

_GENRE, _MECHANIC, _IN_GENRE, _LUCK = (variance**0.5 for variance in (0.5, 0.10, 0.06, 0.8))
"""Deviations of what an outcome is made of, in units of the spread (docs/metrics.md)."""

Chooser = Callable[[str, int], Sequence[str]]
"""(genre, seed of the game) -> the mechanics of a new game."""

Rule = Callable[[Sequence[Sample]], Chooser]
"""All games so far -> how the next batch's mechanics are chosen."""


@dataclass(frozen=True, slots=True)
class World:
    """What a rule has to find out, in points of the score."""

    genres: dict[str, float]
    mechanics: dict[tuple[str, str], float]
    """(mechanic, genre) -> what having it adds."""

    def outcome(self, genre: str, mechanics: Sequence[str], rng: random.Random) -> float:
        """How such a game does."""
        luck = SPREAD * rng.gauss(0, _LUCK)
        return MEAN + self.genres[genre] + self.worth(genre, mechanics) + luck

    def worth(self, genre: str, mechanics: Iterable[str]) -> float:
        """What these mechanics truly add."""
        return sum(self.mechanics[mechanic, genre] for mechanic in mechanics)

    def uniform(self, genre: str) -> float:
        """What mechanics chosen by lot add, on average."""
        return COUNT * statistics.fmean(self.mechanics[mechanic, genre] for mechanic in MECHANICS)

    def best(self, genre: str) -> float:
        """What the best mechanics add."""
        return sum(sorted((self.mechanics[mechanic, genre] for mechanic in MECHANICS), reverse=True)[:COUNT])


@dataclass(frozen=True, slots=True)
class Gain:
    """One batch: points above what uniform choice gives, and above it what the best choice would."""

    made: float
    possible: float


def make_world(seed: int) -> World:
    """Draw the hidden effects."""
    rng = random.Random(f"{seed}:world")
    everywhere = {mechanic: rng.gauss(0, _MECHANIC) for mechanic in MECHANICS}
    return World(
        genres={genre: SPREAD * rng.gauss(0, _GENRE) for genre in GENRES},
        mechanics={
            (mechanic, genre): SPREAD * (everywhere[mechanic] + rng.gauss(0, _IN_GENRE))
            for mechanic in MECHANICS
            for genre in GENRES
        },
    )


def simulate(rule: Rule, seed: int, batches: int) -> list[Gain]:
    """Let ``rule`` make ``batches`` batches in the world of ``seed``, their games spread over the genres."""
    world = make_world(seed)
    rng = random.Random(f"{seed}:games")
    games: list[Sample] = []
    gains = []
    for _ in range(batches):
        chooser = rule(games)
        made, possible, batch = 0.0, 0.0, list[Sample]()
        for _ in range(BATCH):
            genre = rng.choice(GENRES)
            mechanics = chooser(genre, rng.getrandbits(53))
            made += world.worth(genre, mechanics) - world.uniform(genre)
            possible += world.best(genre) - world.uniform(genre)
            batch.append(Sample(genre, frozenset(mechanics), world.outcome(genre, mechanics, rng)))
        games += batch
        gains.append(Gain(made, possible))
    return gains


def share(gains: Sequence[Gain]) -> float:
    """How much of the way from uniform choice to always choosing best was gone; 1 is all of it."""
    return sum(gain.made for gain in gains) / sum(gain.possible for gain in gains)


def our_rule(games: Sequence[Sample]) -> Chooser:
    """What the factory does: weights by regression, then the curious draw."""
    effects = learn(games)
    counts: dict[tuple[str, str], int] = {}
    for game in games:
        for mechanic in game.mechanics:
            counts[mechanic, game.genre] = counts.get((mechanic, game.genre), 0) + 1

    def choose_mechanics(genre: str, seed: int) -> Sequence[str]:
        weighted = [
            Weighted(name, float(effects.weight(name, genre)), counts.get((name, genre), 0))
            for name in MECHANICS
        ]
        return choose(weighted, seed, core=()).names

    return choose_mechanics
