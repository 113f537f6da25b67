"""What every game family is to the rest of the factory, and nothing of any one family.

A family is one folder: ``rules.js`` (the deterministic rules, run by browser and V8 alike),
``solver.js`` (V8 only), ``view.js`` (browser only), and a Python module with its generator.
"""

import random
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

from gamefactory_dagster.studio.gdd import GDD

Level = dict[str, Any]
"""A level as JSON: ``number`` and ``seed``, the rest is the family's; integers, strings, lists, no floats."""

Trace = list[list[int]]
"""Inputs as run lengths: ``[[input, frames], ...]`` at 60 frames a second; what an input is, the family says."""

Role = Literal["hero", "hazard", "pickup", "solid", "goal", "tile", "cover", "background", "particle", "ui"]


@dataclass(frozen=True, slots=True)
class SpriteRequest:
    """One picture a game needs. ``subject`` names a shape the art room knows; sizes are pixels."""

    name: str
    role: Role
    subject: str
    width: int
    height: int
    frames: int = 1


@dataclass(frozen=True, slots=True)
class Certificate:
    """Proof that a level can be won: play ``trace`` from the start and the game is in state ``final_hash``."""

    level: int
    trace: Trace
    frames: int
    """Frames until the win, at 60 a second."""
    final_hash: str
    """Eight hex digits: hash of the state in which the level is won."""
    steadiness: float
    """Share of noisy replays (timing off by up to 5 frames) that still win: 1.0 is easy."""
    explored: int
    """States the solver looked at."""

    def as_json(self) -> dict[str, Any]:
        """The certificate as it is stored in the repository and in ``game_steps.artifacts``."""
        return {
            "level": self.level,
            "trace": self.trace,
            "frames": self.frames,
            "final_hash": self.final_hash,
            "steadiness": self.steadiness,
            "explored": self.explored,
        }


class Family(ABC):
    """A rule set that many games share."""

    name: ClassVar[str]
    genre: ClassVar[str]
    core: ClassVar[tuple[str, ...]]
    """Mechanics every game of the family has."""
    mechanics: ClassVar[Mapping[str, str]]
    """Every mechanic of the library the family realises -> how it changes the game, in one sentence."""
    actions: ClassVar[tuple[str, ...]]
    """Verbs of its core loop."""

    @property
    def folder(self) -> Path:
        """Where the family's JavaScript is."""
        return Path(__file__).parent / self.name

    @abstractmethod
    def sprites(self, gdd: GDD) -> tuple[SpriteRequest, ...]:
        """Every picture a game of this design draws."""

    @abstractmethod
    def sounds(self, gdd: GDD) -> tuple[str, ...]:
        """Names of the sound effects a game of this design plays, beside the shell's own."""

    @abstractmethod
    def help(self, gdd: GDD) -> tuple[str, ...]:
        """How to play, a line each, for the menu."""

    @abstractmethod
    def fail_states(self, mechanics: tuple[str, ...]) -> tuple[str, ...]:
        """How a game with these mechanics can be lost, a sentence each."""

    @abstractmethod
    def generate(self, gdd: GDD, number: int, rng: random.Random) -> Level:
        """Draft level ``number`` (1..10) along the design's difficulty curve; not yet known to be winnable."""

    @abstractmethod
    def repair(self, level: Level, report: dict[str, Any], rng: random.Random) -> Level | None:
        """Ease ``level`` where the solver's ``report`` says it fails; None when it is better to start again."""
