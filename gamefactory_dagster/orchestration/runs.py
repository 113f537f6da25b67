"""Runs as the factory sees them: what became of one, and what to ask for. Nothing of Dagster's own.

What belongs here: the words in which slices speak of runs. What does not: how an instance is asked
(``orchestration/defs.py``), and when (``tick.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

KIND_TAG = ".dagster/gamefactory_kind"
"""Of a run: what dagster.yaml limits by. Dagster does not show such tags: a run's job says it already."""

PRIORITY_TAG = "dagster/priority"
"""Of a run: those of a higher one are started first."""

RunState = Literal["unsubmitted", "waiting", "alive", "succeeded", "failed", "cancelled", "gone"]


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as the orchestrator believes it to be; ``age`` is seconds since that last changed."""

    run_id: str
    state: RunState
    age: float

    @property
    def ended(self) -> bool:
        """Whether it came to an end by itself."""
        return self.state in {"succeeded", "failed"}


class RunBoard(Protocol):
    """What the orchestrator knows of its runs, and the two things we tell it."""

    def by_id(self, run_id: str) -> RunView:
        """The run with this id; state ``gone`` when there is none."""

    def by_key(self, run_key: str) -> RunView | None:
        """The newest run asked for under this key."""

    def give_up(self, run_id: str, why: str) -> None:
        """Report a run failed that the orchestrator still believes alive: it would keep its slot for ever."""

    def stop(self, subject: str) -> None:
        """End every run about this subject (the value of the board's tag) that has not ended."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A run to ask for: about whom, the how-manieth attempt, and what it is given."""

    subject: str
    """What the run is about; also the value of the tag by which all its runs are found."""
    attempt: int
    config: Mapping[str, Any]
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def run_key(self) -> str:
        """Never used again by an orchestrator, so it carries the attempt."""
        return f"{self.subject}:{self.attempt}"
