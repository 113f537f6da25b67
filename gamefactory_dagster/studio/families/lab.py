"""The laboratory: a family's own JavaScript, run in V8 from Python.

What belongs here: loading rules and solver into one V8 context, and typed calls into it.
What does not: how levels are made (``levels.py``) or judged fit to ship (``proof.check``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.studio.tools import v8

from .base import Family, Level, Mishaps, Trace

CALL_SECONDS = 60.0
"""No single call may run longer: a level that needs more is not worth solving."""

GAMES = 24
"""Games of a casual player that tell how easy a level is."""

MEMORY_BYTES = 512 * 1024 * 1024

CORE = Path(__file__).parent.parent / "player" / "core.js"
HAND = Path(__file__).with_name("hand.js")
LAB = Path(__file__).with_name("lab.js")
"""The scripts around a family's own: the first two are loaded before, the last after it."""


@dataclass(frozen=True, slots=True)
class Replay:
    """Where a level stands after some inputs. ``outcome``: 0 playing, 1 won, 2 lost."""

    outcome: int
    frames: int
    hash: str
    summary: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Idle(Replay):
    """What becomes of a level that nobody plays."""

    timed: bool
    """Whether time is part of the level, so that doing nothing has to lose it."""
    kept: bool
    """Whether hearts, moves, goals and all else a summary says are as they were."""
    safe: int
    """Frames in which doing nothing must not lose."""


@dataclass(frozen=True, slots=True)
class SolveReport:
    """What the solver found. Not won and ``complete`` is proof that the level cannot be won."""

    won: bool
    complete: bool
    trace: Trace
    frames: int
    explored: int
    raw: dict[str, Any]
    """The whole report as the family's solver gave it, for ``Family.repair``."""


@dataclass(frozen=True, slots=True)
class Steadiness:
    """Share of noisy replays that win, and the frames at which the losing ones ended."""

    share: float
    losses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ease:
    """Share of a casual player's games that are won, and how the others ended, for ``Family.repair``."""

    share: float
    losses: tuple[dict[str, Any], ...]
    """Each with ``frames``, ``cause`` and what else the family's repair reads of a report."""


class Lab:
    """One V8 context with one family's rules, solver and players. Close it, or use it as a context manager.

    An open context keeps the interpreter from exiting, so nothing else may own one.
    """

    def __init__(self, family: Family, more: Sequence[Path] = ()) -> None:
        """Load the family's scripts, then ``more``."""
        self.family = family
        self._context = v8.context()
        self._context.set_hard_memory_limit(MEMORY_BYTES)
        own = (family.folder / name for name in family.rules + family.laboratory + family.bots)
        for path in (CORE, HAND, *own, LAB, *more):
            self._context.eval(path.read_text(encoding="utf-8"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the V8 context; the lab is of no use afterwards."""
        self._context.close()

    def call(self, function: str, *arguments: Any) -> Any:
        """Call a JavaScript function by its dotted name, for example ``Rules.start``, with JSON values.

        Raises PermanentError when it threw, ran out of memory, or took longer than ``CALL_SECONDS``.
        """
        from py_mini_racer import JSEvalException

        try:
            return self._context.call(function, *arguments, timeout_sec=CALL_SECONDS)
        except JSEvalException as error:
            raise PermanentError(f"{self.family.name}: {function} failed: {error}") from error

    def solve(self, level: Level, options: dict[str, Any] | None = None) -> SolveReport:
        """Look for inputs that win ``level``; ``options`` are the family's solver's own."""
        raw = self.call("Lab.solve", level, options or {})
        return SolveReport(
            won=raw["won"],
            complete=raw["complete"],
            trace=raw["trace"],
            frames=raw["frames"],
            explored=raw["explored"],
            raw=raw,
        )

    def replay(self, level: Level, trace: Trace) -> Replay:
        """Play ``trace`` from the start, until it ends or the level is over."""
        return Replay(**self.call("Lab.replay", level, trace))

    def idle(self, level: Level, frames: int) -> Idle:
        """Do nothing for up to ``frames`` frames."""
        return Idle(**self.call("Lab.idle", level, frames))

    def idle_endless(self, sections: list[dict[str, Any]], seed: int, frames: int) -> Idle:
        """The same in the endless level of ``sections`` and ``seed``."""
        return Idle(**self.call("Lab.endless", sections, seed, frames))

    def trials(self, section: dict[str, Any]) -> list[Level]:
        """Levels that are won by passing ``section`` from start to end, one at each speed it is played at."""
        levels: list[Level] = self.call("Rules.trials", section)
        return levels

    def steadiness(self, level: Level, trace: Trace, runs: int = 40, jitter: int = 5) -> float:
        """Share (0..1) of ``runs`` replays, each edge off by up to ``jitter`` frames, that still win."""
        return self.tremble(level, trace, runs, jitter).share

    def tremble(
        self, level: Level, trace: Trace, runs: int = 40, jitter: int = 5, least: float = 0.0
    ) -> Steadiness:
        """The same, with the frames at which the losing replays were lost; cut short below ``least``."""
        raw = self.call("Lab.steadiness", level, trace, runs, jitter, least)
        return Steadiness(share=raw["share"], losses=tuple(raw["losses"]))

    def ease(self, level: Level, trace: Trace, games: int = GAMES) -> Ease:
        """Let the family's casual player play ``level``; ``trace`` wins it, if the player knows it."""
        raw = self.call("Lab.ease", level, trace, games)
        return Ease(share=raw["share"], losses=tuple(raw["losses"]))

    def completion(self, level: Level, trace: Trace, skills: Sequence[int], first: int, games: int) -> int:
        """Games the family's bot wins, ``games`` of each skill, the first with the luck ``first``."""
        won: int = self.call("Lab.completion", level, trace, skills, first, games)
        return won

    def spent(
        self,
        budget: str,
        level: Level,
        skills: Sequence[int],
        first: int,
        games: int,
        enough: float = 1.0,
        least: int = 0,
        more: int = 0,
    ) -> list[int]:
        """What each of those games used up of the level's ``budget`` to win; -1 where it was lost.

        Once a share of ``enough`` has won by ``least`` or more, who uses up ``more`` beyond that may be told
        as lost.
        """
        spent: list[int] = self.call("Lab.spent", budget, level, skills, first, games, enough, least, more)
        return spent

    def mishaps(self, level: Level, trace: Trace, skills: Sequence[int], first: int, games: int) -> Mishaps:
        """Where something goes wrong in each of those games, for ``Family.soften``."""
        found: Mishaps = self.call("Lab.mishaps", level, trace, skills, first, games)
        return found
