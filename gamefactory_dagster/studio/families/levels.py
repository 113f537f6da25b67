"""From a design to certified levels, for any family: draft, solve, repair, prove.

What belongs here: the loop that ends in a level with a certificate, and the check of one made earlier.
What does not: what a level looks like (the family's generator) or how it is solved (``*/solver.js``).
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.studio.design.gdd import GDD, LEVELS

from .base import Certificate, Family, Level
from .lab import Lab

DRAFTS = 8
"""Fresh drafts of a level before giving up."""

REPAIRS = 14
"""Repairs of one draft before starting again."""

IDLE_FRAMES = 60 * 240
"""Doing nothing must lose within four minutes."""

EASY_DRAFTS = 3
"""Drafts of a late level that may turn out too easy; then the hardest of them is taken."""

GENTLE_LEVELS = 3
GENTLE_FLOOR = 0.9
HARD_FLOOR = 0.3

EASE_FLOORS = (0.92, 0.8, 0.75)
"""Ease the first levels must have; whoever starts a game wins its first level nearly always."""

HARD_EASE = 0.08
"""Ease every level must have: two of 24 games."""

LATE_LEVELS = 8
"""From this level on a level should not be easier than ``LATE_CEILING``."""

LATE_CEILING = 0.88


def floor(number: int, difficulty: int) -> float:
    """Steadiness level ``number`` must have: the first three forgive nearly everything, later ones less."""
    if number <= GENTLE_LEVELS:
        return GENTLE_FLOOR
    return round(max(HARD_FLOOR, 0.95 - 0.65 * difficulty / 100), 3)


def ease_bounds(number: int) -> tuple[float, float]:
    """Least ease level ``number`` must have, and the greatest it should have."""
    least = EASE_FLOORS[number - 1] if number <= len(EASE_FLOORS) else HARD_EASE
    return least, LATE_CEILING if number >= LATE_LEVELS else 1.0


def make_level(family: Family, gdd: GDD, number: int, lab: Lab) -> tuple[Level, Certificate]:
    """Make level ``number`` (1..10): won by the solver, lost by doing nothing, as hard as its place asks.

    Raises PermanentError, naming the game and the level, when no draft could be made so.
    """
    _, most = ease_bounds(number)
    reason = "no draft was made"
    too_easy: list[tuple[Level, Certificate]] = []
    for attempt in range(DRAFTS):
        level, certificate, why = _from_draft(family, gdd, number, attempt, lab)
        reason = why or reason
        if level is None or certificate is None:
            continue
        if certificate.ease <= most:
            return level, certificate
        too_easy.append((level, certificate))
        if len(too_easy) == EASY_DRAFTS:
            break
    if too_easy:
        return min(too_easy, key=lambda made: made[1].ease)
    raise PermanentError(
        f"{gdd.slug}: level {number} could not be made playable in {DRAFTS} drafts; last reason: {reason}"
    )


def _from_draft(
    family: Family, gdd: GDD, number: int, attempt: int, lab: Lab
) -> tuple[Level | None, Certificate | None, str]:
    """One draft, repaired until it holds: the level and its certificate, or why there is none."""
    wanted = floor(number, gdd.difficulty_curve[number - 1])
    rng = random.Random(f"{gdd.seed}:{family.name}:level:{number}:{attempt}")
    level: Level | None = family.generate(gdd, number, rng)
    reason = ""
    for _ in range(REPAIRS):
        if level is None:
            break
        certificate, report = _examine(level, lab, wanted)
        if certificate:
            return level, certificate, ""
        reason = f"{report['cause']} at frame {report['blocked_at']}"
        level = family.repair(level, report, rng)
    return None, None, reason


def make_levels(
    family: Family, gdd: GDD, lab: Lab, before_level: Callable[[], None] | None = None
) -> list[tuple[Level, Certificate]]:
    """Make all ten levels, in order; raises as ``make_level`` does, or to stop, as ``before_level`` does."""
    made = []
    for number in range(1, LEVELS + 1):
        if before_level is not None:
            before_level()
        made.append(make_level(family, gdd, number, lab))
    return made


def check(family: Family, level: Level, certificate: Certificate, lab: Lab) -> list[str]:
    """Say what is wrong with a level and its certificate; empty means proven winnable and not by idling."""
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
    idle = lab.idle(level, IDLE_FRAMES)
    if idle.outcome != 2:
        problems.append(f"{name}: doing nothing does not lose it (outcome {idle.outcome})")
    return problems


def _examine(level: Level, lab: Lab, wanted: float) -> tuple[Certificate | None, dict[str, Any]]:
    """A certificate, or None and a report with ``cause`` and ``blocked_at`` for the family's repair."""
    solved = lab.solve(level)
    if not solved.won:
        return None, solved.raw
    idle = lab.idle(level, IDLE_FRAMES)
    if idle.outcome != 2:
        return None, {**solved.raw, "cause": "idle", "blocked_at": idle.frames}
    shaken = lab.tremble(level, solved.trace)
    if shaken.share < wanted:
        frame, _ = Counter(sorted(shaken.losses)).most_common(1)[0]
        return None, {**solved.raw, "cause": "unsteady", "blocked_at": frame}
    ease = lab.ease(level, solved.trace)
    if ease.share < ease_bounds(level["number"])[0]:
        return None, {**solved.raw, **_typical(ease.losses)}
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


def _typical(losses: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The loss that most games share, with its frame as ``blocked_at``."""
    (cause, frame), _ = Counter((loss["cause"], loss["frames"]) for loss in losses).most_common(1)[0]
    loss = next(loss for loss in losses if (loss["cause"], loss["frames"]) == (cause, frame))
    return {**loss, "blocked_at": frame}
