"""From a design to certified levels, for any family: draft, prove, measure, until each is as hard as asked.

What belongs here: the loops that end in a level with a certificate. What does not: what a level looks like
(the family's generator), how it is solved (``*/solver.js``) and proven (``proof.py``), how hard it should be
(``difficulty.py``), and levels beside the ten (``extras.py``).
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.studio.design.gdd import GDD, LEVELS

from .base import Budget, Certificate, Family, Level
from .difficulty import BAND, DIP, FALL, FALLING, MOST_DIP, SKILLS, Aim, aim, between, dips, spearman
from .lab import GAMES, Lab, SolveReport
from .proof import prove, typical

DRAFTS = 8
"""Fresh drafts of a level before giving up."""

REPAIRS = 14
"""Repairs of one draft before starting again."""

TUNINGS = 4
"""Levels that may be measured for one place; then the one nearest to its aim is taken."""

NEAR, TOUCHES = 0.12, 2
"""A level that misses its band by no more is eased or hardened, so often; else a new draft gets there."""

SECOND_THOUGHTS, LAST_THOUGHTS = 4, 16
"""Levels that are made once more where the ten together could fall better, and where they must."""

GENTLE_LEVELS = 3
GENTLE_FLOOR = 0.9
HARD_FLOOR = 0.3

EASE_FLOORS = (0.9, 0.75, 0.65)
"""Ease the first levels must have; whoever starts a game wins its first level nearly always."""

LEAST_EASE = 0.25
"""Ease every level must have: of casual players who come to it, a quarter win it."""

SURELY = 0.65
"""Where people of all skills win so many games, casual players win their quarter."""

ROUND, ROUNDS = 2, 4
"""Games each of ``SKILLS`` plays at a time, and how often where it is not clear yet how hard a level is."""

GAMES_A_SKILL = 12
"""Games each of them plays where one measurement tells of many levels."""

KEPT_GAMES = 24
"""Games each of them plays of a level that is kept."""

FIRST_LUCK, KEPT_LUCK = 1, 1001
"""The luck of the first game a level is chosen by, and of the first that a kept one is told by."""

CASUAL_GAMES, CASUAL_LEAST = 60, 0.3
"""Games of casual players that decide whether a hard level is harsh, and the share that must be won: a little
over ``LEAST_EASE``, for that must hold of other games too."""

LIFT = 0.08
"""How much easier than its aim a level is made after one that was harsh."""

MORE = 3
"""Amounts of a budget that are tried for a proof: the nearest to the aim, then one and two more."""

LEAN = 1.2
"""Points of difficulty the next draft is leant by, for each per cent of games a level was beside its aim."""

UNPROVEN = 0.08
"""How far below its aim a level is taken to be that was not proven, or is too hard for casual players."""


def floor(number: int, difficulty: int) -> float:
    """Steadiness level ``number`` must have: the first three forgive nearly everything, later ones less."""
    if number <= GENTLE_LEVELS:
        return GENTLE_FLOOR
    return round(max(HARD_FLOOR, 0.95 - 0.65 * difficulty / 100), 3)


def ease_floor(number: int) -> float:
    """Least ease level ``number`` must have."""
    return EASE_FLOORS[number - 1] if number <= len(EASE_FLOORS) else LEAST_EASE


@dataclass(frozen=True, slots=True)
class Made:
    """A proven level that was measured."""

    level: Level
    certificate: Certificate
    share: float
    """Of games won by people of all skills."""
    wanted: Aim
    ease: float | None
    """Share of ``CASUAL_GAMES`` won; None where so many people win that it need not be known yet."""

    @property
    def harsh(self) -> bool:
        """Too few casual players win it, whatever others do."""
        return self.ease is not None and self.ease < CASUAL_LEAST

    @property
    def miss(self) -> float:
        """How far it lies outside its aim's band: below 0 it is too hard."""
        miss = self.wanted.miss(self.share)
        return min(miss, -0.01) if self.harsh else miss

    @property
    def off(self) -> float:
        """How far it lies from the middle of its band, on either side; a harsh one further than any other."""
        return abs(self.share - self.wanted.target) + self.harsh


class Lean:
    """How far a family's drafts of one game lie from what their difficulty says, in points of difficulty.

    What one level taught helps the next: a game whose mechanics make it easy is asked for harder drafts.
    """

    def __init__(self) -> None:
        self.points = 0.0

    def applied(self, gdd: GDD, number: int) -> GDD:
        """The design as the generator is shown it: its curve leant at ``number``."""
        curve = list(gdd.difficulty_curve)
        curve[number - 1] = min(100, max(0, round(curve[number - 1] + self.points)))
        return gdd.model_copy(update={"difficulty_curve": tuple(curve)})

    def learn(self, wrong: float) -> None:
        """Take in that a level's share of games won was ``wrong`` above its aim, or below it."""
        self.points = min(60.0, max(-60.0, self.points + LEAN * 100 * wrong))


def make_level(
    family: Family, gdd: GDD, number: int, lab: Lab, lean: Lean | None = None
) -> tuple[Level, Certificate]:
    """Make level ``number`` (1..10): won by the solver, safe to leave alone, as hard as its place asks.

    Raises PermanentError, naming the game and the level, when no draft could be made so.
    """
    wanted = aim(gdd.difficulty_curve, number)
    made = _best(family, gdd, number, lab, lean or Lean(), range(DRAFTS), wanted)
    return made.level, made.certificate


def _best(
    family: Family, gdd: GDD, number: int, lab: Lab, lean: Lean, attempts: Iterable[int], wanted: Aim
) -> Made:
    """The first level that meets its aim, else the nearest of those that were measured."""
    measured: list[Made] = []
    reason = "no draft was made"
    for attempt in attempts:
        found, why = _from_draft(family, lean.applied(gdd, number), number, attempt, lab, wanted)
        reason = why or reason
        measured += found
        fair = [made for made in measured if not made.harsh]
        if any(made.miss == 0 for made in found) or (fair and len(measured) >= TUNINGS):
            break
        if found and not found[0].harsh:
            lean.learn(found[0].share - wanted.target)
        else:
            lean.learn(-UNPROVEN)
    if measured:
        return _measured(min(measured, key=lambda made: made.off), lab)
    raise PermanentError(
        f"{gdd.slug}: level {number} could not be made playable in {DRAFTS} drafts; last reason: {reason}"
    )


def _measured(made: Made, lab: Lab) -> Made:
    """The level with its ease, and its share told from other games: those it was chosen by flatter it."""
    trace = made.certificate.trace
    won = lab.completion(made.level, trace, SKILLS, KEPT_LUCK, KEPT_GAMES)
    share = round(won / (KEPT_GAMES * len(SKILLS)), 4)
    ease = _casual(made.level, made.certificate, lab) if made.ease is None else made.ease
    certificate = replace(made.certificate, ease=ease, completion=share)
    return replace(made, share=share, certificate=certificate)


def _from_draft(
    family: Family, gdd: GDD, number: int, attempt: int, lab: Lab, wanted: Aim
) -> tuple[list[Made], str]:
    """One draft, repaired until it is proven, then eased or hardened: all that was measured."""
    steady = floor(number, gdd.difficulty_curve[number - 1])
    rng = random.Random(f"{gdd.seed}:{family.name}:level:{number}:{attempt}")
    level: Level | None = family.generate(gdd, number, rng)
    found: list[Made] = []
    reason = ""
    target = wanted.target
    for _ in range(REPAIRS):
        if level is None:
            break
        made, level, report = _proven(family, level, number, steady, lab, wanted, target)
        if made is None:
            reason = f"{report['cause']} at frame {report['blocked_at']}"
            level = _repaired(family, level, report, rng)
            continue
        crossed = bool(found) and (found[0].miss > 0) != (made.miss > 0)
        found.append(made)
        target += LIFT * made.harsh
        far = abs(made.miss) > NEAR and not family.softens
        if made.miss == 0 or crossed or far or len(found) > TOUCHES:
            break
        if made.miss > 0:
            level = family.harden(level, rng)
        elif family.softens:
            level = made.level
        else:
            losses = lab.ease(level, made.certificate.trace).losses
            level = family.repair(level, typical(losses), rng) if losses else None
    return found, reason


def _proven(
    family: Family, level: Level, number: int, steady: float, lab: Lab, wanted: Aim, target: float
) -> tuple[Made | None, Level, dict[str, Any]]:
    """Prove and measure a level; where the family has a way to, it is first made to be won as often as asked.

    The level that is given back is the one that was proven, or was not and has the report.
    """
    games = GAMES if number <= len(EASE_FLOORS) else 0
    report: dict[str, Any] = {}
    choices = _choices(family, level, lab, target)
    for choice, solved, known in choices:
        certificate, report = prove(choice, lab, steady, ease_floor(number), games=games, known=solved)
        if certificate:
            share = _share(choice, certificate, lab, wanted) if known is None else known
            ease = _casual(choice, certificate, lab) if share < SURELY else None
            return Made(choice, replace(certificate, completion=share), share, wanted, ease), choice, {}
    return None, choices[0][0], report


def _choices(
    family: Family, level: Level, lab: Lab, target: float
) -> list[tuple[Level, SolveReport | None, float | None]]:
    """What may be made of a level so that ``target`` is the share of games won, the nearest first.

    Each with what the solver found, where that may hold, and the share of games won, where that is known.
    """
    if family.budget:
        return [(choice, None, share) for choice, share in _afforded(family.budget, level, lab, target)]
    if not family.softens or not (solved := lab.solve(level)).won:
        return [(level, None, None)]
    mishaps = lab.mishaps(level, solved.trace, SKILLS, FIRST_LUCK, GAMES_A_SKILL)
    softer, _ = family.soften(level, mishaps, target)
    return [(softer, solved, None)]


def _afforded(budget: Budget, level: Level, lab: Lab, target: float) -> list[tuple[Level, float]]:
    """The level with the budget whose share of games won is nearest to ``target``, and with a little more.

    Each with its share, all told from the same games.
    """
    plenty = {**level, budget.name: budget.most}
    # Of larger amounts than the first by which as many win as asked none is nearer.
    spent = lab.spent(budget.name, plenty, SKILLS, FIRST_LUCK, GAMES_A_SKILL, target, budget.least, MORE - 1)
    amounts = range(budget.least, budget.most + 1)
    shares = {amount: round(sum(0 <= one <= amount for one in spent) / len(spent), 4) for amount in amounts}
    nearest = min(amounts, key=lambda amount: abs(shares[amount] - target))
    return [
        ({**level, budget.name: amount}, shares[amount])
        for amount in amounts[nearest - budget.least : nearest - budget.least + MORE]
    ]


def _repaired(family: Family, level: Level, report: dict[str, Any], rng: random.Random) -> Level | None:
    """The family's repair; none where it only gave more of a budget, which is chosen anyway."""
    eased = family.repair(level, report, rng)
    if eased is None or family.budget is None:
        return eased
    name = family.budget.name
    return None if {**eased, name: 0} == {**level, name: 0} else eased


def _casual(level: Level, certificate: Certificate, lab: Lab) -> float:
    return lab.ease(level, certificate.trace, CASUAL_GAMES).share


def _share(level: Level, certificate: Certificate, lab: Lab, wanted: Aim) -> float:
    """Let people of all skills play: a few games, and more while it is not clear where it lies."""
    won = games = 0
    share = 0.0
    for number in range(ROUNDS):
        won += lab.completion(level, certificate.trace, SKILLS, FIRST_LUCK + number * ROUND, ROUND)
        games += ROUND * len(SKILLS)
        share = won / games
        doubt = (max(share * (1 - share), 0.02) / games) ** 0.5
        if min(abs(share - wanted.least), abs(share - wanted.most)) > max(doubt, 0.5 * BAND):
            break
    return round(share, 4)


def make_levels(
    family: Family, gdd: GDD, lab: Lab, before_level: Callable[[], None] | None = None
) -> list[tuple[Level, Certificate]]:
    """Make all ten levels, in order; raises as ``make_level`` does, or to stop, as ``before_level`` does."""
    lean = Lean()
    made: list[Made] = []
    for number in range(1, LEVELS + 1):
        if before_level is not None:
            before_level()
        wanted = aim(gdd.difficulty_curve, number)
        made.append(_best(family, gdd, number, lab, lean, range(DRAFTS), wanted))
    for again in range(1, LAST_THOUGHTS + 1):
        worst = _worst(made, DIP, FALL) if again <= SECOND_THOUGHTS else _worst(made, MOST_DIP, FALLING)
        if worst is None:
            break
        if before_level is not None:
            before_level()
        attempts = range(DRAFTS * again, DRAFTS * (again + 1))
        other = _best(family, gdd, worst.level["number"], lab, lean, attempts, worst.wanted)
        if other.off < worst.off:
            made[worst.level["number"] - 1] = other
    return [(one.level, one.certificate) for one in made]


def _worst(made: Sequence[Made], dip: float, fall: float) -> Made | None:
    """The level to make once more, with what it should aim for; None where the ten fall as they should."""
    shares = [one.share for one in made]
    if deep := dips(shares, dip):
        return replace(made[deep[0] - 1], wanted=between(shares, deep[0]))
    if spearman(shares) > fall:
        return max(made, key=lambda one: one.off)
    return None
