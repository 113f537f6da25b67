"""What every game family is to the rest of the factory, and nothing of any one family.

A family is one folder: its rules (deterministic, run by browser and V8 alike), its views (browser only), its
laboratory and bots (solver, simulated players, V8 only), each in JavaScript, and a Python module with its
generator. Drawings and sounds that no other family needs are registered from its folder as well
(``art/drawings/registry.py``, ``audio/effects.py``). Outside it are only its words
(``design/family_words.py``) and the genre tags of its mechanics (``design/library.py``).
"""

import inspect
import random
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from gamefactory_dagster.studio.art.requests import ArtRequest, Placed, SpriteRequest
from gamefactory_dagster.studio.design.gdd import GDD
from gamefactory_dagster.studio.design.library import PRESENTATION

Level = dict[str, Any]
"""A level as JSON: ``number`` and ``seed``, the rest is the family's; integers, strings, lists, no floats."""

Trace = list[list[int]]
"""Inputs as run lengths: ``[[input, frames], ...]``, 60 frames a second; the family says what an input is."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Proof that a level can be won: play ``trace`` from the start and it is, in state ``final_hash``."""

    level: int
    trace: Trace
    frames: int
    """Frames until the win, at 60 a second."""
    final_hash: str
    """Eight hex digits: hash of the state in which the level is won."""
    steadiness: float
    """Share of noisy replays (timing off by up to 5 frames) that still win: 1.0 is easy."""
    ease: float
    """Share of a casual player's games that are won (``*/casual.js`` says who that is): 1.0 is easy."""
    explored: int
    """States the solver looked at."""
    completion: float | None = None
    """Share of games won by players of all skills (``difficulty.py``); None where it was not measured."""

    def as_json(self) -> dict[str, Any]:
        """The certificate as it is stored in the repository and in ``game_steps.artifacts``."""
        return {
            "level": self.level,
            "trace": self.trace,
            "frames": self.frames,
            "final_hash": self.final_hash,
            "steadiness": self.steadiness,
            "ease": self.ease,
            "explored": self.explored,
            "completion": self.completion,
        }


Mishaps = Sequence[dict[str, Any] | None]
"""What goes wrong in each of many games, as the family's bot tells it; None where it never could be won."""


@dataclass(frozen=True, slots=True)
class Budget:
    """A number that levels give and players use up, as moves are: with none left they have lost.

    A level holds it by its ``name``, a state what is left of it. How much there is changes nothing of a game
    before it runs out; so what many games used up to win says how many would have been won with any amount.
    """

    name: str
    least: int
    most: int


class Family(ABC):
    """A rule set that many games share."""

    name: ClassVar[str]
    genre: ClassVar[str]
    core: ClassVar[tuple[str, ...]]
    """Mechanics every game of the family has."""
    mechanics: ClassVar[Mapping[str, str]]
    """Every mechanic of the library the family realises -> how it changes the game, in one sentence.

    Those of presentation (``design/library.py``) are in every game of the family, and in no design's list.
    """
    endless: ClassVar[bool] = False
    """Whether its games have a mode that goes on as long as anybody lasts, made of ``sections``."""
    softens: ClassVar[bool] = False
    """Whether its bot tells what goes wrong in a game (``Bot.mishaps``), and ``soften`` takes that away."""
    budget: ClassVar[Budget | None] = None
    """What its levels give players to use up, where there is such a thing."""
    actions: ClassVar[tuple[str, ...]]
    """Verbs of its core loop."""
    causes: ClassVar[Mapping[str, str]]
    """Why a level may be lost, every one of ``Rules.CAUSES`` -> what the player is told."""
    icon: ClassVar[tuple[Placed, ...]]
    """Sprites on its games' icon; every game of the family must ask for them."""
    splash: ClassVar[tuple[Placed, ...]]
    """Sprites on its games' title picture, likewise."""
    rules: ClassVar[tuple[str, ...]] = ("rules.js",)
    """Scripts that decide a game, in load order; they define ``Rules`` and what it stands on."""
    views: ClassVar[tuple[str, ...]] = ("view.js",)
    """Scripts for the browser alone, loaded after the rules; they define ``View`` and what it stands on."""
    laboratory: ClassVar[tuple[str, ...]] = ("solver.js", "casual.js")
    """Scripts for V8 alone, never shipped, loaded after the rules; they define ``Solver`` and ``Casual``."""
    bots: ClassVar[tuple[str, ...]] = ("bot.js",)
    """Scripts for playtests alone, loaded after the laboratory; they define ``Bot``."""

    @property
    def scripts(self) -> tuple[str, ...]:
        """What a game of the family ships, in load order."""
        return self.rules + self.views

    @property
    def presentation(self) -> tuple[str, ...]:
        """The mechanics every game of the family shows and none is chosen for."""
        return tuple(name for name in self.mechanics if name in PRESENTATION)

    @property
    def folder(self) -> Path:
        """Where the family's JavaScript is: beside its Python."""
        return Path(inspect.getfile(type(self))).parent

    def art(self, gdd: GDD) -> ArtRequest:
        """Everything the art room must know to draw a game of this design."""
        guide = gdd.style_guide
        return ArtRequest(
            style=guide.style,
            theme=guide.theme,
            hue=guide.hue,
            seed=gdd.seed,
            name=gdd.name,
            sprites=self.sprites(gdd),
            icon=self.icon,
            splash=self.splash,
            cast=guide.cast,
            light=guide.light,
        )

    @abstractmethod
    def sprites(self, gdd: GDD) -> tuple[SpriteRequest, ...]:
        """Every picture a game of this design draws."""

    @abstractmethod
    def sounds(self, gdd: GDD) -> tuple[str, ...]:
        """Names of the sound effects a game of this design plays, beside the shell's and ``Rules.CUES``."""

    @abstractmethod
    def help(self, gdd: GDD) -> tuple[str, ...]:
        """How to play, a line each, for the menu."""

    @abstractmethod
    def fail_states(self, mechanics: tuple[str, ...]) -> tuple[str, ...]:
        """How a game with these mechanics can be lost, a sentence each."""

    @abstractmethod
    def generate(self, gdd: GDD, number: int, rng: random.Random) -> Level:
        """Draft level ``number`` (1..10) along the design's curve, not yet known to be winnable."""

    @abstractmethod
    def repair(self, level: Level, report: dict[str, Any], rng: random.Random) -> Level | None:
        """Ease ``level`` where ``report`` says that it fails; None when it is better to start again."""

    def harden(self, level: Level, rng: random.Random) -> Level | None:
        """Make ``level`` a little harder, in place of another draft; None where the family has no way to."""
        return None

    def soften(self, level: Level, mishaps: Mishaps, target: float) -> tuple[Level, float]:
        """Take away of ``level`` what goes wrong in games until a share of about ``target`` would be won.

        Gives what is left, with that share; a level that is easier already comes back as it is.
        """
        raise NotImplementedError(f"{self.name} does not soften levels")

    def daily(self, gdd: GDD, number: int, rng: random.Random) -> Level:
        """Draft the daily level ``number`` (0..29): as small as can be, since a game carries thirty of them.

        A family without a way of its own gives a level from the middle of the design's curve.
        """
        return {**self.generate(gdd, 4 + number % 4, rng), "number": 0}

    def sections(self, gdd: GDD, rng: random.Random) -> list[dict[str, Any]]:
        """Pieces of the endless mode, where there is one: each can be passed from its start to its end.

        What plays them is ``Rules.endless``; by which levels one is proven, ``Rules.trials`` says.
        """
        return []
