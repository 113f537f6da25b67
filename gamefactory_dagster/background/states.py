"""What a job may become, and what becomes of one whose try ended: pure decisions.

What belongs here: the document's states, the ways a try can end, and whether there is another. What does not:
writing any of it down (``queue.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gamefactory_dagster.errors import GameFactoryError, PermanentError
from gamefactory_dagster.work.states import Lifecycle

JOB = Lifecycle(
    "job",
    {
        "pending": frozenset({"processing", "failed"}),
        "processing": frozenset({"completed", "failed"}),
    },
)
"""Document 004, "State transitions". One to be tried again stays ``processing``, in nobody's hands."""

FIRST_PAUSE = 5.0
LONGEST_PAUSE = 3600.0
"""Seconds before another try: doubled with each, from the first on."""


class JobCancelledError(PermanentError):
    """A person ended the job."""


class JobTimeoutError(GameFactoryError):
    """A try took longer than its type may, or its worker fell silent, once too often."""


class JobCrashedError(GameFactoryError):
    """The process a try was made in died without a word."""


class PendingTimeoutError(PermanentError):
    """Nobody took the job up for longer than one may wait."""


@dataclass(frozen=True, slots=True)
class Failure:
    """How a try went wrong. ``may_pass``: another may go well."""

    error_type: str
    message: str
    may_pass: bool = True
    context: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, error: BaseException, **context: Any) -> "Failure":
        """Of an exception: what we call permanent does not pass, anything else may."""
        words = str(error) or type(error).__name__
        return cls(type(error).__name__, words, not isinstance(error, PermanentError), context)


CANCELLED = Failure(JobCancelledError.__name__, "cancelled while it was at work", may_pass=False)

Next = Literal["completed", "failed", "again"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a job becomes after a try, and for another the seconds until it."""

    next: Next
    pause: float = 0.0


def verdict(failure: Failure | None, retry_count: int, retries: int) -> Verdict:
    """Say what becomes of a job after a try; ``retry_count`` tries were made before this one's first."""
    if failure is None:
        return Verdict("completed")
    if not failure.may_pass or retry_count >= retries:
        return Verdict("failed")
    return Verdict("again", pause_before(retry_count + 1))


def pause_before(retry: int) -> float:
    """Seconds before the ``retry``-th retry, from 1."""
    return float(min(FIRST_PAUSE * 2 ** min(retry - 1, 20), LONGEST_PAUSE))
