"""A run's events as a person follows them: one step after the other, each with what became of it.

What belongs here: putting events together. What does not: reading them (``reading.py``), and how steps look.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from .reading import Event
from .recording import SYSTEM


@dataclass(slots=True)
class Step:
    """One try of a bot. ``state`` is running, done, again (it failed, and is tried again) or failed."""

    bot: str
    started: dt.datetime | None
    state: str = "running"
    ended: dt.datetime | None = None
    words: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def seconds(self) -> float | None:
        """How long it took; None until it is over."""
        if self.started is None or self.ended is None:
            return None
        return (self.ended - self.started).total_seconds()


def timeline(events: Iterable[Event]) -> list[Step]:
    """Steps in the order in which they began; what the run says of itself is no step.

    Owners may enter events of their own: an end without a start is a step too, and a start is not undone by
    another one.
    """
    steps: list[Step] = []
    at_work: dict[str, Step] = {}
    for event in events:
        if event.bot_name == SYSTEM:
            continue
        step = at_work.get(event.bot_name)
        if step is None or event.event_type == "start":
            started = event.created_at if event.event_type == "start" else None
            step = Step(event.bot_name, started)
            steps.append(step)
            at_work[event.bot_name] = step
        if event.event_type == "note":
            step.notes.append(event.said("message"))
        elif event.event_type in ("end", "error"):
            _end(step, event)
            del at_work[event.bot_name]
    return steps


def _end(step: Step, event: Event) -> None:
    step.ended = event.created_at
    step.state = "done"
    if event.event_type == "error":
        again = isinstance(event.payload, dict) and event.payload.get("again") is True
        step.state = "again" if again else "failed"
        step.words = event.said("message")
