"""A level's certificate: how it is made, and how one made earlier is checked.

What belongs here: what a level must withstand to be called winnable and safe to leave alone. What does not:
what is done about one that does not (``levels.py``), and how games are played by the thousand (``lab.py``).
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from gamefactory_dagster.errors import PermanentError

from .base import Certificate, Family, Level
from .lab import GAMES, Ease, Idle, Lab, SolveReport

IDLE_FRAMES = 60 * 240
"""Four minutes of doing nothing lose a level where time is part of it, and change nothing of any other."""


def check(family: Family, level: Level, certificate: Certificate, lab: Lab) -> list[str]:
    """Say what is wrong with a level and its certificate; empty means proven, and safe to leave alone."""
    name = f"{family.name} level {level['number']}"
    problems = []
    if certificate.level != level["number"]:
        problems.append(f"{name}: the certificate is for level {certificate.level}")
    replay = lab.replay(level, certificate.trace)
    if replay.outcome != 1:
        problems.append(f"{name}: the certificate does not win (outcome {replay.outcome})")
    if replay.frames != certificate.frames:
        problems.append(f"{name}: the certificate ends at frame {replay.frames}, not {certificate.frames}")
    if replay.hash != certificate.final_hash:
        problems.append(f"{name}: the final state is {replay.hash}, not {certificate.final_hash}")
    if wrong := idle_fault(lab.idle(level, IDLE_FRAMES)):
        problems.append(f"{name}: {wrong}")
    return problems


def idle_fault(idle: Idle) -> str:
    """What is wrong with a level that nobody plays for ``IDLE_FRAMES``; empty when nothing is."""
    if idle.outcome == 1:
        return "doing nothing wins it"
    if idle.timed:
        if idle.outcome == 0:
            return "doing nothing does not lose it, though time is part of it"
        return (
            f"doing nothing loses it at frame {idle.frames} of the first {idle.safe}"
            if idle.frames <= idle.safe
            else ""
        )
    if idle.outcome == 2:
        return "doing nothing loses it, though time is no part of it"
    return "" if idle.kept else "doing nothing changes it, though time is no part of it"


def prove(
    level: Level,
    lab: Lab,
    steady: float,
    easy: float,
    runs: int = 40,
    games: int = GAMES,
    known: SolveReport | None = None,
) -> tuple[Certificate | None, dict[str, Any]]:
    """A certificate, or None and a report with ``cause`` and ``blocked_at`` for the family's repair.

    ``steady`` of ``runs`` noisy replays and ``easy`` of a casual player's ``games``, if any, must win.
    ``known`` is what was found for a level much like this one, and is kept where it wins this one too.
    """
    solved = known if known and _wins(level, known, lab) else lab.solve(level)
    if not solved.won:
        return None, solved.raw
    idle = lab.idle(level, IDLE_FRAMES)
    if idle_fault(idle):
        return None, {**solved.raw, "cause": "idle", "blocked_at": idle.frames}
    shaken = lab.tremble(level, solved.trace, runs, least=steady)
    if shaken.share < steady:
        frame, _ = Counter(sorted(shaken.losses)).most_common(1)[0]
        return None, {**solved.raw, "cause": "unsteady", "blocked_at": frame}
    ease = lab.ease(level, solved.trace, games) if games else Ease(1.0, ())
    if ease.share < easy:
        return None, {**solved.raw, **typical(ease.losses)}
    replay = lab.replay(level, solved.trace)
    if replay.outcome != 1 or replay.frames != solved.frames:
        raise PermanentError(f"level {level['number']}: the solver's trace does not win its own level")
    return Certificate(
        level=level["number"],
        trace=solved.trace,
        frames=solved.frames,
        final_hash=replay.hash,
        steadiness=shaken.share,
        ease=ease.share,
        explored=solved.explored,
    ), {}


def _wins(level: Level, known: SolveReport, lab: Lab) -> bool:
    replay = lab.replay(level, known.trace)
    return (replay.outcome, replay.frames) == (1, known.frames)


def typical(losses: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The loss that most games share, with its frame as ``blocked_at``."""
    (cause, frame), _ = Counter((loss["cause"], loss["frames"]) for loss in losses).most_common(1)[0]
    loss = next(loss for loss in losses if (loss["cause"], loss["frames"]) == (cause, frame))
    return {**loss, "blocked_at": frame}
