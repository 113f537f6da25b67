"""The twelve steps and the legal states of batches, games and steps. Pure: no I/O.

What belongs here: names, numbers, which change may follow which, and who may start a step when.
What does not: carrying a change out (``worker.py``, ``batches.py``, ``dispatch.py``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from gamefactory_dagster.errors import CancelledError, IllegalTransitionError, LeaseLostError, PermanentError
from gamefactory_dagster.work.states import Lifecycle

STEPS = (
    "pre_production",
    "project_setup",
    "architecture",
    "analytics_design",
    "analytics_implementation",
    "core_prototype",
    "asset_generation",
    "vertical_slice",
    "content_production",
    "testing",
    "release_prep",
    "post_launch",
)
"""The workflow, in its fixed order; step numbers count from 1."""

BUILT = STEPS.index("release_prep") + 1
"""A game that has finished this step is ``completed``: all that is left is to publish it."""

PUBLISHED = len(STEPS)

BATCH = Lifecycle(
    "a batch",
    {
        "pending": frozenset({"running", "failed", "cancelled"}),
        "running": frozenset({"completed", "failed", "cancelled"}),
        # a game of an ended batch that is tried again takes its batch back to work
        "completed": frozenset({"running"}),
        "failed": frozenset({"running"}),
        "cancelled": frozenset(),
    },
)

GAME = Lifecycle(
    "a game",
    {
        # straight to completed: a game put back after its build has only its publication left
        "created": frozenset({"in_progress", "completed", "failed", "cancelled"}),
        "in_progress": frozenset({"completed", "failed", "cancelled", "created"}),
        "completed": frozenset({"published", "failed", "cancelled", "created"}),
        "failed": frozenset({"in_progress", "completed", "created"}),
        "cancelled": frozenset(),
        "published": frozenset(),
    },
)

STEP = Lifecycle(
    "a step",
    {
        "pending": frozenset({"running", "failed", "skipped"}),
        "running": frozenset({"completed", "failed", "pending"}),
        "failed": frozenset({"running", "pending"}),
        # its game starts at step 1 again, what it made being lost
        "completed": frozenset({"pending"}),
        "skipped": frozenset(),
    },
)

ENDED = frozenset({"published", "failed", "cancelled"})
"""Game states in which the factory has nothing more to do."""

WORKING = frozenset({"in_progress", "completed"})
"""Game states in which a worker holds, or held, the game."""


class Admission(StrEnum):
    """What a worker that wants to do a step should do."""

    GO = "go"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides whether a step may start; ``holder`` is the owner of a lease that has not run out."""

    game_status: str
    batch_status: str | None
    """None for a game of no batch."""
    current_step: int
    step_status: str
    holder: str | None


def admit(standing: Standing, number: int, owner: str) -> Admission:
    """Whether ``owner`` may start step ``number`` now.

    Raises CancelledError when the game has been cancelled, LeaseLostError while another run holds it,
    PermanentError when its batch has been cancelled or earlier steps are missing.
    """
    if standing.game_status == "cancelled":
        raise CancelledError("the game was cancelled; nothing more is made of it")
    if standing.step_status in {"completed", "skipped"}:
        return Admission.DONE
    check_batch(standing.batch_status)
    if standing.holder not in {None, owner}:
        raise LeaseLostError(f"the game is in the hands of run {standing.holder}; this run leaves it alone")
    if standing.current_step != number - 1:
        raise PermanentError(
            f"step {number} ({STEPS[number - 1]}) cannot start: "
            f"the last finished step is {standing.current_step}"
        )
    return Admission.GO


def check_batch(status: str | None) -> None:
    """Raise IllegalTransitionError when nothing more is made of a batch in this state."""
    if status == "cancelled":
        raise IllegalTransitionError("its batch was cancelled: nothing more is made of it; order a new batch")


def state_while(number: int) -> str:
    """State of a game while step ``number`` runs."""
    return "completed" if number > BUILT else "in_progress"


def state_after(number: int) -> str:
    """State of a game once step ``number`` has finished."""
    if number == PUBLISHED:
        return "published"
    return "completed" if number >= BUILT else "in_progress"


def may_be_served(current_step: int) -> bool:
    """Whether a worker may have put an unpublished game where players find it, and died before saying so."""
    return current_step == PUBLISHED - 1


def outcome(states: Sequence[str]) -> str | None:
    """State of a running batch whose games are in ``states``; None while some are still being made.

    A batch with at least one published game is completed: its failures are told game by game.
    """
    if not states or any(state not in ENDED for state in states):
        return None
    if "published" in states:
        return "completed"
    return "cancelled" if all(state == "cancelled" for state in states) else "failed"
