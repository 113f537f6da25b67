"""Many lives at once: what each wants to try next goes to V8 together. Nothing of what anybody wants."""

from collections.abc import Generator, Iterable, Sequence
from contextlib import suppress

from gamefactory_dagster.studio.families.bots import Played

from .hands import Hands
from .lives import Life, Wanted

Living = Generator[Wanted, Played, None]
"""A life being lived: it asks for a try and is sent what became of it."""


def live_together(lives: Sequence[Life], bots: Hands) -> None:
    """Lead all ``lives`` to their end, one try of each at a time; a round of tries is one call into V8."""
    waiting = _next_tries((life.live(), None) for life in lives)
    while waiting:
        played = bots.play([wanted for _, wanted in waiting])
        waiting = _next_tries((living, end) for (living, _), end in zip(waiting, played, strict=True))


def _next_tries(lives: Iterable[tuple[Living, Played | None]]) -> list[tuple[Living, Wanted]]:
    """Tell each life how its last try ended (None before the first); those that go on, with their next."""
    waiting = []
    for living, played in lives:
        with suppress(StopIteration):
            waiting.append((living, next(living) if played is None else living.send(played)))
    return waiting
