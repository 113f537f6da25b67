"""What a request may become, and which steps of its game are which of its phases. Pure.

What belongs here: the document's states and phases. What does not: finding out where a request is
(``walk.py``), and writing it down (``queue.py``).
"""

from itertools import pairwise
from typing import Literal

from gamefactory_dagster.database.tables.requests import STATUSES
from gamefactory_dagster.work.states import Lifecycle

Phase = Literal["phase1", "phase2", "phase3", "phase4"]

PHASES: dict[Phase, tuple[int, ...]] = {
    "phase1": (1,),
    "phase2": (2, 3, 4),
    "phase3": (5, 6, 7, 8, 9),
    "phase4": (10, 11, 12),
}
"""Idea, design, build, ship: each with the numbers of its steps (``production/lifecycle.py``)."""

DEPLOYMENT = "deployment"
"""What ``phase_outputs`` holds beside the phases."""

AFTER_IDEA = "phase_2"
"""The status in which the idea, which the second of a pair waits for, is there."""

_WAY = STATUSES[:-1]
"""From pending to completed, each after the one before."""

REQUEST = Lifecycle(
    "a request",
    {
        **{old: frozenset({new, "failed"}) for old, new in pairwise(_WAY)},
        "completed": frozenset(),
        "failed": frozenset(),
    },
)


def status_of(phase: Phase) -> str:
    """What a request's status is while it is in a phase."""
    return f"phase_{phase.removeprefix('phase')}"


def phase_of(step: int) -> Phase:
    """Give the phase a step belongs to."""
    return next(phase for phase, steps in PHASES.items() if step in steps)
