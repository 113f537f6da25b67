"""Bots of any skill that play a game's levels in V8, many tries at a time.

What belongs here: typed tries and what became of them. What does not: who tries, when, and how often
(``playtest``), and how a bot of a family plays (``*/bot.js``).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Self

from gamefactory_dagster.errors import PermanentError

from .base import Certificate, Family, Level
from .lab import Lab

BOTS = Path(__file__).with_name("bots.js")

TO_THE_END = 60 * 600
"""Frames that no level lasts: whoever tries for so long is not interrupted."""


class Try(NamedTuple):
    """One try at a level."""

    level: int
    """Place of the level among those the bots were given, from 1."""
    skill: int
    """0 to 100; 50 is the casual player a level's ease is measured by."""
    luck: int
    """Seed of the hand's errors and whims: equal tries end alike. 0 to 2**53 - 1."""
    most: int = TO_THE_END
    """Frames after which the player leaves."""


class Played(NamedTuple):
    """How a try ended, from the state the real rules left."""

    outcome: int
    """0 left before the end, 1 won, 2 lost."""
    frames: int
    """Frames played, 60 a second."""
    score: int
    stars: int
    cause: str
    """Why the level was lost, as the rules name it."""
    progress: int
    """0 to 1000: how near the goal."""
    pickups: int = 0
    """What was gathered, and is paid out."""


class Bots:
    """A laboratory with one game's levels in it. Close it, or use it as a context manager.

    ``levels`` are in order of number, daily ones behind, each with its certificate. Raises PermanentError
    when a certificate does not win its level any more: the rules have changed since, and what bots did would
    be another game's.
    """

    def __init__(self, family: Family, levels: Sequence[Level], certificates: Sequence[Certificate]) -> None:
        self._lab = Lab(family, (BOTS,))
        pairs = [(level, certificate.trace) for level, certificate in zip(levels, certificates, strict=True)]
        try:
            self._check(levels, certificates)
            self._lab.call("Bots.open", pairs)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the V8 context."""
        self._lab.close()

    def play(self, tries: Sequence[Try]) -> list[Played]:
        """Play each try from its level's start; what became of them, in the same order."""
        return [Played(*played) for played in self._lab.call("Bots.play", tries)]

    def _check(self, levels: Sequence[Level], certificates: Sequence[Certificate]) -> None:
        for level, certificate in zip(levels, certificates, strict=True):
            replay = self._lab.replay(level, certificate.trace)
            if (replay.outcome, replay.hash) != (1, certificate.final_hash):
                raise PermanentError(
                    f"level {level['number']}: its certificate does not win it under the present rules"
                )
