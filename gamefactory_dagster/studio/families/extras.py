"""Levels beside the ten, proven like them: thirty daily ones, and the sections an endless level is made of.

What belongs here: making and checking both. What does not: what they look like (the family), the ten levels
(``levels.py``), and which of them is played when (``player/``).
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.studio.design.gdd import GDD

from .base import Certificate, Family, Level
from .lab import Lab
from .proof import IDLE_FRAMES, check, idle_fault, prove

DAILIES = 30
"""Daily levels of a game; a date's is the days since 1970-01-01, modulo this."""

DAILY_BYTES = 90_000
"""All of them together, as JSON."""

DAILY_DRAFTS = 6
DAILY_REPAIRS = 10

DAILY_STEADINESS, DAILY_RUNS = 0.3, 10
DAILY_EASE, DAILY_GAMES = 0.4, 10
"""Shares of noisy replays and of a casual player's games that win a daily level: it is for everybody."""

SECTIONS = 20
"""Sections of an endless mode."""

SECTION_DRAFTS = 4
"""Times that a family is asked for sections, until enough of them are proven."""

ENDLESS_SEED = 1
"""Of the endless level that nobody plays in a check."""


@dataclass(frozen=True, slots=True)
class SectionProof:
    """Inputs that pass a section, one certificate for each of its trials: each speed it is played at."""

    section: int
    """Its place among the sections, from 0."""
    trials: tuple[Certificate, ...]

    def as_json(self) -> dict[str, Any]:
        """The proof as it is stored in the repository and in ``game_steps.artifacts``."""
        return {"section": self.section, "trials": [trial.as_json() for trial in self.trials]}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "SectionProof":
        """Read what ``as_json`` gave."""
        return cls(stored["section"], tuple(Certificate(**trial) for trial in stored["trials"]))


def make_dailies(
    family: Family, gdd: GDD, lab: Lab, before_level: Callable[[], None] | None = None
) -> list[tuple[Level, Certificate]]:
    """Make the daily levels, each with its certificate.

    Raises PermanentError, naming the game, where one cannot be made winnable or all are too large; or to
    stop, as ``before_level`` does.
    """
    made = []
    for number in range(DAILIES):
        if before_level is not None:
            before_level()
        made.append(_daily(family, gdd, number, lab))
    size = len(orjson.dumps([level for level, _ in made]))
    if size > DAILY_BYTES:
        raise PermanentError(f"{gdd.slug}: {DAILIES} daily levels are {size} bytes, more than {DAILY_BYTES}")
    return made


def _daily(family: Family, gdd: GDD, number: int, lab: Lab) -> tuple[Level, Certificate]:
    reason = "no draft was made"
    for attempt in range(DAILY_DRAFTS):
        rng = random.Random(f"{gdd.seed}:{family.name}:daily:{number}:{attempt}")
        level: Level | None = family.daily(gdd, number, rng)
        for _ in range(DAILY_REPAIRS):
            if level is None:
                break
            certificate, report = prove(
                level, lab, DAILY_STEADINESS, DAILY_EASE, runs=DAILY_RUNS, games=DAILY_GAMES
            )
            if certificate:
                return level, certificate
            reason = f"{report['cause']} at frame {report['blocked_at']}"
            level = family.repair(level, report, rng)
    raise PermanentError(
        f"{gdd.slug}: daily level {number} could not be made playable; last reason: {reason}"
    )


def make_sections(
    family: Family, gdd: GDD, lab: Lab, before_section: Callable[[], None] | None = None
) -> tuple[list[dict[str, Any]], list[SectionProof]]:
    """Make the sections of the endless mode with their proofs; none where the family has no such mode.

    One that cannot be passed gives way to the one in its place when the family is asked again. Raises
    PermanentError, naming the game, where too few can be passed; or to stop, as ``before_section`` does.
    """
    if not family.endless:
        return [], []
    passed: dict[int, tuple[dict[str, Any], tuple[Certificate, ...]]] = {}
    for attempt in range(SECTION_DRAFTS):
        rng = random.Random(f"{gdd.seed}:{family.name}:sections:{attempt}")
        for place, section in enumerate(family.sections(gdd, rng)[:SECTIONS]):
            if place in passed:
                continue
            if before_section is not None:
                before_section()
            if trials := _passed(section, lab):
                passed[place] = section, trials
        if len(passed) == SECTIONS:
            break
    if len(passed) < SECTIONS:
        raise PermanentError(f"{gdd.slug}: {len(passed)} sections can be passed, not {SECTIONS}")
    made = [passed[place] for place in range(SECTIONS)]
    return [section for section, _ in made], [SectionProof(i, trials) for i, (_, trials) in enumerate(made)]


def _passed(section: dict[str, Any], lab: Lab) -> tuple[Certificate, ...]:
    """A certificate for every trial of a section; none where one of them cannot be passed."""
    passed = []
    for number, trial in enumerate(lab.trials(section)):
        solved = lab.solve(trial)
        if not solved.won:
            return ()
        end = lab.replay(trial, solved.trace)
        passed.append(
            Certificate(
                level=number,
                trace=solved.trace,
                frames=solved.frames,
                final_hash=end.hash,
                steadiness=1.0,
                ease=1.0,
                explored=solved.explored,
            )
        )
    return tuple(passed)


def check_dailies(
    family: Family, levels: Sequence[Level], certificates: Sequence[Certificate], lab: Lab
) -> list[str]:
    """Say what is wrong with daily levels and their certificates; empty means that each day can be won."""
    if len(levels) != DAILIES or len(certificates) != DAILIES:
        return [f"{len(levels)} daily levels with {len(certificates)} certificates, not {DAILIES}"]
    return [
        f"daily {number}: {problem}"
        for number, (level, certificate) in enumerate(zip(levels, certificates, strict=True))
        for problem in check(family, level, certificate, lab)
    ]


def check_sections(
    family: Family, sections: Sequence[dict[str, Any]], proofs: Sequence[SectionProof], lab: Lab
) -> list[str]:
    """Say what is wrong with sections and their proofs; empty means that each can be passed at its speeds."""
    wanted = SECTIONS if family.endless else 0
    if len(sections) != wanted or [proof.section for proof in proofs] != list(range(wanted)):
        return [f"{len(sections)} sections with {len(proofs)} proofs, not {wanted}"]
    problems = []
    for section, proof in zip(sections, proofs, strict=True):
        trials = lab.trials(section)
        if not trials or len(trials) != len(proof.trials):
            problems.append(f"section {proof.section}: {len(trials)} trials, {len(proof.trials)} passed")
            continue
        problems += [
            f"section {proof.section}, trial {number}: {wrong}"
            for number, (trial, passed) in enumerate(zip(trials, proof.trials, strict=True))
            if (wrong := _unlike(trial, passed, lab))
        ]
    if wanted and (wrong := idle_fault(lab.idle_endless(list(sections), ENDLESS_SEED, IDLE_FRAMES))):
        problems.append(f"endless: {wrong}")
    return problems


def _unlike(trial: Level, passed: Certificate, lab: Lab) -> str:
    """How a certificate ends otherwise than it says; empty when it does not."""
    end = lab.replay(trial, passed.trace)
    if (end.outcome, end.frames, end.hash) == (1, passed.frames, passed.final_hash):
        return ""
    return f"ends with outcome {end.outcome} in state {end.hash} at frame {end.frames}"
